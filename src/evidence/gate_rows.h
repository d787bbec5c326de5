#pragma once

#include <optional>
#include <vector>

#include "evidence/authority.h"
#include "evidence/gate.h"
#include "platform/store/database.h"

// The only SQL for evidence_*. Used by the units of work of this room. Decisions are inserted and never changed: there is
// no statement that could.
namespace porchlight::evidence {

// One decision as it was made.
struct GateRow {
  tipline::FileId file;
  std::int64_t sequence = 0;
  Instant at;
  Decision decision;
  std::int64_t account = 0;  // 0: the system.
};

struct Review {
  tipline::FileId file;
  std::int64_t sequence = 0;  // Of the decision that would be another one.
  std::string table;
  Instant at;
  std::string rule;
  Outcome outcome = Outcome::kBlocked;
};

// A table that legal staff added.
struct AddedTable {
  std::int64_t number = 0;
  std::string version;
  std::string document;
  Instant at;
  std::int64_t account = 0;
};

struct Walk {
  tipline::FileId last_file;
  bool done = false;
};

namespace rows {

// The decisions that hold, of files with `from` <= id < `end`, by id, at most `count_max`.
Result<std::vector<GateRow>> NewestGates(store::ReadTransaction& transaction, tipline::FileId from, tipline::FileId end, int count_max);
// Every decision of one file, oldest first.
Result<std::vector<GateRow>> GatesOf(store::ReadTransaction& transaction, tipline::FileId file);
// Errors: kUnavailable when somebody else decided meanwhile; the unit is to be run again.
Result<void> InsertGate(store::WriteTransaction& transaction, const GateRow& row);

Result<std::vector<Authority>> AuthoritiesOf(store::ReadTransaction& transaction, tipline::ReportId report);   // Oldest first.
Result<std::optional<Authority>> FindAuthority(store::ReadTransaction& transaction, AuthorityId id);
// Errors: kConflict, field "/reference", when one with that reference stands already.
Result<AuthorityId> InsertAuthority(store::WriteTransaction& transaction, const Authority& authority);
// False when it was revoked before.
Result<bool> Revoke(store::WriteTransaction& transaction, AuthorityId id, std::int64_t account, Instant now);

Result<void> InsertReview(store::WriteTransaction& transaction, const Review& review);   // Nothing when it is there.
// Flags raised for one table, of files with `from` <= id < `end`, by file.
Result<std::vector<Review>> ReviewsOf(store::ReadTransaction& transaction, tipline::FileId from, tipline::FileId end,
                                      std::string_view table);

// Those raised for one table, of files above `after`, by file; also such as were decided about since.
Result<std::vector<Review>> FlagsFor(store::ReadTransaction& transaction, std::string_view table, tipline::FileId after, int count_max);
// The decisions that hold of the newest files, newest first.
Result<std::vector<GateRow>> LatestGates(store::ReadTransaction& transaction, int count_max);

// With numbers above `after`, in their order.
Result<std::vector<AddedTable>> AddedTables(store::ReadTransaction& transaction, std::int64_t after);
// All, without their documents.
Result<std::vector<AddedTable>> ListAddedTables(store::ReadTransaction& transaction);
inline constexpr std::int64_t kAddedTablesMax = 500;
// Answers its number. Errors: kTooLarge when there are kAddedTablesMax; kConflict, field "/version", when there is one; kUnavailable when
// another was added just now.
Result<std::int64_t> InsertTable(store::WriteTransaction& transaction, const AddedTable& table);

Result<Walk> FindWalk(store::ReadTransaction& transaction, std::string_view table);
// From where it stood. Errors: kUnavailable when another process moved it meanwhile.
Result<void> MoveWalk(store::WriteTransaction& transaction, std::string_view table, const Walk& from, const Walk& to);

}  // namespace rows

}  // namespace porchlight::evidence
