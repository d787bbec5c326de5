#pragma once

#include <string>

#include "evidence/gate_rows.h"
#include "platform/auth/caller.h"

// The pieces that the units of work of gatekeeper.cpp and door.cpp share. Nobody else uses them.
namespace porchlight::evidence {

// When a file that has a decision gets another one.
enum class Again : std::uint8_t {
  kFactsChanged,  // A table alone changes nothing: its differences are flagged (Gatekeeper::FlagForReview).
  kTableToo,      // A person asks for it.
};

struct Asking {
  Again again = Again::kFactsChanged;
  std::string jurisdiction;  // Empty: as decided before, else the table's default.
};

// Decides, by the table of this moment, about the files of the report with `from` <= id < `end` that have no decision yet or
// need another; answers how many it was, and records them in the audit log as the caller's act. Run again it decides
// nothing. Errors: kUnavailable when somebody else decided meanwhile.
Result<int> DecideRange(store::WriteTransaction& transaction, const GateBook& book, const auth::Caller& caller,
                        tipline::ReportId report, tipline::FileId from, tipline::FileId end, const Asking& asking,
                        std::string_view request_id, Instant now);

using tipline::EndOfFiles;
using tipline::FirstFile;
using tipline::ReportOf;

// Errors: kNotFound; kConflict, field "state", while the report is not filed.
Result<void> RequireFiled(store::ReadTransaction& transaction, tipline::ReportId report);

Error UnknownFile();

}  // namespace porchlight::evidence
