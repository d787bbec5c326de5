#include <algorithm>
#include <array>
#include <limits>

#include "tipline/intake_rows.h"
#include "tipline/report_store.h"

// Lists over tens of millions of rows. One request walks one index backwards, at most a budget of its rows, and tests
// the other filters on what it meets; an index over what is rare is preferred to the walk over all ids.
namespace porchlight::tipline {

namespace rows {
ReportRow ReportRowOf(const store::Row& row);
}

namespace {

// $1 below this id, $2 not below this one, $3 what the index is asked for, $4 the budget; then each filter as a number
// that is negative when it is not asked for.
#define PL_TIPLINE_LIST(name, condition)                                                                                  \
  store::Statement {                                                                                                      \
    "tipline.list_" name,                                                                                                 \
        "SELECT * FROM (SELECT id, state, source, incident_type, organisation, received_at, finished_at, incident_at, "   \
        "urgent, batched, counted, files, findings, same_bytes_as FROM tipline_reports "                                  \
        "WHERE id < $1 AND id >= $2 AND " condition " ORDER BY id DESC LIMIT $4) AS r "                                   \
        "WHERE ($5 < 0 OR r.state = $5) AND ($6 < 0 OR r.incident_type = $6) AND ($7 < 0 OR r.source = $7) "              \
        "AND ($8 < 0 OR r.organisation = $8) AND ($9 < 0 OR r.urgent = $9) "                                              \
        "AND ($10 < 0 OR CASE WHEN r.counted = 2 THEN 1 ELSE 0 END = $10) AND ($11 < 0 OR r.batched = $11) "              \
        "AND ($12 < 0 OR CASE WHEN r.findings > 0 THEN 1 ELSE 0 END = $12) "                                              \
        "AND ($13 < 0 OR CASE WHEN r.files > 0 THEN 1 ELSE 0 END = $13) AND r.received_at >= $14 AND r.received_at < $15 " \
        "ORDER BY r.id DESC LIMIT $16"                                                                                    \
  }
#define PL_TIPLINE_REACH(name, condition)                                                                            \
  store::Statement {                                                                                                 \
    "tipline.reach_" name,                                                                                           \
        "SELECT COUNT(*), MIN(id) FROM (SELECT id FROM tipline_reports WHERE id < $1 AND id >= $2 AND " condition    \
        " ORDER BY id DESC LIMIT $4) AS walked"                                                                      \
  }

struct Way {
  store::Statement list;
  store::Statement reach;
};
#define PL_TIPLINE_WAY(name, condition) Way{PL_TIPLINE_LIST(name, condition), PL_TIPLINE_REACH(name, condition)}

// The constant lets the planner see that the partial index holds all that is asked for. Where the index has but the id,
// the parameter is compared with the constant and not with the row, which is then not read at all.
constexpr Way kByUrgent = PL_TIPLINE_WAY("urgent", "urgent = 1 AND CAST($3 AS BIGINT) = 1");
constexpr Way kByBatched = PL_TIPLINE_WAY("batched", "batched = 1 AND CAST($3 AS BIGINT) = 1");
constexpr Way kByTest = PL_TIPLINE_WAY("test", "counted = 2 AND CAST($3 AS BIGINT) = 1");
constexpr Way kByState = PL_TIPLINE_WAY("state", "state <> 3 AND state = $3");
constexpr Way kByType = PL_TIPLINE_WAY("incident_type", "incident_type <> 1 AND incident_type = $3");
constexpr Way kByOrganisation = PL_TIPLINE_WAY("organisation", "organisation = $3");
constexpr Way kByWalk = PL_TIPLINE_WAY("walk", "id <> $3");

constexpr store::Statement kNext{
    "tipline.next_report", "SELECT id, received_at FROM tipline_reports WHERE id >= $1 ORDER BY id LIMIT 1"};
constexpr store::Statement kReceivedAt{"tipline.received_at", "SELECT received_at FROM tipline_reports WHERE id = $1"};
constexpr store::Statement kNewest{"tipline.newest_report", "SELECT id FROM tipline_reports ORDER BY id DESC LIMIT 1"};

// Ids are given in nearly the order of the clock; the exact times are tested on the rows.
constexpr Duration kClockSkew = Duration::Minutes(10);

struct Chosen {
  const Way* way = &kByWalk;
  std::int64_t key = 0;
  std::int64_t budget = 0;
};

Chosen Choose(const ReportFilter& filter, const ListBudget& budget) {
  if (filter.urgent == true) return {&kByUrgent, 1, budget.index_rows};
  if (filter.test == true) return {&kByTest, 1, budget.index_rows};
  if (filter.batched == true) return {&kByBatched, 1, budget.index_rows};
  if (filter.state && *filter.state != ReportState::kFinished) {
    return {&kByState, static_cast<std::int64_t>(*filter.state), budget.index_rows};
  }
  if (filter.source == ReportSource::kPublic && !filter.organisation) return {&kByOrganisation, 0, budget.index_rows};
  if (filter.incident_type && *filter.incident_type != IncidentType::kCsam) {
    return {&kByType, static_cast<std::int64_t>(*filter.incident_type), budget.index_rows};
  }
  if (filter.organisation) return {&kByOrganisation, *filter.organisation, budget.index_rows};
  return {&kByWalk, 0, budget.rows_walked};
}

// The smallest id that was received at `instant` or later, by halving over the ids.
Result<std::int64_t> FirstIdFrom(store::ReadTransaction& transaction, Instant instant, std::int64_t above_newest) {
  std::int64_t low = 1;
  std::int64_t high = above_newest;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const std::optional<store::Row> row = PL_TRY(transaction.First(kNext, middle));
    if (!row || row->Integer(0) >= high) {
      high = middle;
    } else if (row->Time(1) >= instant) {
      high = middle;
    } else {
      low = row->Integer(0) + 1;
    }
  }
  return low;
}

template <class T>
std::int64_t Asked(const std::optional<T>& filter) {
  return filter ? static_cast<std::int64_t>(*filter) : -1;
}

std::vector<store::Value> Parameters(const ReportFilter& filter, const Chosen& chosen, std::int64_t below, std::int64_t floor, int rows) {
  std::vector<store::Value> values;
  for (const std::int64_t one :
       {below, floor, chosen.key, chosen.budget, Asked(filter.state), Asked(filter.incident_type), Asked(filter.source),
        Asked(filter.organisation), Asked(filter.urgent), Asked(filter.test), Asked(filter.batched), Asked(filter.has_findings),
        Asked(filter.has_files), filter.received_from.value_or(Instant{0}).microseconds,
        filter.received_to.value_or(Instant{std::numeric_limits<std::int64_t>::max()}).microseconds, static_cast<std::int64_t>(rows)}) {
    values.emplace_back(one);
  }
  return values;
}

}  // namespace

std::vector<PlannedStatement> ListStatements() {
  std::vector<PlannedStatement> all;
  const auto add = [&](const Way& way, std::string_view index) {
    all.push_back({way.list, index});
    all.push_back({way.reach, index});
  };
  add(kByUrgent, "tipline_reports_urgent");
  add(kByBatched, "tipline_reports_batched");
  add(kByTest, "tipline_reports_test");
  add(kByState, "tipline_reports_state");
  add(kByType, "tipline_reports_incident_type");
  add(kByOrganisation, "tipline_reports_organisation");
  add(kByWalk, "");
  return all;
}

Result<std::int64_t> NewestNumber(store::ReadTransaction& transaction) {
  const std::optional<store::Row> newest = PL_TRY(transaction.First(kNewest));
  return newest ? newest->Integer(0) : 0;
}

Result<ReportPage> ListReports(store::ReadTransaction& transaction, const ReportFilter& filter, std::optional<std::int64_t> before,
                               int count_max, const ListBudget& budget) {
  const int rows_max = std::clamp(count_max, 1, kPageRowsMax);
  const std::optional<store::Row> newest = PL_TRY(transaction.First(kNewest));
  ReportPage page;
  if (!newest) return page;
  std::int64_t below = std::min(before.value_or(std::numeric_limits<std::int64_t>::max()), newest->Integer(0) + 1);
  std::int64_t floor = 0;
  if (filter.received_to) {
    below = std::min(below, PL_TRY(FirstIdFrom(transaction, *filter.received_to + kClockSkew, newest->Integer(0) + 1)));
  }
  if (filter.received_from) floor = PL_TRY(FirstIdFrom(transaction, *filter.received_from - kClockSkew, newest->Integer(0) + 1));

  Chosen chosen = Choose(filter, budget);
  // In steps that grow: most pages are full after the first, and an engine that sorts what a step meets sorts little.
  std::int64_t left = chosen.budget;
  for (std::int64_t step = 2 * (rows_max + 1);; step *= 8) {
    chosen.budget = std::min(step, left);
    // One more than the page, to know whether there is a next one.
    const int wanted = rows_max + 1 - static_cast<int>(page.items.size());
    bool more = false;
    PL_TRY(transaction.Each(chosen.way->list, Parameters(filter, chosen, below, floor, wanted), [&](store::Row&& row) {
      more = page.items.size() == static_cast<std::size_t>(rows_max);
      if (!more) page.items.push_back(rows::ReportRowOf(row));
      return !more;
    }));
    if (more) {
      page.next_before = page.items.back().id.value;
      page.searched_back_to = page.items.back().received_at;
      return page;
    }
    const std::optional<store::Row> reach = PL_TRY(transaction.First(chosen.way->reach, below, floor, chosen.key, chosen.budget));
    if (!reach || reach->Integer(0) < chosen.budget) return page;  // The search came to its end.
    below = reach->Integer(1);
    left -= chosen.budget;
    if (left <= 0) break;
  }
  const std::optional<store::Row> at = PL_TRY(transaction.First(kReceivedAt, below));
  page.complete = false;
  page.next_before = below;
  if (at) page.searched_back_to = at->Time(0);
  return page;
}

}  // namespace porchlight::tipline
