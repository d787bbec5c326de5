// Goal: a sender that floods stands behind others and touches nobody; nothing of it is lowered, lost or left there. Method: reports filed
// as platforms would, over both engines, the walk in every size of step, repeated and broken off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/legal_hold.h"
#include "triage/queue.h"
#include "triage/recount.h"
#include "triage/supervision.h"
#include "triage/testing/triage_rig.h"
#include "triage/throttling.h"
#include "triage/triage_jobs.h"

namespace porchlight::triage {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

constexpr store::Statement kSpoilScores{"test.spoil_scores", "UPDATE triage_scores SET inputs = 'no JSON'"};

class ThrottlingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  std::int64_t File(const std::string& login, bool escalated, const std::string& person = "") {
    Wanted wanted;
    ++filed_;
    wanted.note = "Report " + std::to_string(filed_);
    if (escalated) wanted.escalation = "A child may be in danger";
    wanted.person = "<espIdentifier>" + (person.empty() ? "u-" + std::to_string(filed_) : person) + "</espIdentifier>";
    const std::int64_t report = rig_->File(wanted, {}, login);
    rig_->Judge();
    rig_->clock.Advance(Duration::Seconds(1));
    return report;
  }
  std::int64_t NumberOf(std::int64_t report) { return rig_->TipOf(report).organisation; }
  std::vector<std::int64_t> Queue() {
    const auto page =
        rig_->database->Read([](store::ReadTransaction& transaction) { return ListQueue(transaction, {}, QueueOrder::kPriority, {}, 200); });
    std::vector<std::int64_t> ids;
    for (const Tip& tip : page.value().items) ids.push_back(tip.id.value);
    return ids;
  }
  Result<Throttle> Begin(std::int64_t organisation, const NewThrottle& wanted = {"It escalates everything.", 3}) {
    return rig_->throttles.Begin(supervisor_, organisation, wanted, "r");
  }
  std::string FieldOf(std::int64_t organisation, const NewThrottle& wanted) {
    const Result<Throttle> begun = Begin(organisation, wanted);
    return begun.ok() ? "accepted" : begun.error().field;
  }
  BehindCount Behind(std::int64_t organisation) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return CountBehind(transaction, organisation); }).value();
  }
  std::vector<Throttle> List() {
    return rig_->database->Read([](store::ReadTransaction& transaction) { return ListThrottles(transaction, 50); }).value();
  }

  std::unique_ptr<TriageRig> rig_;
  int filed_ = 0;
  const auth::Caller supervisor_ = testing::TriageAnalyst(960);
};
INSTANTIATE_TEST_SUITE_P(Engines, ThrottlingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ThrottlingTest, WhatFloodsStandsBehindOthersAndBeforeAllThatIsNotUrgent) {
  std::vector<std::int64_t> flood;
  for (int one = 0; one < 5; ++one) flood.push_back(File("acme", true));
  const std::int64_t plain = File("other", false);
  const std::int64_t urgent = File("other", true);
  EXPECT_EQ(Queue().front(), flood.front()) << "who came first of the urgent ones";
  const std::vector<std::int64_t> before = Queue();

  const std::int64_t sender = NumberOf(flood.front());
  const Result<Throttle> begun = Begin(sender);
  ASSERT_TRUE(begun.ok()) << begun.error().public_text;
  rig_->hashing.Run();
  const std::int64_t later = File("acme", true);
  EXPECT_THAT(Queue(), ElementsAre(urgent, flood[0], flood[1], flood[2], flood[3], flood[4], later, plain));
  EXPECT_EQ(Behind(sender).urgent, 6);
  EXPECT_EQ(Behind(sender).others, 0);
  EXPECT_TRUE(rig_->TipOf(later).behind);
  EXPECT_TRUE(rig_->TipOf(later).urgent) << "a floor stays a floor";
  EXPECT_EQ(rig_->TipOf(flood[0]).scores, 1) << "nothing was judged anew";

  ASSERT_TRUE(rig_->throttles.End(supervisor_, begun->id, "They mended it.", "r").ok());
  rig_->hashing.Run();
  std::vector<std::int64_t> after = Queue();
  std::erase(after, later);
  EXPECT_EQ(after, before);
  EXPECT_EQ(Behind(sender).urgent, 0);
  EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
}

TEST_P(ThrottlingTest, ItEndsByItselfAndMayBeginAgain) {
  const std::int64_t report = File("acme", true);
  const std::int64_t sender = NumberOf(report);
  ASSERT_TRUE(Begin(sender, {"A flood.", 1}).ok());
  rig_->hashing.Run();
  EXPECT_TRUE(rig_->TipOf(report).behind);
  rig_->clock.Advance(Duration{Duration::Days(1).microseconds - 2});
  EXPECT_EQ(rig_->throttles.EndOverdue().value(), 0) << "a moment before";
  rig_->clock.Advance(Duration{2});
  const std::int64_t after = File("acme", true);
  EXPECT_FALSE(rig_->TipOf(after).behind) << "also before any sweep";
  EXPECT_EQ(rig_->throttles.EndOverdue().value(), 1);
  EXPECT_EQ(rig_->throttles.EndOverdue().value(), 0);
  rig_->hashing.Run();
  EXPECT_FALSE(rig_->TipOf(report).behind);
  ASSERT_EQ(List().size(), 1U);
  EXPECT_TRUE(List().front().ended_at);
  EXPECT_FALSE(List().front().ended_by);
  EXPECT_TRUE(Begin(sender).ok());
  EXPECT_FALSE(List().front().ended_at) << "what holds stands first";
}

TEST_P(ThrottlingTest, OneWhoseTimeIsOverIsInNobodysWay) {
  const std::int64_t sender = NumberOf(File("acme", true));
  ASSERT_TRUE(Begin(sender, {"A flood.", 1}).ok());
  rig_->clock.Advance(Duration::Days(1));
  EXPECT_TRUE(Begin(sender).ok());
  EXPECT_EQ(List().size(), 2U);
}

TEST_P(ThrottlingTest, TheSweepOfEachMinuteEndsIt) {
  const std::int64_t report = File("acme", true);
  ASSERT_TRUE(Begin(NumberOf(report), {"A flood.", 1}).ok());
  ASSERT_TRUE(ScheduleJobs(*rig_->database, rig_->clock).ok());
  rig_->hashing.Run();
  EXPECT_TRUE(rig_->TipOf(report).behind);
  rig_->clock.Advance(Duration::Days(1));
  rig_->hashing.Run();
  EXPECT_FALSE(rig_->TipOf(report).behind);
}

TEST_P(ThrottlingTest, WhatSomethingElseSpeaksForKeepsItsPlace) {
  const std::int64_t alone = File("acme", true);
  const std::int64_t known = File("acme", true);
  const std::int64_t sender = NumberOf(alone);
  ASSERT_TRUE(rig_->actions.Claim(supervisor_, {known}, "r").ok());
  ASSERT_TRUE(rig_->actions.SetSignal(supervisor_, {known}, Signal::kConfirmedDanger, true, "r").ok());
  ASSERT_TRUE(Begin(sender).ok());
  rig_->hashing.Run();
  EXPECT_TRUE(rig_->TipOf(alone).behind);
  EXPECT_FALSE(rig_->TipOf(known).behind) << "a person has said what it is";

  // A person who is told of while it stands behind brings it back.
  ASSERT_TRUE(rig_->actions.Claim(supervisor_, {alone}, "r").ok());
  ASSERT_TRUE(rig_->actions.SetSignal(supervisor_, {alone}, Signal::kConfirmedDanger, true, "r").ok());
  EXPECT_FALSE(rig_->TipOf(alone).behind);
}

TEST_P(ThrottlingTest, APersonWhomOthersReportTooKeepsItsPlaceWhicheverCameFirst) {
  Wanted wanted;
  wanted.person = "<personOrUserReportedPerson><email verified=\"true\">one@reported.example</email></personOrUserReportedPerson>";
  wanted.note = "First";
  const std::int64_t elsewhere = rig_->File(wanted, {}, "other");
  wanted.note = "Second";
  rig_->Judge();
  ASSERT_FALSE(rig_->TipOf(elsewhere).behind);
  const std::int64_t sender = NumberOf(File("acme", true));
  ASSERT_TRUE(Begin(sender).ok());
  const std::int64_t linked = rig_->File(wanted, {}, "acme");
  rig_->Judge();
  ASSERT_TRUE(rig_->ScoreOf(linked).inputs.context.Has(Signal::kLinkedAcrossPlatforms));
  EXPECT_FALSE(rig_->TipOf(linked).behind);

  const auto of = [&](const std::string& email, const std::string& login) {
    wanted.person = "<personOrUserReportedPerson><email>" + email + "</email></personOrUserReportedPerson>";
    wanted.note = "Report " + std::to_string(++filed_);
    const std::int64_t report = rig_->File(wanted, {}, login);
    rig_->Judge();
    return report;
  };
  const std::int64_t before = of("two@reported.example", "acme");
  EXPECT_TRUE(rig_->TipOf(before).behind);
  of("two@reported.example", "other");
  EXPECT_FALSE(rig_->TipOf(before).behind) << "somebody else reports them now";
  of("three@reported.example", "other");
  std::int64_t last = 0;
  for (int one = 0; one < 30; ++one) last = of("three@reported.example", "acme");
  EXPECT_FALSE(rig_->TipOf(last).behind) << "however often it was named since";
  rig_->hashing.Run();
  EXPECT_FALSE(rig_->TipOf(before).behind) << "the walk sees it alike";
  EXPECT_FALSE(rig_->TipOf(last).behind);
}

TEST_P(ThrottlingTest, WhatAPersonHadJudgedAgainKeepsItsPlace) {
  const std::int64_t report = File("acme", false);
  ASSERT_TRUE(Begin(NumberOf(report)).ok());
  rig_->hashing.Run();
  ASSERT_TRUE(rig_->TipOf(report).behind);
  ASSERT_TRUE(rig_->actions.Claim(supervisor_, {report}, "r").ok());
  ASSERT_TRUE(rig_->actions.SetType(supervisor_, {report}, tipline::IncidentType::kEnticement, "r").ok());
  EXPECT_FALSE(rig_->TipOf(report).behind);
  ASSERT_TRUE(rig_->actions.Release(supervisor_, {report}, "r").ok());
  ASSERT_TRUE(rig_->throttles.Follow(NumberOf(report), {-1, 0}).ok());
  EXPECT_FALSE(rig_->TipOf(report).behind);
}

TEST_P(ThrottlingTest, WhatWasHeldOrClosedAcrossTheEndStandsAsTheOthers) {
  const std::int64_t held = File("acme", true);
  const std::int64_t closed = File("acme", false);
  const Result<Throttle> begun = Begin(NumberOf(held));
  rig_->hashing.Run();
  ASSERT_TRUE(rig_->TipOf(held).behind);
  LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  ASSERT_TRUE(holds.Place(supervisor_, {held}, {"court_order", "Docket 1", FormatDate(rig_->clock.Now())}, "r").ok());
  ASSERT_TRUE(rig_->actions.Claim(supervisor_, {closed}, "r").ok());
  ASSERT_TRUE(rig_->actions.Close(supervisor_, {closed}, Disposition::kSpam, "r").ok());
  ASSERT_TRUE(rig_->throttles.End(supervisor_, begun->id, "Over.", "r").ok());
  rig_->hashing.Run();
  ASSERT_TRUE(holds.Lift(supervisor_, {held}, "Over.", "r").ok());
  ASSERT_TRUE(rig_->actions.Reopen(supervisor_, {closed}, "r").ok());
  // Not even when nothing of it can be judged again.
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return transaction.Execute(kSpoilScores); }).ok());
  rig_->hashing.Run();
  EXPECT_FALSE(rig_->TipOf(held).behind);
  EXPECT_FALSE(rig_->TipOf(closed).behind);
}

TEST_P(ThrottlingTest, AWalkThatIsLongGoesOnInStepsOfItsOwn) {
  std::vector<std::int64_t> flood;
  for (int one = 0; one < 9; ++one) flood.push_back(File("acme", true));
  const std::int64_t sender = NumberOf(flood.front());
  ASSERT_TRUE(Begin(sender).ok());
  ASSERT_TRUE(rig_->throttles.Follow(sender, {-1, 0}, 4).value()) << "there is more";
  EXPECT_GE(rig_->Count("SELECT COUNT(*) FROM jobs_queue WHERE kind = 'triage.follow_throttle'"), 3) << "begun twice, and the next step";
  rig_->hashing.Run();
  for (const std::int64_t report : flood) EXPECT_TRUE(rig_->TipOf(report).behind);
}

TEST_P(ThrottlingTest, WhatStandsForABundleKeepsItsPlace) {
  const auto copy = [&](const std::string& login, int number) {
    Wanted wanted;
    wanted.url = "https://viral.example/clip";
    wanted.person = "<espIdentifier>v-" + std::to_string(number) + "</espIdentifier>";
    const std::int64_t report = rig_->File(wanted, {}, login);
    rig_->Judge();
    return report;
  };
  const std::int64_t lead = copy("acme", 0);
  for (int one = 1; one < 8; ++one) copy(one % 2 == 0 ? "acme" : "other", one);
  ASSERT_TRUE(rig_->BundleOf(lead));
  ASSERT_TRUE(Begin(NumberOf(lead)).ok());
  rig_->hashing.Run();
  EXPECT_FALSE(rig_->TipOf(lead).behind) << "copies of others stand under it";
  EXPECT_FALSE(rig_->TipOf(copy("acme", 9)).behind);
}

TEST_P(ThrottlingTest, TheWalkIsTheSameInAnyStepBrokenOffAndRepeated) {
  std::vector<std::int64_t> flood;
  for (int one = 0; one < 7; ++one) flood.push_back(File("acme", one % 3 != 0));
  const std::int64_t sender = NumberOf(flood.front());
  const Result<Throttle> begun = Begin(sender);
  ASSERT_TRUE(begun.ok());
  for (int broken = 0; broken < 2; ++broken) ASSERT_TRUE(rig_->throttles.Follow(sender, {-1, 0}, 2).ok());
  const auto all = [&](int step) {
    std::optional<QueueCursor> at = QueueCursor{-1, 0};
    for (int steps = 0; at && steps < 50; ++steps) at = rig_->throttles.Follow(sender, *at, step).value();
    EXPECT_FALSE(at) << "it comes to an end";
    std::vector<bool> behind;
    for (const std::int64_t report : flood) behind.push_back(rig_->TipOf(report).behind);
    return behind;
  };
  EXPECT_THAT(all(1), Each(true));
  EXPECT_THAT(all(3), Each(true));
  ASSERT_TRUE(rig_->throttles.End(supervisor_, begun->id, "Over.", "r").ok());
  EXPECT_THAT(all(2), Each(false));
}

TEST_P(ThrottlingTest, AnUrgentOneOfOthersIsNotHiddenFromTheClocks) {
  for (int one = 0; one < kClocksMax + 5; ++one) File("acme", true);
  const std::int64_t urgent = File("other", true);
  const std::int64_t taken = Queue()[1];
  const auto clocks = [&] {
    const auto look = [&](store::ReadTransaction& transaction) {
      return Supervise(transaction, {Duration::Minutes(15), Duration::Hours(1)}, rig_->clock.Now(), {});
    };
    std::vector<std::int64_t> reports;
    const SupervisionView view = rig_->database->Read(look).value();
    for (const ClockView& one : view.clocks) reports.push_back(one.report_id.value);
    return reports;
  };
  EXPECT_THAT(clocks(), ::testing::Not(::testing::Contains(urgent)));
  ASSERT_TRUE(Begin(NumberOf(taken)).ok());
  ASSERT_TRUE(rig_->actions.Claim(supervisor_, {taken}, "r").ok());
  rig_->hashing.Run();
  const std::vector<std::int64_t> now = clocks();
  ASSERT_EQ(now.size(), static_cast<std::size_t>(kClocksMax) + 1) << "the flood has the room that others leave";
  EXPECT_THAT(now, ::testing::Contains(urgent));
  EXPECT_THAT(now, ::testing::Contains(taken)) << "and what somebody works on is due whoever sent it";
}

TEST_P(ThrottlingTest, WhatIsWrongIsRefusedByName) {
  const std::int64_t sender = NumberOf(File("acme", true));
  EXPECT_EQ(FieldOf(0, {"Why", 1}), "/organisation");
  EXPECT_EQ(FieldOf(sender + 1'000, {"Why", 1}), "organisation");
  EXPECT_EQ(FieldOf(sender, {" ", 1}), "/reason");
  EXPECT_EQ(FieldOf(sender, {std::string(Throttles::kTextBytesMax + 1, 'x'), 1}), "/reason");
  EXPECT_EQ(FieldOf(sender, {"Why", 0}), "/days");
  EXPECT_EQ(FieldOf(sender, {"Why", Throttles::kDaysMax + 1}), "/days");
  EXPECT_THAT(List(), IsEmpty());
  const Result<Throttle> begun = Begin(sender, {std::string(Throttles::kTextBytesMax, 'x'), Throttles::kDaysMax});
  ASSERT_TRUE(begun.ok());
  EXPECT_EQ(FieldOf(sender, {"Why", 1}), "organisation") << "it is throttled already";
  EXPECT_EQ(rig_->throttles.End(supervisor_, begun->id, "", "r").error().field, "/note");
  EXPECT_EQ(rig_->throttles.End(supervisor_, {begun->id.value + 9}, "Over.", "r").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(rig_->throttles.End(supervisor_, begun->id, "Over.", "r").ok());
  EXPECT_EQ(rig_->throttles.End(supervisor_, begun->id, "Over.", "r").error().code, ErrorCode::kConflict);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM audit_entries WHERE action LIKE 'triage.throttle.%'"), 2);
}

}  // namespace
}  // namespace porchlight::triage
