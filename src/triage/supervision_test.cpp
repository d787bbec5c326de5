#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/rules.h"
#include "triage/supervision.h"
#include "triage/testing/triage_rig.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

class VolumesTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  void File(const std::string& login, int reports) {
    for (int one = 0; one < reports; ++one) {
      Wanted wanted;
      wanted.note = "Report " + std::to_string(++filed_);   // The same bytes again would not count.
      rig_->File(wanted, {}, login);
    }
  }
  VolumesView Now() {
    const Names names{[](std::int64_t id) { return "Platform " + std::to_string(id); }, {}};
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return Volumes(transaction, rig_->clock.Now(), names); }).value();
  }

  std::unique_ptr<TriageRig> rig_;
  int filed_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, VolumesTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(VolumesTest, EachReporterHasItsDaysTodayLastAndWhoSendsMostStandsFirst) {
  EXPECT_THAT(Now().items, IsEmpty());
  File("acme", 1);
  rig_->clock.Advance(Duration::Hours(24));
  File("acme", 2);
  File("other", 3);
  const VolumesView view = Now();
  ASSERT_EQ(view.items.size(), 2U);
  EXPECT_EQ(view.items[0].today, 3);
  EXPECT_EQ(view.items[0].organisation_name, "Platform " + std::to_string(view.items[0].organisation));
  EXPECT_EQ(view.items[1].today, 2);
  ASSERT_EQ(view.items[1].days.size(), static_cast<std::size_t>(kVolumeDays));
  EXPECT_EQ(view.items[1].days.back(), 2);
  EXPECT_EQ(view.items[1].days[kVolumeDays - 2], 1);
  EXPECT_FALSE(view.items[0].unusual) << "little is never a flood";
}

TEST_P(VolumesTest, AFloodIsMarkedAndOneDoesNotHideTheNext) {
  for (int day = 0; day < kVolumeDays - 1; ++day) {
    File("acme", day == 3 ? 40 : 2);
    rig_->clock.Advance(Duration::Hours(24));
  }
  File("acme", 99);
  EXPECT_FALSE(Now().items.front().unusual);
  File("acme", 1);
  File("other", 120);
  const VolumesView view = Now();
  EXPECT_TRUE(view.items[0].unusual);
  EXPECT_TRUE(view.items[1].unusual);
  EXPECT_EQ(view.items[1].today, 100);
  EXPECT_EQ(view.items[1].usual, 2);
}

// Reports as rows, so that there may be many of every age.
class SupervisionTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  struct Waiting {
    Duration age;
    int level = 1;
    bool urgent = true;
    std::optional<std::int64_t> account = {};
    int points = 100;
    bool behind = false;
  };
  std::int64_t Add(const Waiting& wanted) {
    Tip tip;
    tip.id = {++last_};
    tip.state = wanted.account ? tipline::ReportState::kInReview : tipline::ReportState::kTriaged;
    tip.organisation = 7;
    tip.level = wanted.level;
    tip.points = wanted.points;
    tip.urgent = wanted.urgent;
    tip.received_at = rig_->clock.Now() - wanted.age;
    tip.behind = wanted.behind;
    Rank(tip);
    tip.scores = 1;
    const auto add = [&](store::WriteTransaction& transaction) -> Result<void> {
      PL_TRY(rows::InsertTip(transaction, tip));
      if (!wanted.account) return {};
      tip.claimed_by = auth::AccountId{*wanted.account};
      tip.claimed_until = rig_->clock.Now() + Duration::Minutes(30);
      return rows::SetClaim(transaction, tip);
    };
    EXPECT_TRUE(rig_->database->Write(add).ok());
    return tip.id.value;
  }
  SupervisionView Now() {
    const Names names{[](std::int64_t id) { return "Platform " + std::to_string(id); },
                      [](std::int64_t id) { return "analyst" + std::to_string(id); }};
    const UrgentClocks clocks{Duration::Minutes(15), Duration::Hours(1)};
    const auto look = [&](store::ReadTransaction& transaction) { return Supervise(transaction, clocks, rig_->clock.Now(), names); };
    return rig_->database->Read(look).value();
  }

  std::unique_ptr<TriageRig> rig_;
  std::int64_t last_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, SupervisionTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

// The one that waits longest was left out when more than a page had more points.
TEST_P(SupervisionTest, TheLongestWaitingStandsInFrontHoweverManyRankBefore) {
  const std::int64_t oldest = Add({.age = Duration::Hours(3), .points = 1});
  for (int one = 0; one < kClocksMax + 10; ++one) Add({.age = Duration::Minutes(2), .points = 900});
  const SupervisionView view = Now();
  ASSERT_EQ(view.clocks.size(), static_cast<std::size_t>(kClocksMax));
  EXPECT_EQ(view.clocks.front().report_id.value, oldest);
  EXPECT_EQ(view.clocks.front().organisation_name, "Platform 7");
}

TEST_P(SupervisionTest, WhoeverHasClaimedOneHasUntilAnAgencyMustHaveIt) {
  const std::int64_t fresh = Add({.age = Duration::Minutes(1)});
  const std::int64_t claimed = Add({.age = Duration::Minutes(50), .account = 900});
  Add({.age = Duration::Hours(5), .urgent = false});
  const SupervisionView view = Now();
  ASSERT_EQ(view.clocks.size(), 2U);
  EXPECT_EQ(view.clocks[0].report_id.value, claimed) << "due in ten minutes";
  EXPECT_EQ(view.clocks[0].needs, ClockNeed::kAgency);
  EXPECT_EQ(view.clocks[0].due_at, rig_->clock.Now() + Duration::Minutes(10));
  EXPECT_EQ(view.clocks[0].login, "analyst900");
  EXPECT_EQ(view.clocks[1].report_id.value, fresh) << "due in fourteen";
  EXPECT_EQ(view.clocks[1].needs, ClockNeed::kLook);
  EXPECT_EQ(view.clocks[1].login, "");
}

TEST_P(SupervisionTest, WhatWaitsIsCountedByAgeAndLevelOnBothSidesOfEachLimit) {
  const auto just_below = [](Duration age) { return Duration{age.microseconds - 1}; };
  Add({.age = just_below(Duration::Minutes(15))});
  Add({.age = Duration::Minutes(15), .level = 2, .urgent = false});
  Add({.age = just_below(Duration::Hours(1)), .level = 2, .urgent = false});
  Add({.age = Duration::Hours(1), .level = 3, .urgent = false});
  Add({.age = just_below(Duration::Days(7)), .level = 1});
  Add({.age = Duration::Days(7), .level = 3, .urgent = false});
  Add({.age = Duration{-3'600'000'000}, .level = 3, .urgent = false});   // A clock was set back.
  std::vector<std::vector<std::int64_t>> levels;
  std::vector<std::int64_t> urgent;
  for (const AgeView& age : Now().ages) {
    levels.push_back(age.levels);
    urgent.push_back(age.urgent);
    EXPECT_FALSE(age.more);
  }
  EXPECT_THAT(levels, ElementsAre(ElementsAre(1, 0, 1), ElementsAre(0, 2, 0), ElementsAre(0, 0, 1), ElementsAre(1, 0, 0), ElementsAre(0, 0, 1)));
  EXPECT_THAT(urgent, ElementsAre(1, 0, 0, 1, 0));
  EXPECT_EQ(Now().ages.front().minutes_below, 15);
  EXPECT_FALSE(Now().ages.back().minutes_below);
}

TEST_P(VolumesTest, DaysThatAreOverFallOut) {
  File("acme", 2);
  rig_->clock.Advance(Duration::Hours(24 * kVolumeDays));
  EXPECT_THAT(Now().items, IsEmpty());
}

}  // namespace
}  // namespace porchlight::triage
