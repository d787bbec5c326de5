#include "queue/filling.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/must.h"
#include "platform/audit/migrations.h"
#include "platform/jobs/migrations.h"
#include "tipline/migrations.h"
#include "triage/migrations.h"

namespace porchlight::bench {

namespace {

constexpr std::int64_t kRowsPerUnit = 500'000;

// Scrambles a number, so that neighbours share nothing; below 2^31 on both engines.
#define PL_BENCH_MIX(factor) "((i * " factor " + 12345) % 2147483647)"

constexpr store::Statement kFill{
    "bench.fill_queue",
    "INSERT INTO triage_tips (id, state, rank, level, points, urgent, completeness, organisation, source, incident_type, test, "
    "received_at, incidents, folded, waiting, pulled, bundle, scores, claimed_by, claimed_until) "
    "SELECT i, state, ((CASE WHEN urgent = 1 THEN 0 ELSE 4 END + level) * 2048 + 1999 - points) * 1099511627776 + $1 + i, level, points, "
    "urgent, a % 101, CASE WHEN b % 200 = 0 THEN 0 ELSE b % 300 + 1 END, CASE WHEN b % 200 = 0 THEN 2 ELSE 1 END, "
    "CASE WHEN c % 1000 < 3 THEN 7 WHEN c % 1000 = 3 THEN 2 WHEN c % 100000 = 4 THEN 3 ELSE 1 END, CASE WHEN c % 97 = 0 THEN 1 ELSE 0 END, "
    "($1 + i) * 1000000, 1, CASE WHEN a % 8 = 0 AND c % 100 <> $5 THEN 1 ELSE 0 END, "
    "CASE WHEN (a % 8 = 0 AND c % 100 <> $5) OR c % 97 = 0 OR state = 9 THEN 0 ELSE 1 END, 0, "
    "CASE WHEN a % 8 = 0 THEN b % $4 + 1 END, 1, "
    "CASE WHEN state = 6 THEN 950 + b % 40 END, CASE WHEN state = 6 THEN $1 END FROM ("
    "SELECT i, a, b, c, CASE WHEN a % 10 < 7 THEN 9 WHEN b % 5000 = 0 THEN 6 ELSE 5 END AS state, "
    "CASE WHEN c % 2000 = 0 THEN 1 ELSE 0 END AS urgent, "
    "CASE WHEN c % 2000 = 0 OR c % 200 = 1 THEN 1 WHEN c % 3 = 0 THEN 2 ELSE 3 END AS level, "
    "b % 2000 AS points FROM (SELECT i, " PL_BENCH_MIX("48271") " AS a, " PL_BENCH_MIX("69621") " AS b, " PL_BENCH_MIX("16807") " AS c "
    "FROM (WITH RECURSIVE n(i) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $3) SELECT i FROM n) AS numbers) "
    "AS mixed) AS made"};
constexpr store::Statement kAnalyse{"bench.analyse", "ANALYZE triage_tips"};

// The indexes of the table by their names, as its migrations leave them.
std::map<std::string, std::string> IndexTexts(std::string_view table) {
  std::map<std::string, std::string> texts;
  for (const store::Migration& migration : triage::Migrations()) {
    std::string_view rest = migration.sql;
    const std::string begins = "CREATE INDEX " + std::string(table) + "_";
    for (auto at = rest.find(begins); at != std::string_view::npos; at = rest.find(begins)) {
      rest.remove_prefix(at);
      const std::string text(rest.substr(0, rest.find(';')));
      texts[text.substr(13, text.find(' ', 13) - 13)] = text;
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

}  // namespace

std::vector<store::Migration> TriageMigrations() {
  std::vector<store::Migration> all = tipline::Migrations();
  for (const auto& some : {jobs::Migrations(), audit::Migrations(), triage::Migrations()}) all.insert(all.end(), some.begin(), some.end());
  return all;
}

void WithoutIndexes(store::Database& database, std::string_view table, const std::function<void()>& fill) {
  const std::map<std::string, std::string> indexes = IndexTexts(table);
  for (const auto& [name, text] : indexes) Must(Do(database, "DROP INDEX " + name), "drop index");
  fill();
  for (const auto& [name, text] : indexes) Must(Do(database, text), "make index");
}

void FillTips(store::Database& database, std::int64_t from, std::int64_t to, std::int64_t bundles, bool leads) {
  const std::int64_t lead = leads ? 50 : -1;
  WithoutIndexes(database, "triage_tips", [&] {
    for (std::int64_t first = from; first <= to; first += kRowsPerUnit) {
      const std::int64_t last = std::min(to, first + kRowsPerUnit - 1);
      const auto fill = [&](store::WriteTransaction& transaction) {
        return transaction.Execute(kFill, kTipsStart, first, last, bundles, lead);
      };
      Must(database.Write(fill), "fill");
      std::printf("\r%lld rows", static_cast<long long>(last - from + 1));
      std::fflush(stdout);
    }
    std::printf("\n");
  });
}

void Analyse(store::Database& database) {
  Must(database.Write([](store::WriteTransaction& transaction) { return transaction.Execute(kAnalyse); }), "analyse");
}

}  // namespace porchlight::bench
