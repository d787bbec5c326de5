// Goal: kill -9 at any moment loses nothing that was acknowledged, and shows no half of anything.
// Method: the real binary serves while synthetic platforms file reports; it is killed at seeded random moments and
// started again. Then every acknowledged report, document, file and audit entry is read back and compared with what was
// sent. PORCHLIGHT_CRASH_ROUNDS sets how many kills (24 by default).
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include "app/centre.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/witness.h"
#include "synthetic/traffic.h"
#include "tests/common/server_process.h"
#include "tests/crash/platform_account.h"
#include "tipline/report_store.h"
#include "triage/recount.h"
#include "triage/runner.h"
#include "triage/tip_rows.h"

namespace porchlight {
namespace {

using tests::ServerProcess;

app::Config ConfigFor(const std::string& data) {
  app::Config config;
  config.data_directory = data;
  return config;
}

// What the platforms were told, by report.
using Acknowledged = std::map<std::int64_t, synthetic::AcknowledgedReport>;

tipline::ReportState StateFor(synthetic::Outcome outcome) {
  if (outcome == synthetic::Outcome::kFinished) return tipline::ReportState::kTriaged;  // Once what was left is judged.
  if (outcome == synthetic::Outcome::kRetracted) return tipline::ReportState::kRetracted;
  return tipline::ReportState::kOpened;
}

void ExpectWhole(app::Centre& centre, const synthetic::AcknowledgedReport& told) {
  const auto detail = centre.database().Read([&](store::ReadTransaction& transaction) {
    return tipline::FindDetail(transaction, centre.sealer(), tipline::ReportId{told.report_id});
  });
  ASSERT_TRUE(detail.ok()) << "report " << told.report_id << ": " << detail.error().public_text;
  if (told.outcome == synthetic::Outcome::kFinished || told.outcome == synthetic::Outcome::kRetracted) {
    // A repeat of the same bytes was closed as one.
    const bool repeat = detail->report.state == tipline::ReportState::kClosed && detail->report.same_bytes_as;
    EXPECT_TRUE(repeat || detail->report.state == StateFor(told.outcome)) << "report " << told.report_id;
  }
  if (detail->report.state == tipline::ReportState::kRetracted) return;  // Its content went with the retraction.
  EXPECT_EQ(detail->receipt.document_sha256, told.document_sha256);
  const auto original = centre.database().Read([&](store::ReadTransaction& transaction) {
    return tipline::FindOriginal(transaction, centre.sealer(), tipline::ReportId{told.report_id}, 0);
  });
  ASSERT_TRUE(original.ok()) << original.error().public_text;
  EXPECT_EQ(HexEncode(crypto::Sha256(original->bytes)), told.document_sha256);
  for (const synthetic::AcknowledgedFile& file : told.files) {
    bool found = false;
    for (const tipline::FileView& view : detail->files) found = found || (view.wire_id == file.file_id && view.sha256 == file.sha256);
    EXPECT_TRUE(found) << "file " << file.file_id << " of report " << told.report_id;
  }
}

// A child may be in danger: whatever died in between, the report stands where people look first. Answers whether it asked for that.
bool ExpectUrgentWhereAsked(app::Centre& centre, const synthetic::AcknowledgedReport& told) {
  if (told.outcome != synthetic::Outcome::kFinished) return false;
  const auto read = [&](store::ReadTransaction& transaction) -> Result<std::pair<std::string, std::optional<triage::Tip>>> {
    const tipline::ReportId id{told.report_id};
    const tipline::Original original = PL_TRY(tipline::FindOriginal(transaction, centre.sealer(), id, 0));
    return std::pair(original.bytes, PL_TRY(triage::rows::FindTip(transaction, id)));
  };
  const auto found = centre.database().Read(read);
  EXPECT_TRUE(found.ok() && found->second) << "report " << told.report_id << " was not judged";
  if (!found.ok() || !found->second || found->first.find("escalateToHighPriority") == std::string::npos) return false;
  EXPECT_TRUE(found->second->urgent && found->second->level == 1) << "report " << told.report_id;
  EXPECT_TRUE(found->second->Waits() || found->second->repeats) << "report " << told.report_id;
  return true;
}

// Every object that a row refers to can be read whole; counters, audit log and sums agree.
void ExpectConsistent(app::Centre& centre, std::int64_t acknowledged_files) {
  constexpr static store::Statement kReferences{
      "test.references", "SELECT object_name, object_key, object_master_version, bytes FROM tipline_files"};
  std::int64_t objects = 0;
  const auto read = centre.database().Read([&](store::ReadTransaction& transaction) -> Result<void> {
    for (const store::Row& row : PL_TRY(transaction.All(kReferences))) {
      const vault::ObjectReference reference{row.Text(0), row.Bytes(1), row.Integer(2), row.Integer(3)};
      EXPECT_TRUE(centre.vault().Verify(reference).ok()) << reference.name;
      ++objects;
    }
    const std::vector<std::string> problems = PL_TRY(tipline::RecountProblems(transaction));
    for (const std::string& problem : problems) ADD_FAILURE() << problem;
    return {};
  });
  ASSERT_TRUE(read.ok()) << read.error().operator_text;
  EXPECT_GE(objects, acknowledged_files);
  const auto witnessed = audit::ReadWitness(centre.witness_file());
  ASSERT_TRUE(witnessed.ok());
  const auto verdict = audit::Verify(centre.database(), centre.audit_key().public_key, witnessed->heads, [](std::int64_t, std::int64_t) {});
  ASSERT_TRUE(verdict.ok());
  for (const std::string& problem : verdict->problems) ADD_FAILURE() << problem;
  EXPECT_GT(verdict->entries, 0);
}

// What the last death left unjudged is judged now; then nothing of triage is half.
void JudgeTheRest(app::Centre& centre) {
  triage::Runner runner(centre.database(), centre.judging(), centre.clock(), {});
  for (;;) {
    const Result<int> judged = runner.RunOnce();
    ASSERT_TRUE(judged.ok()) << judged.error().operator_text;
    if (*judged == 0) break;
  }
  const auto problems = centre.database().Read(triage::RecountProblems);
  ASSERT_TRUE(problems.ok()) << problems.error().operator_text;
  for (const std::string& problem : *problems) ADD_FAILURE() << problem;
}

class CrashTest : public testing::Test {
 protected:
  CrashTest() : data_(testing::TempDir() + "porchlight-crash-" + std::to_string(getpid())) { std::filesystem::remove_all(data_); }
  ~CrashTest() override { std::filesystem::remove_all(data_); }

  // Platforms file reports, starting again after every death of the server, until told to stop.
  void FileReports(const std::string& url) {
    synthetic::TrafficOptions options;
    options.endpoint = {url, tests::kPlatformLogin, tests::kPlatformPassword, Duration::Seconds(10)};
    options.seed = 7;
    options.reports_max = 0;
    options.connections = 8;
    options.attempts_max = 1;
    options.picture_bytes_target = 8'000;
    const SystemClock clock;
    synthetic::Traffic traffic(options, clock, synthetic::NetworkTransport(), [this](const synthetic::AcknowledgedReport& report) {
      acknowledged_[report.report_id] = report;
    });
    std::thread stopper([&] {
      while (!done_.load()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
      traffic.Stop();
    });
    traffic.Run();
    stopper.join();
  }

  std::string data_;
  Acknowledged acknowledged_;
  std::atomic<bool> done_{false};
};

TEST_F(CrashTest, NothingAcknowledgedIsLostByKillsAtRandomMoments) {
  const SystemClock clock;
  SystemRandom random;
  SeededRandom moments(20'221'231);
  const char* asked = std::getenv("PORCHLIGHT_CRASH_ROUNDS");
  const int rounds = asked == nullptr ? 24 : std::atoi(asked);
  {
    auto centre = app::Centre::Open(ConfigFor(data_), app::Centre::Access::kCreate, clock, random);
    ASSERT_TRUE(centre.ok()) << centre.error().public_text;
    tests::MakePlatform(**centre);
  }
  auto server = std::make_unique<ServerProcess>(data_, "127.0.0.1:0");
  ASSERT_FALSE(server->url().empty());
  const std::string listen = "127.0.0.1:" + server->port();
  // The address stays the same over all the server's lives; the process object does not.
  std::thread platforms([this, url = server->url()] { FileReports(url); });
  for (int round = 0; round < rounds; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<std::int64_t>(100 + moments.Below(500))));
    server->Kill();
    server = std::make_unique<ServerProcess>(data_, listen);
    ASSERT_FALSE(server->url().empty()) << "round " << round;
  }
  done_.store(true);
  platforms.join();
  server->Kill();

  auto centre = app::Centre::Open(ConfigFor(data_), app::Centre::Access::kExisting, clock, random);
  ASSERT_TRUE(centre.ok()) << centre.error().public_text;
  JudgeTheRest(**centre);
  std::int64_t files = 0;
  int escalated = 0;
  for (const auto& [id, told] : acknowledged_) {
    ExpectWhole(**centre, told);
    escalated += ExpectUrgentWhereAsked(**centre, told) ? 1 : 0;
    if (told.outcome == synthetic::Outcome::kFinished) files += static_cast<std::int64_t>(told.files.size());
  }
  ExpectConsistent(**centre, files);
  EXPECT_GT(acknowledged_.size(), static_cast<std::size_t>(rounds));
  EXPECT_GT(escalated, 0) << "else nothing was seen of them";
  std::printf("%d kills, %zu acknowledged reports, %lld files of finished ones: all there and whole\n", rounds, acknowledged_.size(),
              static_cast<long long>(files));
}

}  // namespace
}  // namespace porchlight
