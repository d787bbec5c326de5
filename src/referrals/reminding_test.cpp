#include "referrals/reminding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "referrals/delivery_rows.h"
#include "referrals/quality_http.h"
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
    rig_->Link("us-icac-tx", 71);
  }
  std::int64_t Refer(bool urgent) {
    Wanted wanted;
    // Each of another person: the same bytes again would be a repeat.
    wanted.person = PersonAt("192.0.2.7", "u-" + std::to_string(++referred_));
    if (urgent) wanted.escalation = "A child may be harmed tonight.";
    return rig_->Referred(wanted);
  }
  Step StepAfter(std::int64_t report, Duration passed) {
    rig_->clock.Advance(passed);
    while (rig_->reminding->TakeSteps().value() > 0) {}
    return rig_->DeliveryTo(report, "us-icac-oh")->step;
  }
  static Feedback Useful() {
    Feedback feedback;
    feedback.usefulness = Usefulness::kStartedInvestigation;
    return feedback;
  }
  bool Answer(std::int64_t report, const std::string& agency, const Feedback& feedback) {
    const auth::Caller officer = agency == "us-icac-oh" ? officer_ : Officer(71, 981);
    return rig_->delivery_actions->GiveFeedback(officer, rig_->DeliveryTo(report, agency)->id, feedback, "r").ok();
  }
  std::unique_ptr<ReferralsRig> rig_;
  int referred_ = 0;
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

TEST_P(RemindingTest, WhatIsSoonOverIsShownBeforeItIs) {
  QualityHttp quality(*rig_->database, *rig_->referring, triage::testing::ReferenceRules(), rig_->clock,
                      DeliveryClocks::From(testing::ReferenceProfile()));
  auth::Caller supervisor = Officer(1);
  supervisor.permissions.insert("triage.supervise");
  supervisor.visibility = VisibilitySet::All();
  const auto coming = [&] {
    const http::Response response = rig_->Ask(quality.Routes(), http::Method::kGet, "/api/v1/deliveries/overdue", supervisor);
    std::vector<std::pair<std::int64_t, std::string>> steps;
    const Json json = ParseJson(response.body).value();
    for (const Json& one : *json.Find("coming")->AsArray()) steps.emplace_back(*one.Find("report_id")->AsInteger(), one.Text("step"));
    return steps;
  };
  using Steps = std::vector<std::pair<std::int64_t, std::string>>;
  const std::int64_t ordinary = Refer(false);
  const std::int64_t urgent = Refer(true);
  EXPECT_EQ(coming(), (Steps{{urgent, "reminder"}})) << "due in a quarter of an hour; the other in days";
  StepAfter(urgent, Duration::Minutes(15));
  EXPECT_EQ(coming(), (Steps{{urgent, "supervisor"}}));
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(officer_, rig_->DeliveryTo(urgent, "us-icac-oh")->id, "r").ok());
  EXPECT_EQ(coming(), Steps{});
  StepAfter(ordinary, Duration{Duration::Days(6).microseconds - Duration::Minutes(16).microseconds});
  EXPECT_EQ(coming(), Steps{}) << "a minute more than a day before the supervisor hears of it";
  StepAfter(ordinary, Duration::Minutes(1));
  EXPECT_EQ(coming(), (Steps{{ordinary, "supervisor"}}));
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

TEST_P(RemindingTest, TheAnswerOfTheOnlyAgencyClosesIt) {
  const std::int64_t report = Refer(false);
  ASSERT_TRUE(Answer(report, "us-icac-oh", Useful()));
  EXPECT_EQ(rig_->StateOf(report), "closed");
  EXPECT_EQ(StepAfter(report, Duration::Days(400)), Step::kNone);
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(RemindingTest, ItIsOverWhenTheLastAgencyAnsweredOrIsSilent) {
  for (const bool first_answers : {true, false}) {
    const std::int64_t report = Refer(false);
    ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
    if (first_answers) {
      ASSERT_TRUE(Answer(report, "us-icac-oh", Useful()));
      EXPECT_EQ(rig_->StateOf(report), "feedback_received") << "Texas has not answered";
      ASSERT_TRUE(rig_->delivery_actions->Open(Officer(71), rig_->DeliveryTo(report, "us-icac-tx")->id, "r").ok());
      StepAfter(report, Duration::Days(365));
      EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-tx")->step, Step::kSilence);
    } else {
      ASSERT_TRUE(rig_->delivery_actions->Open(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
      ASSERT_TRUE(Answer(report, "us-icac-tx", Useful()));
      EXPECT_EQ(rig_->StateOf(report), "feedback_received") << "Ohio has not answered";
      StepAfter(report, Duration::Days(365));
    }
    EXPECT_EQ(rig_->StateOf(report), "closed") << first_answers;
  }
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(RemindingTest, TakingBackTheLastOneThatWaitsEndsItAndTakingBackAllDoesNot) {
  const std::int64_t report = Refer(false);
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  ASSERT_TRUE(Answer(report, "us-icac-oh", Useful()));
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, rig_->DeliveryTo(report, "us-icac-tx")->id, "sent_by_mistake", "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "closed");
  const std::int64_t nobodys = Refer(false);
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, rig_->DeliveryTo(nobodys, "us-icac-oh")->id, "sent_by_mistake", "r").ok());
  EXPECT_EQ(rig_->StateOf(nobodys), "made_available") << "a person must give it to somebody else";
}

TEST_P(RemindingTest, WhatWentToTheWrongPlaceWaitsForAPerson) {
  const std::int64_t report = Refer(false);
  Feedback wrong;
  wrong.usefulness = Usefulness::kNotUseful;
  wrong.gaps = {"wrong_place"};
  ASSERT_TRUE(Answer(report, "us-icac-oh", wrong));
  EXPECT_EQ(rig_->StateOf(report), "feedback_received");
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  ASSERT_TRUE(Answer(report, "us-icac-tx", Useful()));
  EXPECT_EQ(rig_->StateOf(report), "closed");
}

TEST_P(RemindingTest, ALateAnswerIsTakenAndCountedAndTheReportStaysClosed) {
  const std::int64_t report = Refer(false);
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
  ASSERT_EQ(StepAfter(report, Duration::Days(365)), Step::kSilence);
  ASSERT_EQ(rig_->StateOf(report), "closed");
  ASSERT_TRUE(Answer(report, "us-icac-oh", Useful()));
  EXPECT_EQ(rig_->StateOf(report), "closed");
  const Delivery answered = *rig_->DeliveryTo(report, "us-icac-oh");
  EXPECT_EQ(answered.state, DeliveryState::kFeedback);
  EXPECT_EQ(rig_->Tallied("agency", std::to_string(answered.agency.value), "usefulness:started_investigation"), 1);
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

// Whoever answers last must see that the other has answered.
TEST_P(RemindingTest, TwoAgenciesThatAnswerAtOnceCloseIt) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 20; ++number) {
    reports.push_back(Refer(false));
    ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {reports.back()}, "us-icac-tx", "agency_request", "r").ok());
  }
  for (const std::int64_t report : reports) {
    std::barrier together(2);
    const auto answer = [&](const std::string& agency) {
      together.arrive_and_wait();
      EXPECT_TRUE(Answer(report, agency, Useful())) << agency;
    };
    std::thread other(answer, "us-icac-tx");
    answer("us-icac-oh");
    other.join();
    EXPECT_EQ(rig_->StateOf(report), "closed");
  }
}

}  // namespace
}  // namespace porchlight::referrals
