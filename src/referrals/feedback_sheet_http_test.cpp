#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/feedback_sheet_http.h"
#include "referrals/testing/referrals_rig.h"

namespace porchlight::referrals {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 701;
constexpr std::int64_t kTexas = 702;

class FeedbackSheetHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", kTexas);
    http_ = std::make_unique<FeedbackSheetHttp>(*rig_->database, *rig_->delivery_actions, SheetWords::From(testing::ReferenceProfile()),
                                                [](std::int64_t) { return std::string("Acme, Inc. (example)"); });
  }
  std::int64_t Referred(const std::string& address, const std::string& name) {
    Wanted wanted;
    wanted.person = PersonAt(address, name);
    return rig_->Referred(wanted);
  }
  http::Response Fetch(std::int64_t organisation) {
    return rig_->Ask(http_->Routes(), http::Method::kGet, "/api/v1/agency/feedback/sheet", Officer(organisation));
  }
  http::Response Send(std::int64_t organisation, const std::string& sheet) {
    const std::string body = Json().Set("sheet", sheet).Serialize();
    return rig_->Ask(http_->Routes(), http::Method::kPost, "/api/v1/agency/feedback/sheet", Officer(organisation), body);
  }

  std::unique_ptr<ReferralsRig> rig_;
  std::unique_ptr<FeedbackSheetHttp> http_;
};
INSTANTIATE_TEST_SUITE_P(Engines, FeedbackSheetHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(FeedbackSheetHttpTest, WhatIsFetchedFilledInAndSentCountsOnce) {
  const std::int64_t first = Referred("192.0.2.1", "one");
  const std::int64_t second = Referred("192.0.2.2", "two");
  Referred("198.51.100.3", "three");
  const std::string sheet = Fetch(kOhio).body;
  EXPECT_THAT(sheet, HasSubstr("\"" + std::to_string(first) + "\""));
  EXPECT_THAT(sheet, HasSubstr("\"Acme, Inc. (example)\""));
  EXPECT_EQ(std::count(sheet.begin(), sheet.end(), '\n'), 3);
  const std::string filled = "report,usefulness,gaps\n" + std::to_string(first) + ",not_useful,no_port\n" + std::to_string(second) +
                             ",It started an investigation,\n";
  const http::Response sent = Send(kOhio, filled);
  ASSERT_EQ(sent.status, 200) << sent.body;
  EXPECT_THAT(sent.body, HasSubstr("\"answered\":2"));
  EXPECT_EQ(rig_->StateOf(first), "closed");
  EXPECT_EQ(Send(kOhio, filled).status, 200);
  EXPECT_EQ(rig_->Tallied("agency", std::to_string(rig_->DeliveryTo(first, "us-icac-oh")->agency.value), "gap:no_port"), 1);
  EXPECT_THAT(Fetch(kOhio).body, Not(HasSubstr("\"" + std::to_string(first) + "\"")));
}

TEST_P(FeedbackSheetHttpTest, RowsThatAreWrongOrAnothersAreNamedAlikeAndTheRestCounts) {
  const std::int64_t ours = Referred("192.0.2.1", "one");
  const std::int64_t theirs = Referred("198.51.100.3", "two");
  const http::Response sent = Send(kOhio, "report,usefulness\n" + std::to_string(theirs) + ",not_useful\n987654,not_useful\n" +
                                              std::to_string(ours) + ",not_useful\nx,not_useful\n");
  ASSERT_EQ(sent.status, 200) << sent.body;
  const Json answer = ParseJson(sent.body).value();
  EXPECT_EQ(*answer.Find("answered")->AsInteger(), 1);
  const Json::Array& faults = *answer.Find("faults")->AsArray();
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].Text("text"), faults[1].Text("text"));
  EXPECT_EQ(*faults[2].Find("line")->AsInteger(), 5);
  EXPECT_FALSE(rig_->DeliveryTo(theirs, "us-icac-tx")->feedback_at.has_value());
  EXPECT_EQ(Send(kOhio, "report,usefulness\n").status, 422);
  EXPECT_EQ(Fetch(999).status, 409);
}

}  // namespace
}  // namespace porchlight::referrals
