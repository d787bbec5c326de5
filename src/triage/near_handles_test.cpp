// Goal: a handle that differs by one letter is suggested to people and never linked or scored. Method: forms against the definition of
// the distance; reports over both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "triage/near_handles.h"
#include "triage/normal_forms.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TriageRig;
using testing::Wanted;

// Optimal string alignment, by its definition.
int DistanceOf(const std::string& left, const std::string& right) {
  std::vector<std::vector<int>> table(left.size() + 1, std::vector<int>(right.size() + 1));
  for (std::size_t i = 0; i <= left.size(); ++i) {
    for (std::size_t j = 0; j <= right.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = static_cast<int>(i + j);
        continue;
      }
      const int change = left[i - 1] == right[j - 1] ? 0 : 1;
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + change});
      const bool turned = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (turned) table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[left.size()][right.size()];
}

TEST(FormsNearTest, AreThoseOfDistanceOneAndAllOfThem) {
  SeededRandom random(7);
  const std::string letters = "abcdefghijklmnopqrstuvwxyz2689";
  const auto any = [&] { return letters[random.Below(letters.size())]; };
  for (int round = 0; round < 200; ++round) {
    std::string form;
    for (std::size_t length = 6 + random.Below(8); form.size() < length;) form += any();
    const std::vector<std::string> forms = FormsNear(form);
    for (const std::string& near : forms) ASSERT_EQ(DistanceOf(form, near), 1) << form << " " << near;
    for (int tries = 0; tries < 50; ++tries) {
      std::string other = form;
      const std::size_t at = random.Below(form.size());
      switch (random.Below(4)) {
        case 0: other.erase(at, 1); break;
        case 1: other.insert(at, 1, any()); break;
        case 2: other[at] = any(); break;
        default: if (at + 1 < other.size()) std::swap(other[at], other[at + 1]); break;
      }
      if (other == form) continue;
      ASSERT_THAT(forms, Contains(other)) << form;
    }
    ASSERT_THAT(forms, Not(Contains(form)));
    ASSERT_TRUE(std::is_sorted(forms.begin(), forms.end()));
    ASSERT_EQ(std::adjacent_find(forms.begin(), forms.end()), forms.end());
  }
}

TEST(FormsNearTest, KeepToTheirLengthsAndToWholeLetters) {
  EXPECT_THAT(FormsNear("abcde"), IsEmpty());
  EXPECT_THAT(FormsNear("abcdef"), Not(IsEmpty()));
  EXPECT_THAT(FormsNear("silverfox"), Contains("silverfox#")) << "signs that normal forms keep come in too";
  EXPECT_THAT(FormsNear(std::string(kNearLettersMax, 'a')), Not(IsEmpty()));
  EXPECT_THAT(FormsNear(std::string(kNearLettersMax + 1, 'a')), IsEmpty());
  const std::vector<std::string> forms = FormsNear("星月夜雨雪風");
  EXPECT_THAT(forms, Contains("星月夜雨風雪"));
  EXPECT_THAT(forms, Contains("星月夜雨雪"));
  EXPECT_THAT(forms, Contains("星月夜星雪風")) << "its own letters come in too";
  for (const std::string& form : forms) EXPECT_EQ(NormalHandle(form), form) << "a normal form stays one";
}

class NearHandlesTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  std::int64_t Filed(const std::string& handle, const std::string& login = "acme") {
    Wanted wanted;
    wanted.note = "Report " + std::to_string(++filed_);
    wanted.person = "<screenName>" + handle + "</screenName>";
    const std::int64_t report = rig_->File(wanted, {}, login);
    rig_->Judge();
    return report;
  }
  Result<NearReports> Ask(std::int64_t report) {
    return rig_->database->Read(
        [&](store::ReadTransaction& transaction) { return NearReportsOf(transaction, rig_->judging, rig_->sealer, {report}); });
  }
  std::vector<std::int64_t> Near(std::int64_t report) {
    std::vector<std::int64_t> numbers;
    const NearReports near = Ask(report).value();
    for (const NearReport& one : near.items) numbers.push_back(one.tip.id.value);
    return numbers;
  }

  std::unique_ptr<TriageRig> rig_;
  int filed_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, NearHandlesTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(NearHandlesTest, OneThatDiffersByALetterIsSuggestedAndNothingElse) {
  const std::int64_t here = Filed("Silver_Fox.77");
  const std::int64_t same = Filed("silverfox77", "other");
  const std::int64_t near = Filed("silver_foxx77", "other");
  const std::int64_t turned = Filed("silevrfox77");
  Filed("silverfoxes77");
  Filed("goldenbear");
  EXPECT_THAT(Near(here), ElementsAre(turned, near)) << "newest first; two letters are too many, and what is the same is linked";
  EXPECT_THAT(Near(near), ElementsAre(same, here));
  const NearReports near_of_it = Ask(near).value();
  EXPECT_EQ(near_of_it.items.front().own, NormalHandle("silver_foxx77"));
  EXPECT_EQ(near_of_it.items.front().other, NormalHandle("silverfox77"));
}

TEST_P(NearHandlesTest, ItLinksAndRaisesNothing) {
  Filed("silverfox77", "other");
  const std::int64_t near = Filed("silverfoxx77");
  ASSERT_THAT(Near(near), Not(IsEmpty()));
  EXPECT_FALSE(rig_->ScoreOf(near).inputs.context.Has(Signal::kPriorReports));
  const auto links = rig_->database->Read([&](store::ReadTransaction& transaction) { return LinksOf(transaction, {near}, 10); });
  EXPECT_THAT(links.value(), IsEmpty());
}

TEST_P(NearHandlesTest, ShortOnesAndThoseOfManyAreLeftAside) {
  const std::int64_t brief = Filed("foxxy");
  Filed("foxy");
  EXPECT_THAT(Near(brief), IsEmpty());
  EXPECT_EQ(Ask(brief).value().left_aside, 1);
  for (int one = 0; one <= 50; ++one) Filed("moderator");
  const std::int64_t near = Filed("moderatorr");
  EXPECT_THAT(Near(near), IsEmpty());
  EXPECT_EQ(Ask(near).value().left_aside, 1);
}

TEST_P(NearHandlesTest, AtMostTwentyAreShownAndItSaysWhenThereAreMore) {
  for (int one = 0; one < kNearReportsMax; ++one) Filed("silverfoxxz");
  const std::int64_t here = Filed("silverfoxx");
  EXPECT_EQ(Near(here).size(), static_cast<std::size_t>(kNearReportsMax));
  EXPECT_TRUE(Ask(here).value().complete);
  Filed("silverfoxxz");
  EXPECT_EQ(Near(here).size(), static_cast<std::size_t>(kNearReportsMax));
  EXPECT_FALSE(Ask(here).value().complete);
  EXPECT_EQ(Ask(999'999).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace porchlight::triage
