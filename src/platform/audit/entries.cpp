// Recording and listing entries, and the text of one.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/internal/entry_rows.h"

namespace porchlight::audit {
namespace {

using store::Statement;

constexpr std::size_t kTextBytesMax = 200;
constexpr std::size_t kDetailBytesMax = 4000;

constexpr Statement kInsertEntry{
    "audit.insert_entry",
    "INSERT INTO audit_entries (at, account, login, proof, action, subject_kind, subject, subject_key, purpose, "
    "before_digest, after_digest, detail, denied, request_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"};

constexpr Statement kListNewest{"audit.list_newest", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                                                     ", l.leaf FROM audit_entries e "
                                                     "LEFT JOIN audit_leaves l ON l.entry = e.id "
                                                     "ORDER BY e.id DESC LIMIT $1"};

constexpr Statement kListBelow{"audit.list_below", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                                                   ", l.leaf FROM audit_entries e "
                                                   "LEFT JOIN audit_leaves l ON l.entry = e.id "
                                                   "WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2"};

constexpr Statement kListOf{"audit.list_of", "SELECT " PL_AUDIT_ENTRY_COLUMNS
                                             ", l.leaf FROM audit_entries e "
                                             "LEFT JOIN audit_leaves l ON l.entry = e.id "
                                             "WHERE e.subject_kind = $1 AND e.subject = $2 ORDER BY e.id LIMIT $3"};

std::string_view NameOf(auth::Proof proof) {
  switch (proof) {
    case auth::Proof::kNone: return "none";
    case auth::Proof::kBasic: return "basic";
    case auth::Proof::kSession: return "session";
    case auth::Proof::kToken: return "token";
    case auth::Proof::kSystem: return "system";
  }
  return "none";
}

// Both engines store such texts unchanged; anything else might not be the text that is hashed later.
bool IsStorable(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && IsUtf8(text) && text.find('\0') == std::string_view::npos;
}

std::vector<RecordedEntry> EntriesFromRows(const std::vector<store::Row>& rows) {
  std::vector<RecordedEntry> entries;
  for (const store::Row& row : rows) {
    entries.push_back(internal::EntryFromRow(row, 0));
    entries.back().leaf = row.OptionalInteger(internal::kEntryColumns);
  }
  return entries;
}

}  // namespace

Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, const Entry& entry, Instant now) {
  const std::array<std::string_view, 8> texts = {caller.login,    entry.action,        entry.subject_kind,
                                                 entry.subject_key, entry.purpose,     entry.before_digest,
                                                 entry.after_digest, entry.request_id};
  const bool storable = std::all_of(texts.begin(), texts.end(), [](auto text) { return IsStorable(text, kTextBytesMax); });
  if (!storable || !IsStorable(entry.detail, kDetailBytesMax) || entry.action.empty()) {
    return Error{ErrorCode::kInternal, "Something went wrong here; nothing was changed.",
                 "audit: an entry for '" + entry.action + "' is over its limits or no UTF-8 and was refused", {}, 0};
  }
  PL_TRY(transaction.Execute(kInsertEntry, now, caller.account, caller.login, NameOf(caller.proof), entry.action,
                             entry.subject_kind, entry.subject, entry.subject_key, entry.purpose, entry.before_digest,
                             entry.after_digest, entry.detail, entry.denied, entry.request_id));
  return {};
}

Result<std::vector<RecordedEntry>> List(store::ReadTransaction& transaction, std::int64_t before_id, int count_max) {
  if (before_id <= 0) return EntriesFromRows(PL_TRY(transaction.All(kListNewest, count_max)));
  return EntriesFromRows(PL_TRY(transaction.All(kListBelow, before_id, count_max)));
}

Result<std::vector<RecordedEntry>> ListOf(store::ReadTransaction& transaction, std::string_view subject_kind,
                                          std::int64_t subject, int count_max) {
  return EntriesFromRows(PL_TRY(transaction.All(kListOf, subject_kind, subject, count_max)));
}

namespace internal {

RecordedEntry EntryFromRow(const store::Row& row, std::size_t first_column) {
  std::size_t column = first_column;
  RecordedEntry recorded;
  recorded.id = row.Integer(column++);
  recorded.at = row.Time(column++);
  recorded.account = row.Integer(column++);
  recorded.login = row.Text(column++);
  recorded.proof = row.Text(column++);
  Entry& entry = recorded.entry;
  entry.action = row.Text(column++);
  entry.subject_kind = row.Text(column++);
  entry.subject = row.Integer(column++);
  entry.subject_key = row.Text(column++);
  entry.purpose = row.Text(column++);
  entry.before_digest = row.Text(column++);
  entry.after_digest = row.Text(column++);
  entry.detail = row.Text(column++);
  entry.denied = row.Integer(column++) != 0;
  entry.request_id = row.Text(column++);
  return recorded;
}

std::string EntryText(const RecordedEntry& recorded) {
  const Entry& entry = recorded.entry;
  const std::array<std::string, kEntryColumns> fields = {std::to_string(recorded.id),
                                                         std::to_string(recorded.at.microseconds),
                                                         std::to_string(recorded.account),
                                                         recorded.login,
                                                         recorded.proof,
                                                         entry.action,
                                                         entry.subject_kind,
                                                         std::to_string(entry.subject),
                                                         entry.subject_key,
                                                         entry.purpose,
                                                         entry.before_digest,
                                                         entry.after_digest,
                                                         entry.detail,
                                                         entry.denied ? "1" : "0",
                                                         entry.request_id};
  std::string text = "porchlight audit entry 1\n";
  for (const std::string& field : fields) text += std::to_string(field.size()) + ":" + field + "\n";
  return text;
}

}  // namespace internal
}  // namespace porchlight::audit
