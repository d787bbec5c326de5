#include "evidence/gate_rows.h"

#include "base/json.h"

namespace porchlight::evidence::rows {

namespace {

using tipline::FileId;

#define PL_EVIDENCE_GATE_COLUMNS "g.file, g.sequence, g.at, g.table_version, g.jurisdiction, g.rule, g.decision, g.inputs, g.account"
constexpr store::Statement kNewest{
    "evidence.newest_gates",
    "SELECT " PL_EVIDENCE_GATE_COLUMNS " FROM evidence_gates g WHERE g.file >= $1 AND g.file < $2 AND NOT EXISTS "
    "(SELECT 1 FROM evidence_gates later WHERE later.file = g.file AND later.sequence = g.sequence + 1) ORDER BY g.file LIMIT $3"};
constexpr store::Statement kGates{
    "evidence.gates_of", "SELECT " PL_EVIDENCE_GATE_COLUMNS " FROM evidence_gates g WHERE g.file = $1 ORDER BY g.sequence"};
constexpr store::Statement kInsertGate{
    "evidence.insert_gate",
    "INSERT INTO evidence_gates (file, sequence, at, table_version, jurisdiction, rule, decision, inputs, account) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"};

#define PL_EVIDENCE_AUTHORITY_COLUMNS \
  "id, report, kind, reference, valid_from, valid_until, files, account, recorded_at, revoked_at, revoked_by"
constexpr store::Statement kAuthorities{
    "evidence.authorities_of", "SELECT " PL_EVIDENCE_AUTHORITY_COLUMNS " FROM evidence_authorities WHERE report = $1 ORDER BY id"};
constexpr store::Statement kFindAuthority{
    "evidence.find_authority", "SELECT " PL_EVIDENCE_AUTHORITY_COLUMNS " FROM evidence_authorities WHERE id = $1"};
constexpr store::Statement kInsertAuthority{
    "evidence.insert_authority",
    "INSERT INTO evidence_authorities (report, kind, reference, valid_from, valid_until, files, account, recorded_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id"};
constexpr store::Statement kRevoke{
    "evidence.revoke_authority",
    "UPDATE evidence_authorities SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL"};

constexpr store::Statement kInsertReview{
    "evidence.insert_review",
    "INSERT INTO evidence_reviews (file, sequence, table_version, at, rule, decision) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT DO NOTHING"};
constexpr store::Statement kReviews{
    "evidence.reviews_of",
    "SELECT file, sequence, table_version, at, rule, decision FROM evidence_reviews WHERE file >= $1 AND file < $2 "
    "AND table_version = $3 ORDER BY file, sequence"};

constexpr store::Statement kFlagsFor{
    "evidence.flags_for",
    "SELECT file, sequence, table_version, at, rule, decision FROM evidence_reviews WHERE table_version = $1 AND file > $2 "
    "ORDER BY file, sequence LIMIT $3"};
constexpr store::Statement kLatest{
    "evidence.latest_gates",
    "SELECT " PL_EVIDENCE_GATE_COLUMNS " FROM evidence_gates g WHERE NOT EXISTS "
    "(SELECT 1 FROM evidence_gates later WHERE later.file = g.file AND later.sequence = g.sequence + 1) ORDER BY g.file DESC LIMIT $1"};

constexpr store::Statement kAddedTables{
    "evidence.added_tables", "SELECT id, version, document, at, account FROM evidence_gate_tables WHERE id > $1 ORDER BY id"};
constexpr store::Statement kListAdded{"evidence.list_added_tables",
                                      "SELECT id, version, '', at, account FROM evidence_gate_tables ORDER BY id"};
constexpr store::Statement kTableVersion{"evidence.table_version", "SELECT 1 FROM evidence_gate_tables WHERE version = $1"};
constexpr store::Statement kInsertTable{
    "evidence.insert_table",
    "INSERT INTO evidence_gate_tables (id, version, document, at, account) "
    "VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM evidence_gate_tables), $1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id"};

constexpr store::Statement kFindWalk{
    "evidence.find_walk", "SELECT last_file, done FROM evidence_review_walks WHERE table_version = $1"};
constexpr store::Statement kBeginWalk{
    "evidence.begin_walk", "INSERT INTO evidence_review_walks (table_version, last_file, done) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING"};
constexpr store::Statement kMoveWalk{
    "evidence.move_walk",
    "UPDATE evidence_review_walks SET last_file = $1, done = $2 WHERE table_version = $3 AND last_file = $4 AND done = $5"};

Result<GateRow> ReadGate(const store::Row& row) {
  GateRow gate;
  gate.file = {row.Integer(0)};
  gate.sequence = row.Integer(1);
  gate.at = row.Time(2);
  gate.decision.table = row.Text(3);
  gate.decision.jurisdiction = row.Text(4);
  gate.decision.rule = row.Text(5);
  gate.decision.outcome = static_cast<Outcome>(row.Integer(6));
  const Json inputs = PL_TRY(ParseJson(row.Text(7)));
  gate.decision.facts = PL_TRY(FactsFromJson(inputs));
  gate.account = row.Integer(8);
  return gate;
}

Result<Authority> ReadAuthority(const store::Row& row) {
  Authority authority;
  authority.id = {row.Integer(0)};
  authority.report = {row.Integer(1)};
  authority.kind = static_cast<AuthorityKind>(row.Integer(2));
  authority.reference = row.Text(3);
  authority.from = row.Time(4);
  authority.until = row.OptionalTime(5);
  if (!row.IsNull(6)) {
    const Json files = PL_TRY(ParseJson(row.Text(6)));
    authority.files = PL_TRY(ValueFromJson<std::vector<FileId>>(files, "files"));
  }
  authority.account = row.Integer(7);
  authority.recorded_at = row.Time(8);
  authority.revoked_at = row.OptionalTime(9);
  authority.revoked_by = row.OptionalInteger(10).value_or(0);
  return authority;
}

std::vector<Review> ReadReviews(const std::vector<store::Row>& rows) {
  std::vector<Review> all;
  for (const store::Row& row : rows) {
    all.push_back({{row.Integer(0)}, row.Integer(1), row.Text(2), row.Time(3), row.Text(4), static_cast<Outcome>(row.Integer(5))});
  }
  return all;
}

std::vector<AddedTable> ReadAdded(const std::vector<store::Row>& rows) {
  std::vector<AddedTable> all;
  for (const store::Row& row : rows) {
    all.push_back({row.Integer(0), row.Text(1), row.Text(2), row.Time(3), row.Integer(4)});
  }
  return all;
}

Error Overtaken() {
  return Error{ErrorCode::kUnavailable, "Somebody else decided about the same files just now; try again.", {}, "gate", 1};
}

}  // namespace

Result<std::vector<GateRow>> NewestGates(store::ReadTransaction& transaction, FileId from, FileId end, int count_max) {
  std::vector<GateRow> gates;
  for (const store::Row& row : PL_TRY(transaction.All(kNewest, from, end, count_max))) gates.push_back(PL_TRY(ReadGate(row)));
  return gates;
}

Result<std::vector<GateRow>> GatesOf(store::ReadTransaction& transaction, FileId file) {
  std::vector<GateRow> gates;
  for (const store::Row& row : PL_TRY(transaction.All(kGates, file))) gates.push_back(PL_TRY(ReadGate(row)));
  return gates;
}

Result<void> InsertGate(store::WriteTransaction& transaction, const GateRow& row) {
  const Decision& decision = row.decision;
  const std::int64_t added =
      PL_TRY(transaction.Execute(kInsertGate, row.file, row.sequence, row.at, decision.table, decision.jurisdiction, decision.rule,
                                 decision.outcome, ToJson(decision.facts).Serialize(), row.account));
  if (added == 0) return Overtaken();
  return {};
}

Result<std::vector<Authority>> AuthoritiesOf(store::ReadTransaction& transaction, tipline::ReportId report) {
  std::vector<Authority> all;
  for (const store::Row& row : PL_TRY(transaction.All(kAuthorities, report))) all.push_back(PL_TRY(ReadAuthority(row)));
  return all;
}

Result<std::optional<Authority>> FindAuthority(store::ReadTransaction& transaction, AuthorityId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindAuthority, id));
  if (!row) return std::optional<Authority>();
  return std::optional(PL_TRY(ReadAuthority(*row)));
}

Result<AuthorityId> InsertAuthority(store::WriteTransaction& transaction, const Authority& authority) {
  std::optional<std::string> files;
  if (authority.files) files = ValueToJson(*authority.files, VisibilitySet::All()).Serialize();
  const std::optional<store::Row> row =
      PL_TRY(transaction.First(kInsertAuthority, authority.report, authority.kind, authority.reference, authority.from, authority.until,
                               files, authority.account, authority.recorded_at));
  if (!row) {
    return Error{ErrorCode::kConflict, "A record with this reference stands already; revoke it first to change it.", {}, "/reference", 0};
  }
  return AuthorityId{row->Integer(0)};
}

Result<bool> Revoke(store::WriteTransaction& transaction, AuthorityId id, std::int64_t account, Instant now) {
  return PL_TRY(transaction.Execute(kRevoke, now, account, id)) > 0;
}

Result<void> InsertReview(store::WriteTransaction& transaction, const Review& review) {
  PL_TRY(transaction.Execute(kInsertReview, review.file, review.sequence, review.table, review.at, review.rule, review.outcome));
  return {};
}

Result<std::vector<Review>> ReviewsOf(store::ReadTransaction& transaction, FileId from, FileId end, std::string_view table) {
  return ReadReviews(PL_TRY(transaction.All(kReviews, from, end, table)));
}

Result<std::vector<Review>> FlagsFor(store::ReadTransaction& transaction, std::string_view table, FileId after, int count_max) {
  return ReadReviews(PL_TRY(transaction.All(kFlagsFor, table, after, count_max)));
}

Result<std::vector<GateRow>> LatestGates(store::ReadTransaction& transaction, int count_max) {
  std::vector<GateRow> gates;
  for (const store::Row& row : PL_TRY(transaction.All(kLatest, count_max))) gates.push_back(PL_TRY(ReadGate(row)));
  return gates;
}

Result<std::vector<AddedTable>> AddedTables(store::ReadTransaction& transaction, std::int64_t after) {
  return ReadAdded(PL_TRY(transaction.All(kAddedTables, after)));
}

Result<std::vector<AddedTable>> ListAddedTables(store::ReadTransaction& transaction) {
  return ReadAdded(PL_TRY(transaction.All(kListAdded)));
}

Result<std::int64_t> InsertTable(store::WriteTransaction& transaction, const AddedTable& table) {
  const std::optional<store::Row> there = PL_TRY(transaction.First(kTableVersion, table.version));
  if (there) return Error{ErrorCode::kConflict, "There is a table of this version; a change is a new version.", {}, "/version", 0};
  const std::optional<store::Row> row = PL_TRY(transaction.First(kInsertTable, table.version, table.document, table.at, table.account));
  if (!row) return Overtaken();
  if (row->Integer(0) > kAddedTablesMax) {
    return Error{ErrorCode::kTooLarge, "No more than 500 tables can be added; ship those that are past with the profile.", {}, {}, 0};
  }
  return row->Integer(0);
}

Result<Walk> FindWalk(store::ReadTransaction& transaction, std::string_view table) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindWalk, table));
  return row ? Walk{{row->Integer(0)}, row->Bool(1)} : Walk{};
}

Result<void> MoveWalk(store::WriteTransaction& transaction, std::string_view table, const Walk& from, const Walk& to) {
  PL_TRY(transaction.Execute(kBeginWalk, table));
  const std::int64_t moved = PL_TRY(transaction.Execute(kMoveWalk, to.last_file, to.done, table, from.last_file, from.done));
  if (moved == 0) return Overtaken();
  return {};
}

}  // namespace porchlight::evidence::rows
