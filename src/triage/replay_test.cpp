// Goal: a replay says what another table would move and why, twice the same, and changes nothing. Method: reports judged by
// the reference table, replayed by it and by a changed one; the database compared before and after.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/replay.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

class ReplayTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    Wanted word;
    word.note = "We met at the lighthouse.";
    word_ = rig_->File(word);
    Wanted escalated;
    escalated.person = "<espIdentifier>u-2</espIdentifier>";
    escalated.escalation = "Please look at this.";
    escalated_ = rig_->File(escalated);
    Wanted plain;
    plain.person = "<espIdentifier>u-3</espIdentifier>";
    plain_ = rig_->File(plain);
    rig_->Judge();
  }
  Result<Replayed> Run(const std::string& rules, ReplayOptions options = {}) {
    options.rules = rules;
    return Replay(*rig_->database, rig_->sealer, book_, options, [](std::int64_t, std::int64_t) {});
  }
  const RuleBook book_ = testing::WithNewerTable("trial", "2090-01-01");
  std::unique_ptr<TriageRig> rig_;
  std::int64_t word_ = 0;
  std::int64_t escalated_ = 0;
  std::int64_t plain_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ReplayTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ReplayTest, TheSameTableMovesNothing) {
  const Replayed replayed = Run("us-2026-11").value();
  EXPECT_EQ(replayed.reports, 3);
  EXPECT_EQ(replayed.moved, 0);
  EXPECT_EQ(replayed.reordered, 0);
  EXPECT_THAT(replayed.examples, IsEmpty());
}

TEST_P(ReplayTest, AnotherTableSaysWhatItWouldMoveAndWhyAndChangesNothing) {
  const std::int64_t scores = rig_->Count("SELECT COUNT(*) FROM triage_scores");
  const std::int64_t ranks = rig_->Count("SELECT SUM(points) FROM triage_tips");
  const Replayed replayed = Run("trial").value();
  EXPECT_EQ(replayed.moved, 2);
  EXPECT_EQ(replayed.urgent_gained, 1);
  EXPECT_EQ(replayed.urgent_lost, 1);
  ASSERT_EQ(replayed.examples.size(), 2U);
  EXPECT_EQ(replayed.examples[0].report.value, word_);
  EXPECT_THAT(replayed.examples[0].rules_new, ElementsAre("danger_now"));
  EXPECT_EQ(replayed.examples[1].report.value, escalated_);
  EXPECT_EQ(replayed.examples[1].before.level, 1);
  EXPECT_GT(replayed.examples[1].after.level, 1);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_scores"), scores);
  EXPECT_EQ(rig_->Count("SELECT SUM(points) FROM triage_tips"), ranks);
}

TEST_P(ReplayTest, TwoRunsAgree) {
  const Replayed one = Run("trial").value();
  const Replayed two = Run("trial").value();
  EXPECT_GT(one.moved, 0);
  EXPECT_TRUE(one == two);
}

TEST_P(ReplayTest, APeriodAndABoundOnExamplesAreKept) {
  ReplayOptions later;
  later.from = rig_->clock.Now() + Duration::Minutes(1);
  EXPECT_EQ(Run("trial", later)->reports, 0);
  ReplayOptions few;
  few.moved_max = 1;
  EXPECT_EQ(Run("trial", few)->examples.size(), 1U);
  EXPECT_EQ(Run("trial", few)->moved, 2);
}

TEST_P(ReplayTest, ATableThatIsNotThereIsNamedWithThoseThatAre) {
  const auto replayed = Run("no-such");
  ASSERT_FALSE(replayed.ok());
  EXPECT_EQ(replayed.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(replayed.error().public_text, HasSubstr("us-2026-11, trial"));
}

}  // namespace
}  // namespace porchlight::triage
