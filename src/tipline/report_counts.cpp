#include <algorithm>

#include "tipline/report_store.h"

// Sums for the console and the check that recounts.
namespace porchlight::tipline {

namespace {

constexpr std::int64_t kDayMicroseconds = 86'400'000'000;
constexpr std::int64_t kLiveDays = 3;                 // Reports still move between states within these.
constexpr Duration kOldDaysKept = Duration::Minutes(1);

constexpr store::Statement kSums{
    "tipline.sum_counters",
    "SELECT source, incident_type, state, CAST(SUM(reports) AS BIGINT) FROM tipline_counters "
    "WHERE day >= $1 AND day < $2 AND counted = 1 GROUP BY source, incident_type, state"};

constexpr store::Statement kRecount{
    "tipline.recount",
    "SELECT day, organisation, source, incident_type, state, counted, CAST(SUM(kept) AS BIGINT), CAST(SUM(found) AS BIGINT) FROM ("
    "SELECT day, organisation, source, incident_type, state, counted, reports AS kept, 0 AS found FROM tipline_counters UNION ALL "
    "SELECT received_at / 86400000000, organisation, source, incident_type, state, counted, 0, 1 FROM tipline_reports) AS sides "
    "GROUP BY day, organisation, source, incident_type, state, counted HAVING SUM(kept) <> SUM(found) ORDER BY 1, 2, 3, 4, 5, 6"};

template <class E>
void AddNamed(std::vector<CountRow>& rows, E value, std::int64_t count) {
  const std::string_view name = NameOf(value);
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const CountRow& row) { return row.name == name; });
  if (found != rows.end()) found->count += count;
}

template <class E>
std::vector<CountRow> AllZero() {
  std::vector<CountRow> rows;
  for (const auto& one : EnumNames<E>::kAll) rows.push_back({std::string(one.second), 0});
  return rows;
}

}  // namespace

Result<CountReader::Sums> CountReader::Sum(std::int64_t from_day, std::int64_t to_day) {
  const std::vector<store::Row> rows = PL_TRY(database_.Read(
      [&](store::ReadTransaction& transaction) { return transaction.All(kSums, from_day, to_day); }));
  Sums sums;
  for (const store::Row& row : rows) sums[{row.Integer(0), row.Integer(1), row.Integer(2)}] += row.Integer(3);
  return sums;
}

// Summing the days that are over takes a second or two at tens of millions of reports: one caller does it, outside the
// lock, while all others are served the sums of a minute ago.
Result<CountReader::Sums> CountReader::OldDays(std::int64_t end, Duration now) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto stale = [&] { return now.microseconds - old_days_read_at_.microseconds >= kOldDaysKept.microseconds; };
    // Sums that end on another day cannot be served at all: then everybody waits for the one.
    summed_.wait(lock, [&] { return old_days_end_ == end || !summing_; });
    if (old_days_end_ == end && (summing_ || !stale())) return old_days_;
    summing_ = true;
  }
  Result<Sums> sums = Sum(0, end);
  const std::lock_guard lock(mutex_);
  summing_ = false;
  if (sums.ok()) {
    old_days_ = *sums;
    old_days_end_ = end;
    old_days_read_at_ = now;
  }
  summed_.notify_all();
  return sums;
}

Result<ReportCounts> CountReader::Read() {
  constexpr std::int64_t kNever = 1'000'000'000;
  const std::int64_t today = clock_.Now().microseconds / kDayMicroseconds;
  const Duration now = clock_.Monotonic();
  Sums sums = PL_TRY(OldDays(today - kLiveDays, now));
  for (const auto& [key, count] : PL_TRY(Sum(today - kLiveDays, kNever))) sums[key] += count;
  ReportCounts counts;
  counts.by_state = AllZero<ReportState>();
  counts.by_incident_type = AllZero<IncidentType>();
  counts.by_source = AllZero<ReportSource>();
  for (const auto& [key, count] : sums) {
    counts.total += count;
    AddNamed(counts.by_state, static_cast<ReportState>(key.state), count);
    AddNamed(counts.by_incident_type, static_cast<IncidentType>(key.incident_type), count);
    AddNamed(counts.by_source, static_cast<ReportSource>(key.source), count);
  }
  for (const auto& [key, count] : PL_TRY(Sum(today, today + 1))) counts.today += count;
  return counts;
}

Result<std::vector<std::string>> RecountProblems(store::ReadTransaction& transaction) {
  std::vector<std::string> problems;
  for (const store::Row& row : PL_TRY(transaction.All(kRecount))) {
    problems.push_back("day " + std::to_string(row.Integer(0)) + ", organisation " + std::to_string(row.Integer(1)) + ", source " +
                       std::to_string(row.Integer(2)) + ", type " + std::to_string(row.Integer(3)) + ", state " +
                       std::to_string(row.Integer(4)) + ", counted " + std::to_string(row.Integer(5)) + ": the counter says " +
                       std::to_string(row.Integer(6)) + ", the rows are " + std::to_string(row.Integer(7)));
  }
  return problems;
}

}  // namespace porchlight::tipline
