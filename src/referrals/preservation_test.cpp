#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/delivery_rows.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"

// Goal: an agency is told in time, and once, that a platform need not keep the data of a report much longer. Method: the injected
// clock is moved to both sides of each notice.
namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Officer;
using testing::PersonAt;
using testing::ReferenceAgencies;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 70;

class PreservationTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", 71);
  }
  std::int64_t Refer() {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7", "u-" + std::to_string(++referred_));
    return rig_->Referred(wanted);
  }
  Delivery Of(std::int64_t report) { return *rig_->DeliveryTo(report, "us-icac-oh"); }
  void MoveToBeforeTheEnd(std::int64_t report, Duration before) {
    const Instant to = *Of(report).preserve_until - before;
    ASSERT_GE(to, rig_->clock.Now());
    rig_->clock.Advance({to.microseconds - rig_->clock.Now().microseconds});
    while (rig_->reminding->GivePreservationNotices().value() > 0) {}
  }
  // "days" of each notice, as the agency's history tells them.
  std::vector<std::string> NoticesOf(std::int64_t report, const std::string& agency = "us-icac-oh") {
    std::vector<std::string> notices;
    const auto history = rig_->database->Read([&](store::ReadTransaction& transaction) {
      return rows::HistoryOf(transaction, rig_->DeliveryTo(report, agency)->id);
    });
    for (const HistoryEntry& one : history.value()) {
      if (one.kind == Happening::kPreservationEnds) notices.push_back(one.detail);
    }
    return notices;
  }
  Json Asked(const std::string& target, std::int64_t organisation = kOhio) {
    const http::Response response = rig_->Ask(rig_->agency_http->Routes(), http::Method::kGet, "/api/v1/agency/" + target,
                                              Officer(organisation));
    EXPECT_EQ(response.status, 200) << response.body;
    return ParseJson(response.body).value();
  }
  std::vector<std::int64_t> Ending(const std::string& more = "", std::int64_t organisation = kOhio) {
    std::vector<std::int64_t> reports;
    const Json page = Asked("deliveries?ending=true" + more, organisation);
    for (const Json& row : *page.Find("items")->AsArray()) reports.push_back(*row.Find("report_id")->AsInteger());
    return reports;
  }
  std::unique_ptr<ReferralsRig> rig_;
  int referred_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, PreservationTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

constexpr Duration DaysAndSeconds(int days, int seconds) { return {Duration::Days(days).microseconds + Duration::Seconds(seconds).microseconds}; }

TEST_P(PreservationTest, AnAgencyIsToldNinetyThirtyAndSevenDaysBefore) {
  const std::int64_t report = Refer();
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(Officer(kOhio), Of(report).id, "r").ok());
  MoveToBeforeTheEnd(report, DaysAndSeconds(90, 1));
  EXPECT_THAT(NoticesOf(report), IsEmpty());
  MoveToBeforeTheEnd(report, Duration::Days(90));
  EXPECT_THAT(NoticesOf(report), ElementsAre(R"({"days":90})"));
  MoveToBeforeTheEnd(report, DaysAndSeconds(30, 1));
  EXPECT_EQ(NoticesOf(report).size(), 1U);
  MoveToBeforeTheEnd(report, Duration::Days(30));
  MoveToBeforeTheEnd(report, Duration::Days(7));
  EXPECT_THAT(NoticesOf(report), ElementsAre(R"({"days":90})", R"({"days":30})", R"({"days":7})"));
  MoveToBeforeTheEnd(report, {0});
  EXPECT_EQ(NoticesOf(report).size(), 3U);
  const Json detail = Asked("deliveries/" + std::to_string(Of(report).id.value));
  EXPECT_THAT(detail.Find("history")->Serialize(), HasSubstr(R"("what":"preservation_ends")"));
}

TEST_P(PreservationTest, WhatIsLateIsSaidOnceAndNothingAfterTheEnd) {
  const std::int64_t late = Refer();
  const std::int64_t over = Refer();
  MoveToBeforeTheEnd(late, Duration::Days(5));
  EXPECT_THAT(NoticesOf(late), ElementsAre(R"({"days":5})"));
  EXPECT_EQ(rig_->reminding->GivePreservationNotices().value(), 0);
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {over}, "us-icac-tx", "agency_request", "r").ok());
  rig_->clock.Advance(Duration::Days(5));
  while (rig_->reminding->GivePreservationNotices().value() > 0) {}
  EXPECT_THAT(NoticesOf(over, "us-icac-tx"), IsEmpty());
}

TEST_P(PreservationTest, NobodyIsToldOfWhatWasOfNoUseOrIsNoLongerTheirs) {
  const std::int64_t useless = Refer();
  const std::int64_t taken_back = Refer();
  const std::int64_t sent_on = Refer();
  const std::int64_t useful = Refer();
  Feedback feedback;
  feedback.usefulness = Usefulness::kNotUseful;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(Officer(kOhio), Of(useless).id, feedback, "r").ok());
  feedback.usefulness = Usefulness::kStartedInvestigation;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(Officer(kOhio), Of(useful).id, feedback, "r").ok());
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, Of(taken_back).id, "sent_by_mistake", "r").ok());
  ASSERT_TRUE(rig_->delivery_actions->Redirect(Officer(kOhio), Of(sent_on).id, "us-icac-tx", "r").ok());
  MoveToBeforeTheEnd(useful, Duration::Days(90));
  EXPECT_THAT(NoticesOf(useless), IsEmpty());
  EXPECT_THAT(NoticesOf(taken_back), IsEmpty());
  EXPECT_THAT(NoticesOf(sent_on), IsEmpty());
  EXPECT_EQ(NoticesOf(sent_on, "us-icac-tx").size(), 1U);
  EXPECT_EQ(NoticesOf(useful).size(), 1U);
  // They have changed their mind.
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(Officer(kOhio), Of(useless).id, feedback, "r").ok());
  MoveToBeforeTheEnd(useful, Duration::Days(30));
  EXPECT_EQ(NoticesOf(useless).size(), 1U);
}

TEST_P(PreservationTest, WhatWasSaidBeforeItWasGrantedAnewDoesNotCount) {
  const std::int64_t report = Refer();
  Feedback feedback;
  feedback.usefulness = Usefulness::kNotUseful;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(Officer(kOhio), Of(report).id, feedback, "r").ok());
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, Of(report).id, "sent_by_mistake", "r").ok());
  rig_->clock.Advance(Duration::Days(1));
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-oh", "agency_request", "r").ok());
  MoveToBeforeTheEnd(report, Duration::Days(90));
  EXPECT_EQ(NoticesOf(report).size(), 1U);
}

TEST_P(PreservationTest, TheSweepOfDeliveriesGivesThem) {
  const std::int64_t report = Refer();
  const Instant to = *Of(report).preserve_until - Duration::Days(90);
  rig_->clock.Advance({to.microseconds - rig_->clock.Now().microseconds});
  ASSERT_TRUE(ScheduleJobs(*rig_->database, rig_->clock, ReferenceAgencies()).ok());
  rig_->RunJobs();
  EXPECT_EQ(NoticesOf(report).size(), 1U);
}

TEST_P(PreservationTest, ALegalHoldPutsItOff) {
  const std::int64_t report = Refer();
  triage::LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  MoveToBeforeTheEnd(report, Duration::Days(91));
  ASSERT_TRUE(holds.Place(rig_->analyst, {{report}}, {"court_order", "Docket 26-117", FormatDate(rig_->clock.Now())}, "r").ok());
  MoveToBeforeTheEnd(report, Duration::Days(89));
  EXPECT_THAT(NoticesOf(report), IsEmpty());
  ASSERT_TRUE(holds.Lift(rig_->analyst, {{report}}, "Over.", "r").ok());
  MoveToBeforeTheEnd(report, Duration::Days(88));
  EXPECT_EQ(NoticesOf(report).size(), 1U);
}

TEST_P(PreservationTest, WhatEndsSoonIsListedSoonestFirstAndCounted) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 3; ++number) {
    reports.push_back(Refer());
    rig_->clock.Advance(Duration::Days(1));
  }
  EXPECT_THAT(Ending(), IsEmpty());
  MoveToBeforeTheEnd(reports[1], DaysAndSeconds(90, -1));
  EXPECT_THAT(Ending(), ElementsAre(reports[0], reports[1]));
  EXPECT_EQ(*Asked("counts").Find("ending")->AsInteger(), 2);
  ASSERT_TRUE(rig_->delivery_actions->Open(Officer(kOhio), Of(reports[0]).id, "r").ok());
  EXPECT_THAT(Ending("&unread=true"), ElementsAre(reports[1]));
  EXPECT_THAT(Ending("&bundled=true"), IsEmpty());
  EXPECT_THAT(Ending("&urgent=true"), IsEmpty());
  EXPECT_THAT(Ending("", 71), IsEmpty()) << "Texas has none of them";
  const std::string after(Asked("deliveries?ending=true&limit=1").Text("next_after"));
  EXPECT_THAT(Ending("&limit=1&after=" + after), ElementsAre(reports[1]));
  MoveToBeforeTheEnd(reports[0], DaysAndSeconds(0, -1));
  EXPECT_THAT(Ending(), ElementsAre(reports[1], reports[2])) << "what need not be kept any more is no longer waited for";
}

}  // namespace
}  // namespace porchlight::referrals
