#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"

// What a legal hold means for the agencies that have a report.
namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 701;

class HeldReportsTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    holds_ = std::make_unique<triage::LegalHolds>(*rig_->database, rig_->clock, std::vector<std::string>{"court_order"});
  }
  std::int64_t Referred() {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7");
    const std::int64_t report = rig_->Referred(wanted);
    rig_->RunJobs();
    return report;
  }
  void Hold(std::int64_t report) {
    const std::string day = FormatDate(rig_->clock.Now());
    ASSERT_TRUE(holds_->Place(rig_->analyst, {report}, {"court_order", "Docket 26-117", day}, "r").ok());
  }
  void Lift(std::int64_t report) { ASSERT_TRUE(holds_->Lift(rig_->analyst, {report}, "Over.", "r").ok()); }
  DeliveryId Delivered(std::int64_t report) { return rig_->DeliveryTo(report, "us-icac-oh")->id; }

  std::unique_ptr<ReferralsRig> rig_;
  std::unique_ptr<triage::LegalHolds> holds_;
  const auth::Caller officer_ = Officer(kOhio);
};
INSTANTIATE_TEST_SUITE_P(Engines, HeldReportsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(HeldReportsTest, AHeldReportIsNeitherReadNorFetchedNorSentOn) {
  const std::int64_t report = Referred();
  const DeliveryId id = Delivered(report);
  Hold(report);
  EXPECT_EQ(rig_->delivery_actions->Open(officer_, id, "r").error().field, "held");
  EXPECT_EQ(rig_->delivery_actions->NoteDownload(officer_, id, 1, "r").error().field, "held");
  EXPECT_EQ(rig_->delivery_actions->Redirect(officer_, id, "us-icac-tx", "r").error().field, "held");
  EXPECT_EQ(rig_->delivery_actions->Open(Officer(999), id, "r").error().code, ErrorCode::kNotFound) << "another agency learns nothing of it";
  EXPECT_FALSE(rig_->DeliveryTo(report, "us-icac-oh")->opened_at);
  Lift(report);
  EXPECT_EQ(rig_->StateOf(report), "made_available");
  EXPECT_TRUE(rig_->delivery_actions->Open(officer_, id, "r").ok());
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(HeldReportsTest, NobodyElseIsGivenIt) {
  const std::int64_t report = Referred();
  Hold(report);
  EXPECT_EQ(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").error().field, "state");
  EXPECT_FALSE(rig_->referring->Refer(rig_->analyst, {report}, {}, "", "r").ok());
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh"));
}

TEST_P(HeldReportsTest, AnAnswerComesThroughAndIsThereWhenTheHoldIsLifted) {
  const std::int64_t report = Referred();
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, Delivered(report), "r").ok());
  Hold(report);
  Feedback feedback;
  feedback.gaps = {"wrong_place"};
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(officer_, Delivered(report), feedback, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "held_legal");
  Lift(report);
  EXPECT_EQ(rig_->StateOf(report), "feedback_received");
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(HeldReportsTest, RemindersCountFromTheLiftingOn) {
  const std::int64_t report = Referred();
  Hold(report);
  rig_->clock.Advance(Duration::Hours(24 * 20));
  ASSERT_TRUE(rig_->reminding->TakeSteps().ok());
  EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-oh")->step, Step::kNone);
  Lift(report);
  rig_->clock.Advance(Duration::Hours(24 * 3 - 1));
  while (rig_->reminding->TakeSteps().value() > 0) {}
  EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-oh")->step, Step::kNone);
  rig_->clock.Advance(Duration::Hours(2));
  while (rig_->reminding->TakeSteps().value() > 0) {}
  EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-oh")->step, Step::kReminder) << "one step, and not all at once";
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh"));
}

TEST_P(HeldReportsTest, WhatTheAgencyAnsweredMeanwhileClosesItAfterTheLifting) {
  const std::int64_t report = Referred();
  Hold(report);
  Feedback feedback;
  feedback.usefulness = Usefulness::kIntelligenceOnly;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(officer_, Delivered(report), feedback, "r").ok());
  Lift(report);
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "closed");
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(HeldReportsTest, AnInterestOpenedMeanwhileMeetsItAfterTheLifting) {
  Wanted wanted;
  wanted.person = "<personOrUserReportedPerson><email>held@mail.example</email></personOrUserReportedPerson>" + PersonAt("192.0.2.7");
  const std::int64_t report = rig_->Referred(wanted);
  Hold(report);
  rig_->Link("us-icac-tx", 702);
  deconfliction::NewInterest theirs;
  theirs.value = "held@mail.example";
  theirs.reference = "TX-1";
  theirs.contact_name = "Sgt. Kim Example";
  theirs.contact_phone = "+1 512 555 0100";
  ASSERT_TRUE(rig_->interests.Open(Officer(702), theirs, "r").ok());
  rig_->RunJobs();
  const auto notices = [&] {
    return rig_->database->Read([&](store::ReadTransaction& t) { return rig_->notices.OnReport(t, {report}, "us-icac-oh"); }).value().size();
  };
  EXPECT_EQ(notices(), 0U);
  Lift(report);
  rig_->RunJobs();
  EXPECT_EQ(notices(), 1U);
}

TEST_P(HeldReportsTest, APackageTellsNothingOfItselfEvenToAHead) {
  const std::int64_t report = Referred();
  Hold(report);
  const std::string path = "/api/v1/agency/deliveries/" + std::to_string(Delivered(report).value) + "/package";
  const http::Response head = rig_->Ask(rig_->agency_http->Routes(), http::Method::kHead, path, officer_);
  EXPECT_EQ(head.status, 409);
  EXPECT_FALSE(head.headers.Find("X-Package-SHA256"));
}

}  // namespace
}  // namespace porchlight::referrals
