// Goal: every change of a report keeps its guard, and its row, counters, audit entry and event stand or fall together.
// Method: both engines, a clock that only tests move; after each test the counters are counted anew.
#include "tipline/intake_store.h"

#include <gmock/gmock.h>

#include <future>
#include <set>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "tipline/report_store.h"
#include "tipline/testing/intake_rig.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::tipline {
namespace {

using testing::IntakeRig;
using testing::MinimalReport;
using testing::Platform;
using testing::TestPlatform;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Code;

class IntakeStoreTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<IntakeRig>(GetParam());
  }
  void TearDown() override {
    if (rig_) { EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty()); }
  }

  Result<IntakeStore::Opened> TrySubmit(const auth::Caller& caller, const std::string& bytes, const std::string& key = {}) {
    const auto reading = testing::WireReader().ReadReport(bytes, rig_->clock.Now());
    EXPECT_TRUE(reading.facts.has_value());
    return rig_->intake->Submit(caller, {bytes, *reading.facts, ReportSource::kPlatform, {}, key, "aa", false});
  }
  ReportId Submit(const auth::Caller& caller) { return TrySubmit(caller, MinimalReport("Chat " + std::to_string(++documents_)))->report; }
  Result<std::string> AddFile(const auth::Caller& caller, ReportId report, const std::string& bytes = "bytes") {
    auto writer = rig_->vault->Begin().value();
    EXPECT_TRUE(writer->Append(bytes).ok());
    vault::StoredObject object = writer->Commit().value();
    return rig_->intake->AddFile(caller, {report, Sensitive<std::string>("photo.png"), "image/png", Sniff(bytes), std::move(object), "aa"});
  }
  Result<void> Describe(const auth::Caller& caller, ReportId report, const std::string& file, const std::string& rest = "") {
    const std::string bytes = testing::FileInfoBody(report.value, file, rest);
    const auto reading = testing::WireReader().ReadFileDetails(bytes, rig_->clock.Now());
    EXPECT_TRUE(reading.facts.has_value());
    return rig_->intake->DescribeFile(caller, *reading.facts, bytes, "aa");
  }
  Result<IntakeStore::Finished> Finish(const auth::Caller& caller, ReportId report) { return rig_->intake->Finish(caller, report, "aa"); }
  Result<void> Retract(const auth::Caller& caller, ReportId report) { return rig_->intake->Retract(caller, report, "aa"); }
  ReportRow RowOf(ReportId report) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return FindReport(transaction, report); }).value();
  }
  Receipt ReceiptOf(ReportId report) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return FindReceipt(transaction, report); }).value();
  }
  Result<Original> OriginalOf(ReportId report, std::int64_t place = 0) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return FindOriginal(transaction, rig_->sealer, report, place); });
  }
  std::vector<std::string> Actions(ReportId report) {
    const auto entries = rig_->database->Read([&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", report.value, 100); });
    std::vector<std::string> actions;
    for (const auto& entry : *entries) actions.push_back(entry.entry.action);
    return actions;
  }
  template <class T>
  static Code CodeOfError(const Result<T>& result) {
    EXPECT_FALSE(result.ok());
    return result.ok() ? Code::kSuccess : CodeOf(result.error(), Code::kServerError);
  }

  const auth::Caller acme_ = Platform("acme", 1, 7);
  const auth::Caller acme_second_ = Platform("acme-second", 2, 7);
  const auth::Caller other_ = Platform("other", 3, 8);
  const auth::Caller test_ = TestPlatform("acme-test", 4, 7);
  std::unique_ptr<IntakeRig> rig_;
  int documents_ = 0;
};

TEST_P(IntakeStoreTest, ASubmittedReportIsKeptByteForByteAndCounted) {
  const std::string document = MinimalReport("Chat");
  const ReportId report = TrySubmit(acme_, document)->report;
  EXPECT_EQ(RowOf(report).state, ReportState::kOpened);
  EXPECT_EQ(OriginalOf(report)->bytes, document);
  EXPECT_EQ(ReceiptOf(report).document_sha256, HexEncode(crypto::Sha256(document)));
  EXPECT_THAT(Actions(report), ElementsAre("tipline.report.submit"));
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_outbox WHERE kind = 'tipline.report_opened'"), 1);
  EXPECT_EQ(CountReader(*rig_->database, rig_->clock).Read()->total, 1);
}

TEST_P(IntakeStoreTest, NothingOfTheDocumentStandsInTheClear) {
  const ReportId report = TrySubmit(acme_, MinimalReport("Unmistakable Words"))->report;
  const std::string sealed = rig_->database->Read([&](store::ReadTransaction& transaction) {
    static constexpr store::Statement kSealed{"test.sealed", "SELECT sealed FROM tipline_originals WHERE id = $1"};
    return transaction.First(kSealed, report.value * kPlacesPerReport);
  }).value()->Bytes(0);
  EXPECT_EQ(sealed.find("Unmistakable"), std::string::npos);
}

TEST_P(IntakeStoreTest, NumbersOfReportsCountUp) {
  const ReportId first = Submit(acme_);
  const ReportId second = Submit(other_);
  EXPECT_EQ(second.value, first.value + 1);
}

TEST_P(IntakeStoreTest, FileIdsAreThirtyTwoHexDigitsThatBeginWithALetterAndComeBackInTheOrderOfUpload) {
  const ReportId report = Submit(acme_);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(*AddFile(acme_, report, "file " + std::to_string(i)));
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(id[0] >= 'a' && id[0] <= 'f') << id;
  }
  EXPECT_EQ(RowOf(report).state, ReportState::kFilesPending);
  EXPECT_EQ(Finish(acme_, report)->file_ids, ids);
  EXPECT_EQ(RowOf(report).files, 20);
}

TEST_P(IntakeStoreTest, TheSameFileAgainIsAnotherFile) {
  const ReportId report = Submit(acme_);
  EXPECT_NE(*AddFile(acme_, report), *AddFile(acme_, report));
  EXPECT_EQ(RowOf(report).files, 2);
}

TEST_P(IntakeStoreTest, UploadsAtOnceToOneReportEachGetAPlaceOfTheirOwn) {
  const ReportId report = Submit(acme_);
  std::vector<std::future<std::string>> uploads;
  for (int i = 0; i < 16; ++i) {
    uploads.push_back(std::async(std::launch::async, [&, i] { return *AddFile(acme_, report, "file " + std::to_string(i % 4)); }));
  }
  std::set<std::string> ids;
  for (auto& upload : uploads) ids.insert(upload.get());
  EXPECT_EQ(ids.size(), 16U);
  const auto finished = Finish(acme_, report);
  EXPECT_EQ(std::set<std::string>(finished->file_ids.begin(), finished->file_ids.end()), ids);
}

TEST_P(IntakeStoreTest, DetailsSaidAgainHoldAndEveryDocumentIsKept) {
  const ReportId report = Submit(acme_);
  const std::string file = *AddFile(acme_, report);
  ASSERT_TRUE(Describe(acme_, report, file, "<fileViewedByEsp>false</fileViewedByEsp>").ok());
  ASSERT_TRUE(Describe(acme_, report, file, "<fileViewedByEsp>true</fileViewedByEsp><publiclyAvailable>false</publiclyAvailable>").ok());
  const auto files = rig_->database->Read([&](store::ReadTransaction& transaction) { return ListFiles(transaction, rig_->sealer, report); });
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->front().viewed_by_esp, Answer::kYes);
  EXPECT_EQ(files->front().publicly_available, Answer::kNo);
  EXPECT_EQ(files->front().name.Reveal(), "photo.png");
  EXPECT_NE(OriginalOf(report, 1)->bytes.find("false"), std::string::npos);
  EXPECT_NE(OriginalOf(report, 2)->bytes.find("true"), std::string::npos);
}

TEST_P(IntakeStoreTest, UnknownForeignAndTestReportsAllAnswerAsUnknown) {
  const ReportId report = Submit(acme_);
  const ReportId unknown{report.value + 1000};
  for (const auth::Caller& caller : {other_, test_}) {
    EXPECT_EQ(CodeOfError(AddFile(caller, report)), Code::kReportDoesNotExist);
    EXPECT_EQ(CodeOfError(Describe(caller, report, std::string(32, 'a'))), Code::kReportDoesNotExist);
    EXPECT_EQ(CodeOfError(Finish(caller, report)), Code::kReportDoesNotExist);
    EXPECT_EQ(CodeOfError(Retract(caller, report)), Code::kReportDoesNotExist);
    EXPECT_EQ(CodeOfError(rig_->intake->CheckOpen(caller, report)), Code::kReportDoesNotExist);
  }
  EXPECT_EQ(CodeOfError(Finish(acme_, unknown)), Code::kReportDoesNotExist);
  EXPECT_EQ(Finish(other_, report).error().public_text, Finish(other_, unknown).error().public_text);
  EXPECT_EQ(RowOf(report).state, ReportState::kOpened);
}

TEST_P(IntakeStoreTest, AccountsOfOneOrganisationShareTheirReports) {
  const ReportId report = Submit(acme_);
  EXPECT_TRUE(AddFile(acme_second_, report).ok());
  EXPECT_TRUE(Finish(acme_second_, report).ok());
}

TEST_P(IntakeStoreTest, AFileThatTheReportDoesNotHaveIsUnknownAndItsDetailsLeaveNoTrace) {
  const ReportId report = Submit(acme_);
  const ReportId second = Submit(acme_);
  const std::string file = *AddFile(acme_, report);
  EXPECT_EQ(CodeOfError(Describe(acme_, second, file)), Code::kFileDoesNotExist);
  EXPECT_EQ(CodeOfError(Describe(acme_, report, std::string(32, 'b'))), Code::kFileDoesNotExist);
  EXPECT_EQ(CodeOfError(Describe(acme_, report, "x")), Code::kFileDoesNotExist);
  EXPECT_EQ(OriginalOf(report, 1).error().code, ErrorCode::kNotFound);
}

TEST_P(IntakeStoreTest, AFinishedReportTakesNothingMore) {
  const ReportId report = Submit(acme_);
  const std::string file = *AddFile(acme_, report);
  ASSERT_TRUE(Finish(acme_, report).ok());
  EXPECT_EQ(CodeOfError(AddFile(acme_, report)), Code::kReportAlreadyFinished);
  EXPECT_EQ(CodeOfError(Describe(acme_, report, file)), Code::kReportAlreadyFinished);
  EXPECT_EQ(CodeOfError(Finish(acme_, report)), Code::kReportAlreadyFinished);
  EXPECT_EQ(CodeOfError(Retract(acme_, report)), Code::kReportAlreadyFinished);
  EXPECT_THAT(*rig_->intake->FileIdsOf(acme_, report), ElementsAre(file));
  EXPECT_THAT(*rig_->intake->FileIdsOf(other_, report), IsEmpty());
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_outbox WHERE kind = 'tipline.report_finished'"), 1);
}

TEST_P(IntakeStoreTest, ARetractedReportTakesNothingMoreAndItsContentIsGone) {
  const ReportId report = Submit(acme_);
  const std::string file = *AddFile(acme_, report);
  ASSERT_TRUE(Retract(acme_, report).ok());
  EXPECT_EQ(CodeOfError(AddFile(acme_, report)), Code::kReportAlreadyRetracted);
  EXPECT_EQ(CodeOfError(Describe(acme_, report, file)), Code::kReportAlreadyRetracted);
  EXPECT_EQ(CodeOfError(Finish(acme_, report)), Code::kReportAlreadyRetracted);
  EXPECT_EQ(CodeOfError(Retract(acme_, report)), Code::kReportAlreadyRetracted);
  EXPECT_EQ(OriginalOf(report).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_files"), 0);
  EXPECT_EQ(RowOf(report).state, ReportState::kRetracted);
}

TEST_P(IntakeStoreTest, FinishingSetsHowLongTheContentMustBePreserved) {
  const ReportId report = Submit(acme_);
  rig_->clock.Advance(Duration::Hours(2));
  ASSERT_TRUE(Finish(acme_, report).ok());
  EXPECT_EQ(ReceiptOf(report).preserve_until, AddYears(rig_->start() + Duration::Hours(2), 1));
  EXPECT_EQ(ReceiptOf(report).finished_at, rig_->start() + Duration::Hours(2));
}

TEST_P(IntakeStoreTest, AReportWithNothingToActOnIsAcceptedWithAFinding) {
  const ReportId report = Submit(acme_);
  ASSERT_TRUE(Finish(acme_, report).ok());
  std::vector<std::string> codes;
  for (const auto& finding : ReceiptOf(report).findings) codes.push_back(finding.code);
  EXPECT_THAT(codes, Contains("nothing_to_act_on"));
  EXPECT_EQ(RowOf(report).findings, static_cast<int>(codes.size()));
}

TEST_P(IntakeStoreTest, AnUndescribedFileIsAFinding) {
  const ReportId report = Submit(acme_);
  ASSERT_TRUE(AddFile(acme_, report).ok());
  const auto finished = Finish(acme_, report);
  bool found = false;
  for (const auto& finding : finished->findings) found = found || (finding.code == "no_file_viewed_flag" && finding.path == "/files[1]");
  EXPECT_TRUE(found);
}

// Both sides of the later of two clocks, without and with a sweep in between.
TEST_P(IntakeStoreTest, AnUntouchedReportIsOpenUntilADayHasPassedAndThenUnknown) {
  const ReportId kept = Submit(acme_);
  const ReportId late = Submit(acme_);
  rig_->clock.Advance(Duration{Duration::Hours(24).microseconds - 1});
  EXPECT_TRUE(Finish(acme_, kept).ok());
  rig_->clock.Advance(Duration{1});
  EXPECT_EQ(CodeOfError(Finish(acme_, late)), Code::kReportDoesNotExist);
  EXPECT_EQ(CodeOfError(AddFile(acme_, late)), Code::kReportDoesNotExist);
  EXPECT_EQ(CodeOfError(Retract(acme_, late)), Code::kReportDoesNotExist);
  EXPECT_EQ(RowOf(late).state, ReportState::kOpened);
  EXPECT_EQ(*rig_->intake->ExpireDue(100), 1);
  EXPECT_EQ(CodeOfError(Finish(acme_, late)), Code::kReportDoesNotExist);
  EXPECT_EQ(RowOf(late).state, ReportState::kExpiredUnfinished);
  EXPECT_EQ(OriginalOf(late).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(OriginalOf(kept).ok());
}

TEST_P(IntakeStoreTest, AChangeKeepsAReportOpenForAnHourMore) {
  const ReportId report = Submit(acme_);
  rig_->clock.Advance(Duration{Duration::Hours(24).microseconds - 1});
  const std::string file = *AddFile(acme_, report);
  rig_->clock.Advance(Duration{Duration::Hours(1).microseconds - 1});
  EXPECT_EQ(*rig_->intake->ExpireDue(100), 0);
  ASSERT_TRUE(Describe(acme_, report, file).ok());
  rig_->clock.Advance(Duration::Hours(1));
  EXPECT_EQ(CodeOfError(Finish(acme_, report)), Code::kReportDoesNotExist);
  EXPECT_EQ(*rig_->intake->ExpireDue(100), 1);
  EXPECT_EQ(*rig_->intake->ExpireDue(100), 0);
}

TEST_P(IntakeStoreTest, AnEarlyChangeDoesNotShortenTheDay) {
  const ReportId report = Submit(acme_);
  ASSERT_TRUE(AddFile(acme_, report).ok());
  rig_->clock.Advance(Duration{Duration::Hours(24).microseconds - 1});
  EXPECT_TRUE(Finish(acme_, report).ok());
}

TEST_P(IntakeStoreTest, TheSweepTakesAllThatIsOverInRunsOfAnySize) {
  for (int i = 0; i < 450; ++i) Submit(acme_);
  rig_->clock.Advance(Duration::Hours(12));
  const ReportId young = Submit(acme_);
  rig_->clock.Advance(Duration::Hours(12));
  int expired = 0;
  for (int run = 0; run < 10; ++run) expired += *rig_->intake->ExpireDue(200);
  EXPECT_EQ(expired, 450);
  EXPECT_EQ(RowOf(young).state, ReportState::kOpened);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_reports WHERE state = 11"), 450);
}

TEST_P(IntakeStoreTest, TheSameBytesAgainGetANumberOfTheirOwnAreLinkedAndCountOnce) {
  const std::string document = MinimalReport("Chat");
  const auto first = TrySubmit(acme_, document);
  const auto second = TrySubmit(acme_, document);
  const auto third = TrySubmit(acme_, document);
  EXPECT_FALSE(first->same_bytes_as.has_value());
  EXPECT_NE(second->report, first->report);
  EXPECT_EQ(second->same_bytes_as, first->report);
  EXPECT_EQ(third->same_bytes_as, first->report);
  EXPECT_EQ(CountReader(*rig_->database, rig_->clock).Read()->total, 1);
}

TEST_P(IntakeStoreTest, TheSameBytesByAnotherAccountOrAfterTheWindowAreNoRepeat) {
  const std::string document = MinimalReport("Chat");
  ASSERT_TRUE(TrySubmit(acme_, document).ok());
  EXPECT_FALSE(TrySubmit(other_, document)->same_bytes_as.has_value());
  rig_->clock.Advance(Duration{Duration::Hours(6).microseconds - 1});
  EXPECT_TRUE(TrySubmit(acme_, document)->same_bytes_as.has_value());
  rig_->clock.Advance(Duration{1});
  EXPECT_FALSE(TrySubmit(acme_, document)->same_bytes_as.has_value());
}

TEST_P(IntakeStoreTest, ARepeatThatIsFiledCountsInPlaceOfTheAbandonedFirst) {
  const std::string document = MinimalReport("Chat");
  const ReportId first = TrySubmit(acme_, document)->report;
  const ReportId second = TrySubmit(acme_, document)->report;
  ASSERT_TRUE(Finish(acme_, second).ok());
  const ReportCounts counts = *CountReader(*rig_->database, rig_->clock).Read();
  EXPECT_EQ(counts.total, 1);
  for (const CountRow& row : counts.by_state) EXPECT_EQ(row.count, row.name == "finished" ? 1 : 0) << row.name;
  // The first, filed after all, does not count a second time.
  ASSERT_TRUE(Finish(acme_, first).ok());
  EXPECT_EQ(CountReader(*rig_->database, rig_->clock).Read()->total, 1);
}

TEST_P(IntakeStoreTest, AKeyWithTheSameBytesIsAnsweredOnceAndWithOthersRefused) {
  const std::string document = MinimalReport("Chat");
  const auto first = TrySubmit(acme_, document, "key-1");
  const auto again = TrySubmit(acme_, document, "key-1");
  EXPECT_EQ(again->report, first->report);
  EXPECT_TRUE(again->replayed);
  const auto refused = TrySubmit(acme_, MinimalReport("Other"), "key-1");
  EXPECT_EQ(CodeOfError(refused), Code::kInvalidRequest);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(TrySubmit(other_, document, "key-1")->report, first->report);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_reports"), 2);
}

TEST_P(IntakeStoreTest, OneKeySentManyTimesAtOnceOpensOneReport) {
  const std::string document = MinimalReport("Chat");
  std::vector<std::future<std::int64_t>> requests;
  for (int i = 0; i < 8; ++i) {
    requests.push_back(std::async(std::launch::async, [&] { return TrySubmit(acme_, document, "key-1")->report.value; }));
  }
  std::set<std::int64_t> reports;
  for (auto& request : requests) reports.insert(request.get());
  EXPECT_EQ(reports.size(), 1U);
}

TEST_P(IntakeStoreTest, ManyRepeatsAreKnownAfterTheServerEnded) {
  constexpr int kMany = 1'100;  // More than are put again in one unit.
  std::vector<ReportId> reports;
  for (int i = 0; i < kMany; ++i) reports.push_back(TrySubmit(acme_, MinimalReport("Chat " + std::to_string(i)))->report);
  rig_->intake = std::make_unique<IntakeStore>(*rig_->database, rig_->sealer, rig_->clock, rig_->random, IntakeRules());
  ASSERT_TRUE(rig_->intake->Begin().ok());
  for (const int i : {0, 1, 999, 1'000, kMany - 1}) {
    EXPECT_EQ(TrySubmit(acme_, MinimalReport("Chat " + std::to_string(i)))->same_bytes_as, reports[static_cast<std::size_t>(i)]) << i;
  }
}

TEST_P(IntakeStoreTest, AStartAfterTheWindowOfAllReportsPutsNoneAgain) {
  const std::string document = MinimalReport("Chat");
  const ReportId before = TrySubmit(acme_, document)->report;
  rig_->clock.Advance(Duration::Hours(13));
  for (int start = 0; start < 2; ++start) {
    rig_->intake = std::make_unique<IntakeStore>(*rig_->database, rig_->sealer, rig_->clock, rig_->random, IntakeRules());
    ASSERT_TRUE(rig_->intake->Begin().ok());
    const std::int64_t merged = rig_->Count("SELECT number FROM tipline_recent_merged");
    EXPECT_EQ(merged, GetParam() == store::Engine::kSqlite ? before.value : 0);
  }
  const ReportId after = TrySubmit(acme_, document)->report;
  EXPECT_EQ(TrySubmit(acme_, document)->same_bytes_as, after);
}

TEST_P(IntakeStoreTest, RepeatsAreKnownAfterTheServerEnded) {
  const std::string document = MinimalReport("Chat");
  const ReportId first = TrySubmit(acme_, document)->report;
  const ReportId other = TrySubmit(acme_, MinimalReport("Other"))->report;
  rig_->clock.Advance(Duration::Hours(1));
  for (int start = 0; start < 2; ++start) {
    rig_->intake = std::make_unique<IntakeStore>(*rig_->database, rig_->sealer, rig_->clock, rig_->random, IntakeRules());
    ASSERT_TRUE(rig_->intake->Begin().ok());
    EXPECT_EQ(TrySubmit(acme_, document)->same_bytes_as, first);
    EXPECT_EQ(TrySubmit(acme_, MinimalReport("Other"))->same_bytes_as, other);
  }
  EXPECT_FALSE(TrySubmit(other_, document)->same_bytes_as.has_value());
  rig_->clock.Advance(Duration::Hours(5));
  rig_->intake = std::make_unique<IntakeStore>(*rig_->database, rig_->sealer, rig_->clock, rig_->random, IntakeRules());
  ASSERT_TRUE(rig_->intake->Begin().ok());
  EXPECT_FALSE(TrySubmit(acme_, document)->same_bytes_as.has_value());  // Its window is over.
}

TEST_P(IntakeStoreTest, OldKeysAndDigestsAreForgotten) {
  ASSERT_TRUE(TrySubmit(acme_, MinimalReport("Chat"), "key-1").ok());
  EXPECT_EQ(*rig_->intake->ForgetOld(100), 0);
  rig_->clock.Advance(kIdempotencyKept);
  EXPECT_EQ(*rig_->intake->ForgetOld(100), 1);
  rig_->clock.Advance(Duration{1});
  EXPECT_EQ(*rig_->intake->ForgetOld(100), 1);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_recent"), 0);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_idempotency"), 0);
}

TEST_P(IntakeStoreTest, TestTrafficNeverCounts) {
  const ReportId report = Submit(test_);
  ASSERT_TRUE(Finish(test_, report).ok());
  EXPECT_TRUE(RowOf(report).test);
  EXPECT_EQ(CountReader(*rig_->database, rig_->clock).Read()->total, 0);
}

TEST_P(IntakeStoreTest, AWrongCounterIsFound) {
  Submit(acme_);
  static constexpr store::Statement kBreak{"test.break", "UPDATE tipline_counters SET reports = reports + 1"};
  static constexpr store::Statement kMend{"test.mend", "UPDATE tipline_counters SET reports = reports - 1"};
  ASSERT_TRUE(rig_->database->Write([&](store::WriteTransaction& transaction) { return transaction.Execute(kBreak); }).ok());
  EXPECT_EQ(rig_->RecountProblemsNow().size(), 1U);
  ASSERT_TRUE(rig_->database->Write([&](store::WriteTransaction& transaction) { return transaction.Execute(kMend); }).ok());
}

TEST_P(IntakeStoreTest, AReportHoldsAtMostItsNumberOfFilesAndTheOneTooManyLeavesNoTrace) {
  IntakeRules rules;
  rules.files_max = 2;
  IntakeStore intake(*rig_->database, rig_->sealer, rig_->clock, rig_->random, rules);
  const ReportId report = Submit(acme_);
  auto writer = rig_->vault->Begin().value();
  const vault::StoredObject object = writer->Commit().value();
  const IntakeStore::Upload upload{report, Sensitive<std::string>("a"), "", Sniff(""), object, "aa"};
  EXPECT_TRUE(intake.AddFile(acme_, upload).ok());
  EXPECT_TRUE(intake.AddFile(acme_, upload).ok());
  EXPECT_EQ(intake.AddFile(acme_, upload).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(RowOf(report).files, 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, IntakeStoreTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::tipline
