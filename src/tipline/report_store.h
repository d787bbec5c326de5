#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/views.h"

// Reading reports: lists, one report, receipts, counts.
namespace porchlight::tipline {

// What a list is narrowed by; every filter may stand with every other.
struct ReportFilter {
  std::optional<ReportState> state;
  std::optional<IncidentType> incident_type;
  std::optional<ReportSource> source;
  std::optional<std::int64_t> organisation;
  std::optional<bool> urgent;
  std::optional<bool> test;
  std::optional<bool> batched;
  std::optional<bool> has_findings;
  std::optional<bool> has_files;
  std::optional<Instant> received_from;   // Inclusive.
  std::optional<Instant> received_to;     // Exclusive.
};

// How much one request may look at, so that every combination of filters answers in bounded time at any size. When
// the budget ends before the page is full the page says so and where to go on.
struct ListBudget {
  std::int64_t rows_walked = 20'000;      // Backwards over the ids.
  std::int64_t index_rows = 5'000;        // Through one of the indexes over what is rare.
};
inline constexpr int kPageRowsMax = 200;

// Newest first. `before`: only ids below it; absent: from the newest.
Result<ReportPage> ListReports(store::ReadTransaction& transaction, const ReportFilter& filter, std::optional<std::int64_t> before,
                               int count_max, const ListBudget& budget);

// Every statement that walks for a list, with the index it is meant to walk (empty: the primary key). For the test of
// their plans.
struct PlannedStatement {
  store::Statement statement;
  std::string_view index;
};
std::vector<PlannedStatement> ListStatements();

// For lists of every platform: names by organisation.
using OrganisationNames = std::function<std::string(std::int64_t organisation)>;

// Errors: kNotFound.
Result<ReportRow> FindReport(store::ReadTransaction& transaction, ReportId id);
// The highest number given to a report so far, or 0.
Result<std::int64_t> NewestNumber(store::ReadTransaction& transaction);
Result<Receipt> FindReceipt(store::ReadTransaction& transaction, ReportId id);
Result<std::vector<FileView>> ListFiles(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id);
// The audit trail of the report's own life, oldest first.
Result<std::vector<TimelineEntry>> TimelineOf(store::ReadTransaction& transaction, ReportId id);

struct Original {
  std::string bytes;
  std::string sha256;                     // Raw; checked against the bytes.
  Instant received_at;
};
// The submitted document, byte for byte. `place` 0 is the report. Errors: kNotFound (also when purged), kCorrupt.
Result<Original> FindOriginal(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id, std::int64_t place);

// Everything of one report, as views.h describes it.
Result<ReportDetail> FindDetail(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id);

// Sums of the counters. Days that are over change little: their sums are kept for a minute. Thread-safe.
class CountReader {
 public:
  CountReader(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  Result<ReportCounts> Read();

 private:
  struct Key {
    std::int64_t source = 0;
    std::int64_t incident_type = 0;
    std::int64_t state = 0;
    auto operator<=>(const Key&) const = default;
  };
  using Sums = std::map<Key, std::int64_t>;
  Result<Sums> Sum(std::int64_t from_day, std::int64_t to_day);
  Result<Sums> OldDays(std::int64_t end, Duration now);

  store::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable summed_;
  bool summing_ = false;                    // Some caller is at it.
  Sums old_days_;
  std::int64_t old_days_end_ = 0;
  Duration old_days_read_at_;
};

// Counts the rows anew and compares: each line names a counter and both numbers. Empty: all hold. Reads every row.
Result<std::vector<std::string>> RecountProblems(store::ReadTransaction& transaction);

}  // namespace porchlight::tipline
