#include "referrals/reminding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/delivery_rows.h"
#include "referrals/testing/referrals_rig.h"

namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

Duration ASecondLess(Duration span) { return {span.microseconds - 1'000'000}; }

class RemindingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", 70);
  }
  std::int64_t Refer(bool urgent) {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7");
    if (urgent) wanted.escalation = "A child may be harmed tonight.";
    return rig_->Referred(wanted);
  }
  Step StepAfter(std::int64_t report, Duration passed) {
    rig_->clock.Advance(passed);
    while (rig_->reminding->TakeSteps().value() > 0) {}
    return rig_->DeliveryTo(report, "us-icac-oh")->step;
  }
  std::unique_ptr<ReferralsRig> rig_;
  const auth::Caller officer_ = Officer(70);
};
INSTANTIATE_TEST_SUITE_P(Engines, RemindingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(RemindingTest, AnUrgentOneIsTelephonedAfterAQuarterOfAnHourAndGoesOnFromThere) {
  const std::int64_t report = Refer(true);
  ASSERT_TRUE(rig_->DeliveryTo(report, "us-icac-oh")->urgent);
  EXPECT_EQ(StepAfter(report, ASecondLess(Duration::Minutes(15))), Step::kNone);
  EXPECT_EQ(StepAfter(report, Duration::Seconds(1)), Step::kReminder);
  // A page that was opened is no answer: it must be acknowledged.
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
  EXPECT_EQ(StepAfter(report, ASecondLess(Duration::Minutes(45))), Step::kReminder);
  EXPECT_EQ(StepAfter(report, Duration::Seconds(1)), Step::kSupervisor);
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh"));
  EXPECT_EQ(StepAfter(report, Duration::Hours(1)), Step::kAlternate);
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh", "us-federal"));
  EXPECT_EQ(rig_->Decisions(report).back().cause, Cause::kNoAnswer);
}

TEST_P(RemindingTest, TheOverdueOnesAreListedUntilSomebodyAnswers) {
  const auto overdue = [&] {
    return rig_->database->Read([](store::ReadTransaction& transaction) { return rows::OverdueDeliveries(transaction, 10); }).value();
  };
  const std::int64_t report = Refer(true);
  EXPECT_TRUE(overdue().empty());
  StepAfter(report, Duration::Minutes(15));
  ASSERT_EQ(overdue().size(), 1U);
  EXPECT_EQ(overdue().front().report.value, report);
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, overdue().front().id, "r").ok());
  EXPECT_EQ(overdue().size(), 1U) << "an urgent one must be acknowledged";
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(officer_, overdue().front().id, "r").ok());
  EXPECT_TRUE(overdue().empty());
}

TEST_P(RemindingTest, AnAcknowledgedOneIsLeftAlone) {
  const std::int64_t report = Refer(true);
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
  EXPECT_EQ(StepAfter(report, Duration::Days(1)), Step::kNone);
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh"));
}

TEST_P(RemindingTest, AnOrdinaryOneIsRemindedOfInDays) {
  const std::int64_t report = Refer(false);
  EXPECT_EQ(StepAfter(report, ASecondLess(Duration::Days(3))), Step::kNone);
  EXPECT_EQ(StepAfter(report, Duration::Seconds(1)), Step::kReminder);
  EXPECT_EQ(StepAfter(report, Duration::Days(4)), Step::kSupervisor);
  EXPECT_EQ(StepAfter(report, Duration::Days(7)), Step::kAlternate);
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh", "us-federal"));
}

TEST_P(RemindingTest, WhatIsLateTakesEachStepOnce) {
  const std::int64_t report = Refer(false);
  rig_->clock.Advance(Duration::Days(30));
  int rounds = 0;
  while (rig_->reminding->TakeSteps().value() > 0) ++rounds;
  EXPECT_LE(rounds, 8);
  EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-oh")->step, Step::kAlternate);
  EXPECT_EQ(rig_->reminding->TakeSteps().value(), 0);
}

TEST_P(RemindingTest, AYearOfSilenceIsAnOutcome) {
  const std::int64_t report = Refer(false);
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
  EXPECT_EQ(StepAfter(report, ASecondLess(Duration::Days(365))), Step::kNone);
  EXPECT_EQ(rig_->StateOf(report), "made_available");
  EXPECT_EQ(StepAfter(report, Duration::Seconds(1)), Step::kSilence);
  EXPECT_EQ(rig_->StateOf(report), "closed");
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(RemindingTest, WhatSomebodyAnsweredIsNotClosedBySilence) {
  const std::int64_t report = Refer(false);
  Feedback feedback;
  feedback.usefulness = Usefulness::kStartedInvestigation;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, feedback, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "feedback_received");
  EXPECT_EQ(StepAfter(report, Duration::Days(400)), Step::kNone);
  EXPECT_EQ(rig_->StateOf(report), "feedback_received");
}

}  // namespace
}  // namespace porchlight::referrals
