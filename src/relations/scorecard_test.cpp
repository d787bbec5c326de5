#include "relations/scorecards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/routing.h"
#include "referrals/delivery_rows.h"
#include "referrals/tallies.h"
#include "referrals/testing/referrals_rig.h"
#include "relations/migrations.h"
#include "relations/scorecards_http.h"

namespace porchlight::relations {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using referrals::testing::PersonAt;
using triage::Item;
using triage::testing::ReferenceRules;
using triage::testing::Wanted;

const triage::RuleTable& Table() { return ReferenceRules().At(Instant{1'800'000'000'000'000}); }

TEST(ScorecardTest, WhatIsMissedMostHelpsMostAndWhatAgenciesMissCountsThrice) {
  Scorecard card;
  EXPECT_THAT(WouldHelp(card, Table()), IsEmpty());
  card.items[Item::kAccount] = {100, 0};
  card.items[Item::kUploadAddress] = {100, 50};
  card.items[Item::kVictim] = {100, 100};
  card.items[Item::kPlace] = {100, 100};
  card.items[Item::kConversation] = {100, 10};
  const std::vector<Item> before = WouldHelp(card, Table());
  EXPECT_EQ(before.size(), 3U);
  EXPECT_THAT(before, ::testing::Not(Contains(Item::kAccount))) << "nothing is missing there";
  card.answers = {{"feedback", 10}, {"gap:no_chat_context", 10}};
  EXPECT_EQ(WouldHelp(card, Table()).front(), Item::kConversation);
}

TEST(ScorecardTest, ACardReadsBack) {
  Scorecard card;
  card.reports = 7;
  card.escalated_rightly = 2;
  card.items[Item::kPlace] = {7, 3};
  card.answers["gap:no_port"] = 4;
  card.would_help = {Item::kPlace};
  const Scorecard read = ScorecardFromJson(ToJson(card)).value();
  EXPECT_EQ(ToJson(read), ToJson(card));
  EXPECT_EQ(ScorecardFromJson(Json()).error().code, ErrorCode::kCorrupt);
}

TEST(ScorecardTest, MonthsHaveTheirBounds) {
  const auto december = BoundsOf("2026-12").value();
  EXPECT_EQ(FormatInstant(december.first), "2026-12-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(december.second), "2027-01-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(BoundsOf("2024-02").value().second), "2024-03-01T00:00:00Z");
  for (const std::string wrong : {"", "2026", "2026-13", "2026-1", "2026/11", "abcd-ef"}) {
    EXPECT_EQ(BoundsOf(wrong).error().field, "month") << wrong;
  }
}

class ScorecardsTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<referrals::testing::ReferralsRig>(GetParam());
    std::vector<store::Migration> all = rig_->migrations();
    for (const store::Migration& one : Migrations()) all.push_back(one);
    ASSERT_TRUE(rig_->database->Migrate(all).ok());
    scorecards_ = std::make_unique<Scorecards>(*rig_->database, ReferenceRules(), rig_->clock);
    month_ = referrals::MonthOf(rig_->clock.Now());
  }
  std::vector<Scorecard> List(std::int64_t organisation = 0) {
    auth::Caller caller = rig_->analyst;
    caller.organisation = {organisation};
    const auto read = [&](store::ReadTransaction& transaction) { return scorecards_->List(transaction, caller, month_); };
    return rig_->database->Read(read).value();
  }

  std::unique_ptr<referrals::testing::ReferralsRig> rig_;
  std::unique_ptr<Scorecards> scorecards_;
  std::string month_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ScorecardsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ScorecardsTest, AMonthIsCountedByPlatformWithWhatAgenciesSaid) {
  rig_->Link("us-icac-oh", 70);
  Wanted wanted;
  wanted.person = PersonAt("192.0.2.7");
  wanted.escalation = "A child may be harmed tonight.";
  const std::int64_t referred = rig_->Referred(wanted);
  referrals::Feedback feedback;
  feedback.usefulness = referrals::Usefulness::kNotUseful;
  feedback.gaps = {"no_chat_context"};
  const referrals::DeliveryId delivery = rig_->DeliveryTo(referred, "us-icac-oh")->id;
  ASSERT_TRUE(rig_->delivery_actions->GiveFeedback(referrals::testing::Officer(70), delivery, feedback, "r").ok());
  Wanted plain;
  plain.person = "<espIdentifier>u-2</espIdentifier>";
  const std::int64_t closed = rig_->Claimed(plain);
  ASSERT_TRUE(rig_->actions.Close(rig_->analyst, {closed}, triage::Disposition::kInformational, "r").ok());
  rig_->File(plain, {}, "acme-test");
  rig_->Judge();

  EXPECT_EQ(scorecards_->Make(month_).value(), 1);
  const std::vector<Scorecard> cards = List();
  ASSERT_EQ(cards.size(), 1U);
  EXPECT_EQ(cards.front().organisation, 7);
  EXPECT_EQ(cards.front().reports, 2) << "test traffic is not counted";
  EXPECT_EQ(cards.front().referred, 1);
  EXPECT_EQ(cards.front().informational, 1);
  EXPECT_EQ(cards.front().escalated, 1);
  EXPECT_EQ(cards.front().answers.at("gap:no_chat_context"), 1);
  EXPECT_EQ(cards.front().would_help.size(), 3U);
  EXPECT_EQ(scorecards_->Make(month_).value(), 1);
  EXPECT_EQ(List().front().reports, 2) << "counting again counts nothing twice";
}

TEST_P(ScorecardsTest, APlatformSeesItsOwnAlone) {
  rig_->File({}, {}, "acme");
  rig_->Judge();
  ASSERT_TRUE(scorecards_->Make(month_).ok());
  EXPECT_EQ(List(7).size(), 1U);
  EXPECT_THAT(List(8), IsEmpty());
}

TEST_P(ScorecardsTest, WhatCameInAnotherMonthIsNotCounted) {
  rig_->File({}, {}, "acme");
  rig_->Judge();
  EXPECT_EQ(scorecards_->Make("2020-01").value(), 0);
  EXPECT_EQ(scorecards_->Make("2030-01").value(), 0);
}

}  // namespace
}  // namespace porchlight::relations
