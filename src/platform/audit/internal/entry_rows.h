#pragma once

#include <string>

#include "platform/audit/audit.h"

namespace porchlight::audit::internal {

// The columns of audit_entries in the order EntryFromRow reads them.
#define PL_AUDIT_ENTRY_COLUMNS                                                                                   \
  "e.id, e.at, e.account, e.login, e.proof, e.action, e.subject_kind, e.subject, e.subject_key, e.purpose, "      \
  "e.before_digest, e.after_digest, e.detail, e.denied, e.request_id"
constexpr std::size_t kEntryColumns = 15;

// Reads the entry that begins at `first_column`; `leaf` stays absent.
RecordedEntry EntryFromRow(const store::Row& row, std::size_t first_column);

// The bytes that are hashed and that an outsider is shown: docs/formats/audit.md, "The text of an entry".
std::string EntryText(const RecordedEntry& entry);

}  // namespace porchlight::audit::internal
