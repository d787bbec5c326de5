#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "tipline/report.h"
#include "tipline/wire.h"

// The pieces that the intake's units of work are made of. Only intake_*.cpp use them.
namespace porchlight::tipline::rows {

// Stored as numbers: never renumber, never reuse.
enum class Counted : std::uint8_t { kProduction = 1, kTest = 2, kRepeat = 3 };
enum class DocumentKind : std::uint8_t { kReport = 1, kFileDetails = 2, kPublicForm = 3 };
inline constexpr std::int64_t kContentChat = 1;
inline constexpr std::int64_t kContentUrl = 2;
inline constexpr std::int64_t kContentAccount = 4;

// What the counters and guards need of a report; read with kReportColumns.
struct Report {
  ReportId id;
  Instant received_at;
  std::int64_t organisation = 0;
  ReportSource source = ReportSource::kPlatform;
  IncidentType incident_type = IncidentType::kCsam;
  ReportState state = ReportState::kOpened;
  Counted counted = Counted::kProduction;
  std::optional<ReportId> same_bytes_as;
  std::int64_t content = 0;
  std::int64_t files = 0;
  std::int64_t documents = 0;
  std::int64_t findings = 0;
  bool urgent = false;
};
#define PL_TIPLINE_REPORT_COLUMNS \
  "id, received_at, organisation, source, incident_type, state, counted, same_bytes_as, content, files, documents, findings, urgent"
Report ReadReport(const store::Row& row);

// Adds `by` to the counter that the report stands in, as the last thing that the unit does (store::LastChanges).
void Count(store::WriteTransaction& transaction, const Report& report, std::int64_t by);
// Takes the report out of the counter of `before` and into that of `after`.
void Recount(store::WriteTransaction& transaction, const Report& before, const Report& after);

// Why the caller may not change the report now: it is unknown, another organisation's, over, or expired.
Error WhyNot(store::ReadTransaction& transaction, const auth::Caller& caller, ReportId report, Instant now);

// 1 for callers that file test traffic: they never reach a production report, nor the reverse.
inline std::int64_t TestOf(const auth::Caller& caller) { return caller.test_traffic ? 1 : 0; }

struct Document {
  ReportId report;
  std::int64_t place = 0;
  DocumentKind kind = DocumentKind::kReport;
  Instant received_at;
  std::int64_t bytes = 0;
  std::string_view sha256;            // Raw.
  std::string_view facts;             // JSON, or empty.
  std::string_view sealed;
};
Result<void> InsertDocument(store::WriteTransaction& transaction, const Document& document);

// Removes what the report holds: the documents' bytes, the files' rows. Digests of the documents stay.
Result<void> PurgeContent(store::WriteTransaction& transaction, ReportId report);

// A repeat that is filed while the report counted for the same bytes was never filed takes over its count; the
// answer is the report as it counts now.
Result<Report> TakeOverCount(store::WriteTransaction& transaction, Report report);

// The words of a list that is stored joined by commas.
std::vector<std::string> WordsIn(std::string_view joined);

// As stored: a JSON list, or nothing at all when there is none.
std::string FindingsText(const std::vector<wire::Finding>& findings);
Result<std::vector<wire::Finding>> FindingsFromText(std::string_view text);

// The full list of a finished report, where files or their absence added to the document's.
Result<void> KeepFindings(store::WriteTransaction& transaction, ReportId report, const std::vector<wire::Finding>& findings);

// The key of a document in tipline_recent. The number of the span in its upper bits keeps the keys of one span
// together: they are forgotten side by side. A chance collision costs a link, never a report.
std::int64_t RecentKey(std::int64_t span, std::string_view digest);

// Where a document of an account (digest: SHA-256, raw) stands that is received at that time, and where it would stand had it come in
// the span before.
struct RecentKeys {
  std::int64_t now = 0;
  std::int64_t before = 0;
};
RecentKeys RecentKeysOf(std::int64_t organisation, std::int64_t account, std::string_view sha256, Instant received_at, Duration span);

// What events say of a report.
std::string EventDetail(const Report& report);

Error UnknownReport();
Error UnknownFile();

}  // namespace porchlight::tipline::rows
