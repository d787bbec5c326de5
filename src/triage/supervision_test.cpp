#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/supervision.h"
#include "triage/testing/triage_rig.h"

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

TEST_P(VolumesTest, DaysThatAreOverFallOut) {
  File("acme", 2);
  rig_->clock.Advance(Duration::Hours(24 * kVolumeDays));
  EXPECT_THAT(Now().items, IsEmpty());
}

}  // namespace
}  // namespace porchlight::triage
