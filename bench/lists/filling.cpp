#include "lists/filling.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "synthetic/dice.h"
#include "synthetic/mix.h"
#include "tipline/migrations.h"
#include "tipline/report.h"

namespace porchlight::bench {
namespace {

using synthetic::Dice;
using tipline::IncidentType;
using tipline::ReportState;

// Rows are copies of patterns, drawn in an order that differs from block to block; a prime, so that each block holds
// every pattern once.
constexpr std::int64_t kPatterns = 100'003;
constexpr std::size_t kPatternsPerInsert = 50;
constexpr std::int64_t kRowsPerUnit = 250'000;
constexpr std::int64_t kPostgresShards = 16;
constexpr std::int64_t kYearMicroseconds = Duration::Days(365).microseconds;
constexpr std::int64_t kDaysPerUnit = 10;

constexpr std::string_view kPatternTable =
    "CREATE TABLE bench_patterns (id PL_KEY, organisation BIGINT NOT NULL, state BIGINT NOT NULL, source BIGINT NOT NULL, "
    "incident_type BIGINT NOT NULL, counted BIGINT NOT NULL, urgent BIGINT NOT NULL, batched BIGINT NOT NULL, "
    "content BIGINT NOT NULL, files BIGINT NOT NULL, findings BIGINT NOT NULL);";
constexpr std::size_t kPatternColumns = 11;
using Pattern = std::array<std::int64_t, kPatternColumns>;

#define PL_BENCH_ROWS                                                                                                       \
  "FROM (WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) "                    \
  "SELECT i, $3 + i * $4 + i * 7919 % 20000000 AS received FROM n) AS numbers "                                             \
  "JOIN bench_patterns p ON p.id = (numbers.i * 7919 + numbers.i / 100003 * 31337) % 100003 "

constexpr store::Statement kReports{
    "bench.reports",
    "INSERT INTO tipline_reports (id, received_at, incident_at, expires_at, finished_at, organisation, account, same_bytes_as, "
    "state, source, incident_type, counted, urgent, batched, content, files, documents, findings) "
    "SELECT i, received, received - 3600000000, received + 31536000000000, "
    "CASE WHEN p.state IN (1, 2, 10, 11) THEN NULL ELSE received + 60000000 END, p.organisation, p.organisation, "
    "CASE WHEN p.counted = 3 AND i > 1 THEN i - 1 END, p.state, p.source, p.incident_type, p.counted, p.urgent, p.batched, "
    "p.content, p.files, 1 + p.files, p.findings " PL_BENCH_ROWS "ORDER BY i"};
constexpr store::Statement kCounters{
    "bench.counters",
    "INSERT INTO tipline_counters (day, organisation, source, incident_type, state, counted, shard, reports) "
    "SELECT received / 86400000000, p.organisation, p.source, p.incident_type, p.state, p.counted, i % $5, COUNT(*) " PL_BENCH_ROWS
    "GROUP BY 1, 2, 3, 4, 5, 6, 7 ON CONFLICT (day, organisation, source, incident_type, state, counted, shard) "
    "DO UPDATE SET reports = tipline_counters.reports + excluded.reports"};
// A report passes through two states before it is finished, and leaves a counter behind in each.
constexpr store::Statement kCountersLeft{
    "bench.counters_left",
    "INSERT INTO tipline_counters (day, organisation, source, incident_type, state, counted, shard, reports) "
    "SELECT c.day, c.organisation, c.source, c.incident_type, s.state, c.counted, c.shard, 0 FROM tipline_counters c "
    "CROSS JOIN (SELECT 1 AS state UNION ALL SELECT 2) AS s WHERE c.state = 3 AND c.day >= $1 AND c.day < $2 "
    "ON CONFLICT (day, organisation, source, incident_type, state, counted, shard) DO NOTHING"};
constexpr store::Statement kOldest{"bench.oldest", "SELECT received_at FROM tipline_reports ORDER BY id LIMIT 1"};
constexpr store::Statement kNewest{"bench.newest", "SELECT received_at, id FROM tipline_reports ORDER BY id DESC LIMIT 1"};
constexpr store::Statement kAnalyse{"bench.analyse", "ANALYZE"};

// By number of the state. Nearly all are finished; among the others those that were never finished lead.
constexpr std::array<std::uint64_t, 14> kStates = {2'000, 1'000, 975'000, 2'000, 2'000, 1'000, 2'000,
                                                   500,   500,   3'000,   10'000, 200,  400,   400};

std::vector<std::uint64_t> OrganisationWeights() {
  std::vector<std::uint64_t> weights;
  for (std::uint64_t rank = 1; rank <= static_cast<std::uint64_t>(kOrganisations); ++rank) weights.push_back(1'000'000 / rank);
  return weights;
}

IncidentType TypeOf(synthetic::Category category) {
  switch (category) {
    case synthetic::Category::kCsam: return IncidentType::kCsam;
    case synthetic::Category::kOnlineEnticement: return IncidentType::kEnticement;
    case synthetic::Category::kSexTrafficking: return IncidentType::kTrafficking;
    case synthetic::Category::kSexualMolestation: return IncidentType::kMolestation;
    case synthetic::Category::kSexTourism: return IncidentType::kSexTourism;
    case synthetic::Category::kMisleadingDomain: return IncidentType::kMisleadingDomain;
    case synthetic::Category::kMisleadingWords: return IncidentType::kMisleadingWords;
    case synthetic::Category::kUnsolicitedMaterial: return IncidentType::kUnsolicitedObscene;
  }
  return IncidentType::kCsam;
}

class PatternMaker {
 public:
  Pattern Make(std::int64_t number) {
    const synthetic::Plan plan = plans_.PlanOf(static_cast<std::uint64_t>(number));
    const bool is_public = dice_.Permille(5);
    const auto type = static_cast<std::int64_t>(TypeOf(plan.category));
    const auto state = static_cast<std::int64_t>(states_.Draw(dice_)) + 1;
    const std::int64_t organisation = is_public ? 0 : static_cast<std::int64_t>(organisations_.Draw(dice_)) + 1;
    std::int64_t counted = 1;
    if (dice_.Permille(10)) counted = 2;
    else if (dice_.Permille(5)) counted = 3;
    const std::int64_t files = is_public ? 0 : static_cast<std::int64_t>(plan.files.size());
    // What lacks files has no findings here, so that a filter can ask for what does not exist.
    const std::int64_t findings = files > 0 && dice_.Permille(400) ? dice_.Between(1, 6) : 0;
    return {number, organisation, state, is_public ? 2 : 1, type, counted, dice_.Permille(3) ? 1 : 0, dice_.Permille(20) ? 1 : 0,
            dice_.Between(0, 7), files, findings};
  }

 private:
  Dice dice_{20220101};
  synthetic::PlanMaker plans_{synthetic::Mix::kFaithful, 20220101};
  synthetic::WeightedTable states_{kStates};
  synthetic::WeightedTable organisations_{OrganisationWeights()};
};

// "($1, $2, ...), (...)" for that many patterns; lives as long as the process, because statements must.
const store::Statement& PatternInsert() {
  static const std::string sql = [] {
    std::string text = "INSERT INTO bench_patterns VALUES ";
    for (std::size_t place = 1; place <= kPatternsPerInsert * kPatternColumns; ++place) {
      const bool first = place % kPatternColumns == 1;
      text += (first ? (place == 1 ? "(" : "), (") : ", ") + ("$" + std::to_string(place));
    }
    return text + ") ON CONFLICT (id) DO NOTHING";
  }();
  static const store::Statement statement{"bench.patterns", sql.c_str()};
  return statement;
}

Result<void> InsertPatterns(store::Database& database) {
  PatternMaker maker;
  std::vector<Pattern> patterns;
  for (std::int64_t number = 0; number < kPatterns; ++number) patterns.push_back(maker.Make(number));
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    for (std::size_t from = 0; from < patterns.size(); from += kPatternsPerInsert) {
      // The last insert is filled up with what is there already.
      const std::size_t begin = std::min(from, patterns.size() - kPatternsPerInsert);
      std::vector<store::Value> values;
      for (std::size_t at = begin; at < begin + kPatternsPerInsert; ++at) {
        for (const std::int64_t one : patterns[at]) values.emplace_back(one);
      }
      PL_TRY(transaction.Each(PatternInsert(), std::move(values), [](store::Row&&) { return true; }));
    }
    return {};
  });
}

Result<void> InsertRows(store::Database& database, const Filled& filled, std::int64_t first, std::int64_t last) {
  const std::int64_t shards = database.engine() == store::Engine::kPostgres ? kPostgresShards : 1;
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kReports, first, last, filled.begin, filled.step.microseconds));
    PL_TRY(transaction.Execute(kCounters, first, last, filled.begin, filled.step.microseconds, shards));
    return {};
  });
}

Result<void> InsertCountersLeft(store::Database& database, const Filled& filled) {
  constexpr std::int64_t kDay = Duration::Days(1).microseconds;
  const std::int64_t end = filled.At(filled.rows).microseconds / kDay + 2;
  for (std::int64_t day = filled.begin.microseconds / kDay; day < end; day += kDaysPerUnit) {
    const auto left = [&](store::WriteTransaction& transaction) { return transaction.Execute(kCountersLeft, day, day + kDaysPerUnit); };
    PL_TRY(database.Write(left));
  }
  return {};
}

}  // namespace

Result<Filled> Fill(const Place& place, std::int64_t rows, Instant now, const std::function<void(std::int64_t)>& progress) {
  const std::unique_ptr<store::Database> database = PL_TRY(place.Open());
  std::vector<store::Migration> migrations = tipline::Migrations();
  migrations.push_back({9999, "9999_bench.sql", kPatternTable});
  PL_TRY(database->Migrate(migrations));
  PL_TRY(InsertPatterns(*database));
  Filled filled{rows, {now.microseconds - kYearMicroseconds}, {kYearMicroseconds / rows}};
  const std::int64_t vacuum_after = rows - rows / 10;
  bool vacuumed = false;
  for (std::int64_t first = 1; first <= rows; first += kRowsPerUnit) {
    if (!vacuumed && first > vacuum_after) {
      PL_TRY(place.Vacuum());
      vacuumed = true;
    }
    const std::int64_t last = std::min(first + kRowsPerUnit - 1, rows);
    PL_TRY(InsertRows(*database, filled, first, last));
    progress(last);
  }
  PL_TRY(InsertCountersLeft(*database, filled));
  return filled;
}

Result<Filled> FindFilled(const Place& place) {
  const std::unique_ptr<store::Database> database = PL_TRY(place.Open());
  return database->Read([](store::ReadTransaction& transaction) -> Result<Filled> {
    const std::optional<store::Row> oldest = PL_TRY(transaction.First(kOldest));
    const std::optional<store::Row> newest = PL_TRY(transaction.First(kNewest));
    if (!oldest || !newest) return Error{ErrorCode::kNotFound, "There are no rows.", {}, {}, 0};
    const Duration span = newest->Time(0) - oldest->Time(0);
    return Filled{newest->Integer(1), oldest->Time(0), {span.microseconds / newest->Integer(1)}};
  });
}

Result<void> GatherStatistics(const Place& place) {
  const std::unique_ptr<store::Database> database = PL_TRY(place.Open());
  return database->Write([](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kAnalyse));
    return {};
  });
}

}  // namespace porchlight::bench
