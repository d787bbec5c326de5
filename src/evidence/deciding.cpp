#include "evidence/deciding.h"

#include <map>

#include "platform/audit/audit.h"
#include "tipline/file_answers.h"
#include "tipline/intake_store.h"
#include "tipline/report_store.h"

namespace porchlight::evidence {

namespace {

using tipline::FileId;
using tipline::kPlacesPerReport;
using tipline::ReportId;

struct Tally {
  int open = 0;
  int blocked = 0;
};

Result<void> RecordDecisions(store::WriteTransaction& transaction, const auth::Caller& caller, ReportId report, const GateTable& table,
                             const Tally& tally, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = "evidence.gate.decide";
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.detail = Json().Set("table", table.version).Set("open", tally.open).Set("blocked", tally.blocked).Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

bool StillHolds(const GateRow& row, const Decision& decision, Again again) {
  return row.decision.facts == decision.facts && row.decision.jurisdiction == decision.jurisdiction &&
         (again == Again::kFactsChanged || row.decision.table == decision.table);
}

}  // namespace

Error UnknownFile() { return Error{ErrorCode::kNotFound, "There is no such file.", {}, "file", 0}; }

Result<void> RequireFiled(store::ReadTransaction& transaction, ReportId report) {
  const tipline::ReportRow row = PL_TRY(tipline::FindReport(transaction, report));
  if (!row.finished_at) return Error{ErrorCode::kConflict, "The report is not filed.", {}, "state", 0};
  return {};
}

Result<int> DecideRange(store::WriteTransaction& transaction, const GateBook& book, const auth::Caller& caller, ReportId report,
                        FileId from, FileId end, const Asking& asking, std::string_view request_id, Instant now) {
  const GateTable& table = book.At(now);
  const auto files = PL_TRY(tipline::ListFileAnswers(transaction, from, end, kPlacesPerReport));
  // The newest decisions are read before the records they rest on: whoever changes a record meanwhile also decides, so that
  // our decision then comes too late and is refused, never made from what was true before.
  std::map<FileId, GateRow> newest;
  for (GateRow& row : PL_TRY(rows::NewestGates(transaction, from, end, kPlacesPerReport))) newest.emplace(row.file, std::move(row));
  const std::vector<Authority> authorities = PL_TRY(rows::AuthoritiesOf(transaction, report));
  Tally tally;
  for (const tipline::FileAnswers& file : files) {
    const auto before = newest.find(file.file);
    std::string jurisdiction = asking.jurisdiction;
    if (jurisdiction.empty()) jurisdiction = before == newest.end() ? table.default_jurisdiction : before->second.decision.jurisdiction;
    GateRow row;
    row.file = file.file;
    row.decision =
        Decide(table, jurisdiction, FactsOf(file.file, file.viewed_by_esp, file.publicly_available, authorities, now));
    if (before != newest.end() && StillHolds(before->second, row.decision, asking.again)) continue;
    row.sequence = before == newest.end() ? 1 : before->second.sequence + 1;
    row.at = now;
    row.account = caller.account.value;
    PL_TRY(rows::InsertGate(transaction, row));
    ++(row.decision.outcome == Outcome::kOpen ? tally.open : tally.blocked);
  }
  const int made = tally.open + tally.blocked;
  if (made > 0) PL_TRY(RecordDecisions(transaction, caller, report, table, tally, request_id, now));
  return made;
}

}  // namespace porchlight::evidence
