// Goal: the faithful mix has the proportions of 2022, the showcase shows what is rare. Method: draw 100,000 plans from
// one seed and hold each count within five standard deviations of its expectation (a fixed seed: never flaky).
#include "synthetic/mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "synthetic/names.h"
#include "synthetic/providers.h"

namespace porchlight::synthetic {
namespace {

constexpr std::uint64_t kDraws = 100'000;

void ExpectShare(double count, double draws, double share, const std::string& what) {
  const double deviation = std::sqrt(draws * share * (1 - share));
  EXPECT_NEAR(count, draws * share, 5 * deviation + 1) << what;
}

struct Tally {
  std::map<Category, double> categories;
  std::map<Source, double> sources;
  std::map<FileKind, double> file_kinds;
  std::map<std::string_view, double> countries;
  std::map<std::size_t, double> providers;
  std::map<Ending, double> endings;
  double files = 0;
  double escalated = 0;
  double chats = 0;
  double viral = 0;
  double submitted_twice = 0;
};

Tally DrawAll(Mix mix) {
  const PlanMaker maker(mix, 2022);
  Tally tally;
  for (std::uint64_t number = 0; number < kDraws; ++number) {
    const Plan plan = maker.PlanOf(number);
    ++tally.categories[plan.category];
    ++tally.sources[plan.source];
    ++tally.countries[plan.country];
    ++tally.providers[plan.provider];
    ++tally.endings[plan.ending];
    for (const FileKind kind : plan.files) ++tally.file_kinds[kind];
    tally.files += static_cast<double>(plan.files.size());
    tally.escalated += plan.escalated ? 1 : 0;
    tally.chats += plan.chat ? 1 : 0;
    tally.viral += plan.viral ? 1 : 0;
    tally.submitted_twice += plan.submitted_twice ? 1 : 0;
  }
  return tally;
}

const Tally& Draw(Mix mix) {
  static const Tally kFaithful = DrawAll(Mix::kFaithful);
  static const Tally kShowcase = DrawAll(Mix::kShowcase);
  return mix == Mix::kFaithful ? kFaithful : kShowcase;
}

TEST(MixTest, FaithfulCategoriesAndSourcesFollowTheYear2022) {
  const Tally& tally = Draw(Mix::kFaithful);
  const double total = 32'059'029;
  const std::map<Category, double> published = {
      {Category::kCsam, 31'901'234},      {Category::kOnlineEnticement, 80'524}, {Category::kSexTrafficking, 18'336},
      {Category::kSexualMolestation, 12'906}, {Category::kSexTourism, 940},      {Category::kMisleadingDomain, 1'948},
      {Category::kMisleadingWords, 7'517}, {Category::kUnsolicitedMaterial, 35'624}};
  double sum = 0;
  for (const auto& [category, count] : published) {
    sum += count;
    const auto found = tally.categories.find(category);
    ExpectShare(found == tally.categories.end() ? 0 : found->second, kDraws, count / total,
                "category " + std::to_string(static_cast<int>(category)));
  }
  EXPECT_EQ(sum, total);
  ExpectShare(tally.sources.at(Source::kPublic), kDraws, 256'504 / total, "public");
  EXPECT_EQ(tally.sources.at(Source::kProvider) + tally.sources.at(Source::kPublic), kDraws);
}

TEST(MixTest, FaithfulFilesHaveThePublishedKindsAndMean) {
  const Tally& tally = Draw(Mix::kFaithful);
  EXPECT_NEAR(tally.files / kDraws, kFilesPerReport, 0.05);
  const double total = 88'377'207;
  ExpectShare(tally.file_kinds.at(FileKind::kImage), tally.files, 49'404'779 / total, "image");
  ExpectShare(tally.file_kinds.at(FileKind::kVideo), tally.files, 37'775'034 / total, "video");
  ExpectShare(tally.file_kinds.at(FileKind::kOther), tally.files, 1'197'394 / total, "other");
}

TEST(MixTest, FaithfulCountriesResolveOutsideTheUnitedStatesAsPublished) {
  const Tally& tally = Draw(Mix::kFaithful);
  const double domestic_or_unknown = tally.countries.at("US") + tally.countries.at("");
  ExpectShare(kDraws - domestic_or_unknown, kDraws, 0.899, "outside the US");
  std::map<std::string_view, double> weights;
  for (const Place& place : Places()) weights[place.country] += place.weight;
  for (const auto& [country, weight] : weights) {
    ExpectShare(tally.countries.at(country), kDraws, weight / 10'000, std::string(country));
  }
  EXPECT_EQ(tally.countries.size(), weights.size());
}

TEST(MixTest, ShowcaseRaisesWhatIsRareAndKeepsTheFiles) {
  const Tally& tally = Draw(Mix::kShowcase);
  EXPECT_EQ(tally.categories.size(), kCategoryCount);
  for (const auto& [category, count] : tally.categories) {
    EXPECT_GT(count, kDraws / 100.0) << static_cast<int>(category);
  }
  EXPECT_GT(tally.escalated, kDraws * 0.05);
  EXPECT_GT(tally.chats, kDraws * 0.2);
  EXPECT_GT(tally.countries.at("US"), kDraws * 0.4);
  EXPECT_GT(tally.viral, kDraws * 0.01);
  EXPECT_NEAR(tally.files / kDraws, kFilesPerReport, 0.05);
}

TEST(MixTest, EveryProviderAndEveryEndingOccursInBothMixes) {
  for (const Mix mix : {Mix::kFaithful, Mix::kShowcase}) {
    const Tally& tally = Draw(mix);
    EXPECT_EQ(tally.providers.size(), Providers().size());
    EXPECT_EQ(tally.endings.size(), 3U);
    EXPECT_GT(tally.endings.at(Ending::kFinished), kDraws * 0.9);
    EXPECT_GT(tally.submitted_twice, 0);
  }
}

TEST(MixTest, APlanDependsOnSeedAndNumberAlone) {
  const PlanMaker first(Mix::kShowcase, 7);
  const PlanMaker second(Mix::kShowcase, 7);
  const PlanMaker other(Mix::kShowcase, 8);
  int different = 0;
  for (std::uint64_t number = 300; number-- > 0;) {
    const Plan left = first.PlanOf(number);
    const Plan right = second.PlanOf(number);
    EXPECT_EQ(left.seed, right.seed);
    EXPECT_EQ(left.category, right.category);
    EXPECT_EQ(left.country, right.country);
    EXPECT_EQ(left.files, right.files);
    different += left.seed != other.PlanOf(number).seed ? 1 : 0;
  }
  EXPECT_EQ(different, 300);
}

TEST(MixTest, AProviderPlanIsTheSameReportSentByAProvider) {
  const PlanMaker maker(Mix::kShowcase, 7);
  for (std::uint64_t number = 0; number < 500; ++number) {
    EXPECT_EQ(maker.ProviderPlanOf(number).source, Source::kProvider);
    EXPECT_EQ(maker.ProviderPlanOf(number).seed, maker.PlanOf(number).seed);
  }
}

TEST(WeightedTableTest, AZeroWeightIsNeverDrawnAndASingleOneAlways) {
  const std::vector<std::uint64_t> weights = {0, 3, 0, 1, 0};
  const WeightedTable table(weights);
  Dice dice(5);
  std::map<std::size_t, double> counts;
  for (int draw = 0; draw < 40'000; ++draw) ++counts[table.Draw(dice)];
  EXPECT_EQ(counts.size(), 2U);
  ExpectShare(counts[1], 40'000, 0.75, "three of four");
  const std::vector<std::uint64_t> single = {9};
  EXPECT_EQ(WeightedTable(single).Draw(dice), 0U);
}

}  // namespace
}  // namespace porchlight::synthetic
