// Goal: another table of rules, and the end of preservation that comes near, move what waits; once each, with a score that says why;
// nothing that was decided, and nothing a person knew is lost. Method: reports judged by the reference table, then followed by a book
// whose newest table differs, on an injected clock, in steps of every size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/rejudging.h"
#include "triage/testing/triage_rig.h"
#include "triage/triage_jobs.h"

namespace porchlight::triage {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

class RejudgingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    word_ = File("u-1", "We met at the lighthouse.", "");
    escalated_ = File("u-2", "", "Please look at this.");
    plain_ = File("u-3", "", "");
    rig_->Judge();
  }
  std::int64_t File(const std::string& user, const std::string& note, const std::string& escalation) {
    Wanted wanted;
    wanted.person = "<espIdentifier>" + user + "</espIdentifier>";
    wanted.note = note;
    wanted.escalation = escalation;
    return rig_->File(wanted);
  }
  // The centre goes on with this book: it sees the table, and follows it when that has settled.
  void Follow(const RuleBook& book, int step) {
    Walk(book, step);
    rig_->clock.Advance(Rejudging::kSettled);
    Walk(book, step);
  }
  void Walk(const RuleBook& book, int step) {
    const Judging judging(book, rig_->sealer, "a key of the tests");
    Rejudging rejudging(*rig_->database, judging, rig_->sealer, rig_->clock);
    for (int steps = 0; steps < 100; ++steps) {
      const Result<bool> more = rejudging.FollowRules(step);
      ASSERT_TRUE(more.ok()) << more.error().operator_text;
      if (!*more) return;
    }
    FAIL() << "it does not end";
  }
  void FollowPreservation(int step) {
    while (rig_->rejudging.FollowPreservation(step).value()) {}
  }

  std::unique_ptr<TriageRig> rig_;
  std::int64_t word_ = 0;
  std::int64_t escalated_ = 0;
  std::int64_t plain_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, RejudgingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(RejudgingTest, ANewerTableMovesWhatWaitsAndSaysWhyWhateverTheStep) {
  for (const int step : {1, 2, 100}) {
    rig_ = nullptr;
    SetUp();
    Follow(testing::WithNewerTable("newer", "2021-01-01"), step);
    EXPECT_TRUE(rig_->TipOf(word_).urgent);
    EXPECT_THAT(rig_->Fired(word_), Contains("danger_now"));
    EXPECT_FALSE(rig_->TipOf(escalated_).urgent);
    for (const std::int64_t id : {word_, escalated_, plain_}) {
      EXPECT_EQ(rig_->TipOf(id).scores, 2);
      EXPECT_EQ(rig_->ScoreOf(id).rules, "newer");
      EXPECT_EQ(rig_->ScoreOf(id).cause, "rules");
    }
    EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
  }
}

TEST_P(RejudgingTest, EachTableIsFollowedOnceAndAgainWhenItHoldsAgain) {
  const RuleBook newer = testing::WithNewerTable("newer", "2021-01-01");
  Follow(newer, 2);
  const std::int64_t scores = rig_->Count("SELECT COUNT(*) FROM triage_scores");
  Follow(newer, 2);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_scores"), scores);
  Follow(testing::ReferenceRules(), 2);
  EXPECT_FALSE(rig_->TipOf(word_).urgent) << "the newer one was taken back";
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "us-2026-11");
  Follow(newer, 2);
  EXPECT_TRUE(rig_->TipOf(word_).urgent);
}

// Judged by the newer table for another reason before it was followed: its words were not read by that table yet.
TEST_P(RejudgingTest, WhatWasJudgedByTheTableMeanwhileIsReadAnewAllTheSame) {
  const RuleBook newer = testing::WithNewerTable("newer", "2021-01-01");
  const Judging judging(newer, rig_->sealer, "a key of the tests");
  TipActions actions(*rig_->database, judging, rig_->clock, ActionRules{});
  const auth::Caller ana = testing::TriageAnalyst(950);
  ASSERT_TRUE(actions.Claim(ana, {word_}, "r").ok());
  ASSERT_TRUE(actions.SetSignal(ana, {word_}, Signal::kJudgedHarmless, true, "r").ok());
  ASSERT_EQ(rig_->ScoreOf(word_).rules, "newer");
  EXPECT_FALSE(rig_->TipOf(word_).urgent);
  Follow(newer, 2);
  EXPECT_TRUE(rig_->TipOf(word_).urgent);
}

TEST_P(RejudgingTest, WhatIsOpenedAgainIsJudgedByTheTableOfNow) {
  const auth::Caller ana = testing::TriageAnalyst(950);
  ASSERT_TRUE(rig_->actions.Claim(ana, {word_}, "r").ok());
  ASSERT_TRUE(rig_->actions.Close(ana, {word_}, Disposition::kNotExploitation, "r").ok());
  const RuleBook newer = testing::WithNewerTable("newer", "2021-01-01");
  Follow(newer, 10);
  ASSERT_TRUE(rig_->actions.Reopen(ana, {word_}, "r").ok());
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_queue WHERE kind = 'triage.judge_by_now'"), 1);
  const Judging judging(newer, rig_->sealer, "a key of the tests");
  Rejudging rejudging(*rig_->database, judging, rig_->sealer, rig_->clock);
  ASSERT_TRUE(rejudging.JudgeByNow({word_}).ok());
  EXPECT_TRUE(rig_->TipOf(word_).urgent);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "newer");
  const int scores = rig_->TipOf(word_).scores;
  ASSERT_TRUE(rejudging.JudgeByNow({word_}).ok());
  EXPECT_EQ(rig_->TipOf(word_).scores, scores) << "a repeat changes nothing";
}

TEST_P(RejudgingTest, OneThatCannotBeReadHoldsUpNobodyAndAMissingKeyLosesNothing) {
  const RuleBook newer = testing::WithNewerTable("newer", "2021-01-01");
  constexpr static store::Statement kDamage{"test.damage", "UPDATE triage_scores SET inputs = 'damaged' WHERE id = $1"};
  const auto damage = [&](store::WriteTransaction& transaction) { return transaction.Execute(kDamage, plain_ * 1024 + 1); };
  ASSERT_EQ(rig_->database->Write(damage).value(), 1);
  Follow(newer, 10);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "newer");
  const vault::MasterKeys none;
  const vault::Sealer blind(none, rig_->random);
  const RuleBook third = testing::WithNewerTable("third", "2021-01-01");
  const Judging judging(third, blind, "a key of the tests");
  Rejudging rejudging(*rig_->database, judging, blind, rig_->clock);
  EXPECT_FALSE(rejudging.FollowRules(100).value());
  rig_->clock.Advance(Rejudging::kSettled);
  const Result<bool> followed = rejudging.FollowRules(100);
  ASSERT_FALSE(followed.ok());
  EXPECT_EQ(followed.error().field, vault::kMasterKeyField);
  Walk(third, 100);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "third") << "once the key is back";
}

TEST_P(RejudgingTest, WhatAPersonKnowsStaysAndWhoeverWorksOnItKeepsIt) {
  const auth::Caller ana = testing::TriageAnalyst(950);
  ASSERT_TRUE(rig_->actions.Claim(ana, {plain_}, "r").ok());
  ASSERT_TRUE(rig_->actions.SetSignal(ana, {plain_}, Signal::kConfirmedDanger, true, "r").ok());
  Follow(testing::WithNewerTable("newer", "2021-01-01"), 10);
  EXPECT_TRUE(rig_->TipOf(plain_).urgent);
  EXPECT_EQ(rig_->TipOf(plain_).claimed_by, ana.account);
  EXPECT_EQ(rig_->ScoreOf(plain_).rules, "newer");
}

TEST_P(RejudgingTest, WhatWasDecidedStaysAsItWas) {
  const auth::Caller ana = testing::TriageAnalyst(950);
  ASSERT_TRUE(rig_->actions.Claim(ana, {word_}, "r").ok());
  ASSERT_TRUE(rig_->actions.Close(ana, {word_}, Disposition::kNotExploitation, "r").ok());
  Follow(testing::WithNewerTable("newer", "2021-01-01"), 10);
  EXPECT_EQ(rig_->TipOf(word_).scores, 1);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "us-2026-11");
}

TEST_P(RejudgingTest, ATableIsNotFollowedBeforeItWasSeenToHoldForSomeMinutes) {
  const Instant midnight{(rig_->clock.Now().microseconds / Duration::Days(1).microseconds + 1) * Duration::Days(1).microseconds};
  const RuleBook book = testing::WithNewerTable("newer", FormatInstant(midnight).substr(0, 10));
  Follow(book, 10);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "us-2026-11");
  rig_->clock.Advance(midnight - rig_->clock.Now());
  Walk(book, 10);
  rig_->clock.Advance(Duration{Rejudging::kSettled.microseconds - 1});
  Walk(book, 10);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "us-2026-11");
  rig_->clock.Advance(Duration{1});
  Walk(book, 10);
  EXPECT_EQ(rig_->ScoreOf(word_).rules, "newer");
}

TEST_P(RejudgingTest, WhenPreservationComesNearItsEndWhatWaitsRises) {
  const int points = rig_->TipOf(plain_).points;
  const Instant until = *rig_->TipOf(plain_).preserve_until;
  const Instant near = until - Duration::Days(testing::ReferenceRules().Find("us-2026-11")->Number("preservation_ending_days"));
  rig_->clock.Advance(near - rig_->clock.Now());
  FollowPreservation(1);
  EXPECT_EQ(rig_->TipOf(plain_).points, points) << "not a moment too soon";
  rig_->clock.Advance(Duration{1});
  FollowPreservation(1);
  EXPECT_GT(rig_->TipOf(plain_).points, points);
  EXPECT_TRUE(rig_->ScoreOf(plain_).inputs.context.Has(Signal::kPreservationEnding));
  EXPECT_EQ(rig_->ScoreOf(plain_).cause, "preservation");
  const std::int64_t scores = rig_->Count("SELECT COUNT(*) FROM triage_scores");
  FollowPreservation(1);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_scores"), scores) << "each once";
  EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
}

TEST_P(RejudgingTest, EveryOneThatComesNearIsFoundWhateverTheStep) {
  for (int one = 0; one < 5; ++one) {
    rig_->clock.Advance(Duration::Minutes(one));
    File("v-" + std::to_string(one), "", "");
  }
  rig_->Judge();
  rig_->clock.Advance(Duration::Days(364));
  FollowPreservation(2);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_scores WHERE cause = 'preservation'"), 8);
}

TEST_P(RejudgingTest, ReportsThatCameWithTheJobsOfEveryTenMinutesAreFoundToo) {
  ASSERT_TRUE(ScheduleJobs(*rig_->database, rig_->clock).ok());
  rig_->clock.Advance(Duration::Days(364));
  rig_->hashing.Run();
  EXPECT_TRUE(rig_->ScoreOf(plain_).inputs.context.Has(Signal::kPreservationEnding));
}

}  // namespace
}  // namespace porchlight::triage
