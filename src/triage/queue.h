#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/database.h"
#include "triage/tip.h"

// The analysts' queue: lists over tens of millions of rows, each within a budget of rows looked at.
namespace porchlight::triage {

enum class QueueOrder : std::uint8_t { kPriority = 1, kNewest = 2, kOldest = 3 };

struct QueueFilter {
  bool everything = false;                      // Also what is folded under another, is test traffic, or waits for nobody any more.
  std::optional<int> level;
  std::optional<bool> urgent;
  std::optional<tipline::IncidentType> incident_type;
  std::optional<tipline::ReportSource> source;
  std::optional<std::int64_t> organisation;
  std::optional<tipline::ReportState> state;
  std::optional<bool> claimed;
  std::optional<std::int64_t> claimed_by;
  std::optional<bool> bundled;
  std::optional<int> completeness_below;
  std::optional<Instant> received_from;
  std::optional<Instant> received_to;
};

// Where a page ended: rank, or time of receipt, and number of its last row.
struct QueueCursor {
  std::int64_t rank = 0;
  std::int64_t id = 0;
};
std::string CursorText(const QueueCursor& cursor);
std::optional<QueueCursor> ParseCursor(std::string_view text);

struct QueueRows {
  std::vector<Tip> items;
  std::optional<QueueCursor> next;
  bool complete = true;                         // False: the budget ended first; go on with `next`.
};

inline constexpr int kQueueRowsMax = 200;
inline constexpr std::int64_t kQueueBudget = 8'000;    // Rows looked at for one page.

Result<QueueRows> ListQueue(store::ReadTransaction& transaction, const QueueFilter& filter, QueueOrder order,
                            std::optional<QueueCursor> after, int count_max, std::int64_t budget = kQueueBudget);

// Members of a bundle by number, above `after`.
Result<std::vector<Tip>> ListMembers(store::ReadTransaction& transaction, BundleId bundle, std::int64_t after, int count_max);

// What waits, by where it stands; a count ends at `kCountMax`, which then means "or more".
inline constexpr std::int64_t kCountMax = 10'000;
struct QueueCount {
  int level = 0;
  bool urgent = false;
  std::int64_t tips = 0;
};
struct QueueCounts {
  std::vector<QueueCount> standing;             // Urgent first, then by level.
  std::int64_t claimed = 0;
  std::optional<Instant> oldest_urgent;         // Received, of those that nobody has claimed.
  std::optional<Instant> oldest;
};
Result<QueueCounts> CountQueue(store::ReadTransaction& transaction);

// Every statement with the index it must use, for the test of plans.
struct PlannedStatement {
  store::Statement statement;
  std::string_view index;
};
std::vector<PlannedStatement> QueueStatements();

}  // namespace porchlight::triage
