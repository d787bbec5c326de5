// Goal: kill -9 in the middle of referring, packaging and following bundles leaves nothing half: a report that was handed over
// has its decision and its deliveries, every package there is holds, and everything that was begun comes to its end.
// Method: a child process works through the queue as an analyst and as the server's jobs would; it is killed at seeded random
// moments and started again.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/centre.h"
#include "app/demo_places.h"
#include "app/serving.h"
#include "platform/audit/audit.h"
#include "platform/audit/witness.h"
#include "referrals/delivery_rows.h"
#include "referrals/package_seal.h"
#include "referrals/referring.h"
#include "synthetic/traffic.h"
#include "tests/common/server_process.h"
#include "tests/crash/platform_account.h"
#include "tipline/report_store.h"
#include "triage/queue.h"
#include "triage/recount.h"
#include "triage/tip_actions.h"

namespace porchlight {
namespace {

using tests::ServerProcess;
using tipline::ReportState;

constexpr int kReports = 150;
constexpr int kRounds = 25;

auth::Caller Analyst() {
  auth::Caller caller;
  caller.account = {900};
  caller.login = "analyst";
  caller.permissions = {"triage.tip.work", "referrals.report.refer"};
  caller.visibility = VisibilitySet::All();
  caller.proof = auth::Proof::kSession;
  return caller;
}

// When the leases of jobs that died with their worker are over.
class LaterClock final : public Clock {
 public:
  Instant Now() const override { return system_.Now() + Duration::Minutes(10); }
  Duration Monotonic() const override { return system_.Monotonic(); }

 private:
  SystemClock system_;
};

class ReferralCrashTest : public testing::Test {
 protected:
  ReferralCrashTest() : data_(testing::TempDir() + "porchlight-referral-crash-" + std::to_string(getpid())) {
    std::filesystem::remove_all(data_);
    std::filesystem::create_directories(data_);
    std::ofstream(data_ + "/places.json") << app::DemoPlaces();
    config_.data_directory = data_;
    config_.geo_overlays = data_ + "/places.json";
  }
  ~ReferralCrashTest() override { std::filesystem::remove_all(data_); }

  std::unique_ptr<app::Centre> Open(const Clock& clock) {
    auto centre = app::Centre::Open(config_, app::Centre::Access::kCreate, clock, random_);
    EXPECT_TRUE(centre.ok()) << (centre.ok() ? "" : centre.error().public_text);
    return centre.ok() ? std::move(centre).value() : nullptr;
  }

  // Reports of synthetic platforms, with files, over the wire.
  void FileReports() {
    ServerProcess server(data_, "127.0.0.1:0");
    ASSERT_FALSE(server.url().empty());
    synthetic::TrafficOptions options;
    options.endpoint = {server.url(), tests::kPlatformLogin, tests::kPlatformPassword, Duration::Seconds(10)};
    options.mix = synthetic::Mix::kShowcase;
    options.seed = 11;
    options.reports_max = kReports;
    options.connections = 4;
    options.picture_bytes_target = 8'000;
    synthetic::Traffic traffic(options, clock_, synthetic::NetworkTransport(), {});
    traffic.Run();
    server.Kill();
  }

  // Everything there is to do; answers when nothing is left.
  static Result<void> WorkThrough(app::Centre& centre) {
    const std::unique_ptr<observe::Log> log = observe::SilentLog();
    const std::unique_ptr<app::Serving> serving = PL_TRY(app::Serving::Assemble(centre, *log));
    triage::TipActions actions(centre.database(), centre.judging(), centre.clock(), triage::ActionRules{});
    referrals::Referring& referring = serving->referring();
    for (bool more = true; more;) {
      more = false;
      while (PL_TRY(serving->RunBackgroundOnce())) more = true;
      const triage::QueueRows queue = PL_TRY(centre.database().Read([](store::ReadTransaction& transaction) {
        return triage::ListQueue(transaction, {}, triage::QueueOrder::kPriority, {}, 5);
      }));
      for (const triage::Tip& tip : queue.items) {
        more = true;
        PL_TRY(actions.Claim(Analyst(), tip.id, "t"));
        const Result<referrals::Decision> referred = referring.Refer(Analyst(), tip.id, {}, "", "t");
        if (referred.ok()) continue;
        if (referred.error().field != "/agencies") return referred.error();
        PL_TRY(referring.Refer(Analyst(), tip.id, {"us-federal"}, "analyst_knowledge", "t"));
      }
    }
    return {};
  }

  // Killed after so long, unless it comes to its end before; answers whether it did.
  bool WorkAndDie(Duration after) {
    const pid_t child = fork();
    if (child == 0) {
      SystemRandom random;
      auto centre = app::Centre::Open(config_, app::Centre::Access::kExisting, clock_, random);
      const bool done = centre.ok() && WorkThrough(**centre).ok();
      _exit(done ? 0 : 1);
    }
    usleep(static_cast<useconds_t>(after.microseconds));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "the work itself failed";
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  void ExpectPackageHolds(app::Centre& centre, const referrals::Package& package) {
    const std::string path = data_ + "/package.zip";
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    const auto write = [&](std::string_view bytes) {
      out << bytes;
      return Result<void>();
    };
    ASSERT_TRUE(centre.vault().Read(package.object, write).ok());
    out.close();
    const auto verified = referrals::VerifyPackage(path, centre.package_key().public_key, {});
    EXPECT_TRUE(verified.ok()) << verified.error().public_text;
  }

  const SystemClock clock_;
  SystemRandom random_;
  std::string data_;
  app::Config config_;
};

TEST_F(ReferralCrashTest, KillsInTheMiddleOfReferringAndPackagingLeaveNothingHalf) {
  tests::MakePlatform(*Open(clock_));
  FileReports();
  SeededRandom moments(20'261'125);
  int kills = 0;
  bool ended = false;
  while (kills < kRounds && !ended) {
    ended = WorkAndDie(Duration::Milliseconds(static_cast<std::int64_t>(40 + moments.Below(220))));
    if (!ended) ++kills;
  }
  const LaterClock later;
  const std::unique_ptr<app::Centre> centre = Open(later);
  ASSERT_NE(centre, nullptr);
  const Result<void> rest = WorkThrough(*centre);
  ASSERT_TRUE(rest.ok()) << rest.error().public_text << " " << rest.error().operator_text;

  int handed_over = 0;
  const auto look = [&](store::ReadTransaction& transaction) -> Result<void> {
    const std::int64_t newest = PL_TRY(tipline::NewestNumber(transaction));
    for (std::int64_t number = 1; number <= newest; ++number) {
      const tipline::ReportId report{number};
      const ReportState state = PL_TRY(tipline::FindReport(transaction, report)).state;
      const std::vector<referrals::Delivery> deliveries = PL_TRY(referrals::rows::DeliveriesOf(transaction, report));
      const std::vector<referrals::Decision> decisions = PL_TRY(referrals::rows::DecisionsOf(transaction, report));
      EXPECT_EQ(state == ReportState::kMadeAvailable, !deliveries.empty()) << "report " << number << " is " << NameOf(state);
      EXPECT_EQ(deliveries.empty(), decisions.empty()) << "report " << number;
      if (deliveries.empty()) continue;
      ++handed_over;
      EXPECT_EQ(decisions.size(), 1U) << "decided once, however often it was begun";
      EXPECT_EQ(deliveries.size(), decisions.front().chosen.size()) << "report " << number;
      for (const referrals::Delivery& delivery : deliveries) {
        const std::optional<referrals::Package> package = PL_TRY(referrals::rows::NewestPackage(transaction, delivery.id));
        EXPECT_TRUE(package.has_value()) << "delivery " << delivery.id.value;
        if (package) ExpectPackageHolds(*centre, *package);
      }
    }
    for (const std::string& problem : PL_TRY(tipline::RecountProblems(transaction))) ADD_FAILURE() << problem;
    for (const std::string& problem : PL_TRY(triage::RecountProblems(transaction))) ADD_FAILURE() << problem;
    return {};
  };
  const Result<void> looked = centre->database().Read(look);
  ASSERT_TRUE(looked.ok()) << looked.error().public_text << " " << looked.error().operator_text;
  const auto witnessed = audit::ReadWitness(centre->witness_file());
  ASSERT_TRUE(witnessed.ok());
  const auto verdict = audit::Verify(centre->database(), centre->audit_key().public_key, witnessed->heads, [](std::int64_t, std::int64_t) {});
  ASSERT_TRUE(verdict.ok());
  for (const std::string& problem : verdict->problems) ADD_FAILURE() << problem;
  EXPECT_GT(handed_over, kReports / 3);
  EXPECT_GT(kills, 3);
  std::printf("%d kills, %d reports handed over: none half, every package holds\n", kills, handed_over);
}

}  // namespace
}  // namespace porchlight
