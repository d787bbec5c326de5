// How long the analysts' queue takes over tens of millions of judged reports: every order, every filter alone, and filters
// together that nothing matches. Fills triage_tips with narrow rows (seven of ten closed, the rest waiting, one in eight of
// those folded under a bundle), asks, and removes everything.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/text.h"
#include "common/measurement.h"
#include "lists/place.h"
#include "platform/audit/migrations.h"
#include "platform/jobs/migrations.h"
#include "synthetic/dice.h"
#include "tipline/migrations.h"
#include "triage/migrations.h"
#include "triage/queue.h"

namespace porchlight::bench {
namespace {

constexpr std::string_view kUsage = "porchlight_queue_bench --work DIR [--postgres CONNINFO] [--rows 1000000] [--runs 60] [--json FILE]";
constexpr std::int64_t kRowsPerUnit = 500'000;
constexpr std::int64_t kStart = 1'730'000'000;

// Scrambles a number, so that neighbours share nothing; below 2^31 on both engines.
#define PL_BENCH_MIX(factor) "((i * " factor " + 12345) % 2147483647)"

constexpr store::Statement kFill{
    "bench.fill_queue",
    "INSERT INTO triage_tips (id, state, rank, level, points, urgent, completeness, organisation, source, incident_type, test, "
    "received_at, incidents, folded, waiting, pulled, bundle, scores, claimed_by, claimed_until) "
    "SELECT i, state, ((CASE WHEN urgent = 1 THEN 0 ELSE 4 END + level) * 2048 + 1999 - points) * 1099511627776 + $1 + i, level, points, "
    "urgent, a % 101, CASE WHEN b % 200 = 0 THEN 0 ELSE b % 300 + 1 END, CASE WHEN b % 200 = 0 THEN 2 ELSE 1 END, "
    "CASE WHEN c % 1000 < 3 THEN 7 WHEN c % 1000 = 3 THEN 2 WHEN c % 100000 = 4 THEN 3 ELSE 1 END, CASE WHEN c % 97 = 0 THEN 1 ELSE 0 END, "
    "($1 + i) * 1000000, 1, CASE WHEN a % 8 = 0 THEN 1 ELSE 0 END, "
    "CASE WHEN a % 8 = 0 OR c % 97 = 0 OR state = 9 THEN 0 ELSE 1 END, 0, CASE WHEN a % 8 = 0 THEN b % 5000 + 1 END, 1, "
    "CASE WHEN state = 6 THEN 950 + b % 40 END, CASE WHEN state = 6 THEN $1 END FROM ("
    "SELECT i, a, b, c, CASE WHEN a % 10 < 7 THEN 9 WHEN b % 5000 = 0 THEN 6 ELSE 5 END AS state, "
    "CASE WHEN c % 2000 = 0 THEN 1 ELSE 0 END AS urgent, CASE WHEN c % 2000 = 0 OR c % 200 = 1 THEN 1 WHEN c % 3 = 0 THEN 2 ELSE 3 END AS level, "
    "b % 2000 AS points FROM (SELECT i, " PL_BENCH_MIX("48271") " AS a, " PL_BENCH_MIX("69621") " AS b, " PL_BENCH_MIX("16807") " AS c "
    "FROM (WITH RECURSIVE n(i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $3) SELECT i FROM n) AS numbers) "
    "AS mixed) AS made"};
constexpr store::Statement kAnalyse{"bench.analyse", "ANALYZE triage_tips"};

template <class T>
T Must(Result<T> result, const char* what) {
  if (!result.ok()) {
    std::fprintf(stderr, "queue_bench: %s: %s %s\n", what, result.error().public_text.c_str(), result.error().operator_text.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// The indexes of the table, as its migration makes them.
std::vector<std::string> IndexTexts() {
  std::vector<std::string> texts;
  for (const store::Migration& migration : triage::Migrations()) {
    std::string_view rest = migration.sql;
    for (auto at = rest.find("CREATE INDEX triage_tips_"); at != std::string_view::npos; at = rest.find("CREATE INDEX triage_tips_")) {
      rest.remove_prefix(at);
      texts.emplace_back(rest.substr(0, rest.find(';')));
      rest.remove_prefix(12);
    }
  }
  return texts;
}

Result<void> Do(store::Database& database, const std::string& sql) {
  // Statements must live as long as the process.
  static std::vector<std::unique_ptr<std::string>> texts;
  static std::vector<std::unique_ptr<store::Statement>> statements;
  texts.push_back(std::make_unique<std::string>(sql));
  statements.push_back(std::make_unique<store::Statement>(store::Statement{"bench.do", texts.back()->c_str()}));
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(*statements.back()));
    return {};
  });
}

void Fill(store::Database& database, std::int64_t rows) {
  const std::vector<std::string> indexes = IndexTexts();
  for (const std::string& text : indexes) Must(Do(database, "DROP INDEX " + text.substr(13, text.find(' ', 13) - 13)), "drop index");
  for (std::int64_t from = 1; from <= rows; from += kRowsPerUnit) {
    const std::int64_t to = std::min(rows, from + kRowsPerUnit - 1);
    const auto fill = [&](store::WriteTransaction& transaction) { return transaction.Execute(kFill, kStart, from, to); };
    Must(database.Write(fill), "fill");
    std::printf("\r%lld rows", static_cast<long long>(to));
    std::fflush(stdout);
  }
  for (const std::string& text : indexes) Must(Do(database, text), "make index");
  Must(database.Write([](store::WriteTransaction& transaction) { return transaction.Execute(kAnalyse); }), "analyse");
  std::printf("\n");
}

struct Question {
  std::string name;
  triage::QueueOrder order = triage::QueueOrder::kPriority;
  std::function<triage::QueueFilter(synthetic::Dice&)> make;
};

std::vector<Question> Questions(std::int64_t rows) {
  using triage::QueueFilter;
  std::vector<std::pair<std::string, std::function<void(QueueFilter&, synthetic::Dice&)>>> filters = {
      {"no filter", [](QueueFilter&, synthetic::Dice&) {}},
      {"urgent", [](QueueFilter& one, synthetic::Dice&) { one.urgent = true; }},
      {"level 1", [](QueueFilter& one, synthetic::Dice&) { one.level = 1; }},
      {"level 3", [](QueueFilter& one, synthetic::Dice&) { one.level = 3; }},
      {"enticement", [](QueueFilter& one, synthetic::Dice&) { one.incident_type = tipline::IncidentType::kEnticement; }},
      {"sex tourism", [](QueueFilter& one, synthetic::Dice&) { one.incident_type = tipline::IncidentType::kSexTourism; }},
      {"public", [](QueueFilter& one, synthetic::Dice&) { one.source = tipline::ReportSource::kPublic; }},
      {"a platform", [](QueueFilter& one, synthetic::Dice& dice) { one.organisation = dice.Between(1, 300); }},
      {"in review", [](QueueFilter& one, synthetic::Dice&) { one.state = tipline::ReportState::kInReview; }},
      {"mine", [](QueueFilter& one, synthetic::Dice& dice) { one.claimed_by = dice.Between(950, 989); }},
      {"nobody's", [](QueueFilter& one, synthetic::Dice&) { one.claimed = false; }},
      {"bundled leads", [](QueueFilter& one, synthetic::Dice&) { one.bundled = true; }},
      {"complete below 5", [](QueueFilter& one, synthetic::Dice&) { one.completeness_below = 5; }},
      {"of a day", [rows](QueueFilter& one, synthetic::Dice& dice) {
         const std::int64_t from = kStart + dice.Between(0, std::max<std::int64_t>(1, rows - 86'400));
         one.received_from = Instant{from * 1'000'000};
         one.received_to = Instant{(from + 86'400) * 1'000'000};
       }},
      {"nothing matches", [](QueueFilter& one, synthetic::Dice& dice) {
         one.organisation = dice.Between(1, 300);
         one.bundled = true;
         one.completeness_below = 1;
         one.urgent = true;
       }}};
  std::vector<Question> questions;
  for (const auto& [order, word] : {std::pair{triage::QueueOrder::kPriority, "priority"}, std::pair{triage::QueueOrder::kNewest, "newest"},
                                    std::pair{triage::QueueOrder::kOldest, "oldest"}}) {
    for (const auto& [name, set] : filters) {
      const auto make = [set](synthetic::Dice& dice) {
        QueueFilter filter;
        set(filter, dice);
        return filter;
      };
      questions.push_back({std::string(word) + ", " + name, order, make});
    }
  }
  return questions;
}

Measurement Ask(store::Database& database, const Question& question, int runs, const Clock& clock) {
  Measurement one;
  one.name = question.name;
  synthetic::Dice dice(7);
  for (int run = 0; run < runs + 3; ++run) {
    const triage::QueueFilter filter = question.make(dice);
    const Duration begun = clock.Monotonic();
    const auto list = [&](store::ReadTransaction& transaction) { return triage::ListQueue(transaction, filter, question.order, {}, 50); };
    const triage::QueueRows rows = Must(database.Read(list), question.name.c_str());
    const Duration took{clock.Monotonic().microseconds - begun.microseconds};
    if (run < 3) continue;   // Warm.
    ++one.count;
    one.seconds += static_cast<double>(took.microseconds) / 1e6;
    one.latencies.Add(took);
    one.note = std::to_string(rows.items.size()) + " rows" + (rows.complete ? "" : ", stopped at its budget");
  }
  return one;
}

int Run(Options& options) {
  const std::string work = options.Text("work", "");
  const std::string postgres = options.Text("postgres", "");
  const auto rows = static_cast<std::int64_t>(options.Number("rows", 1'000'000));
  const int runs = static_cast<int>(options.Number("runs", 60));
  const std::string json = options.Text("json", "");
  options.RefuseOthers();
  const Place place = Must(postgres.empty() ? Place::OnDisk(work, Rows::kNew) : Place::OnServer(postgres, "", Rows::kNew), "place");
  std::vector<Measurement> measurements;
  {
    const auto database = Must(place.Open(), "open");
    std::vector<store::Migration> all = tipline::Migrations();
    for (const auto& some : {jobs::Migrations(), audit::Migrations(), triage::Migrations()}) all.insert(all.end(), some.begin(), some.end());
    Must(database->Migrate(all), "migrate");
    Fill(*database, rows);
    Must(place.Vacuum(), "vacuum");
    const SystemClock clock;
    for (const Question& question : Questions(rows)) measurements.push_back(Ask(*database, question, runs, clock));
  }
  Must(place.Remove(), "remove");
  return Publish(measurements, json) ? 0 : 1;
}

}  // namespace
}  // namespace porchlight::bench

int main(int count, char** values) {
  porchlight::bench::Options options(count, values, porchlight::bench::kUsage);
  return porchlight::bench::Run(options);
}
