// Goal: no byte leaves the vault but for somebody who may, for a listed purpose, when the decision of that moment is open, and
// after the read stands in the audit log; every refusal stands there too. Method: both engines, a real vault folder, a sink
// that looks at the log when the first byte comes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "base/text.h"
#include "evidence/testing/evidence_rig.h"

namespace porchlight::evidence {
namespace {

using ::testing::HasSubstr;
using testing::BookWith;
using testing::Details;
using testing::EvidenceRig;
using testing::Legal;
using testing::ReferenceTableText;
using testing::ReplaceAll;
using testing::Reviewer;
using tipline::Answer;
using tipline::FileId;
using tipline::ReportId;

class DoorTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<EvidenceRig>(GetParam());
    report_ = rig_->File({Details(Answer::kYes, Answer::kMissing), "", Details(Answer::kMissing, Answer::kYes)});
    ASSERT_TRUE(rig_->gatekeeper.DecideFiles(report_).ok());
  }
  FileId File(int place) const { return EvidenceRig::FileOf(report_, place); }
  std::vector<audit::RecordedEntry> Opens(ReportId report) {
    std::vector<audit::RecordedEntry> opens;
    for (audit::RecordedEntry& one : rig_->Trail(report)) {
      if (one.entry.action == "evidence.file.open") opens.push_back(std::move(one));
    }
    return opens;
  }
  void ExpectDenied(const auth::Caller& caller, FileId file, std::string_view purpose, ErrorCode code, std::string_view rule) {
    const ReportId report{file.value / 65'536};
    const std::size_t before = Opens(report).size();
    const auto read = rig_->Read(caller, file, purpose);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, code) << read.error().public_text;
    const std::vector<audit::RecordedEntry> opens = Opens(report);
    ASSERT_EQ(opens.size(), before + 1);
    EXPECT_TRUE(opens.back().entry.denied);
    EXPECT_EQ(opens.back().account, caller.account.value);
    EXPECT_THAT(opens.back().entry.detail, HasSubstr("\"rule\":\"" + std::string(rule) + "\""));
    EXPECT_THAT(opens.back().entry.detail, HasSubstr("\"file\":" + std::to_string(file.value)));
  }

  std::unique_ptr<EvidenceRig> rig_;
  ReportId report_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DoorTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(DoorTest, TheReadIsRecordedBeforeTheFirstByte) {
  std::string bytes;
  std::vector<audit::RecordedEntry> at_first_byte;
  const auto sink = [&](std::string_view some) -> Result<void> {
    if (bytes.empty()) at_first_byte = Opens(report_);
    bytes += some;
    return {};
  };
  ASSERT_TRUE(rig_->door.OpenFile(Reviewer(), File(1), "legal_order", sink, "request-1").ok());
  EXPECT_EQ(bytes, EvidenceRig::BytesOf(0));
  ASSERT_EQ(at_first_byte.size(), 1U);
  const audit::RecordedEntry& entry = at_first_byte.front();
  EXPECT_FALSE(entry.entry.denied);
  EXPECT_EQ(entry.entry.purpose, "legal_order");
  EXPECT_EQ(entry.entry.request_id, "request-1");
  EXPECT_EQ(entry.account, Reviewer().account.value);
  EXPECT_EQ(entry.entry.detail, R"({"rule":"viewed_by_esp","table":"us-2026-11","jurisdiction":"US","sequence":1,"file":)" +
                                    std::to_string(File(1).value) + "}");
  EXPECT_EQ(rig_->Read(Reviewer(), File(3)).value(), EvidenceRig::BytesOf(2));
  EXPECT_EQ(Opens(report_).size(), 2U);
}

TEST_P(DoorTest, AClosedGateSaysWhichRuleClosedIt) {
  ExpectDenied(Reviewer(), File(2), "triage", ErrorCode::kForbidden, "none");
  const auto read = rig_->Read(Reviewer(), File(2));
  EXPECT_EQ(read.error().field, "gate");
  EXPECT_THAT(read.error().public_text, HasSubstr("rule \"none\" of table us-2026-11 for US"));
  EXPECT_THAT(read.error().public_text, HasSubstr("Nothing recorded allows"));

  rig_->book = BookWith(ReplaceAll(
      ReplaceAll(ReplaceAll(ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"us-2026-12\""), "2020-01-01", "2026-11-01"),
      "\"when\": {\"viewed_by_esp\": \"yes\"}, \"decision\": \"open\"", "\"when\": {\"viewed_by_esp\": \"yes\"}, \"decision\": \"blocked\""));
  EXPECT_TRUE(rig_->Read(Reviewer(), File(1)).ok()) << "a table alone changes no decision";
  ASSERT_TRUE(rig_->gatekeeper.DecideAgain(Legal(), report_, "", "r").ok());
  ExpectDenied(Reviewer(), File(1), "triage", ErrorCode::kForbidden, "viewed_by_esp");
}

TEST_P(DoorTest, WhoMayNotIsRefusedWhateverTheFile) {
  auth::Caller without_permission = Legal();
  without_permission.visibility = VisibilitySet::All();
  auth::Caller without_class = Reviewer();
  without_class.visibility = {Visibility::kPublic, Visibility::kCentre};
  for (const FileId file : {File(1), File(2), File(9), FileId{5'000 * 65'536 + 1}}) {
    ExpectDenied(without_permission, file, "triage", ErrorCode::kForbidden, "permission");
    ExpectDenied(without_class, file, "triage", ErrorCode::kForbidden, "permission");
    ExpectDenied(auth::PublicCaller(), file, "triage", ErrorCode::kUnauthenticated, "permission");
    ExpectDenied(auth::SystemCaller("export"), file, "triage", ErrorCode::kForbidden, "permission");
  }
}

TEST_P(DoorTest, APurposeMustBeOneOfTheList) {
  for (const std::string_view purpose : {"", "curiosity"}) {
    ExpectDenied(Reviewer(), File(1), purpose, ErrorCode::kInvalidArgument, "purpose");
    EXPECT_EQ(Opens(report_).back().entry.purpose, "");
  }
}

TEST_P(DoorTest, WhatDoesNotExistAndWhatIsNotFiledAnswerAlike) {
  const ReportId open{rig_->Open({Details(Answer::kYes, Answer::kYes)})};
  const auto reference = rig_->Read(Reviewer(), {5'000 * 65'536 + 1});
  for (const FileId file : {File(4), File(0), FileId{5'000 * 65'536 + 1}, FileId{0}, FileId{-1},
                            FileId{std::numeric_limits<std::int64_t>::max()}, EvidenceRig::FileOf(open, 1)}) {
    ExpectDenied(Reviewer(), file, "triage", ErrorCode::kNotFound, "unknown_file");
    const auto read = rig_->Read(Reviewer(), file);
    EXPECT_EQ(read.error().public_text, reference.error().public_text);
    EXPECT_EQ(read.error().field, reference.error().field);
  }
  EXPECT_EQ(rig_->AllDecisions().size(), 3U);
}

TEST_P(DoorTest, ARecordOpensAndClosesToTheMomentEvenWhenItsJobIsLate) {
  Authority warrant = rig_->Warrant(report_);
  warrant.from = rig_->clock.Now() + Duration::Hours(1);
  warrant.until = warrant.from + Duration::Hours(1);
  rig_->Add(warrant);
  rig_->clock.Advance(Duration{Duration::Hours(1).microseconds - 1});
  ExpectDenied(Reviewer(), File(2), "triage", ErrorCode::kForbidden, "none");
  rig_->clock.Advance(Duration{1});
  EXPECT_EQ(rig_->Read(Reviewer(), File(2)).value(), EvidenceRig::BytesOf(1));
  EXPECT_EQ(rig_->Newest(File(2)).decision.rule, "warrant");
  EXPECT_EQ(rig_->Newest(File(2)).account, 0) << "time passed; nobody decided by hand";
  rig_->clock.Advance(Duration{Duration::Hours(1).microseconds - 1});
  EXPECT_TRUE(rig_->Read(Reviewer(), File(2)).ok());
  rig_->clock.Advance(Duration{1});
  ExpectDenied(Reviewer(), File(2), "triage", ErrorCode::kForbidden, "none");
}

TEST_P(DoorTest, ARevokedRecordClosesAtOnce) {
  Authority consent = rig_->Warrant(report_);
  consent.kind = AuthorityKind::kConsent;
  consent.files = {{File(2)}};
  const Authority added = rig_->Add(consent);
  EXPECT_TRUE(rig_->Read(Reviewer(), File(2)).ok());
  ASSERT_TRUE(rig_->gatekeeper.RevokeAuthority(Legal(), added.id, "r").ok());
  ExpectDenied(Reviewer(), File(2), "triage", ErrorCode::kForbidden, "none");
  EXPECT_TRUE(rig_->Read(Reviewer(), File(1)).ok());
}

TEST_P(DoorTest, AFileThatNoJobHasReachedYetIsDecidedAboutAtTheDoor) {
  const ReportId fresh = rig_->File({Details(Answer::kYes, Answer::kNo), ""});
  EXPECT_TRUE(rig_->Read(Reviewer(), EvidenceRig::FileOf(fresh, 1)).ok());
  ExpectDenied(Reviewer(), EvidenceRig::FileOf(fresh, 2), "triage", ErrorCode::kForbidden, "none");
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(fresh), 0);
}

TEST_P(DoorTest, WhatTheSinkAndTheVaultAnswerComesBackAndTheReadStaysRecorded) {
  const auto full = [](std::string_view) -> Result<void> { return Error{ErrorCode::kNoSpace, "full", {}, {}, 0}; };
  EXPECT_EQ(rig_->door.OpenFile(Reviewer(), File(1), "triage", full, "r").error().code, ErrorCode::kNoSpace);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(rig_->folder.path())) {
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), 10);
  }
  EXPECT_FALSE(rig_->Read(Reviewer(), File(1)).ok());
  const std::vector<audit::RecordedEntry> opens = Opens(report_);
  ASSERT_EQ(opens.size(), 2U);
  EXPECT_FALSE(opens.back().entry.denied);
}

}  // namespace
}  // namespace porchlight::evidence
