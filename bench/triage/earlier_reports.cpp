#include "triage/earlier_reports.h"

#include <algorithm>

#include "common/must.h"
#include "queue/filling.h"

namespace porchlight::bench {

namespace {

constexpr std::int64_t kSharedMax = 200;

// $1 to $2 in steps of $3.
#define PL_BENCH_NUMBERS \
  "(WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + $3 FROM n WHERE i + $3 <= $2) SELECT i FROM n) AS numbers"
// Spread over all keys there can be, none twice.
#define PL_BENCH_KEY(factor) "((i * " factor " + 12345) % 2147483647) * 4294967296 + i % 4294967296"

// Sorted by their key, so that filling is not what takes the time.
constexpr store::Statement kLinks{
    "bench.links", "INSERT INTO triage_links (key, report, organisation) SELECT k, i, i % 40 + 1 FROM (SELECT "
                   PL_BENCH_KEY("48271") " AS k, i FROM " PL_BENCH_NUMBERS
                   " UNION ALL SELECT " PL_BENCH_KEY("69621") ", i FROM " PL_BENCH_NUMBERS
                   " UNION ALL SELECT " PL_BENCH_KEY("16807") ", i FROM " PL_BENCH_NUMBERS ") AS made ORDER BY k"};
constexpr store::Statement kItems{
    "bench.items", "INSERT INTO triage_items (key, person, report, people, viral) SELECT k, k * held, i * held, 1 - held, 0 "
                   "FROM (SELECT " PL_BENCH_KEY("39373") " AS k, i FROM " PL_BENCH_NUMBERS ") AS made, "
                   "(SELECT 0 AS held UNION ALL SELECT 1) AS both_rows ORDER BY k, held"};
constexpr store::Statement kSharedLink{
    "bench.shared_link", "INSERT INTO triage_links (key, report, organisation) SELECT $4, i, i % 40 + 1 FROM " PL_BENCH_NUMBERS};
constexpr store::Statement kSharedItem{
    "bench.shared_item", "INSERT INTO triage_items (key, person, report, people, viral) SELECT $4, "
                         PL_BENCH_KEY("39373") ", i, 0, 0 FROM " PL_BENCH_NUMBERS};
constexpr store::Statement kMorePeople{"bench.more_people", "UPDATE triage_items SET people = people + $1 WHERE key = $2 AND report = 0"};

constexpr store::Statement kFindLinks{
    "bench.find_links", "SELECT key FROM triage_links GROUP BY key HAVING COUNT(*) >= 3 ORDER BY COUNT(*) DESC, key LIMIT $1"};
constexpr store::Statement kFindItems{
    "bench.find_items", "SELECT key FROM triage_items WHERE viral = 1 ORDER BY people DESC, key LIMIT $1"};
constexpr store::Statement kCountBundles{"bench.count_bundles", "SELECT MAX(id) FROM triage_bundles"};

// The numbers from `from` to `to` that leave `place` when divided by `step`: their first.
std::int64_t FirstOf(std::int64_t from, std::int64_t place, std::int64_t step) { return from + (place - from % step + step) % step; }

}  // namespace

SharedKeys FindSharedKeys(store::Database& database) {
  const auto read = [](store::ReadTransaction& transaction) -> Result<SharedKeys> {
    SharedKeys shared;
    for (const store::Row& row : PL_TRY(transaction.All(kFindLinks, kSharedMax))) shared.links.push_back(row.Integer(0));
    for (const store::Row& row : PL_TRY(transaction.All(kFindItems, kSharedMax))) shared.items.push_back(row.Integer(0));
    const std::optional<store::Row> last = PL_TRY(transaction.First(kCountBundles));
    if (last) shared.bundles = last->OptionalInteger(0).value_or(0);
    return shared;
  };
  return Must(database.Read(read), "shared keys");
}

void AddEarlierReports(store::Database& database, const SharedKeys& shared, std::int64_t from, std::int64_t to) {
  FillTips(database, from, to, std::max<std::int64_t>(shared.bundles, 1), false);
  constexpr std::int64_t kEach = 1;
  WithoutIndexes(database, "triage_links", [&] {
    const auto fill = [&](store::WriteTransaction& transaction) -> Result<void> {
      for (const store::Statement& statement : {kLinks, kItems}) PL_TRY(transaction.Execute(statement, from, to, kEach));
      const auto links = static_cast<std::int64_t>(shared.links.size());
      for (std::int64_t place = 0; place < links; ++place) {
        const std::int64_t step = 100 * links;
        PL_TRY(transaction.Execute(kSharedLink, FirstOf(from, place, step), to, step, shared.links[static_cast<std::size_t>(place)]));
      }
      const auto items = static_cast<std::int64_t>(shared.items.size());
      for (std::int64_t place = 0; place < items; ++place) {
        const std::int64_t step = 10 * items;
        const std::int64_t key = shared.items[static_cast<std::size_t>(place)];
        const std::int64_t added = PL_TRY(transaction.Execute(kSharedItem, FirstOf(from, place, step), to, step, key));
        PL_TRY(transaction.Execute(kMorePeople, added, key));
      }
      return {};
    };
    Must(database.Write(fill), "earlier reports");
  });
}

}  // namespace porchlight::bench
