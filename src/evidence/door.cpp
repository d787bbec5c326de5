#include "evidence/door.h"

#include "evidence/deciding.h"
#include "evidence/gate_tables.h"
#include "platform/audit/audit.h"
#include "tipline/file_object.h"

namespace porchlight::evidence {

namespace {

using tipline::FileId;

// Law: a read is recorded before its first byte. The report's trail holds them all, so that a chain of custody is one walk.
Result<void> RecordRead(store::WriteTransaction& transaction, const auth::Caller& caller, FileId file, std::string_view purpose,
                        Json detail, bool denied, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = kMayOpenFile;
  entry.subject_kind = "report";
  entry.subject = ReportOf(file).value;
  entry.purpose = purpose;
  entry.detail = detail.Set("file", file.value).Serialize();
  entry.denied = denied;
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

Json DetailOf(const GateRow& row) {
  const Decision& decision = row.decision;
  return Json().Set("rule", decision.rule).Set("table", decision.table).Set("jurisdiction", decision.jurisdiction).Set(
      "sequence", row.sequence);
}

Error Closed(const GateBook& book, const Decision& decision) {
  const GateTable* table = book.Find(decision.table);
  const Rule* rule = table == nullptr ? nullptr : table->FindRule(decision.jurisdiction, decision.rule);
  std::string text = "The gate is closed for this file: rule \"" + decision.rule + "\" of table " + decision.table + " for " +
                     decision.jurisdiction + ".";
  if (rule != nullptr) text += " " + std::string(LabelIn(rule->labels, "en")) + ".";
  return Error{ErrorCode::kForbidden, std::move(text), {}, "gate", 0};
}

}  // namespace

std::set<std::string, std::less<>> Door::PurposesOf(const profile::Profile& profile) {
  std::set<std::string, std::less<>> purposes;
  for (const profile::Code& one : profile.List("audit_purposes")) purposes.insert(one.code);
  return purposes;
}

std::optional<Error> Door::WhyNot(const auth::Caller& caller, std::string_view purpose) const {
  Result<void> allowed = caller.Require(kMayOpenFile);
  if (!allowed.ok()) return std::move(allowed).error();
  if (!caller.visibility.Holds(Visibility::kRestricted)) {
    return Error{ErrorCode::kForbidden, "Your account is not allowed to do this.",
                 "account " + std::to_string(caller.account.value) + " lacks V5", {}, 0};
  }
  if (!purposes_.contains(purpose)) {
    return Error{ErrorCode::kInvalidArgument, "The purpose must be one of the listed purposes.", {}, "purpose", 0};
  }
  return std::nullopt;
}

Result<Door::Answer> Door::Ask(store::WriteTransaction& transaction, const auth::Caller& caller, FileId file, std::string_view purpose,
                               const Further& further, std::string_view request_id, Instant now) const {
  Answer answer;
  const auto refuse = [&](Error error, Json detail) -> Result<Answer> {
    // What is no listed purpose is somebody's text, and stays out of the log.
    const std::string_view listed = purposes_.contains(purpose) ? purpose : std::string_view();
    PL_TRY(RecordRead(transaction, caller, file, listed, std::move(detail), true, request_id, now));
    answer.refusal = std::move(error);
    return answer;
  };
  if (std::optional<Error> error = WhyNot(caller, purpose)) {
    return refuse(*std::move(error), Json().Set("rule", error->field.empty() ? "permission" : "purpose"));
  }
  const Result<void> filed = RequireFiled(transaction, ReportOf(file));
  Result<vault::ObjectReference> object = tipline::FindObject(transaction, file);
  for (const Error* error : {filed.ok() ? nullptr : &filed.error(), object.ok() ? nullptr : &object.error()}) {
    if (error == nullptr) continue;
    if (error->code != ErrorCode::kNotFound && error->code != ErrorCode::kConflict) return *error;
    return refuse(UnknownFile(), Json().Set("rule", "unknown_file"));
  }
  PL_TRY(DecideRange(transaction, book_, auth::SystemCaller("evidence"), ReportOf(file), file, {file.value + 1}, {}, request_id, now));
  const std::vector<GateRow> newest = PL_TRY(rows::NewestGates(transaction, file, {file.value + 1}, 1));
  if (newest.empty()) return Error{ErrorCode::kInternal, "The gate did not decide about the file.", {}, {}, 0};
  const GateRow& row = newest.front();
  if (row.decision.outcome != Outcome::kOpen) return refuse(Closed(book_, row.decision), DetailOf(row));
  Json detail = DetailOf(row);
  if (further) {
    std::optional<Error> refusal = PL_TRY(further(transaction, detail));
    if (refusal) return refuse(*std::move(refusal), std::move(detail));
  }
  PL_TRY(RecordRead(transaction, caller, file, purpose, std::move(detail), false, request_id, now));
  answer.object = std::move(object).value();
  return answer;
}

Result<void> Door::OpenFile(const auth::Caller& caller, FileId file, std::string_view purpose, const Sink& sink,
                            std::string_view request_id, const Further& further) {
  PL_TRY(LearnTables(database_, book_));
  const Instant now = clock_.Now();
  const Answer answer = PL_TRY(database_.Write(
      [&](store::WriteTransaction& transaction) { return Ask(transaction, caller, file, purpose, further, request_id, now); }));
  if (answer.refusal) return *answer.refusal;
  return vault_.Read(answer.object, sink);
}

}  // namespace porchlight::evidence
