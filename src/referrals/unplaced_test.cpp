#include "referrals/unplaced.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/quality_http.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"

// Goal: a report that was handed over and that nobody has any more is listed until somebody has it, or it is closed.
namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 70;
constexpr std::int64_t kTexas = 71;

class UnplacedTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", kTexas);
    quality_ = std::make_unique<QualityHttp>(*rig_->database, *rig_->referring, triage::testing::ReferenceRules(), rig_->clock,
                                             DeliveryClocks::From(testing::ReferenceProfile()));
    supervisor_ = rig_->analyst;
    supervisor_.permissions.insert("triage.supervise");
  }
  std::int64_t Refer(const std::string& escalation = "") {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7", "u-" + std::to_string(++referred_));
    wanted.escalation = escalation;
    return rig_->Referred(wanted);
  }
  void Say(std::int64_t report, const std::string& agency, bool wrong_place) {
    Feedback feedback;
    feedback.usefulness = wrong_place ? Usefulness::kNotUseful : Usefulness::kStartedInvestigation;
    if (wrong_place) feedback.gaps = {"wrong_place"};
    const auth::Caller officer = Officer(agency == "us-icac-oh" ? kOhio : kTexas);
    ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(officer, rig_->DeliveryTo(report, agency)->id, feedback, "r").ok());
  }
  void TakeBack(std::int64_t report, const std::string& agency) {
    ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, rig_->DeliveryTo(report, agency)->id, "sent_by_mistake", "r").ok());
  }
  // "17 wrong_place", in the order of the list.
  std::vector<std::string> Listed() {
    const http::Response response =
        rig_->Ask(quality_->Routes(), http::Method::kGet, "/api/v1/deliveries/unplaced", supervisor_);
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> listed;
    const Json list = ParseJson(response.body).value();
    for (const Json& one : *list.Find("items")->AsArray()) {
      listed.push_back(std::to_string(*one.Find("report_id")->AsInteger()) + " " + std::string(one.Text("why")));
    }
    return listed;
  }
  static std::string WrongPlace(std::int64_t report) { return std::to_string(report) + " wrong_place"; }
  static std::string TakenBack(std::int64_t report) { return std::to_string(report) + " taken_back"; }

  std::unique_ptr<ReferralsRig> rig_;
  std::unique_ptr<QualityHttp> quality_;
  auth::Caller supervisor_;
  int referred_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, UnplacedTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(UnplacedTest, OneThatOnlyWentToTheWrongPlaceIsListedUntilSomebodyElseHasIt) {
  const std::int64_t report = Refer();
  EXPECT_THAT(Listed(), IsEmpty());
  Say(report, "us-icac-oh", true);
  EXPECT_THAT(Listed(), ElementsAre(WrongPlace(report)));
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  EXPECT_THAT(Listed(), IsEmpty());
  Say(report, "us-icac-tx", true);
  EXPECT_THAT(Listed(), ElementsAre(WrongPlace(report)));
}

TEST_P(UnplacedTest, WhileOneOfThemHasNotAnsweredItIsNotListed) {
  const std::int64_t report = Refer();
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  Say(report, "us-icac-oh", true);
  EXPECT_THAT(Listed(), IsEmpty());
  TakeBack(report, "us-icac-tx");
  EXPECT_THAT(Listed(), ElementsAre(WrongPlace(report)));
}

TEST_P(UnplacedTest, WhatWasTakenBackFromAllIsListedUrgentOnesFirst) {
  const std::int64_t first = Refer();
  const std::int64_t urgent = Refer("A child may be harmed tonight.");
  TakeBack(first, "us-icac-oh");
  rig_->clock.Advance(Duration::Seconds(1));
  TakeBack(urgent, "us-icac-oh");
  EXPECT_THAT(Listed(), ElementsAre(TakenBack(urgent), TakenBack(first)));
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {urgent}, "us-icac-oh", "agency_request", "r").ok()) << "given anew";
  EXPECT_THAT(Listed(), ElementsAre(TakenBack(first)));
}

TEST_P(UnplacedTest, APersonMayCloseItAndNothingThatAnAgencyHas) {
  const std::int64_t report = Refer();
  EXPECT_EQ(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").error().field, "state");
  Say(report, "us-icac-oh", true);
  ASSERT_TRUE(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "closed");
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_EQ(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").error().code, ErrorCode::kConflict) << "a repeat";
  EXPECT_EQ(rig_->referring->CloseUnplaced(supervisor_, {987654}, "r").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(UnplacedTest, AnAgencyThatChangesItsMindTakesItOff) {
  const std::int64_t report = Refer();
  Say(report, "us-icac-oh", true);
  Say(report, "us-icac-oh", false);
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_EQ(rig_->StateOf(report), "closed");
}

TEST_P(UnplacedTest, OneThatWasSentOnToWhereItWasTakenBackIsListed) {
  const std::int64_t report = Refer();
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").ok());
  TakeBack(report, "us-icac-tx");
  ASSERT_TRUE(rig_->delivery_actions->Redirect(Officer(kOhio), rig_->DeliveryTo(report, "us-icac-oh")->id, "us-icac-tx", "r").ok());
  EXPECT_THAT(Listed(), ElementsAre(std::to_string(report) + " sent_on"));
}

TEST_P(UnplacedTest, ReferredAgainToThoseWhoSaidSoItIsListedAgain) {
  const std::int64_t report = Refer();
  Say(report, "us-icac-oh", true);
  ASSERT_TRUE(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").ok());
  ASSERT_TRUE(rig_->actions.Reopen(rig_->analyst, {report}, "r").ok());
  ASSERT_TRUE(rig_->referring->Refer(rig_->analyst, {report}, {}, "", "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "made_available");
  EXPECT_THAT(Listed(), ElementsAre(WrongPlace(report)));
  ASSERT_TRUE(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").ok());
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(UnplacedTest, WhatIsClosedOtherwiseIsForgotten) {
  const std::int64_t report = Refer();
  Say(report, "us-icac-oh", true);
  ASSERT_TRUE(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").ok());
  // As one that was noted while another process closed it.
  const Instant now = rig_->clock.Now();
  const auto noted = rig_->database->Write([&](store::WriteTransaction& transaction) {
    return rows::NoteUnplaced(transaction, {{report}, false, now, WhyUnplaced::kWrongPlace});
  });
  ASSERT_TRUE(noted.ok());
  EXPECT_THAT(Listed(), IsEmpty());
  rig_->RunJobs();
  EXPECT_FALSE(rig_->database->Read([&](store::ReadTransaction& transaction) { return rows::FindUnplaced(transaction, {report}); }).value());
}

TEST_P(UnplacedTest, WhatIsHeldIsShownAgainWhenTheHoldIsLifted) {
  const std::int64_t report = Refer();
  triage::LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  ASSERT_TRUE(holds.Place(rig_->analyst, {{report}}, {"court_order", "Docket 26-117", FormatDate(rig_->clock.Now())}, "r").ok());
  Say(report, "us-icac-oh", true);
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_EQ(rig_->referring->CloseUnplaced(supervisor_, {report}, "r").error().field, "state");
  ASSERT_TRUE(holds.Lift(rig_->analyst, {{report}}, "Over.", "r").ok());
  EXPECT_THAT(Listed(), ElementsAre(WrongPlace(report)));
}

TEST_P(UnplacedTest, ALateWordOfTheWrongPlaceOpensNothing) {
  const std::int64_t report = Refer();
  ASSERT_TRUE(rig_->delivery_actions->Open(Officer(kOhio), rig_->DeliveryTo(report, "us-icac-oh")->id, "r").ok());
  rig_->clock.Advance(Duration::Days(365));
  while (rig_->reminding->TakeSteps().value() > 0) {}
  ASSERT_EQ(rig_->StateOf(report), "closed");
  Say(report, "us-icac-oh", true);
  EXPECT_THAT(Listed(), IsEmpty());
}

}  // namespace
}  // namespace porchlight::referrals
