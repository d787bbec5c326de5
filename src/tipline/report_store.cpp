#include "tipline/report_store.h"

#include <algorithm>
#include <limits>

#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "tipline/intake_rows.h"
#include "tipline/intake_store.h"

namespace porchlight::tipline {

namespace {

constexpr int kTimelineMax = 2'000;

constexpr store::Statement kFind{
    "tipline.find_report",
    "SELECT r.id, r.state, r.source, r.incident_type, r.organisation, r.received_at, r.finished_at, r.incident_at, r.urgent, "
    "r.batched, r.counted, r.files, r.findings, r.same_bytes_as FROM tipline_reports r WHERE r.id = $1"};
constexpr store::Statement kReceipt{
    "tipline.find_receipt",
    "SELECT r.preserve_until, o.sha256, o.facts, f.findings FROM tipline_reports r "
    "LEFT JOIN tipline_originals o ON o.id = r.id * 65536 LEFT JOIN tipline_findings f ON f.report = r.id WHERE r.id = $1"};
constexpr store::Statement kFiles{
    "tipline.list_files",
    "SELECT id, wire_id, received_at, bytes, kind, sniffed_type, declared_type, name_sealed, md5, sha1, sha256, details, "
    "viewed_by_esp, publicly_available, supplemental, industry_classification, annotations "
    "FROM tipline_files WHERE id >= $1 AND id < $2 ORDER BY id"};
constexpr store::Statement kOriginal{
    "tipline.find_original", "SELECT sealed, sha256, received_at FROM tipline_originals WHERE id = $1"};
constexpr store::Statement kFacts{"tipline.find_facts", "SELECT facts FROM tipline_originals WHERE id = $1"};

Error NoReport(ReportId id) {
  return Error{ErrorCode::kNotFound, "There is no such report.", "report " + std::to_string(id.value), "report", 0};
}

ReportRow RowOf(const store::Row& row) {
  ReportRow report;
  report.id = {row.Integer(0)};
  report.state = static_cast<ReportState>(row.Integer(1));
  report.source = static_cast<ReportSource>(row.Integer(2));
  report.incident_type = static_cast<IncidentType>(row.Integer(3));
  report.organisation = row.Integer(4);
  report.received_at = row.Time(5);
  report.finished_at = row.OptionalTime(6);
  report.incident_at = row.Time(7);
  report.urgent = row.Bool(8);
  report.batched = row.Bool(9);
  report.test = static_cast<rows::Counted>(row.Integer(10)) == rows::Counted::kTest;
  report.files = static_cast<int>(row.Integer(11));
  report.findings = static_cast<int>(row.Integer(12));
  if (const auto same = row.OptionalInteger(13)) report.same_bytes_as = ReportId{*same};
  return report;
}

Result<std::vector<wire::Finding>> ReadFindings(const store::Row& row, std::size_t facts_column, std::size_t findings_column) {
  if (!row.IsNull(findings_column)) return rows::FindingsFromText(row.Text(findings_column));
  if (row.IsNull(facts_column)) return std::vector<wire::Finding>();
  const Json facts = PL_TRY(ParseJson(row.Text(facts_column)));
  const Json* list = facts.Find("findings");
  if (list == nullptr) return std::vector<wire::Finding>();
  return ValueFromJson<std::vector<wire::Finding>>(*list, "/findings");
}

}  // namespace

namespace rows {
// Shared with report_list.cpp, which reads the same columns.
ReportRow ReportRowOf(const store::Row& row) { return RowOf(row); }
}  // namespace rows

Result<ReportRow> FindReport(store::ReadTransaction& transaction, ReportId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
  if (!row) return NoReport(id);
  return RowOf(*row);
}

namespace {

// That an agency works on its user, or that a court asks, is none of a platform's business.
ReportState StateForSubmitter(ReportState state) {
  return state == ReportState::kPausedDeconfliction || state == ReportState::kHeldLegal ? ReportState::kTriaged : state;
}

}  // namespace

Result<Receipt> FindReceipt(store::ReadTransaction& transaction, ReportId id) {
  const ReportRow report = PL_TRY(FindReport(transaction, id));
  const std::optional<store::Row> row = PL_TRY(transaction.First(kReceipt, id));
  if (!row) return NoReport(id);
  Receipt receipt;
  receipt.report_id = id;
  receipt.state = StateForSubmitter(report.state);
  receipt.received_at = report.received_at;
  receipt.finished_at = report.finished_at;
  receipt.preserve_until = row->OptionalTime(0);
  if (!row->IsNull(1)) receipt.document_sha256 = HexEncode(row->Bytes(1));
  receipt.findings = PL_TRY(ReadFindings(*row, 2, 3));
  receipt.same_bytes_as = report.same_bytes_as;
  receipt.test = report.test;
  return receipt;
}

Result<std::vector<FileView>> ListFiles(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id) {
  const std::vector<store::Row> rows = PL_TRY(transaction.All(kFiles, id.value * kPlacesPerReport, (id.value + 1) * kPlacesPerReport));
  std::vector<FileView> files;
  files.reserve(rows.size());
  for (const store::Row& row : rows) {
    FileView file;
    file.id = {row.Integer(0)};
    file.wire_id = row.Text(1);
    file.received_at = row.Time(2);
    file.bytes = row.Integer(3);
    file.kind = static_cast<FileKind>(row.Integer(4));
    file.sniffed_type = row.Text(5);
    file.declared_type = row.Text(6);
    file.name = Sensitive<std::string>(PL_TRY(sealer.Unseal(row.Bytes(7), FileNameContext(file.wire_id))));
    file.md5 = HexEncode(row.Bytes(8));
    file.sha1 = HexEncode(row.Bytes(9));
    file.sha256 = HexEncode(row.Bytes(10));
    file.described = row.Integer(11) > 0;
    file.viewed_by_esp = static_cast<Answer>(row.Integer(12));
    file.publicly_available = static_cast<Answer>(row.Integer(13));
    file.supplemental = row.Bool(14);
    file.industry_classification = row.Text(15);
    file.annotations = rows::WordsIn(row.Text(16));
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::vector<TimelineEntry>> TimelineOf(store::ReadTransaction& transaction, ReportId id) {
  struct Word {
    std::string_view action;
    std::string_view what;
  };
  constexpr std::array kWords = {
      Word{"tipline.report.submit", "opened"},      Word{"tipline.file.add", "file_received"},
      Word{"tipline.file.describe", "file_described"}, Word{"tipline.report.finish", "finished"},
      Word{"tipline.report.retract", "retracted"},  Word{"tipline.report.expire", "expired"}};
  std::vector<TimelineEntry> timeline;
  for (const audit::RecordedEntry& recorded : PL_TRY(audit::ListOf(transaction, "report", id.value, kTimelineMax))) {
    const auto word = std::find_if(kWords.begin(), kWords.end(), [&](const Word& one) { return one.action == recorded.entry.action; });
    if (word == kWords.end() || recorded.entry.denied) continue;
    TimelineEntry entry{recorded.at, std::string(word->what), {}};
    const Result<Json> detail = ParseJson(recorded.entry.detail.empty() ? "{}" : recorded.entry.detail);
    if (detail.ok()) entry.detail = detail->Text("file");
    timeline.push_back(std::move(entry));
  }
  return timeline;
}

Result<Original> FindOriginal(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id, std::int64_t place) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kOriginal, id.value * kPlacesPerReport + place));
  if (!row || row->IsNull(0)) return NoReport(id);
  Original original;
  original.sha256 = row->Bytes(1);
  original.received_at = row->Time(2);
  original.bytes = PL_TRY(sealer.Unseal(row->Bytes(0), OriginalContext(original.sha256)));
  if (crypto::Sha256(original.bytes) != original.sha256) {
    return Error{ErrorCode::kCorrupt, "The stored original does not match its digest.",
                 "original of report " + std::to_string(id.value), {}, 0};
  }
  return original;
}

Result<ReportDetail> FindDetail(store::ReadTransaction& transaction, const vault::Sealer& sealer, ReportId id) {
  ReportDetail detail;
  detail.report = PL_TRY(FindReport(transaction, id));
  detail.receipt = PL_TRY(FindReceipt(transaction, id));
  detail.files = PL_TRY(ListFiles(transaction, sealer, id));
  detail.timeline = PL_TRY(TimelineOf(transaction, id));
  const std::optional<store::Row> facts_row = PL_TRY(transaction.First(kFacts, id.value * kPlacesPerReport));
  if (facts_row && !facts_row->IsNull(0)) {
    const Json facts = PL_TRY(ParseJson(facts_row->Text(0)));
    const Json* names = facts.Find("annotations");
    if (names != nullptr) detail.annotations = PL_TRY(ValueFromJson<std::vector<std::string>>(*names, ""));
    const Json* prior = facts.Find("prior_reports");
    if (prior != nullptr) detail.prior_reports = PL_TRY(ValueFromJson<std::vector<std::int64_t>>(*prior, ""));
  }
  Result<Original> original = FindOriginal(transaction, sealer, id, 0);
  if (original.ok()) {
    detail.document = PL_TRY(wire::TreeOf(original->bytes));
  } else if (original.error().code != ErrorCode::kNotFound) {
    return std::move(original).error();
  }
  return detail;
}

}  // namespace porchlight::tipline
