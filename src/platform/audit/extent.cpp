#include "platform/audit/extent.h"

namespace porchlight::audit {
namespace {

constexpr store::Statement kHighestEntry{"audit.highest_entry", "SELECT COALESCE(MAX(id), 0) FROM audit_entries"};
constexpr store::Statement kNewestSize{"audit.newest_size", "SELECT size, at FROM audit_heads ORDER BY size DESC LIMIT 1"};

}  // namespace

Result<Extent> Measure(store::ReadTransaction& transaction) {
  Extent extent;
  const std::optional<store::Row> highest = PL_TRY(transaction.First(kHighestEntry));
  if (highest) extent.entries = highest->Integer(0);
  const std::optional<store::Row> head = PL_TRY(transaction.First(kNewestSize));
  if (head) {
    extent.sealed = head->Integer(0);
    extent.head_at = head->Time(1);
  }
  return extent;
}

}  // namespace porchlight::audit
