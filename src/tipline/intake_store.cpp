#include "tipline/intake_store.h"

#include <algorithm>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/jobs/outbox.h"
#include "tipline/events.h"
#include "tipline/intake_rows.h"

// Opening a report. The hot path of the whole system: six statements, no index that is not needed.
namespace porchlight::tipline {

namespace {

using rows::Counted;

constexpr store::Statement kInsertReport{
    "tipline.insert_report",
    "INSERT INTO tipline_reports (received_at, incident_at, expires_at, finished_at, preserve_until, organisation, account, "
    "state, source, incident_type, counted, urgent, batched, content, files, documents, findings) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16) RETURNING id"};

// Reports that may not stand in the index of recent documents any more, after the server ended: none before the first whose document may
// still be looked for.
constexpr store::Statement kFirstSince{
    "tipline.first_since", "SELECT id FROM tipline_reports WHERE id > $1 AND received_at > $2 ORDER BY id LIMIT 1"};
constexpr store::Statement kNewestReport{"tipline.newest_report", "SELECT COALESCE(MAX(id), 0) FROM tipline_reports"};
constexpr store::Statement kReportsAfter{
    "tipline.reports_after",
    "SELECT r.id, r.received_at, r.organisation, r.account, o.sha256 FROM tipline_reports r "
    "JOIN tipline_originals o ON o.id = r.id * 65536 "
    "WHERE r.id > $1 AND r.received_at > $2 AND r.source = $3 ORDER BY r.id LIMIT $4"};
constexpr std::int64_t kRememberedAtOnce = 1'000;
constexpr store::Statement kSameDocument{
    "tipline.same_document",
    "SELECT r.id, r.same_bytes_as FROM tipline_reports r JOIN tipline_originals o ON o.id = r.id * 65536 "
    "WHERE r.id = $1 AND r.organisation = $2 AND r.account = $3 AND r.received_at > $4 AND o.sha256 = $5"};
constexpr store::Statement kMarkRepeat{
    "tipline.mark_repeat", "UPDATE tipline_reports SET same_bytes_as = $1, counted = $2 WHERE id = $3"};

constexpr store::Statement kFindKey{
    "tipline.find_idempotency",
    "SELECT i.document_sha256, i.report, r.same_bytes_as FROM tipline_idempotency i JOIN tipline_reports r ON r.id = i.report "
    "WHERE i.organisation = $1 AND i.account = $2 AND i.key_sha256 = $3"};
constexpr store::Statement kKeepKey{
    "tipline.keep_idempotency",
    "INSERT INTO tipline_idempotency (organisation, account, key_sha256, document_sha256, report, received_at) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};

// Everything that can be made before the transaction is, so that the one writer does not do it.
struct Prepared {
  auth::Caller caller;
  rows::Report report;                     // Without its number.
  Instant incident_at;
  Instant expires_at;
  std::optional<Instant> finished_at;
  std::optional<Instant> preserve_until;
  bool batched = false;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string sealed;
  std::string facts;
  std::int64_t form_bytes = 0;
  std::string form_sha256;
  std::string form_sealed;
  std::string key_sha256;
  // What an idempotency key stands for: the bytes that the reporter sent, form or document.
  const std::string& keyed_document() const { return form_sealed.empty() ? sha256 : form_sha256; }
  rows::RecentKeys recent_keys;
  Instant repeat_after;
  std::vector<wire::Finding> added_findings;   // All findings, when filing at once added some.
  std::string request_id;
};

std::string FactsText(const wire::ReportFacts& facts) {
  Json json{Json::Object{}};
  if (!facts.annotations.empty()) {
    Json list{Json::Array{}};
    for (const std::string& name : facts.annotations) list.Append(name);
    json.Set("annotations", std::move(list));
  }
  if (!facts.prior_reports.empty()) {
    Json list{Json::Array{}};
    for (const std::int64_t prior : facts.prior_reports) list.Append(prior);
    json.Set("prior_reports", std::move(list));
  }
  if (!facts.findings.empty()) {
    Json list{Json::Array{}};
    for (const wire::Finding& finding : facts.findings) list.Append(ToJson(finding, VisibilitySet::All()));
    json.Set("findings", std::move(list));
  }
  if (facts.incident_at.offset_minutes) json.Set("incident_offset_minutes", *facts.incident_at.offset_minutes);
  if (facts.people_reported > 0) json.Set("people_reported", facts.people_reported);
  if (facts.victims > 0) json.Set("victims", facts.victims);
  return json.Serialize();
}

std::int64_t ContentOf(const wire::ReportFacts& facts) {
  return (facts.has_chat ? rows::kContentChat : 0) | (facts.has_url ? rows::kContentUrl : 0) |
         (facts.has_account ? rows::kContentAccount : 0);
}

// Links the new report to an earlier one with the same bytes by the same account, if there is one.
Result<void> LinkRepeat(store::WriteTransaction& transaction, store::BufferedIndex& recent, const Prepared& prepared,
                        rows::Report& report) {
  const std::optional<std::int64_t> remembered =
      PL_TRY(recent.FindOrPut(transaction, prepared.recent_keys.now, prepared.recent_keys.before, report.id.value));
  if (!remembered) return {};
  const std::optional<store::Row> same = PL_TRY(transaction.First(
      kSameDocument, *remembered, report.organisation, prepared.caller.account, prepared.repeat_after, store::Blob{prepared.sha256}));
  if (!same) return {};
  report.same_bytes_as = ReportId{same->OptionalInteger(1).value_or(same->Integer(0))};
  if (report.counted == Counted::kProduction) report.counted = Counted::kRepeat;
  PL_TRY(transaction.Execute(kMarkRepeat, report.same_bytes_as, report.counted, report.id));
  return {};
}

// The answer to an earlier request with the same idempotency key.
Result<std::optional<IntakeStore::Opened>> Replay(store::WriteTransaction& transaction, const Prepared& prepared) {
  if (prepared.key_sha256.empty()) return std::optional<IntakeStore::Opened>();
  const auto known =
      PL_TRY(transaction.First(kFindKey, prepared.report.organisation, prepared.caller.account, store::Blob{prepared.key_sha256}));
  if (!known) return std::optional<IntakeStore::Opened>();
  if (known->Bytes(0) != prepared.keyed_document()) {
    return Error{ErrorCode::kConflict, "This idempotency key was used with another document.", {}, "idempotency_key", 0};
  }
  IntakeStore::Opened opened{{known->Integer(1)}, std::nullopt, true};
  if (const auto same = known->OptionalInteger(2)) opened.same_bytes_as = ReportId{*same};
  return std::optional(opened);
}

Result<void> InsertDocuments(store::WriteTransaction& transaction, const Prepared& prepared, const rows::Report& report) {
  PL_TRY(rows::InsertDocument(transaction, {report.id, 0, rows::DocumentKind::kReport, report.received_at, prepared.bytes,
                                            prepared.sha256, prepared.facts, prepared.sealed}));
  if (!prepared.form_sealed.empty()) {
    PL_TRY(rows::InsertDocument(transaction, {report.id, 1, rows::DocumentKind::kPublicForm, report.received_at, prepared.form_bytes,
                                              prepared.form_sha256, {}, prepared.form_sealed}));
  }
  if (!prepared.added_findings.empty()) PL_TRY(rows::KeepFindings(transaction, report.id, prepared.added_findings));
  if (!prepared.key_sha256.empty()) {
    PL_TRY(transaction.Execute(kKeepKey, report.organisation, prepared.caller.account, store::Blob{prepared.key_sha256},
                               store::Blob{prepared.keyed_document()}, report.id, report.received_at));
  }
  return {};
}

Result<IntakeStore::Opened> Open(store::WriteTransaction& transaction, store::BufferedIndex& recent, const Prepared& prepared) {
  if (auto replayed = PL_TRY(Replay(transaction, prepared))) return *replayed;
  rows::Report report = prepared.report;
  const Instant now = report.received_at;
  const auto row = PL_TRY(transaction.First(
      kInsertReport, now, prepared.incident_at, prepared.expires_at, prepared.finished_at, prepared.preserve_until,
      report.organisation, prepared.caller.account, report.state, report.source, report.incident_type, report.counted, report.urgent,
      prepared.batched, report.content, report.documents, report.findings));
  report.id = {row->Integer(0)};
  // People who report the same words are not one reporter; a form sent twice is caught by its idempotency key.
  if (report.source == ReportSource::kPlatform) PL_TRY(LinkRepeat(transaction, recent, prepared, report));
  PL_TRY(InsertDocuments(transaction, prepared, report));
  audit::Entry entry;
  entry.action = "tipline.report.submit";
  entry.subject_kind = "report";
  entry.subject = report.id.value;
  entry.after_digest = HexEncode(prepared.sha256);
  entry.request_id = prepared.request_id;
  PL_TRY(audit::Record(transaction, prepared.caller, entry, now));
  const std::string detail = rows::EventDetail(report);
  PL_TRY(jobs::Publish(transaction, events::kReportOpened, report.id.value, detail, now));
  if (prepared.finished_at) PL_TRY(jobs::Publish(transaction, events::kReportFinished, report.id.value, detail, now));
  rows::Count(transaction, report, 1);
  return IntakeStore::Opened{report.id, report.same_bytes_as, false};
}

rows::Report NewReport(const auth::Caller& caller, const IntakeStore::Submission& submission, Instant now) {
  rows::Report report;
  report.received_at = now;
  report.organisation = caller.organisation.value;
  report.source = submission.source;
  report.incident_type = submission.facts.incident_type;
  report.state = submission.finish ? ReportState::kFinished : ReportState::kOpened;
  report.counted = caller.test_traffic ? Counted::kTest : Counted::kProduction;
  report.content = ContentOf(submission.facts);
  report.documents = submission.form_bytes.empty() ? 1 : 2;
  report.findings = static_cast<std::int64_t>(submission.facts.findings.size());
  report.urgent = submission.facts.escalated;
  return report;
}

Prepared MakeReady(const auth::Caller& caller, const IntakeStore::Submission& submission, const IntakeRules& rules,
                   const vault::Sealer& sealer, Instant now) {
  Prepared prepared;
  prepared.caller = caller;
  const wire::ReportFacts& facts = submission.facts;
  prepared.report = NewReport(caller, submission, now);
  prepared.incident_at = facts.incident_at.instant;
  prepared.expires_at = now + std::max(rules.finish_from_open, rules.finish_from_change);
  prepared.batched = facts.batched;
  prepared.bytes = static_cast<std::int64_t>(submission.bytes.size());
  prepared.sha256 = crypto::Sha256(submission.bytes);
  prepared.sealed = sealer.Seal(submission.bytes, OriginalContext(prepared.sha256));
  prepared.facts = FactsText(facts);
  if (!submission.form_bytes.empty()) {
    prepared.form_bytes = static_cast<std::int64_t>(submission.form_bytes.size());
    prepared.form_sha256 = crypto::Sha256(submission.form_bytes);
    prepared.form_sealed = sealer.Seal(submission.form_bytes, OriginalContext(prepared.form_sha256));
  }
  if (!submission.idempotency_key.empty()) prepared.key_sha256 = crypto::Sha256(submission.idempotency_key);
  prepared.recent_keys =
      rows::RecentKeysOf(caller.organisation.value, caller.account.value, prepared.sha256, now, rules.repeat_window);
  prepared.repeat_after = now - rules.repeat_window;
  if (submission.finish) {
    prepared.finished_at = now;
    prepared.preserve_until = AddYears(now, rules.preserve_years);
    std::vector<wire::Finding> added = FindingsOfFiles(facts.has_chat, facts.has_url, facts.has_account, {});
    if (!added.empty()) {
      prepared.added_findings = facts.findings;
      prepared.added_findings.insert(prepared.added_findings.end(), added.begin(), added.end());
      prepared.report.findings = static_cast<std::int64_t>(prepared.added_findings.size());
    }
  }
  prepared.request_id = submission.request_id;
  return prepared;
}

// The last report whose document nobody looks for any more: before the first received since `from`, of those after `after`.
Result<std::int64_t> LastBefore(store::ReadTransaction& transaction, std::int64_t after, Instant from) {
  const std::optional<store::Row> first = PL_TRY(transaction.First(kFirstSince, after, from));
  if (first) return first->Integer(0) - 1;
  return PL_TRY(transaction.First(kNewestReport))->Integer(0);
}

}  // namespace

IntakeRules IntakeRules::From(const profile::Profile& profile) {
  IntakeRules rules;
  rules.finish_from_open = profile.Clock("report_finish_from_open");
  rules.finish_from_change = profile.Clock("report_finish_from_change");
  rules.preserve_years = profile.Number("preserve_years");
  return rules;
}

std::string OriginalContext(std::string_view sha256_raw) { return "tipline.original/" + HexEncode(sha256_raw); }
std::string FileNameContext(std::string_view wire_id) { return "tipline.file_name/" + std::string(wire_id); }

Result<void> IntakeStore::Begin() {
  std::optional<std::int64_t> after = PL_TRY(recent_.Begin(database_));
  if (!after) return {};
  // A document is looked for in its own span and the one before.
  const Instant from = clock_.Now() - rules_.repeat_window - rules_.repeat_window;
  const std::int64_t over =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return LastBefore(transaction, *after, from); }));
  PL_TRY(recent_.NoteForgotten(database_, over));
  after = std::max(*after, over);
  while (after) {
    after = PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return RememberAfter(transaction, *after, from); }));
  }
  return {};
}

// Answers the last report that it looked at, or nothing when there are no more.
Result<std::optional<std::int64_t>> IntakeStore::RememberAfter(store::WriteTransaction& transaction, std::int64_t after, Instant from) {
  const std::vector<store::Row> reports =
      PL_TRY(transaction.All(kReportsAfter, after, from, ReportSource::kPlatform, kRememberedAtOnce));
  for (const store::Row& row : reports) {
    const rows::RecentKeys keys =
        rows::RecentKeysOf(row.Integer(2), row.Integer(3), row.Bytes(4), row.Time(1), rules_.repeat_window);
    PL_TRY(recent_.FindOrPut(transaction, keys.now, keys.before, row.Integer(0)));
  }
  if (reports.empty()) return std::optional<std::int64_t>();
  return std::optional(reports.back().Integer(0));
}

Result<IntakeStore::Opened> IntakeStore::Submit(const auth::Caller& caller, const Submission& submission) {
  const Prepared prepared = MakeReady(caller, submission, rules_, sealer_, clock_.Now());
  const auto work = [&](store::WriteTransaction& transaction) { return Open(transaction, recent_, prepared); };
  Result<Opened> opened = database_.Write(work);
  // Two requests with one key at the same moment: the second finds what the first has kept.
  if (!opened.ok() && opened.error().code == ErrorCode::kConflict && opened.error().field.empty() && !prepared.key_sha256.empty()) {
    return database_.Write(work);
  }
  return opened;
}

IntakeStore::Change<IntakeStore::Opened> IntakeStore::SubmitLater(const auth::Caller& caller, const Submission& submission) {
  PL_CHECK(submission.idempotency_key.empty());  // A conflict between two of them is looked at again, which needs a thread.
  const auto prepared = std::make_shared<const Prepared>(MakeReady(caller, submission, rules_, sealer_, clock_.Now()));
  return Later<Opened>([this, prepared](store::WriteTransaction& transaction) { return Open(transaction, recent_, *prepared); });
}

wire::Code CodeOf(const Error& error, wire::Code otherwise) {
  if (error.code == ErrorCode::kNotFound && error.field == "report") return wire::Code::kReportDoesNotExist;
  if (error.code == ErrorCode::kNotFound && error.field == "file") return wire::Code::kFileDoesNotExist;
  if (error.code == ErrorCode::kConflict && error.field == "retracted") return wire::Code::kReportAlreadyRetracted;
  if (error.code == ErrorCode::kConflict && error.field == "finished") return wire::Code::kReportAlreadyFinished;
  if (error.code == ErrorCode::kConflict && error.field == "idempotency_key") return wire::Code::kInvalidRequest;
  if (error.code == ErrorCode::kTooLarge) return wire::Code::kInvalidRequest;
  return otherwise;
}

}  // namespace porchlight::tipline
