#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "evidence/gate.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"

// Tables of the gate that legal staff add while the centre runs (domain 2.6: a dated table, with a citation, that legal staff alone
// change). Each is kept as it was sent; none is ever changed or removed, since decisions name it.
namespace porchlight::evidence {

inline constexpr std::string_view kMayWriteGate = "evidence.gate.write";
inline constexpr int kTrialFiles = 5'000;
inline constexpr std::size_t kTableBytesMax = std::size_t{1} << 20;

// Brings the book up to what is stored, by this process or another. Everything that decides or shows a table calls it first; outside a
// unit of work, so that nothing is learned that is not stored in the end. Errors: kCorrupt when a stored table cannot be read: then
// nothing is decided.
Result<void> LearnTables(store::Database& database, const GateBook& book);

// What a table would make of the newest files that were decided about.
struct Trial {
  std::int64_t looked_at = 0;
  std::int64_t would_open = 0;                   // Blocked now.
  std::int64_t would_block = 0;                  // Open now.
};

class GateTables {
 public:
  // Everything outlives this.
  GateTables(store::Database& database, const GateBook& book, const Clock& clock) : database_(database), book_(book), clock_(clock) {}
  const GateBook& book() const { return book_; }

  // Reads it as Add would, and stores nothing. Errors: kForbidden; kInvalidArgument with the place in the table, "/valid_from" when that
  // is before today; kConflict, "/version", when there is one of that version.
  Result<GateTable> Check(const auth::Caller& caller, std::string_view document) const;
  // By what was recorded when each was decided about.
  Result<Trial> Try(const GateTable& table) const;
  // It decides from its day on, everywhere; what was decided stays and is flagged where it would come out otherwise. Errors: as Check.
  Result<const GateTable*> Add(const auth::Caller& caller, std::string_view document, std::string_view request_id);

 private:
  store::Database& database_;
  const GateBook& book_;
  const Clock& clock_;
};

}  // namespace porchlight::evidence
