// Goal: the invariants of a clearinghouse that apply to intake hold whatever happens and in whatever order: what was
// acknowledged is there and whole, nothing is counted twice or in two states, test traffic is never counted, nobody
// reaches another's report, the audit log verifies and finds an edited row.
// Method: the whole server in one process, on a clock moved by hand, driven from a seed: three platforms act and retry,
// time passes, background work runs, the disk fills up and clears, the process dies before or after a step of its disk
// and is opened anew. The platforms remember what they were told. PORCHLIGHT_SIMULATION_STEPS and _SEEDS make it longer;
// a failure names its seed.
#include <cstdlib>

#include "platform/audit/audit.h"
#include "platform/audit/witness.h"
#include "platform/store/testing/test_database.h"
#include "tests/simulation/platform.h"
#include "tipline/report_store.h"
#include "triage/recount.h"

namespace porchlight::tests {
namespace {

constexpr store::Statement kReports{"test.reports", "SELECT COUNT(*) FROM tipline_reports"};
constexpr store::Statement kCounted{"test.counted", "SELECT COUNT(*) FROM tipline_reports WHERE counted = 1"};
constexpr store::Statement kObjects{
    "test.objects", "SELECT object_name, object_key, object_master_version, bytes FROM tipline_files"};
constexpr store::Statement kPurged{
    "test.purged", "SELECT COUNT(*) FROM tipline_originals o JOIN tipline_reports r ON o.id / 65536 = r.id "
                   "WHERE r.state IN (10, 11) AND o.sealed IS NOT NULL"};
constexpr store::Statement kUnfinished{"test.unfinished", "SELECT COUNT(*) FROM tipline_reports WHERE state IN (1, 2)"};
constexpr store::Statement kEdit{"test.edit", "UPDATE audit_entries SET login = 'nobody' WHERE id = $1"};

int Setting(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

class SimulationTest : public testing::TestWithParam<store::Engine> {
 protected:
  void Run(std::uint64_t seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    store::DatabasePlace place(GetParam());
    CentreRig rig("simulation", seed);
    SeededRandom dice(seed * 1'000 + 1);
    Faults faults(dice);
    if (GetParam() == store::Engine::kPostgres) {
      rig.config().engine = "postgres";
      rig.config().conninfo = place.conninfo();
      rig.config().connections = 4;
    }
    rig.seams().database = [&](std::unique_ptr<store::Database> inner) { return Between(faults, std::move(inner)); };
    rig.seams().vault = [&](std::unique_ptr<vault::Vault> inner) { return Between(faults, std::move(inner)); };
    rig.Open();
    const auto lantern = rig.MakeOrganisation("Lanternchat (example)");
    const auto kite = rig.MakeOrganisation("Kitebook (example)");
    rig.MakeAccount("lantern", auth::AccountKind::kPlatform, lantern, "esp_reporter");
    rig.MakeAccount("kite", auth::AccountKind::kPlatform, kite, "esp_reporter");
    rig.MakeAccount("lantern.test", auth::AccountKind::kPlatform, lantern, "esp_reporter", true);
    std::vector<Platform> platforms;
    platforms.emplace_back(rig, faults, "lantern", false, seed);
    platforms.emplace_back(rig, faults, "kite", false, seed + 1);
    platforms.emplace_back(rig, faults, "lantern.test", true, seed + 2);

    const int steps = Setting("PORCHLIGHT_SIMULATION_STEPS", 1'500);
    for (int step = 0; step < steps && !HasFatalFailure(); ++step) {
      faults.DieOnceIn(step % 100 < 60 ? 60 : 0);
      Step(rig, faults, dice, platforms);
      if (step % 300 == 299) Check(rig, faults, platforms);
    }
    faults.DieOnceIn(0);
    faults.SetDiskFull(false);
    if (!HasFatalFailure()) End(rig, faults, platforms);
    EXPECT_GT(faults.deaths(), steps / 200);
  }

  void Step(CentreRig& rig, Faults& faults, Random& dice, std::vector<Platform>& platforms) {
    const std::uint64_t what = dice.Below(100);
    if (what < 70) {
      Platform& one = platforms[dice.Below(platforms.size())];
      const Platform& other = platforms[dice.Below(platforms.size())];
      if (&one != &other && !other.reports().empty()) one.HearOf(other.reports().rbegin()->first);
      one.Act(dice);
    } else if (what < 84) {
      Background(rig, faults, 3);
    } else if (what < 98) {
      rig.clock().Advance(Duration::Minutes(static_cast<std::int64_t>(1 + dice.Below(dice.Below(16) == 0 ? 900 : 5))));
    } else {
      faults.SetDiskFull(true);
    }
    if (faults.disk_full() && dice.Below(12) == 0) faults.SetDiskFull(false);
    if (dice.Below(150) == 0) {   // Killed while nobody asks for anything.
      Restart(rig, faults);
    }
  }

  // Errors are the disk's; what was not done is done in a later round.
  void Background(CentreRig& rig, Faults& faults, int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const Result<bool> ran = rig.serving().RunBackgroundOnce();
      if (faults.dead()) {
        Restart(rig, faults);
      } else if (ran.ok() && !*ran) {
        return;
      }
    }
  }

  std::int64_t Number(CentreRig& rig, const store::Statement& statement) {
    const auto row = rig.centre().database().Read([&](store::ReadTransaction& transaction) { return transaction.First(statement); });
    EXPECT_TRUE(row.ok() && row->has_value());
    return row.ok() && row->has_value() ? (*row)->Integer(0) : -1;
  }

  void Check(CentreRig& rig, Faults& faults, std::vector<Platform>& platforms) {
    faults.DieOnceIn(0);
    const bool was_full = faults.disk_full();
    faults.SetDiskFull(false);
    for (Platform& platform : platforms) platform.CheckAll();
    std::int64_t known = 0;
    std::int64_t unknown = 0;
    std::int64_t production = 0;
    for (const Platform& platform : platforms) {
      known += static_cast<std::int64_t>(platform.reports().size());
      unknown += platform.unknown_submits();
      if (!platform.test_traffic()) production += static_cast<std::int64_t>(platform.reports().size()) + platform.unknown_submits();
    }
    const std::int64_t stored = Number(rig, kReports);
    EXPECT_GE(stored, known) << "every acknowledged report is stored";
    EXPECT_LE(stored, known + unknown) << "and no other, but for submits whose answer was lost";
    const auto problems =
        rig.centre().database().Read([](store::ReadTransaction& transaction) { return tipline::RecountProblems(transaction); });
    ASSERT_TRUE(problems.ok());
    for (const std::string& problem : *problems) ADD_FAILURE() << problem;
    const auto of_triage = rig.centre().database().Read(triage::RecountProblems);
    ASSERT_TRUE(of_triage.ok());
    for (const std::string& problem : *of_triage) ADD_FAILURE() << problem;
    const auto counts = tipline::CountReader(rig.centre().database(), rig.clock()).Read();
    ASSERT_TRUE(counts.ok());
    std::int64_t by_state = 0;
    for (const tipline::CountRow& row : counts->by_state) by_state += row.count;
    EXPECT_EQ(by_state, counts->total) << "the sum over states is what was accepted";
    EXPECT_EQ(counts->total, Number(rig, kCounted));
    EXPECT_LE(counts->total, production) << "test traffic is not counted";
    CheckObjects(rig);
    faults.SetDiskFull(was_full);
  }

  void CheckObjects(CentreRig& rig) {
    const auto rows = rig.centre().database().Read([](store::ReadTransaction& transaction) { return transaction.All(kObjects); });
    ASSERT_TRUE(rows.ok());
    for (const store::Row& row : *rows) {
      const vault::ObjectReference reference{row.Text(0), row.Bytes(1), row.Integer(2), row.Integer(3)};
      EXPECT_TRUE(rig.centre().vault().Verify(reference).ok()) << "a file's row without its object: " << reference.name;
    }
  }

  // A day later everything unfinished is over, its content gone, and the log holds.
  void End(CentreRig& rig, Faults& faults, std::vector<Platform>& platforms) {
    Background(rig, faults, 200);
    for (int hour = 0; hour < 30; ++hour) {
      rig.clock().Advance(Duration::Hours(1));
      Background(rig, faults, 40);
    }
    Check(rig, faults, platforms);
    EXPECT_EQ(Number(rig, kUnfinished), 0) << "an unfinished report outlived its time";
    EXPECT_EQ(Number(rig, kPurged), 0) << "content of a report that is over is still there";
    const auto witnessed = audit::ReadWitness(rig.centre().witness_file());
    ASSERT_TRUE(witnessed.ok());
    const auto verify = [&] {
      return audit::Verify(rig.centre().database(), rig.centre().audit_key().public_key, witnessed->heads, [](std::int64_t, std::int64_t) {});
    };
    const auto verdict = verify();
    ASSERT_TRUE(verdict.ok());
    for (const std::string& problem : verdict->problems) ADD_FAILURE() << problem;
    EXPECT_EQ(verdict->entries, verdict->sealed);
    const auto edited = rig.centre().database().Write(
        [&](store::WriteTransaction& transaction) { return transaction.Execute(kEdit, verdict->entries / 2); });
    ASSERT_TRUE(edited.ok() && *edited == 1);
    EXPECT_FALSE(verify()->problems.empty()) << "an edited entry was not found";
  }
};

TEST_P(SimulationTest, TheInvariantsHoldWhateverHappens) {
  PL_NEEDS_ENGINE(GetParam());
  const int seeds = Setting("PORCHLIGHT_SIMULATION_SEEDS", 3);
  for (int seed = 1; seed <= seeds && !HasFailure(); ++seed) Run(static_cast<std::uint64_t>(seed));
}

INSTANTIATE_TEST_SUITE_P(Engines, SimulationTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::tests
