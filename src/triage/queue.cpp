#include "triage/queue.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "triage/rules.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

// What waits for a person; the partial indexes hold exactly this.
#define PL_TRIAGE_WAITING "waiting = 1"
#define PL_TRIAGE_FILTERED "level, urgent, incident_type, source, organisation, state, claimed_by, bundle, completeness, received_at"

// $1, $2 the cursor, $3 what the index is asked for, $4 the budget; then each filter as a number that is negative when
// it is not asked for.
#define PL_TRIAGE_LIST(name, condition, after, order)                                                                    \
  store::Statement {                                                                                                     \
    "triage.queue_" name,                                                                                                \
        "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM (SELECT t.id AS found FROM (SELECT id, rank, " PL_TRIAGE_FILTERED                \
        " FROM triage_tips WHERE " condition " AND " after " ORDER BY " order " LIMIT $4) AS t "                              \
        "WHERE ($5 < 0 OR t.level = $5) AND ($6 < 0 OR t.urgent = $6) AND ($7 < 0 OR t.incident_type = $7) "                  \
        "AND ($8 < 0 OR t.source = $8) AND ($9 < 0 OR t.organisation = $9) AND ($10 < 0 OR t.state = $10) "                   \
        "AND ($11 < 0 OR CASE WHEN t.claimed_by IS NULL THEN 0 ELSE 1 END = $11) AND ($12 < 0 OR t.claimed_by = $12) "        \
        "AND ($13 < 0 OR CASE WHEN t.bundle IS NULL THEN 0 ELSE 1 END = $13) AND ($14 < 0 OR t.completeness < $14) "          \
        "AND t.received_at >= $15 AND t.received_at < $16 ORDER BY " order " LIMIT $17) AS page "                             \
        "JOIN triage_tips ON triage_tips.id = page.found ORDER BY " order                                                     \
  }
// The last row within the budget, if there are as many.
#define PL_TRIAGE_REACH(name, condition, after, order, key)                                                                   \
  store::Statement {                                                                                                     \
    "triage.reach_" name,                                                                                                \
        "SELECT " key ", id FROM triage_tips WHERE " condition " AND " after " ORDER BY " order " LIMIT 1 OFFSET $4"        \
  }

struct Way {
  store::Statement list;
  store::Statement reach;
};
#define PL_TRIAGE_WAY(name, condition, after, order, key) \
  Way { PL_TRIAGE_LIST(name, condition, after, order), PL_TRIAGE_REACH(name, condition, after, order, key) }
#define PL_TRIAGE_BY_RANK(name, condition) PL_TRIAGE_WAY(name, condition, "(rank, id) > ($1, $2)", "rank, id", "rank")
#define PL_TRIAGE_NEWEST(name, condition) \
  PL_TRIAGE_WAY(name, condition, "(received_at, id) < ($1, $2)", "received_at DESC, id DESC", "received_at")
#define PL_TRIAGE_OLDEST(name, condition) PL_TRIAGE_WAY(name, condition, "(received_at, id) > ($1, $2)", "received_at, id", "received_at")

constexpr Way kByRank = PL_TRIAGE_BY_RANK("rank", PL_TRIAGE_WAITING " AND id <> $3");
constexpr Way kByOrganisation = PL_TRIAGE_BY_RANK("organisation", PL_TRIAGE_WAITING " AND organisation = $3");
constexpr Way kByType = PL_TRIAGE_BY_RANK("type", PL_TRIAGE_WAITING " AND incident_type <> 1 AND incident_type = $3");
constexpr Way kByLead = PL_TRIAGE_BY_RANK("lead", PL_TRIAGE_WAITING " AND bundle IS NOT NULL AND id <> $3");
constexpr Way kByAnyClaim = PL_TRIAGE_BY_RANK("any_claim", PL_TRIAGE_WAITING " AND claimed_by IS NOT NULL AND id <> $3");
constexpr Way kByClaim = PL_TRIAGE_BY_RANK("claim", "claimed_by IS NOT NULL AND claimed_by = $3");
constexpr Way kNewest = PL_TRIAGE_NEWEST("newest", PL_TRIAGE_WAITING " AND id <> $3");
constexpr Way kOldest = PL_TRIAGE_OLDEST("oldest", PL_TRIAGE_WAITING " AND id <> $3");
constexpr Way kAllByRank = PL_TRIAGE_BY_RANK("all_rank", "id <> $3");
// Numbers are given in the order of receipt.
constexpr Way kAllNewest =
    PL_TRIAGE_WAY("all_newest", "id <> $3", "id < $2 AND CAST($1 AS BIGINT) IS NOT NULL", "id DESC", "received_at");
constexpr Way kAllOldest = PL_TRIAGE_WAY("all_oldest", "id <> $3", "id > $2 AND CAST($1 AS BIGINT) IS NOT NULL", "id", "received_at");

constexpr store::Statement kMembers{
    "triage.bundle_members",
    "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE bundle = $1 AND bundle IS NOT NULL AND id > $2 ORDER BY id LIMIT $3"};
constexpr store::Statement kCountRange{
    "triage.count_range",
    "SELECT COUNT(*) FROM (SELECT 1 FROM triage_tips WHERE " PL_TRIAGE_WAITING " AND rank >= $1 AND rank < $2 LIMIT $3) AS counted"};
constexpr store::Statement kCountClaimed{
    "triage.count_claimed", "SELECT COUNT(*) FROM (SELECT 1 FROM triage_tips WHERE claimed_by IS NOT NULL LIMIT $1) AS counted"};
constexpr store::Statement kOldestUrgent{
    "triage.oldest_urgent",
    "SELECT MIN(received_at) FROM (SELECT received_at FROM triage_tips WHERE " PL_TRIAGE_WAITING
    " AND rank >= $1 AND rank < $2 AND claimed_by IS NULL ORDER BY rank LIMIT $3) AS urgent_ones"};
constexpr store::Statement kOldestWaiting{
    "triage.oldest_waiting", "SELECT received_at FROM triage_tips WHERE " PL_TRIAGE_WAITING " ORDER BY received_at LIMIT 1"};

struct Chosen {
  const Way* way = &kByRank;
  std::int64_t key = 0;
};

Chosen Choose(const QueueFilter& filter, QueueOrder order) {
  switch (order) {
    case QueueOrder::kNewest: return {filter.everything ? &kAllNewest : &kNewest, 0};
    case QueueOrder::kOldest: return {filter.everything ? &kAllOldest : &kOldest, 0};
    case QueueOrder::kPriority: break;
  }
  if (filter.everything) return {&kAllByRank, 0};
  if (filter.claimed_by) return {&kByClaim, *filter.claimed_by};
  // Whoever reviews a report has claimed it.
  if (filter.claimed == true || filter.state == tipline::ReportState::kInReview) return {&kByAnyClaim, 0};
  if (filter.source == tipline::ReportSource::kPublic && !filter.organisation) return {&kByOrganisation, 0};
  if (filter.incident_type && *filter.incident_type != tipline::IncidentType::kCsam) {
    return {&kByType, static_cast<std::int64_t>(*filter.incident_type)};
  }
  if (filter.organisation) return {&kByOrganisation, *filter.organisation};
  if (filter.bundled == true) return {&kByLead, 0};
  return {&kByRank, 0};
}

template <class T>
std::int64_t Asked(const std::optional<T>& filter) {
  return filter ? static_cast<std::int64_t>(*filter) : -1;
}

std::vector<store::Value> Parameters(const QueueFilter& filter, const QueueCursor& at, std::int64_t key, std::int64_t budget, int rows) {
  std::vector<store::Value> values;
  for (const std::int64_t one :
       {at.rank, at.id, key, budget, Asked(filter.level), Asked(filter.urgent), Asked(filter.incident_type), Asked(filter.source),
        Asked(filter.organisation), Asked(filter.state), Asked(filter.claimed), Asked(filter.claimed_by), Asked(filter.bundled),
        Asked(filter.completeness_below), filter.received_from.value_or(Instant{0}).microseconds,
        filter.received_to.value_or(Instant{std::numeric_limits<std::int64_t>::max()}).microseconds, static_cast<std::int64_t>(rows)}) {
    values.emplace_back(one);
  }
  return values;
}

QueueCursor StartOf(QueueOrder order) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return order == QueueOrder::kNewest ? QueueCursor{kMost, kMost} : QueueCursor{-1, 0};
}

QueueCursor CursorAt(const Tip& tip, QueueOrder order) {
  return {order == QueueOrder::kPriority ? tip.rank : tip.received_at.microseconds, tip.id.value};
}

// The ranks of one standing: [first, second).
std::pair<std::int64_t, std::int64_t> RanksOf(int level, bool urgent) {
  const std::int64_t from = RankOf({level, kPointsMax, urgent}, Instant{0});
  return {from, from + (std::int64_t{2048} << 40)};
}

QueueCursor SkipToTime(const QueueFilter& filter, QueueOrder order, QueueCursor at) {
  if (filter.everything) return at;
  if (order == QueueOrder::kNewest && filter.received_to && at.rank > filter.received_to->microseconds) {
    return {filter.received_to->microseconds, 0};
  }
  if (order == QueueOrder::kOldest && filter.received_from && at.rank < filter.received_from->microseconds) {
    return {filter.received_from->microseconds, 0};
  }
  return at;
}

// Past the last row that a span of time lets through.
bool IsPast(const QueueFilter& filter, QueueOrder order, const QueueCursor& at) {
  if (filter.everything || order == QueueOrder::kPriority) return false;
  if (order == QueueOrder::kNewest) return filter.received_from && at.rank < filter.received_from->microseconds;
  return filter.received_to && at.rank >= filter.received_to->microseconds;
}

// Ranks are sorted by what people filter most: a walk need not pass what a filter rules out as a whole.
QueueCursor SkipTo(const QueueFilter& filter, QueueOrder order, QueueCursor at) {
  if (order != QueueOrder::kPriority) return SkipToTime(filter, order, at);
  if (!filter.level && !filter.urgent) return at;
  for (const bool urgent : {true, false}) {
    for (int level = kLevelFirst; level <= kLevelLast; ++level) {
      if (filter.level.value_or(level) != level || filter.urgent.value_or(urgent) != urgent) continue;
      const auto [from, to] = RanksOf(level, urgent);
      if (at.rank < from) return {from - 1, std::numeric_limits<std::int64_t>::max()};
      if (at.rank < to) return at;
    }
  }
  return at;
}

}  // namespace

std::string CursorText(const QueueCursor& cursor) { return std::to_string(cursor.rank) + "." + std::to_string(cursor.id); }

std::optional<QueueCursor> ParseCursor(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> rank = ParseInteger(text.substr(0, dot));
  const std::optional<std::int64_t> id = ParseInteger(text.substr(dot + 1));
  if (!rank || !id) return std::nullopt;
  return QueueCursor{*rank, *id};
}

Result<QueueRows> ListQueue(store::ReadTransaction& transaction, const QueueFilter& filter, QueueOrder order,
                            std::optional<QueueCursor> after, int count_max, std::int64_t budget) {
  const auto rows_max = static_cast<std::size_t>(std::max(1, count_max));
  const Chosen chosen = Choose(filter, order);
  QueueCursor at = after.value_or(StartOf(order));
  QueueRows page;
  // In steps that grow: most pages are full after the first.
  for (std::int64_t step = 2 * static_cast<std::int64_t>(rows_max + 1); budget > 0; step *= 8) {
    step = std::min(step, budget);
    at = SkipTo(filter, order, at);
    const int wanted = static_cast<int>(rows_max + 1 - page.items.size());
    bool more = false;
    PL_TRY(transaction.Each(chosen.way->list, Parameters(filter, at, chosen.key, step, wanted), [&](store::Row&& row) {
      more = page.items.size() == rows_max;
      if (!more) page.items.push_back(rows::ReadTip(row));
      return !more;
    }));
    if (more) {
      page.next = CursorAt(page.items.back(), order);
      return page;
    }
    const std::optional<store::Row> reach = PL_TRY(transaction.First(chosen.way->reach, at.rank, at.id, chosen.key, step - 1));
    if (!reach) return page;
    at = {reach->Integer(0), reach->Integer(1)};
    if (IsPast(filter, order, at)) return page;
    budget -= step;
  }
  page.complete = false;
  page.next = at;
  return page;
}

Result<std::vector<Tip>> ListMembers(store::ReadTransaction& transaction, BundleId bundle, std::int64_t after, int count_max) {
  std::vector<Tip> members;
  for (const store::Row& row : PL_TRY(transaction.All(kMembers, bundle, after, count_max))) members.push_back(rows::ReadTip(row));
  return members;
}

Result<QueueCounts> CountQueue(store::ReadTransaction& transaction) {
  QueueCounts counts;
  for (const bool urgent : {true, false}) {
    for (int level = kLevelFirst; level <= kLevelLast; ++level) {
      const auto [from, to] = RanksOf(level, urgent);
      const std::optional<store::Row> row = PL_TRY(transaction.First(kCountRange, from, to, kCountMax));
      const std::int64_t tips = row ? row->Integer(0) : 0;
      if (!urgent || tips > 0) counts.standing.push_back({level, urgent, tips});
    }
  }
  const std::optional<store::Row> claimed = PL_TRY(transaction.First(kCountClaimed, kCountMax));
  if (claimed) counts.claimed = claimed->Integer(0);
  const std::optional<store::Row> urgent =
      PL_TRY(transaction.First(kOldestUrgent, RanksOf(kLevelFirst, true).first, RanksOf(kLevelLast, true).second, kCountMax));
  if (urgent) counts.oldest_urgent = urgent->OptionalTime(0);
  const std::optional<store::Row> oldest = PL_TRY(transaction.First(kOldestWaiting));
  if (oldest) counts.oldest = oldest->Time(0);
  return counts;
}

std::vector<PlannedStatement> QueueStatements() {
  std::vector<PlannedStatement> all;
  const auto add = [&](const Way& way, std::string_view index) {
    all.push_back({way.list, index});
    all.push_back({way.reach, index});
  };
  add(kByRank, "triage_tips_queue");
  add(kByOrganisation, "triage_tips_organisation");
  add(kByType, "triage_tips_type");
  add(kByLead, "triage_tips_leads");
  add(kByAnyClaim, "triage_tips_in_review");
  add(kByClaim, "triage_tips_claimed");
  add(kNewest, "triage_tips_waiting");
  add(kOldest, "triage_tips_waiting");
  add(kAllByRank, "triage_tips_rank");
  all.push_back({kMembers, "triage_tips_bundle"});
  all.push_back({kCountRange, "triage_tips_queue"});
  all.push_back({kOldestUrgent, "triage_tips_queue"});
  all.push_back({kOldestWaiting, "triage_tips_waiting"});
  return all;
}

}  // namespace porchlight::triage
