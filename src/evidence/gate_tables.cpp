#include "evidence/gate_tables.h"

#include "base/json.h"
#include "base/text.h"
#include "evidence/gate_rows.h"
#include "evidence/gatekeeper.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"

namespace porchlight::evidence {

namespace {

Result<void> RecordTable(store::WriteTransaction& transaction, const auth::Caller& caller, const GateTable& table,
                         std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = "evidence.gate.add_table";
  entry.subject_kind = "gate_table";
  entry.subject_key = table.version;
  entry.after_digest = HexEncode(crypto::Sha256(table.document));
  entry.detail = Json().Set("valid_from", table.valid_from).Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

}  // namespace

Result<void> LearnTables(store::Database& database, const GateBook& book) {
  const auto read = [&](store::ReadTransaction& transaction) { return rows::AddedTables(transaction, book.last_added()); };
  for (const AddedTable& added : PL_TRY(database.Read(read))) {
    Result<GateTable> table = ReadGateTable(added.document);
    if (!table.ok()) {
      return Error{ErrorCode::kCorrupt, "A stored table of the gate cannot be read; nothing is decided until it can.",
                   "table \"" + added.version + "\": " + table.error().public_text, "gate_table", 0};
    }
    book.Add(added.number, std::move(table).value());
  }
  return {};
}

Result<GateTable> GateTables::Check(const auth::Caller& caller, std::string_view document) const {
  PL_TRY(caller.Require(kMayWriteGate));
  PL_TRY(LearnTables(database_, book_));
  GateTable table = PL_TRY(ReadGateTable(document));
  if (table.valid_from < FormatDate(clock_.Now())) {
    return Error{ErrorCode::kInvalidArgument, "A table is valid from today (UTC) or a day to come; it decides nothing of before.", {},
                 "/valid_from", 0};
  }
  if (book_.Find(table.version) != nullptr) {
    return Error{ErrorCode::kConflict, "There is a table of this version; a change is a new version.", {}, "/version", 0};
  }
  return table;
}

Result<Trial> GateTables::Try(const GateTable& table) const {
  const auto latest = [](store::ReadTransaction& transaction) { return rows::LatestGates(transaction, kTrialFiles); };
  Trial trial;
  for (const GateRow& row : PL_TRY(database_.Read(latest))) {
    ++trial.looked_at;
    const Outcome outcome = Decide(table, row.decision.jurisdiction, row.decision.facts).outcome;
    if (outcome == row.decision.outcome) continue;
    ++(outcome == Outcome::kOpen ? trial.would_open : trial.would_block);
  }
  return trial;
}

Result<const GateTable*> GateTables::Add(const auth::Caller& caller, std::string_view document, std::string_view request_id) {
  const GateTable table = PL_TRY(Check(caller, document));
  const Instant now = clock_.Now();
  const auto add = [&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(rows::InsertTable(transaction, {0, table.version, table.document, now, caller.account.value}));
    PL_TRY(RecordTable(transaction, caller, table, request_id, now));
    return EnqueueReview(transaction, now);
  };
  PL_TRY(database_.Write(add));
  PL_TRY(LearnTables(database_, book_));
  return book_.Find(table.version);
}

}  // namespace porchlight::evidence
