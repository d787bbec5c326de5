#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tipline/report_store.h"
#include "triage/legal_hold.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

class LegalHoldTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    holds_ = std::make_unique<LegalHolds>(*rig_->database, rig_->clock, std::vector<std::string>{"court_order", "complaint"});
  }
  std::int64_t Filed() {
    const std::int64_t report = rig_->File(Wanted());
    rig_->Judge();
    return report;
  }
  std::string Today(int days = 0) { return FormatDate(rig_->clock.Now() + Duration::Hours(24 * days)); }
  Result<Tip> Place(std::int64_t report) { return holds_->Place(supervisor_, {report}, {"court_order", "Docket 26-117", Today(30)}, "r"); }
  std::string FieldOf(std::int64_t report, const NewHold& hold) {
    const Result<Tip> placed = holds_->Place(supervisor_, {report}, hold, "r");
    return placed.ok() ? "accepted" : placed.error().field;
  }
  std::vector<Hold> Standing() {
    return rig_->database->Read([](store::ReadTransaction& transaction) { return ListHolds(transaction, 50); }).value();
  }

  std::unique_ptr<TriageRig> rig_;
  std::unique_ptr<LegalHolds> holds_;
  const auth::Caller supervisor_ = testing::TriageAnalyst(960);
  const auth::Caller analyst_ = testing::TriageAnalyst(950);
};
INSTANTIATE_TEST_SUITE_P(Engines, LegalHoldTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(LegalHoldTest, WhatIsHeldWaitsForNobodyUntilItIsLifted) {
  const std::int64_t report = Filed();
  ASSERT_TRUE(Place(report).ok());
  EXPECT_EQ(rig_->StateOf(report), "held_legal");
  EXPECT_FALSE(rig_->TipOf(report).Waits());
  const auto claimed = rig_->actions.Claim(analyst_, {report}, "r");
  ASSERT_FALSE(claimed.ok());
  EXPECT_THAT(claimed.error().public_text, HasSubstr("legal"));
  ASSERT_EQ(Standing().size(), 1U);
  EXPECT_EQ(Standing().front().reference, "Docket 26-117");
  ASSERT_TRUE(holds_->Lift(supervisor_, {report}, "The order was set aside.", "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  EXPECT_TRUE(rig_->TipOf(report).Waits());
  EXPECT_THAT(Standing(), IsEmpty());
  EXPECT_TRUE(rig_->actions.Claim(analyst_, {report}, "r").ok());
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(LegalHoldTest, AHoldEndsTheWorkOfWhoeverIsAtIt) {
  const std::int64_t report = Filed();
  ASSERT_TRUE(rig_->actions.Claim(analyst_, {report}, "r").ok());
  ASSERT_TRUE(Place(report).ok());
  EXPECT_FALSE(rig_->TipOf(report).claimed_by);
  EXPECT_FALSE(rig_->actions.Close(analyst_, {report}, Disposition::kSpam, "r").ok());
  ASSERT_TRUE(holds_->Lift(supervisor_, {report}, "Over.", "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(LegalHoldTest, WhatWasClosedGoesBackToThat) {
  const std::int64_t report = Filed();
  ASSERT_TRUE(rig_->actions.Claim(analyst_, {report}, "r").ok());
  ASSERT_TRUE(rig_->actions.Close(analyst_, {report}, Disposition::kInformational, "r").ok());
  ASSERT_TRUE(Place(report).ok());
  EXPECT_FALSE(rig_->actions.Reopen(supervisor_, {report}, "r").ok());
  ASSERT_TRUE(holds_->Lift(supervisor_, {report}, "Over.", "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "closed");
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(LegalHoldTest, AHoldNamesItsReasonItsOrderAndItsDay) {
  const std::int64_t report = Filed();
  EXPECT_EQ(FieldOf(report, {"because", "x", Today()}), "/reason");
  EXPECT_EQ(FieldOf(report, {"court_order", " ", Today()}), "/reference");
  EXPECT_EQ(FieldOf(report, {"court_order", std::string(501, 'x'), Today()}), "/reference");
  EXPECT_EQ(FieldOf(report, {"court_order", "x", "soon"}), "/review_on");
  EXPECT_EQ(FieldOf(report, {"court_order", "x", Today(-1)}), "/review_on");
  EXPECT_EQ(FieldOf(report, {"court_order", "x", Today(367)}), "/review_on");
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  EXPECT_EQ(FieldOf(report, {"court_order", std::string(500, 'x'), Today(366)}), "accepted");
  EXPECT_EQ(FieldOf(report, {"court_order", "x", Today()}), "state") << "it is held already";
  EXPECT_EQ(FieldOf(9'999, {"court_order", "x", Today()}), "report");
}

TEST_P(LegalHoldTest, LiftingNeedsANoteAndAHold) {
  const std::int64_t report = Filed();
  EXPECT_EQ(holds_->Lift(supervisor_, {report}, "x", "r").error().field, "state");
  ASSERT_TRUE(Place(report).ok());
  EXPECT_EQ(holds_->Lift(supervisor_, {report}, " ", "r").error().field, "/note");
  EXPECT_EQ(holds_->Lift(supervisor_, {report}, std::string(501, 'x'), "r").error().field, "/note");
  EXPECT_EQ(holds_->Lift(supervisor_, {9'999}, "x", "r").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(rig_->StateOf(report), "held_legal");
}

TEST_P(LegalHoldTest, TheOneToBeLookedAtFirstStandsFirstAndOldOnesStay) {
  const std::int64_t later = Filed();
  const std::int64_t sooner = Filed();
  ASSERT_TRUE(holds_->Place(supervisor_, {later}, {"complaint", "a", Today(60)}, "r").ok());
  ASSERT_TRUE(holds_->Place(supervisor_, {sooner}, {"complaint", "b", Today(2)}, "r").ok());
  EXPECT_EQ(Standing().front().report.value, sooner);
  ASSERT_TRUE(holds_->Lift(supervisor_, {sooner}, "Over.", "r").ok());
  ASSERT_TRUE(holds_->Place(supervisor_, {sooner}, {"complaint", "c", Today(3)}, "r").ok());
  const auto all = rig_->database->Read([&](store::ReadTransaction& transaction) { return HoldsOf(transaction, {sooner}); }).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.front().reference, "c");
  EXPECT_EQ(all.back().note, "Over.");
}

TEST_P(LegalHoldTest, NothingIsPulledOutOfABundleWhileItIsHeld) {
  const std::int64_t report = Filed();
  ASSERT_TRUE(Place(report).ok());
  EXPECT_EQ(rig_->actions.Pull(analyst_, {report}, "r").error().field, "state");
  EXPECT_EQ(rig_->actions.PutBack(analyst_, {report}, "r").error().field, "state");
}

TEST_P(LegalHoldTest, ThePlatformIsNotToldThatItIsHeld) {
  const std::int64_t report = Filed();
  ASSERT_TRUE(Place(report).ok());
  const auto receipt = rig_->database->Read([&](store::ReadTransaction& transaction) { return tipline::FindReceipt(transaction, {report}); });
  EXPECT_EQ(receipt->state, tipline::ReportState::kTriaged);
}

TEST_P(LegalHoldTest, AHeldLeadMakesItsCopiesWaitWithIt) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 12; ++number) {
    Wanted wanted;
    wanted.person = "<espIdentifier>copy-" + std::to_string(number) + "</espIdentifier>";
    reports.push_back(rig_->File(wanted, {{"\xff\xd8\xff\xe0 everywhere", ""}}));
  }
  rig_->Judge();
  const std::int64_t lead = rig_->BundleOf(reports.front()).value().lead.value;
  ASSERT_TRUE(Place(lead).ok());
  EXPECT_EQ(rig_->BundleOf(reports.front()).value().lead.value, lead);
  ASSERT_TRUE(holds_->Lift(supervisor_, {lead}, "Over.", "r").ok());
  EXPECT_TRUE(rig_->TipOf(lead).Waits());
}

}  // namespace
}  // namespace porchlight::triage
