// Goal: pictures that look alike are one thing that goes round, whatever their bytes, names and order; nothing that was decided or
// stands under a floor is touched, and a report that is alone stays alone. Method: reports filed over the wire on both engines, hashing
// with a stand-in for the process that decodes, and the two readers of the outbox by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "hashing/testing/hashing_rig.h"
#include "platform/jobs/outbox.h"
#include "tipline/report_states.h"
#include "triage/recount.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using fingerprint::PdqHash;
using hashing::testing::AnyHash;
using hashing::testing::Changed;
using hashing::testing::PictureBytes;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TriageRig;
using testing::Wanted;
using testing::WantedFile;

const std::string kClassified = "<industryClassification>B2</industryClassification>";
const int kViral = testing::ReferenceRules().At(Instant{1'795'000'000'000'000}).Number("viral_reports");

class NearCopiesTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  // Of a person of its own, with one picture of its own bytes for each hash.
  std::int64_t FileHashes(const std::vector<PdqHash>& hashes, Wanted wanted = {}) {
    const std::string mark = std::to_string(++filed_);
    wanted.person = "<espIdentifier>user-" + mark + "</espIdentifier>";
    std::vector<WantedFile> files;
    for (const PdqHash& hash : hashes) files.push_back({PictureBytes(hash, mark), kClassified});
    return rig_->File(wanted, files);
  }
  std::int64_t FileNear(const PdqHash& hash, int index, const Wanted& wanted = {}) {
    return FileHashes({Changed(hash, 8, static_cast<std::uint64_t>(index + 1))}, wanted);
  }
  std::vector<std::int64_t> FileMany(const PdqHash& hash, int count) {
    std::vector<std::int64_t> reports;
    for (int index = 0; index < count; ++index) reports.push_back(FileNear(hash, index));
    return reports;
  }
  void RunAll() {
    rig_->Judge();
    rig_->Compare();
  }
  std::vector<std::string> RecountNow() {
    return rig_->database->Read([](store::ReadTransaction& transaction) { return RecountProblems(transaction); }).value();
  }
  std::unique_ptr<TriageRig> rig_;
  int filed_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, NearCopiesTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(NearCopiesTest, CopiesInOtherBytesStandUnderOneLeadOnceTheyAreViral) {
  const PdqHash hash = AnyHash(1);
  std::vector<std::int64_t> reports = FileMany(hash, kViral - 1);
  RunAll();
  for (const std::int64_t report : reports) EXPECT_FALSE(rig_->BundleOf(report).has_value());
  reports.push_back(FileNear(hash, kViral));
  RunAll();
  for (const std::int64_t report : reports) {
    const std::optional<Bundle> bundle = rig_->BundleOf(report);
    ASSERT_TRUE(bundle.has_value()) << report;
    EXPECT_EQ(bundle->lead.value, reports.front());
    EXPECT_EQ(bundle->reports, kViral);
    EXPECT_EQ(rig_->TipOf(report).folded, report != reports.front());
    EXPECT_TRUE(rig_->ScoreOf(report).inputs.context.Has(Signal::kKnownViral));
  }
  EXPECT_THAT(RecountNow(), IsEmpty());
}

TEST_P(NearCopiesTest, OfThoseThatAreAloneNothingIsJudgedAgain) {
  const PdqHash hash = AnyHash(1);
  const std::int64_t alone = FileHashes({hash});
  const std::int64_t far = FileHashes({AnyHash(2)});
  RunAll();
  EXPECT_EQ(rig_->TipOf(alone).scores, 1);
  EXPECT_EQ(rig_->TipOf(far).scores, 1);
}

TEST_P(NearCopiesTest, OnePersonsManyCopiesMakeNothingViral) {
  const PdqHash hash = AnyHash(1);
  std::vector<std::int64_t> reports;
  for (int index = 0; index < kViral + 2; ++index) {
    const std::string mark = std::to_string(index);
    Wanted wanted;
    wanted.note = "report " + mark;
    reports.push_back(rig_->File(wanted, {{PictureBytes(Changed(hash, 5, static_cast<std::uint64_t>(index + 1)), mark), kClassified}}));
  }
  RunAll();
  for (const std::int64_t report : reports) EXPECT_FALSE(rig_->BundleOf(report).has_value());
}

TEST_P(NearCopiesTest, AFactOfItsOwnOrAFloorKeepsAReportOut) {
  const PdqHash hash = AnyHash(1);
  FileMany(hash, kViral);
  Wanted talks;
  talks.type = "Online Enticement of Children for Sexual Acts";
  talks.conversation = "I will kill myself tonight if you show it";
  const std::int64_t danger = FileNear(hash, 90, talks);
  const std::int64_t own = FileHashes({Changed(hash, 8, 91), AnyHash(7)});
  RunAll();
  EXPECT_FALSE(rig_->BundleOf(danger).has_value());
  EXPECT_TRUE(rig_->TipOf(danger).urgent);
  EXPECT_EQ(rig_->TipOf(danger).level, kLevelFirst);
  // A picture that nobody else has.
  EXPECT_FALSE(rig_->BundleOf(own).has_value());
}

TEST_P(NearCopiesTest, APlatformsViralLabelIsEnoughAndLooksAreOneItem) {
  const PdqHash hash = AnyHash(1);
  const std::string label = "<fileAnnotations><viral>true</viral></fileAnnotations>";
  std::vector<std::int64_t> reports;
  for (int index = 0; index < 2; ++index) {
    Wanted wanted;
    wanted.person = "<espIdentifier>user-" + std::to_string(index) + "</espIdentifier>";
    reports.push_back(rig_->File(wanted, {{PictureBytes(hash, std::to_string(index)), label}}));
  }
  rig_->Judge();
  ASSERT_NE(rig_->BundleOf(reports[0])->id, rig_->BundleOf(reports[1])->id);
  rig_->Compare();
  EXPECT_EQ(rig_->BundleOf(reports[0])->id, rig_->BundleOf(reports[1])->id);
  EXPECT_EQ(rig_->BundleOf(reports[0])->reports, 2);
  EXPECT_THAT(RecountNow(), IsEmpty());
}

TEST_P(NearCopiesTest, TwoBundlesBecomeOneWhenAPictureJoinsTheirGroups) {
  const PdqHash left = AnyHash(1);
  const PdqHash right = Changed(Changed(left, 30), 30, 5);
  ASSERT_GT(fingerprint::Distance(left, right), 40);
  std::vector<std::int64_t> reports;
  for (int index = 0; index < 2 * kViral; ++index) reports.push_back(FileHashes({index % 2 == 0 ? left : right}));
  RunAll();
  ASSERT_TRUE(rig_->BundleOf(reports[0]).has_value());
  ASSERT_TRUE(rig_->BundleOf(reports[1]).has_value());
  ASSERT_NE(rig_->BundleOf(reports[0])->id, rig_->BundleOf(reports[1])->id);
  reports.push_back(FileHashes({Changed(left, 30)}));
  RunAll();
  for (const std::int64_t report : reports) {
    ASSERT_TRUE(rig_->BundleOf(report).has_value()) << report;
    EXPECT_EQ(rig_->BundleOf(report)->lead.value, reports.front());
    EXPECT_EQ(rig_->BundleOf(report)->reports, 2 * kViral + 1);
  }
  EXPECT_THAT(RecountNow(), IsEmpty());
}

// Which reports, by the place in `plan`, stand together.
using Partition = std::set<std::set<std::size_t>>;

TEST_P(NearCopiesTest, BundlesDoNotDependOnTheOrder) {
  const PdqHash a = AnyHash(1);
  const PdqHash b = AnyHash(2);
  std::vector<std::vector<PdqHash>> plan;
  for (int index = 0; index < kViral; ++index) {
    const auto seed = static_cast<std::uint64_t>(index + 1);
    plan.push_back({Changed(a, 9, seed)});
    plan.push_back({Changed(b, 9, seed)});
  }
  plan.push_back({Changed(a, 9, 50), Changed(b, 9, 50)});
  plan.push_back({Changed(a, 9, 51), AnyHash(3)});
  std::set<Partition> seen;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    rig_ = std::make_unique<TriageRig>(GetParam());
    SeededRandom random(seed);
    std::vector<std::size_t> order(plan.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
    std::vector<std::int64_t> reports(plan.size());
    for (const std::size_t index : order) {
      reports[index] = FileHashes(plan[index]);
      // Now and then all is quiet before the next one comes.
      if (random.Below(3) == 0) RunAll();
    }
    RunAll();
    std::map<std::int64_t, std::set<std::size_t>> bundles;
    for (std::size_t index = 0; index < plan.size(); ++index) {
      const std::optional<Bundle> bundle = rig_->BundleOf(reports[index]);
      if (bundle) bundles[bundle->id.value].insert(index);
    }
    Partition partition;
    for (const auto& [id, members] : bundles) partition.insert(members);
    EXPECT_EQ(partition.size(), 2U);
    seen.insert(partition);
    EXPECT_THAT(RecountNow(), IsEmpty());
  }
  EXPECT_EQ(seen.size(), 1U);
}

TEST_P(NearCopiesTest, WhatWasDecidedStaysAndLaterCopiesFollowTheirBundle) {
  const PdqHash hash = AnyHash(1);
  const std::vector<std::int64_t> reports = FileMany(hash, kViral);
  RunAll();
  const auth::Caller analyst = testing::TriageAnalyst();
  ASSERT_TRUE(rig_->actions.Claim(analyst, {reports.front()}, "").ok());
  ASSERT_TRUE(rig_->actions.Close(analyst, {reports.front()}, Disposition::kInformational, "").ok());
  const std::int64_t later = FileNear(hash, 60);
  RunAll();
  EXPECT_EQ(rig_->StateOf(later), "closed");
  EXPECT_EQ(rig_->TipOf(later).disposition, Disposition::kBundled);
  const int scores = rig_->TipOf(reports.front()).scores;
  const std::int64_t another = FileNear(hash, 61);
  RunAll();
  EXPECT_EQ(rig_->TipOf(reports.front()).scores, scores);
  EXPECT_EQ(rig_->StateOf(another), "closed");
}

TEST_P(NearCopiesTest, WhatIsHeardBeforeTheReportIsJudgedComesAgain) {
  const PdqHash hash = AnyHash(1);
  const std::vector<std::int64_t> reports = FileMany(hash, kViral);
  rig_->Compare();
  rig_->Judge();
  for (const std::int64_t report : reports) ASSERT_FALSE(rig_->BundleOf(report).has_value());
  rig_->clock.Advance(Duration::Minutes(2));
  rig_->Compare();
  for (const std::int64_t report : reports) ASSERT_TRUE(rig_->BundleOf(report).has_value()) << report;
  EXPECT_EQ(rig_->BundleOf(reports.front())->reports, kViral);
}

TEST_P(NearCopiesTest, ReadingTheSameEventsAgainChangesNothing) {
  const std::vector<std::int64_t> reports = FileMany(AnyHash(1), kViral + 1);
  RunAll();
  std::vector<int> scores;
  for (const std::int64_t report : reports) scores.push_back(rig_->TipOf(report).scores);
  const Bundle before = *rig_->BundleOf(reports.front());
  const auto reset = [](store::WriteTransaction& transaction) { return jobs::SaveBookmark(transaction, "triage.near_copies", 0); };
  ASSERT_TRUE(rig_->database->Write(reset).ok());
  rig_->Compare();
  for (std::size_t index = 0; index < reports.size(); ++index) EXPECT_EQ(rig_->TipOf(reports[index]).scores, scores[index]);
  EXPECT_EQ(rig_->BundleOf(reports.front())->reports, before.reports);
  EXPECT_THAT(RecountNow(), IsEmpty());
}

TEST_P(NearCopiesTest, AReportPulledOutStaysOut) {
  const PdqHash hash = AnyHash(1);
  const std::vector<std::int64_t> reports = FileMany(hash, kViral);
  RunAll();
  const auth::Caller analyst = testing::TriageAnalyst();
  ASSERT_TRUE(rig_->actions.Pull(analyst, {reports.back()}, "").ok());
  FileNear(hash, 70);
  RunAll();
  EXPECT_FALSE(rig_->BundleOf(reports.back()).has_value());
  EXPECT_FALSE(rig_->TipOf(reports.back()).folded);
}

}  // namespace
}  // namespace porchlight::triage
