// Goal: pictures that look alike are known to, whatever the order in which they come; nothing is read twice, nothing of a report is
// lost, and those concerned are told. Method: reports filed over the wire on both engines, a clock driven by hand, and files that say
// in words what their hash is, read in place of decoding; media's own tests decode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "hashing/testing/hashing_rig.h"
#include "hashing/views.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"

namespace porchlight::hashing {
namespace {

using fingerprint::PdqHash;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using testing::AnyHash;
using testing::Changed;
using testing::HashingRig;
using testing::PictureBytes;
using tipline::FileId;
using tipline::ReportId;

class HashingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<HashingRig>(GetParam());
  }
  ReportId FilePicture(const PdqHash& hash, std::string_view more = "") { return rig_->File({PictureBytes(hash, more)}); }
  std::int64_t ReadsInAudit() { return rig_->Count("SELECT COUNT(*) FROM audit_entries WHERE action = 'evidence.file.hash'"); }
  PicturesView Shown(ReportId report) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return PicturesOf(transaction, report); }).value();
  }
  std::unique_ptr<HashingRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, HashingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(HashingTest, APictureIsExaminedOnceAndTheSameBytesAreNotReadAgain) {
  const PdqHash hash = AnyHash(1);
  const ReportId first = FilePicture(hash);
  EXPECT_EQ(rig_->parts.Run(), 1);
  const ReportId again = FilePicture(hash);
  EXPECT_EQ(rig_->parts.Run(), 1);
  EXPECT_EQ(rig_->parts.decoded, 1);
  EXPECT_EQ(ReadsInAudit(), 1);
  const Group group = rig_->GroupOf(first);
  EXPECT_EQ(group, rig_->GroupOf(again));
  EXPECT_EQ(group, (Group{group.id, hash, 1, 1, 2, HashingRig::FileOf(first)}));
  // The bytes say it already.
  EXPECT_THAT(rig_->Told(), IsEmpty());
}

TEST_P(HashingTest, ARepeatChangesNothing) {
  const ReportId report = rig_->File({PictureBytes(AnyHash(1)), PictureBytes(AnyHash(1), "shrunk"), "text"});
  rig_->parts.Run();
  const Group before = rig_->GroupOf(report);
  const std::vector<FileId> told = rig_->Told();
  const Examined again = rig_->parts.examining.ExamineReport(report).value();
  EXPECT_EQ(again.pictures, 2);
  EXPECT_EQ(again.known, 2);
  // A bookmark that was not saved reads the same events again.
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return jobs::SaveBookmark(transaction, "hashing", 0); }).ok());
  EXPECT_EQ(rig_->parts.Run(), 1);
  EXPECT_EQ(rig_->GroupOf(report), before);
  EXPECT_EQ(rig_->Told(), told);
  EXPECT_EQ(rig_->parts.decoded, 2);
}

TEST_P(HashingTest, WhileAKeyIsMissingNothingCountsAsExamined) {
  const ReportId report = FilePicture(AnyHash(1));
  const vault::MasterKeys none;
  const auto blind_vault = vault::OpenFolderVault(rig_->folder.path(), none, rig_->random).value();
  testing::HashingParts blind(*rig_->database, *blind_vault, rig_->clock, rig_->random);
  const Result<Examined> examined = blind.examining.ExamineReport(report);
  ASSERT_FALSE(examined.ok());
  EXPECT_EQ(examined.error().field, vault::kMasterKeyField);
  EXPECT_FALSE(rig_->HasLook(report));
  rig_->parts.Run();
  EXPECT_TRUE(rig_->HasLook(report)) << "once the key is back";
}

TEST_P(HashingTest, ThirtyOneBitsAreAlikeAndThirtyTwoAreNot) {
  const PdqHash hash = AnyHash(1);
  const ReportId one = FilePicture(hash);
  const ReportId alike = FilePicture(Changed(hash, 31));
  const ReportId other = FilePicture(Changed(hash, 32, 7));
  ASSERT_GT(fingerprint::Distance(Changed(hash, 31), Changed(hash, 32, 7)), 31);
  rig_->parts.Run();
  EXPECT_EQ(rig_->GroupOf(one), rig_->GroupOf(alike));
  EXPECT_NE(rig_->GroupOf(one).id, rig_->GroupOf(other).id);
  EXPECT_EQ(rig_->GroupOf(one).looks, 2);
  EXPECT_EQ(rig_->GroupOf(one).least, std::min(hash, Changed(hash, 31)));
}

TEST_P(HashingTest, OfAPoorPictureThereIsAHashAndNoLook) {
  const PdqHash hash = AnyHash(1);
  const ReportId poor = rig_->File({PictureBytes(hash, "", fingerprint::kPdqQualityMin - 1)});
  const ReportId good = rig_->File({PictureBytes(hash, "", fingerprint::kPdqQualityMin)});
  rig_->parts.Run();
  EXPECT_FALSE(rig_->HasLook(poor));
  EXPECT_TRUE(rig_->HasLook(good));
  const PictureView shown = Shown(poor).items.at(0);
  EXPECT_EQ(shown.outcome, media::MediaOutcome::kHashed);
  EXPECT_EQ(shown.quality, 49);
  EXPECT_FALSE(shown.compared);
}

TEST_P(HashingTest, ACopyInOtherBytesIsTold) {
  const PdqHash hash = AnyHash(1);
  const ReportId first = FilePicture(hash);
  const ReportId same = FilePicture(hash);
  rig_->parts.Run();
  EXPECT_THAT(rig_->Told(), IsEmpty());
  const ReportId recompressed = FilePicture(hash, "recompressed");
  rig_->parts.Run();
  const std::vector<FileId> told = rig_->Told();
  EXPECT_THAT(std::set(told.begin(), told.end()),
              UnorderedElementsAre(HashingRig::FileOf(first), HashingRig::FileOf(same), HashingRig::FileOf(recompressed)));
  EXPECT_EQ(rig_->GroupOf(same).contents, 2);
  EXPECT_EQ(rig_->GroupOf(same).files, 3);
  EXPECT_EQ(rig_->GroupOf(same).looks, 1);
}

TEST_P(HashingTest, APictureBetweenTwoGroupsMakesThemOneAndAllAreTold) {
  const PdqHash left = AnyHash(1);
  const PdqHash middle = Changed(left, 30);
  const PdqHash right = Changed(middle, 30, 5);
  ASSERT_GT(fingerprint::Distance(left, right), 31);
  const ReportId one = FilePicture(left);
  const ReportId two = FilePicture(right);
  rig_->parts.Run();
  ASSERT_NE(rig_->GroupOf(one).id, rig_->GroupOf(two).id);
  EXPECT_THAT(rig_->Told(), IsEmpty());
  const ReportId between = FilePicture(middle);
  rig_->parts.Run();
  const Group group = rig_->GroupOf(one);
  EXPECT_EQ(group, rig_->GroupOf(two));
  EXPECT_EQ(group, rig_->GroupOf(between));
  EXPECT_EQ(group, (Group{group.id, std::min({left, middle, right}), 3, 3, 3, HashingRig::FileOf(one)}));
  const std::vector<FileId> told = rig_->Told();
  EXPECT_THAT(std::set(told.begin(), told.end()),
              UnorderedElementsAre(HashingRig::FileOf(one), HashingRig::FileOf(two), HashingRig::FileOf(between)));
}

// Hashes around a few centres, so that there are lonely ones, pairs, chains and groups that join late.
std::vector<PdqHash> Mixture(std::uint64_t seed, std::size_t count) {
  SeededRandom random(seed);
  std::vector<PdqHash> hashes;
  while (hashes.size() < count) {
    const bool near = !hashes.empty() && random.Below(4) != 0;
    if (!near) hashes.push_back(AnyHash(random.Next()));
    else hashes.push_back(Changed(hashes[random.Below(hashes.size())], static_cast<int>(random.Below(45)), random.Next()));
  }
  return hashes;
}

// By brute force: which of them are joined by steps of at most 31 bits.
std::vector<std::size_t> Components(const std::vector<PdqHash>& hashes) {
  std::vector<std::size_t> label(hashes.size());
  std::iota(label.begin(), label.end(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      for (std::size_t j = 0; j < hashes.size(); ++j) {
        if (label[j] >= label[i] || fingerprint::Distance(hashes[i], hashes[j]) > fingerprint::kPdqMatchDistance) continue;
        label[i] = label[j];
        changed = true;
      }
    }
  }
  return label;
}

TEST_P(HashingTest, WhatStandsTogetherDoesNotDependOnTheOrder) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    rig_ = std::make_unique<HashingRig>(GetParam());
    const std::vector<PdqHash> hashes = Mixture(seed, 24);
    const std::vector<std::size_t> expected = Components(hashes);
    std::vector<std::size_t> order(hashes.size());
    std::iota(order.begin(), order.end(), 0);
    SeededRandom random(seed * 31);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
    std::vector<ReportId> reports(hashes.size());
    for (const std::size_t index : order) reports[index] = FilePicture(hashes[index], std::to_string(index));
    rig_->parts.Run();
    std::map<std::size_t, GroupId> group_of;
    std::set<GroupId> groups;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const Group group = rig_->GroupOf(reports[i]);
      groups.insert(group.id);
      EXPECT_EQ(group_of.try_emplace(expected[i], group.id).first->second, group.id) << "seed " << seed << ", picture " << i;
      std::int64_t files = 0;
      PdqHash least = hashes[i];
      std::int64_t first = HashingRig::FileOf(reports[i]).value;
      for (std::size_t j = 0; j < hashes.size(); ++j) {
        if (expected[j] != expected[i]) continue;
        ++files;
        least = std::min(least, hashes[j]);
        first = std::min(first, HashingRig::FileOf(reports[j]).value);
      }
      EXPECT_EQ(group.files, files);
      EXPECT_EQ(group.contents, files);
      EXPECT_EQ(group.least, least);
      EXPECT_EQ(group.first_file.value, first);
    }
    EXPECT_EQ(groups.size(), group_of.size());
  }
}

TEST_P(HashingTest, EveryOneOfAGroupOfSeveralWasToldSinceItsGroupLastChanged) {
  const std::vector<PdqHash> hashes = Mixture(9, 24);
  std::vector<ReportId> reports;
  for (std::size_t index = 0; index < hashes.size(); ++index) reports.push_back(FilePicture(hashes[index], std::to_string(index)));
  rig_->parts.Run();
  const std::vector<FileId> told = rig_->Told();
  for (const ReportId report : reports) {
    const bool several = rig_->GroupOf(report).IsOfSeveral();
    EXPECT_EQ(std::count(told.begin(), told.end(), HashingRig::FileOf(report)) > 0, several) << "report " << report.value;
  }
}

TEST_P(HashingTest, SeveralProcessesOverOneDatabaseSeeEachOthersLooks) {
  testing::HashingParts other(*rig_->database, *rig_->vault, rig_->clock, rig_->random);
  const PdqHash hash = AnyHash(1);
  std::vector<ReportId> reports;
  for (int index = 0; index < 6; ++index) {
    reports.push_back(FilePicture(Changed(hash, 10, static_cast<std::uint64_t>(index))));
    (index % 2 == 0 ? rig_->parts : other).Run();
  }
  EXPECT_EQ(other.decoded, 3);
  for (const ReportId report : reports) EXPECT_EQ(rig_->GroupOf(report), rig_->GroupOf(reports.front()));
  EXPECT_EQ(rig_->GroupOf(reports.front()).files, 6);
}

TEST_P(HashingTest, WhatIsNoPictureOrNotWholeIsAFactAboutTheFile) {
  const std::string magic("\xFF\xD8\xFF\xE0", 4);
  const ReportId report = rig_->File({magic + "damaged", PictureBytes(AnyHash(1), std::string(6'000, 'x')), "a text", PictureBytes(AnyHash(2))});
  EXPECT_EQ(rig_->parts.Run(), 1);
  const PicturesView shown = Shown(report);
  ASSERT_EQ(shown.items.size(), 3U);
  EXPECT_TRUE(shown.examined);
  EXPECT_EQ(shown.items[0].outcome, media::MediaOutcome::kDamaged);
  EXPECT_EQ(shown.items[1].outcome, media::MediaOutcome::kTooLarge);
  EXPECT_EQ(shown.items[2].outcome, media::MediaOutcome::kHashed);
  EXPECT_EQ(shown.items[2].width, 640);
  EXPECT_FALSE(shown.items[0].format.has_value());
  // One that is too large is not even read.
  EXPECT_EQ(rig_->parts.decoded, 2);
  EXPECT_EQ(ReadsInAudit(), 2);
}

TEST_P(HashingTest, AFileOfExactlyTheLimitIsRead) {
  const std::size_t rest = 6'000 - PictureBytes(AnyHash(1)).size();
  const ReportId exact = FilePicture(AnyHash(1), std::string(rest, 'x'));
  const ReportId over = FilePicture(AnyHash(1), std::string(rest + 1, 'x'));
  rig_->parts.Run();
  EXPECT_EQ(Shown(exact).items.at(0).outcome, media::MediaOutcome::kHashed);
  EXPECT_EQ(Shown(over).items.at(0).outcome, media::MediaOutcome::kTooLarge);
}

TEST_P(HashingTest, AMachineThatCannotDecodeLeavesTheRestForLater) {
  const auto reads = rig_->parts.examine;
  int left = 1;
  rig_->parts.examine = [&](std::string_view bytes) -> Result<media::Examination> {
    if (left-- > 0) return reads(bytes);
    return Error{ErrorCode::kUnavailable, "No process to be had.", {}, {}, 0};
  };
  const ReportId report = rig_->File({PictureBytes(AnyHash(1)), PictureBytes(AnyHash(2))});
  rig_->parts.Run();
  EXPECT_FALSE(Shown(report).examined);
  EXPECT_EQ(Shown(report).items.at(0).outcome, media::MediaOutcome::kHashed);
  EXPECT_FALSE(Shown(report).items.at(1).outcome.has_value());
  rig_->parts.examine = reads;
  rig_->clock.Advance(Duration::Minutes(1));
  EXPECT_EQ(rig_->parts.Run(), 1);
  EXPECT_TRUE(Shown(report).examined);
  EXPECT_EQ(rig_->parts.decoded, 3);
}

TEST_P(HashingTest, TestTrafficAndReportsWithoutFilesAreLeftAlone) {
  rig_->callers.Add(tipline::testing::TestPlatform("trying", 77, 77));
  const ReportId test = rig_->File({PictureBytes(AnyHash(1))}, "trying");
  rig_->File({});
  EXPECT_EQ(rig_->parts.Run(), 0);
  EXPECT_FALSE(Shown(test).examined);
}

TEST_P(HashingTest, EachReadingStandsInTheTrailOfItsReport) {
  const ReportId report = FilePicture(AnyHash(1));
  rig_->parts.Run();
  EXPECT_EQ(rig_->Count("SELECT subject FROM audit_entries WHERE action = 'evidence.file.hash'"), report.value);
}

TEST_P(HashingTest, TheRouteNamesTheNearestAndNeverAHash) {
  const PdqHash hash = AnyHash(1);
  const ReportId own = FilePicture(hash);
  const ReportId same = FilePicture(hash);
  const ReportId near = FilePicture(Changed(hash, 3));
  const ReportId far = FilePicture(Changed(hash, 20, 3));
  rig_->parts.Run();
  const http::Response response = rig_->Get("/api/v1/reports/" + std::to_string(own.value) + "/pictures", "reader");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body.find(hash.Text()), std::string::npos);
  const PictureView shown = Shown(own).items.at(0);
  EXPECT_EQ(shown.alike_files, 3);
  ASSERT_EQ(shown.near.size(), 3U);
  EXPECT_EQ(shown.near[0].report_id, same);
  EXPECT_EQ(shown.near[0].distance, 0);
  EXPECT_TRUE(shown.near[0].same_bytes);
  EXPECT_EQ(shown.near[1].report_id, near);
  EXPECT_EQ(shown.near[1].distance, 3);
  EXPECT_FALSE(shown.near[1].same_bytes);
  EXPECT_EQ(shown.near[2].report_id, far);
}

TEST_P(HashingTest, TheRouteNamesTwentyReportsAtMost) {
  const PdqHash hash = AnyHash(1);
  const ReportId own = FilePicture(hash, "own");
  for (int index = 0; index < 22; ++index) FilePicture(hash, std::to_string(index));
  rig_->parts.Run();
  EXPECT_EQ(Shown(own).items.at(0).near.size(), 20U);
  EXPECT_EQ(Shown(own).items.at(0).alike_files, 22);
}

TEST_P(HashingTest, TheRouteRefusesWhoMayNotAndWhatIsNotThere) {
  const ReportId report = FilePicture(AnyHash(1));
  const std::string path = "/api/v1/reports/" + std::to_string(report.value) + "/pictures";
  EXPECT_EQ(rig_->Get(path, "reader").status, 200);
  EXPECT_EQ(rig_->Get(path, "acme").status, 403);
  EXPECT_EQ(rig_->Get("/api/v1/reports/999999/pictures", "reader").status, 404);
  EXPECT_EQ(rig_->Get("/api/v1/reports/x/pictures", "reader").status, 404);
}

}  // namespace
}  // namespace porchlight::hashing
