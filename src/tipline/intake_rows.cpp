#include "tipline/intake_rows.h"

#include <array>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "platform/crypto/digest.h"
#include "tipline/intake_store.h"

namespace porchlight::tipline::rows {

namespace {

constexpr std::int64_t kDayMicroseconds = 86'400'000'000;
constexpr std::int64_t kPostgresShards = 16;

constexpr store::Statement kCount{
    "tipline.count",
    "INSERT INTO tipline_counters (day, organisation, source, incident_type, state, counted, shard, reports) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
    "ON CONFLICT (day, organisation, source, incident_type, state, counted, shard) "
    "DO UPDATE SET reports = tipline_counters.reports + excluded.reports"};

constexpr store::Statement kGuard{
    "tipline.report_guard",
    "SELECT organisation, state, expires_at, CASE WHEN counted = 2 THEN 1 ELSE 0 END FROM tipline_reports WHERE id = $1"};

constexpr store::Statement kInsertDocument{
    "tipline.insert_document",
    "INSERT INTO tipline_originals (id, kind, received_at, bytes, sha256, facts, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)"};

constexpr store::Statement kPurgeDocuments{
    "tipline.purge_documents", "UPDATE tipline_originals SET sealed = NULL, facts = NULL WHERE id >= $1 AND id < $2"};
constexpr store::Statement kPurgeFiles{"tipline.purge_files", "DELETE FROM tipline_files WHERE id >= $1 AND id < $2"};

constexpr store::Statement kRootThatCounts{
    "tipline.root_that_counts",
    "UPDATE tipline_reports SET counted = 3 WHERE id = $1 AND counted = 1 AND state IN (1, 2, 10, 11) "
    "RETURNING " PL_TIPLINE_REPORT_COLUMNS};
constexpr store::Statement kRepeatThatCounts{
    "tipline.repeat_that_counts",
    "UPDATE tipline_reports SET counted = 3 WHERE same_bytes_as = $1 AND same_bytes_as IS NOT NULL AND counted = 1 "
    "AND state IN (1, 2, 10, 11) RETURNING " PL_TIPLINE_REPORT_COLUMNS};
constexpr store::Statement kLetCount{"tipline.let_count", "UPDATE tipline_reports SET counted = 1 WHERE id = $1"};

constexpr store::Statement kKeepFindings{"tipline.keep_findings", "INSERT INTO tipline_findings (report, findings) VALUES ($1, $2)"};

// Where the counter of a report lies, in the order of the table's key: the one order in which all units change counters.
using CounterKey = std::array<std::int64_t, 7>;

CounterKey KeyOf(const Report& report, store::Engine engine) {
  return {report.received_at.microseconds / kDayMicroseconds,
          report.organisation,
          static_cast<std::int64_t>(report.source),
          static_cast<std::int64_t>(report.incident_type),
          static_cast<std::int64_t>(report.state),
          static_cast<std::int64_t>(report.counted),
          engine == store::Engine::kPostgres ? report.id.value % kPostgresShards : 0};
}

class CounterChanges final : public store::LastChanges {
 public:
  std::string_view Table() const override { return "tipline_counters"; }

  void Add(const Report& report, store::Engine engine, std::int64_t by) { changes_[KeyOf(report, engine)] += by; }

  Result<void> Make(store::WriteTransaction& transaction) override {
    for (const auto& [key, by] : changes_) {
      if (by == 0) continue;
      const auto& [day, organisation, source, incident_type, state, counted, shard] = key;
      PL_TRY(transaction.Execute(kCount, day, organisation, source, incident_type, state, counted, shard, by));
    }
    return {};
  }

 private:
  std::map<CounterKey, std::int64_t> changes_;
};

Error Over(std::string_view field, std::string_view public_text) {
  return Error{ErrorCode::kConflict, std::string(public_text), {}, std::string(field), 0};
}

}  // namespace

Report ReadReport(const store::Row& row) {
  Report report;
  report.id = {row.Integer(0)};
  report.received_at = row.Time(1);
  report.organisation = row.Integer(2);
  report.source = static_cast<ReportSource>(row.Integer(3));
  report.incident_type = static_cast<IncidentType>(row.Integer(4));
  report.state = static_cast<ReportState>(row.Integer(5));
  report.counted = static_cast<Counted>(row.Integer(6));
  if (const auto same = row.OptionalInteger(7)) report.same_bytes_as = ReportId{*same};
  report.content = row.Integer(8);
  report.files = row.Integer(9);
  report.documents = row.Integer(10);
  report.findings = row.Integer(11);
  report.urgent = row.Bool(12);
  return report;
}

void Count(store::WriteTransaction& transaction, const Report& report, std::int64_t by) {
  transaction.Last<CounterChanges>().Add(report, transaction.engine(), by);
}

void Recount(store::WriteTransaction& transaction, const Report& before, const Report& after) {
  Count(transaction, before, -1);
  Count(transaction, after, 1);
}

// The span in its upper bits keeps the keys of one span together: they are written, and forgotten, side by side.
std::int64_t RecentKey(std::int64_t span, std::string_view digest) {
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < 6; ++i) low = (low << 8U) | static_cast<unsigned char>(digest[i]);
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(span) & 0x7fffU) << 48U | low);
}

RecentKeys RecentKeysOf(std::int64_t organisation, std::int64_t account, std::string_view sha256, Instant received_at, Duration span) {
  std::string subject = std::to_string(organisation) + "/" + std::to_string(account) + "/";
  subject += sha256;
  const std::string digest = crypto::Sha256(subject);
  const std::int64_t number = received_at.microseconds / span.microseconds;
  return {RecentKey(number, digest), RecentKey(number - 1, digest)};
}

std::string EventDetail(const Report& report) {
  Json detail;
  detail.Set("organisation", report.organisation).Set("source", NameOf(report.source)).Set("incident_type", NameOf(report.incident_type));
  detail.Set("urgent", report.urgent).Set("test", report.counted == Counted::kTest);
  detail.Set("conversation", (report.content & kContentChat) != 0).Set("files", report.files);
  return detail.Serialize();
}

std::vector<std::string> WordsIn(std::string_view joined) {
  std::vector<std::string> words;
  if (joined.empty()) return words;
  for (const std::string_view word : Split(joined, ',')) words.emplace_back(word);
  return words;
}

std::string FindingsText(const std::vector<wire::Finding>& findings) {
  if (findings.empty()) return {};
  Json list{Json::Array{}};
  for (const wire::Finding& finding : findings) list.Append(ToJson(finding, VisibilitySet::All()));
  return list.Serialize();
}

Result<std::vector<wire::Finding>> FindingsFromText(std::string_view text) {
  if (text.empty()) return std::vector<wire::Finding>();
  const Json list = PL_TRY(ParseJson(text));
  return ValueFromJson<std::vector<wire::Finding>>(list, "/findings");
}

Result<void> KeepFindings(store::WriteTransaction& transaction, ReportId report, const std::vector<wire::Finding>& findings) {
  PL_TRY(transaction.Execute(kKeepFindings, report, FindingsText(findings)));
  return {};
}

Error UnknownReport() { return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0}; }
Error UnknownFile() { return Error{ErrorCode::kNotFound, "The report has no such file.", {}, "file", 0}; }

Error WhyNot(store::ReadTransaction& transaction, const auth::Caller& caller, ReportId report, Instant now) {
  const auto row = transaction.First(kGuard, report);
  if (!row.ok()) return row.error();
  // An id the caller may not know answers exactly as one that does not exist.
  if (!row->has_value() || (*row)->Integer(0) != caller.organisation.value || (*row)->Integer(3) != TestOf(caller)) return UnknownReport();
  switch (static_cast<ReportState>((*row)->Integer(1))) {
    case ReportState::kRetracted: return Over("retracted", "The report was retracted; it cannot be changed.");
    case ReportState::kExpiredUnfinished:
    case ReportState::kRefused: return UnknownReport();
    case ReportState::kOpened:
    case ReportState::kFilesPending:
      // Between its expiry and the sweep a report is gone already.
      if ((*row)->Time(2) <= now) return UnknownReport();
      return Error{ErrorCode::kUnavailable, "The report was being changed by another request.", "guard and row disagree", "report", 1};
    case ReportState::kFinished:
    case ReportState::kValidated:
    case ReportState::kTriaged:
    case ReportState::kInReview:
    case ReportState::kMadeAvailable:
    case ReportState::kFeedbackReceived:
    case ReportState::kClosed:
    case ReportState::kHeldLegal:
    case ReportState::kPausedDeconfliction: break;
  }
  return Over("finished", "The report is finished; it cannot be changed.");
}

Result<void> InsertDocument(store::WriteTransaction& transaction, const Document& document) {
  PL_TRY(transaction.Execute(kInsertDocument, document.report.value * kPlacesPerReport + document.place, document.kind,
                             document.received_at, document.bytes, store::Blob{std::string(document.sha256)},
                             document.facts.empty() ? std::optional<std::string>() : std::string(document.facts),
                             store::Blob{std::string(document.sealed)}));
  return {};
}

Result<void> PurgeContent(store::WriteTransaction& transaction, ReportId report) {
  const std::int64_t first = report.value * kPlacesPerReport;
  PL_TRY(transaction.Execute(kPurgeDocuments, first, first + kPlacesPerReport));
  PL_TRY(transaction.Execute(kPurgeFiles, first, first + kPlacesPerReport));
  return {};
}

Result<Report> TakeOverCount(store::WriteTransaction& transaction, Report report) {
  if (report.counted != Counted::kRepeat) return report;
  const ReportId root = report.same_bytes_as.value_or(report.id);
  std::optional<store::Row> counts = PL_TRY(transaction.First(kRootThatCounts, root));
  if (!counts) counts = PL_TRY(transaction.First(kRepeatThatCounts, root));
  if (!counts) return report;
  Report before = ReadReport(*counts);
  Report after = before;
  before.counted = Counted::kProduction;
  Recount(transaction, before, after);
  PL_TRY(transaction.Execute(kLetCount, report.id));
  report.counted = Counted::kProduction;
  return report;
}

}  // namespace porchlight::tipline::rows
