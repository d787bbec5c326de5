// Goal: whatever people, agencies and the clock do to reports, in whatever order, nothing is lost: each report is in one state, the counters
// by state are what was accepted, and what triage says of a report is what the tipline says (invariants 3 and 4 of the domain). Method:
// random plans of acts over both engines, refused ones among them, counted anew after each stretch; the seed is in the message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"
#include "triage/recount.h"

namespace porchlight::referrals {
namespace {

using ::testing::IsEmpty;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr int kReports = 8;
constexpr int kActs = 120;

class AnyWayTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override { PL_NEEDS_ENGINE(GetParam()); }

  void Start(std::uint64_t seed) {
    random_ = std::make_unique<SeededRandom>(seed);
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    holds_ = std::make_unique<triage::LegalHolds>(*rig_->database, rig_->clock, std::vector<std::string>{"court_order"});
    rig_->Link("us-icac-oh", 70);
    rig_->Link("us-icac-tx", 71);
    reports_.clear();
    for (int one = 0; one < kReports; ++one) reports_.push_back(FileOne(one));
    rig_->Judge();
  }
  std::int64_t FileOne(int number) {
    Wanted wanted;
    const std::string address = number % 2 == 0 ? "192.0.2.7" : "198.51.100.7";
    wanted.person = PersonAt(address, "any-" + std::to_string(number));
    if (number % 3 == 0) wanted.escalation = "A child may be harmed tonight.";
    if (number >= kReports / 2) wanted.url = "https://viral.example/clip";
    wanted.note = "Report " + std::to_string(number);
    return rig_->File(wanted);
  }
  std::int64_t Any() { return reports_.at(random_->Below(reports_.size())); }
  std::optional<DeliveryId> AnyDelivery(std::int64_t report) {
    const std::vector<Delivery> all = rig_->Deliveries(report);
    return all.empty() ? std::nullopt : std::optional(all.at(random_->Below(all.size())).id);
  }

  // One act; many are refused, which is as well.
  void Act() {
    const std::int64_t report = Any();
    const tipline::ReportId id{report};
    const auto& analyst = rig_->analyst;
    switch (random_->Below(16)) {
      case 0: case 1: case 2: static_cast<void>(rig_->actions.Claim(analyst, id, "r")); break;
      case 3: static_cast<void>(rig_->actions.Release(analyst, id, "r")); break;
      case 4: static_cast<void>(rig_->actions.TakeBack(supervisor_, id, "r")); break;
      case 5: static_cast<void>(rig_->actions.Close(analyst, id, triage::Disposition::kSpam, "r")); break;
      case 6: static_cast<void>(rig_->actions.Reopen(supervisor_, id, "r")); break;
      case 7: static_cast<void>(rig_->actions.Pull(analyst, id, "r")); break;
      case 8: static_cast<void>(rig_->actions.PutBack(analyst, id, "r")); break;
      case 9: static_cast<void>(rig_->actions.SetSignal(analyst, id, triage::Signal::kConfirmedDanger, random_->Below(2) == 0, "r")); break;
      case 10: static_cast<void>(holds_->Place(supervisor_, id, {"court_order", "Docket 1", FormatDate(rig_->clock.Now())}, "r")); break;
      case 11: static_cast<void>(holds_->Lift(supervisor_, id, "Over.", "r")); break;
      case 12: case 13: static_cast<void>(rig_->referring->Refer(analyst, id, {}, "", "r")); break;
      case 14: ActOnDelivery(report); break;
      default: rig_->clock.Advance(Duration::Minutes(1 + static_cast<std::int64_t>(random_->Below(200)))); break;
    }
    if (random_->Below(4) == 0) rig_->RunJobs();
  }
  void ActOnDelivery(std::int64_t report) {
    const std::optional<DeliveryId> delivery = AnyDelivery(report);
    if (!delivery) return;
    const auth::Caller officer = Officer(random_->Below(2) == 0 ? 70 : 71);
    Feedback feedback;
    feedback.usefulness = Usefulness::kNotUseful;
    switch (random_->Below(5)) {
      case 0: static_cast<void>(rig_->delivery_actions->Open(officer, *delivery, "r")); break;
      case 1: static_cast<void>(rig_->delivery_actions->Acknowledge(officer, *delivery, "r")); break;
      case 2: static_cast<void>(rig_->delivery_actions->GiveFeedback(officer, *delivery, feedback, "r")); break;
      case 3: static_cast<void>(rig_->delivery_actions->Redirect(officer, *delivery, "us-federal", "r")); break;
      default: static_cast<void>(rig_->referring->Revoke(supervisor_, *delivery, "sent_by_mistake", "r")); break;
    }
  }
  void ExpectAllThere(const std::string& when) {
    EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty()) << when;
    const auto triage = rig_->database->Read([](store::ReadTransaction& transaction) { return triage::RecountProblems(transaction); });
    EXPECT_THAT(triage.value(), IsEmpty()) << when;
    EXPECT_EQ(rig_->Count("SELECT COALESCE(CAST(SUM(reports) AS BIGINT), 0) FROM tipline_counters"), kReports) << when;
    EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_reports"), kReports) << when;
    EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_tips t JOIN tipline_reports r ON r.id = t.id AND r.state = t.state"), kReports) << when;
  }

  std::unique_ptr<SeededRandom> random_;
  std::unique_ptr<ReferralsRig> rig_;
  std::unique_ptr<triage::LegalHolds> holds_;
  std::vector<std::int64_t> reports_;
  const auth::Caller supervisor_ = triage::testing::TriageAnalyst(960);
};
INSTANTIATE_TEST_SUITE_P(Engines, AnyWayTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(AnyWayTest, WhateverIsDoneNothingIsLostAndTheSumsHold) {
  std::map<std::int64_t, int> states;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Start(seed);
    for (int act = 1; act <= kActs; ++act) {
      Act();
      if (act % 20 == 0) ExpectAllThere("seed " + std::to_string(seed) + ", act " + std::to_string(act));
    }
    for (const std::int64_t report : reports_) ++states[static_cast<std::int64_t>(rig_->TipOf(report).state)];
  }
  EXPECT_GE(states.size(), 3U) << "the plans lead somewhere";
}

}  // namespace
}  // namespace porchlight::referrals
