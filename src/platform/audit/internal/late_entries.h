#pragma once

#include "platform/audit/internal/entry_rows.h"
#include "platform/store/database.h"

namespace porchlight::audit::internal {

// Entries that committed after their neighbours were sealed. CROSS JOIN holds SQLite to this order: begun with the
// entries, to spare a sort, the search would read the whole log at every sealing.
inline constexpr store::Statement kLateEntries{
    "audit.late_entries", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                          " FROM audit_gaps g CROSS JOIN audit_entries e WHERE e.id >= g.first_entry AND e.id <= g.last_entry "
                          "AND NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.entry = e.id) "
                          "ORDER BY e.id LIMIT $1"};

}  // namespace porchlight::audit::internal
