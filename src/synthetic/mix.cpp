#include "synthetic/mix.h"

#include <array>
#include <string>

#include "synthetic/names.h"
#include "synthetic/providers.h"

namespace porchlight::synthetic {
namespace {

using Weights = std::vector<std::uint64_t>;

// The year 2022 by category; the last four are the printed "Other" of 46,029, split by the centre's own page.
constexpr std::array<std::uint64_t, kCategoryCount> kCategories2022 = {31'901'234, 80'524, 18'336, 12'906,
                                                                       940,        1'948,  7'517,  35'624};
constexpr std::array<std::uint64_t, kCategoryCount> kCategoriesShowcase = {600, 210, 60, 45, 15, 15, 20, 35};
constexpr std::array<std::uint64_t, 2> kSources2022 = {31'802'525, 256'504};
constexpr std::array<std::uint64_t, 2> kSourcesShowcase = {920, 80};
constexpr std::array<std::uint64_t, 3> kFileKinds2022 = {49'404'779, 37'775'034, 1'197'394};

// Only the mean (2.757) is published; the spread is a judgement: few reports without a file, most with one, a thin
// tail of collections.
struct FileCount {
  std::size_t count;
  std::uint64_t weight;
};
constexpr auto kFileCounts = std::to_array<FileCount>({{0, 60}, {1, 438}, {2, 172}, {3, 106}, {4, 66}, {5, 43}, {6, 29},
                                                       {7, 20}, {8, 15}, {10, 17}, {12, 12}, {15, 10}, {20, 8}, {30, 4}});

// Per thousand. None of these is published; they are set so that each rule of triage meets its case.
struct Rates {
  int escalated;
  int chat_in_enticement;
  int chat_elsewhere;
  int viral;
  int sextortion_in_enticement;
  int repeated_account;
  int retracted;
  int left_open;
  int submitted_twice;
};
constexpr Rates kFaithfulRates = {2, 600, 20, 120, 300, 80, 4, 6, 5};
constexpr Rates kShowcaseRates = {70, 800, 200, 100, 450, 150, 15, 15, 10};

Weights FileCountWeights() {
  Weights weights;
  for (const FileCount& entry : kFileCounts) weights.push_back(entry.weight);
  return weights;
}

Weights PlaceWeights(Mix mix) {
  // About half of a showcase is domestic, so that routing to states has something to route.
  const std::uint64_t domestic_factor = mix == Mix::kShowcase ? 9 : 1;
  Weights weights;
  for (const Place& place : Places()) weights.push_back(place.weight * (place.country == "US" ? domestic_factor : 1));
  return weights;
}

Weights ProviderWeights() {
  Weights weights;
  for (const Provider& provider : Providers()) weights.push_back(provider.weight);
  return weights;
}

}  // namespace

PlanMaker::PlanMaker(Mix mix, std::uint64_t seed)
    : mix_(mix),
      seed_(seed),
      categories_(mix == Mix::kFaithful ? kCategories2022 : kCategoriesShowcase),
      sources_(mix == Mix::kFaithful ? kSources2022 : kSourcesShowcase),
      file_counts_(FileCountWeights()),
      file_kinds_(kFileKinds2022),
      places_(PlaceWeights(mix)),
      providers_(ProviderWeights()) {}

Plan PlanMaker::PlanOf(std::uint64_t number) const {
  Plan plan;
  plan.number = number;
  plan.run_seed = seed_;
  Dice dice(SeedOf(seed_, number));
  plan.seed = dice.random().Next();
  plan.category = static_cast<Category>(categories_.Draw(dice) + 1);
  plan.source = static_cast<Source>(sources_.Draw(dice) + 1);
  plan.provider = providers_.Draw(dice);
  plan.country = Places()[places_.Draw(dice)].country;
  plan.files.resize(kFileCounts[file_counts_.Draw(dice)].count);
  for (FileKind& kind : plan.files) kind = static_cast<FileKind>(file_kinds_.Draw(dice) + 1);

  const Rates& rates = mix_ == Mix::kFaithful ? kFaithfulRates : kShowcaseRates;
  const bool enticement = plan.category == Category::kOnlineEnticement;
  plan.escalated = dice.Permille(rates.escalated);
  plan.chat = dice.Permille(enticement ? rates.chat_in_enticement : rates.chat_elsewhere);
  plan.viral = plan.category == Category::kCsam && !plan.files.empty() && plan.files.front() == FileKind::kImage &&
               !plan.escalated && dice.Permille(rates.viral);
  plan.sextortion = enticement && dice.Permille(rates.sextortion_in_enticement);
  plan.repeated_account = dice.Permille(rates.repeated_account);
  plan.submitted_twice = dice.Permille(rates.submitted_twice);
  if (dice.Permille(rates.retracted)) {
    plan.ending = Ending::kRetracted;
  } else if (dice.Permille(rates.left_open)) {
    plan.ending = Ending::kLeftOpen;
  }
  return plan;
}

Plan PlanMaker::ProviderPlanOf(std::uint64_t number) const {
  Plan plan = PlanOf(number);
  plan.source = Source::kProvider;
  return plan;
}

}  // namespace porchlight::synthetic
