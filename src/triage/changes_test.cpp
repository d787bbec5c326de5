// Goal: whoever comes back is told what came, and what stands elsewhere than it did, and nothing that is over. Method: reports filed and
// judged again on an injected clock, asked for from before, between and after.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/changes.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TriageRig;
using testing::Wanted;

class ChangesTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    old_ = File("u-1", "");
    rig_->clock.Advance(Duration::Hours(10));
    since_ = rig_->clock.Now();
  }
  std::int64_t File(const std::string& user, const std::string& escalation) {
    Wanted wanted;
    wanted.person = "<espIdentifier>" + user + "</espIdentifier>";
    wanted.escalation = escalation;
    const std::int64_t id = rig_->File(wanted);
    rig_->Judge();
    return id;
  }
  void Say(std::int64_t id, Signal signal, bool on) {
    ASSERT_TRUE(rig_->actions.Claim(ana_, {id}, "r").ok());
    ASSERT_TRUE(rig_->actions.SetSignal(ana_, {id}, signal, on, "r").ok());
  }
  ChangesView Since(Instant moment) {
    const auto look = [&](store::ReadTransaction& transaction) { return ChangesSince(transaction, moment, rig_->clock.Now()); };
    return rig_->database->Read(look).value();
  }

  std::unique_ptr<TriageRig> rig_;
  const auth::Caller ana_ = testing::TriageAnalyst(950);
  std::int64_t old_ = 0;
  Instant since_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ChangesTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ChangesTest, WhatCameSinceIsCountedByLevelOnBothSidesOfTheMoment) {
  EXPECT_THAT(Since(since_).came, ElementsAre(0, 0, 0));
  File("u-2", "A child may be harmed tonight.");
  const ChangesView view = Since(since_);
  EXPECT_THAT(view.came, ElementsAre(1, 0, 0));
  EXPECT_EQ(view.came_urgent, 1);
  EXPECT_FALSE(view.came_more);
  EXPECT_EQ(view.until, rig_->clock.Now());
  EXPECT_THAT(Since(since_ + Duration{1}).came, ElementsAre(0, 0, 0));
  EXPECT_EQ(Since(since_ - Duration::Hours(10)).came.at(0) + Since(since_ - Duration::Hours(10)).came.at(1) +
                Since(since_ - Duration::Hours(10)).came.at(2),
            2);
}

// Its files came for hours: whoever looked in between saw nothing of it.
TEST_P(ChangesTest, WhatWasOpenedBeforeAndJudgedSinceIsCountedToo) {
  Wanted wanted;
  wanted.person = "<espIdentifier>u-2</espIdentifier>";
  wanted.escalation = "A child may be harmed tonight.";
  const std::int64_t id = rig_->File(wanted);
  rig_->clock.Advance(Duration::Hours(1));
  const Instant between = rig_->clock.Now();
  rig_->Judge();
  EXPECT_THAT(Since(between).came, ElementsAre(1, 0, 0));
  EXPECT_EQ(Since(between).came_urgent, 1);
  EXPECT_THAT(Since(since_).came, ElementsAre(1, 0, 0)) << "once";
  Say(id, Signal::kJudgedHarmless, true);
  Say(id, Signal::kJudgedHarmless, false);
  EXPECT_THAT(Since(since_).moved, IsEmpty()) << "what came since is no move";
}

TEST_P(ChangesTest, WhatMovedSaysFromWhereAndWhy) {
  const int before = rig_->TipOf(old_).level;
  Say(old_, Signal::kConfirmedDanger, true);
  const ChangesView view = Since(since_);
  ASSERT_EQ(view.moved.size(), 1U);
  EXPECT_EQ(view.moved.front().report_id.value, old_);
  EXPECT_EQ(view.moved.front().cause, "signals");
  EXPECT_EQ(view.moved.front().priority_before, before);
  EXPECT_FALSE(view.moved.front().urgent_before);
  EXPECT_EQ(view.moved.front().priority, 1);
  EXPECT_TRUE(view.moved.front().urgent);
  EXPECT_FALSE(view.moved_more);
  EXPECT_THAT(Since(rig_->clock.Now() + Duration{1}).moved, IsEmpty());
}

TEST_P(ChangesTest, ThereAndBackIsNoChangeAndWhatIsOverIsLeftOut) {
  Say(old_, Signal::kConfirmedDanger, true);
  rig_->clock.Advance(Duration::Minutes(1));
  const Instant between = rig_->clock.Now();
  Say(old_, Signal::kConfirmedDanger, false);
  EXPECT_THAT(Since(since_).moved, IsEmpty());
  ASSERT_EQ(Since(between).moved.size(), 1U) << "it fell since then";
  EXPECT_TRUE(Since(between).moved.front().urgent_before);
  ASSERT_TRUE(rig_->actions.Close(ana_, {old_}, Disposition::kNotExploitation, "r").ok());
  EXPECT_THAT(Since(between).moved, IsEmpty());
}

TEST_P(ChangesTest, WhatIsUrgentStandsInFrontAndNoMoreThanAPageIsListed) {
  const std::int64_t fallen = File("u-2", "A child may be harmed tonight.");
  std::vector<std::int64_t> raised;
  for (int one = 0; one < kMovedMax; ++one) raised.push_back(File("v-" + std::to_string(one), ""));
  rig_->clock.Advance(Duration::Minutes(1));
  const Instant moment = rig_->clock.Now();
  for (const std::int64_t id : raised) Say(id, Signal::kConfirmedDanger, true);
  EXPECT_EQ(Since(moment).moved.size(), static_cast<std::size_t>(kMovedMax));
  EXPECT_FALSE(Since(moment).moved_more);
  Say(old_, Signal::kConfirmedDanger, true);
  EXPECT_EQ(Since(moment).moved.size(), static_cast<std::size_t>(kMovedMax));
  EXPECT_TRUE(Since(moment).moved_more);
  EXPECT_TRUE(Since(moment).moved.back().urgent);
  EXPECT_EQ(rig_->TipOf(fallen).scores, 1) << "the first score of a report is no change";
}

}  // namespace
}  // namespace porchlight::triage
