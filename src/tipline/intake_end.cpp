#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "tipline/events.h"
#include "tipline/intake_rows.h"
#include "tipline/intake_store.h"

// The ways an unfinished report ends: filed, retracted, or over.
namespace porchlight::tipline {

namespace {

constexpr std::size_t kFileFindingsMax = 50;
// Numbers are given in nearly the order of the clock: several processes, several clocks.
constexpr Duration kClockSkew = Duration::Minutes(10);

#define PL_TIPLINE_WHILE_OPEN                                                          \
  "AND state IN (1, 2) AND expires_at > $3 AND organisation = $4 "                     \
  "AND CASE WHEN counted = 2 THEN 1 ELSE 0 END = $5 RETURNING " PL_TIPLINE_REPORT_COLUMNS

constexpr store::Statement kFinish{
    "tipline.finish", "UPDATE tipline_reports SET state = 3, finished_at = $3, preserve_until = $1 WHERE id = $2 " PL_TIPLINE_WHILE_OPEN};
constexpr store::Statement kRetract{
    "tipline.retract", "UPDATE tipline_reports SET state = $1 WHERE id = $2 " PL_TIPLINE_WHILE_OPEN};
#undef PL_TIPLINE_WHILE_OPEN

constexpr store::Statement kExpire{
    "tipline.expire",
    "UPDATE tipline_reports SET state = 11 WHERE id = $1 AND state IN (1, 2) AND expires_at <= $2 RETURNING " PL_TIPLINE_REPORT_COLUMNS};
// The index holds unfinished reports in the order of their numbers, which is nearly that of their ends.
constexpr store::Statement kUnfinished{
    "tipline.unfinished",
    "SELECT id, expires_at, received_at FROM tipline_reports WHERE state <> 3 AND state = $1 AND id > $2 ORDER BY id LIMIT $3"};

constexpr store::Statement kFilesToFinish{
    "tipline.files_to_finish", "SELECT wire_id, details, findings FROM tipline_files WHERE id >= $1 AND id < $2 ORDER BY id"};
constexpr store::Statement kDocumentFacts{"tipline.document_facts", "SELECT facts FROM tipline_originals WHERE id = $1"};
constexpr store::Statement kSetFindings{"tipline.set_findings", "UPDATE tipline_reports SET findings = $1 WHERE id = $2"};

constexpr store::Statement kForgetKeys{
    "tipline.forget_idempotency",
    "DELETE FROM tipline_idempotency WHERE received_at < $1 AND received_at <= "
    "(SELECT MAX(received_at) FROM (SELECT received_at FROM tipline_idempotency WHERE received_at < $1 "
    "ORDER BY received_at LIMIT $2) AS oldest)"};

audit::Entry EntryOf(std::string_view action, ReportId report, std::string_view request_id) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.request_id = request_id;
  return entry;
}

// An unfinished report's state before it ended: files are what moves it to the second.
rows::Report StillOpen(rows::Report report) {
  report.state = report.files == 0 ? ReportState::kOpened : ReportState::kFilesPending;
  return report;
}

Result<std::vector<wire::Finding>> FindingsOfDocument(store::ReadTransaction& transaction, ReportId report) {
  std::vector<wire::Finding> findings;
  const auto row = PL_TRY(transaction.First(kDocumentFacts, report.value * kPlacesPerReport));
  if (!row || row->IsNull(0)) return findings;
  const Json facts = PL_TRY(ParseJson(row->Text(0)));
  const Json* list = facts.Find("findings");
  if (list == nullptr) return findings;
  return ValueFromJson<std::vector<wire::Finding>>(*list, "/findings");
}

}  // namespace

std::vector<wire::Finding> FindingsOfFiles(bool has_chat, bool has_url, bool has_account, const std::vector<FileForFindings>& files) {
  std::vector<wire::Finding> findings;
  if (files.empty() && !has_chat && !has_url) {
    // Accepted all the same: a few words about a child in danger are worth more than a refusal.
    findings.push_back({has_account ? "no_file" : "nothing_to_act_on", "/report"});
  }
  for (std::size_t i = 0; i < files.size() && findings.size() < kFileFindingsMax; ++i) {
    const std::string path = "/files[" + std::to_string(i + 1) + "]";
    if (!files[i].described) findings.push_back({"no_file_viewed_flag", path});
    for (const wire::Finding& finding : files[i].findings) findings.push_back({finding.code, path + finding.path});
  }
  return findings;
}

Result<IntakeStore::Finished> IntakeStore::Finish(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) { return FinishIn(transaction, caller, id, request_id, now); });
}

IntakeStore::Change<IntakeStore::Finished> IntakeStore::FinishLater(const auth::Caller& caller, ReportId id,
                                                                    std::string_view request_id) {
  const auto kept = std::make_shared<const std::pair<auth::Caller, std::string>>(caller, request_id);
  return Later<Finished>([this, kept, id, now = clock_.Now()](store::WriteTransaction& transaction) {
    return FinishIn(transaction, kept->first, id, kept->second, now);
  });
}

Result<IntakeStore::Finished> IntakeStore::FinishIn(store::WriteTransaction& transaction, const auth::Caller& caller, ReportId id,
                                                    std::string_view request_id, Instant now) const {
  const Instant preserve_until = AddYears(now, rules_.preserve_years);
  const auto row = PL_TRY(transaction.First(kFinish, preserve_until, id, now, caller.organisation, rows::TestOf(caller)));
  if (!row) return rows::WhyNot(transaction, caller, id, now);
  rows::Report report = rows::ReadReport(*row);
  const rows::Report before = StillOpen(report);

  Finished finished;
  std::vector<FileForFindings> files;
  for (const store::Row& file :
       PL_TRY(transaction.All(kFilesToFinish, id.value * kPlacesPerReport, (id.value + 1) * kPlacesPerReport))) {
    finished.file_ids.push_back(file.Text(0));
    files.push_back({file.Integer(1) > 0, PL_TRY(rows::FindingsFromText(file.Text(2)))});
  }
  finished.findings = PL_TRY(FindingsOfDocument(transaction, id));
  const std::vector<wire::Finding> added =
      FindingsOfFiles((report.content & rows::kContentChat) != 0, (report.content & rows::kContentUrl) != 0,
                      (report.content & rows::kContentAccount) != 0, files);
  if (!added.empty()) {
    finished.findings.insert(finished.findings.end(), added.begin(), added.end());
    report.findings = static_cast<std::int64_t>(finished.findings.size());
    PL_TRY(transaction.Execute(kSetFindings, report.findings, id));
    PL_TRY(rows::KeepFindings(transaction, id, finished.findings));
  }
  PL_TRY(audit::Record(transaction, caller, EntryOf("tipline.report.finish", id, request_id), now));
  PL_TRY(jobs::Publish(transaction, events::kReportFinished, id.value, rows::EventDetail(report), now));
  rows::Recount(transaction, before, PL_TRY(rows::TakeOverCount(transaction, report)));
  return finished;
}

Result<std::vector<std::string>> IntakeStore::FileIdsOf(const auth::Caller& caller, ReportId id) {
  const Instant now = clock_.Now();
  return database_.Read([&](store::ReadTransaction& transaction) -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    const Error state = rows::WhyNot(transaction, caller, id, now);
    if (state.code != ErrorCode::kConflict || state.field != "finished") return ids;
    for (const store::Row& file :
         PL_TRY(transaction.All(kFilesToFinish, id.value * kPlacesPerReport, (id.value + 1) * kPlacesPerReport))) {
      ids.push_back(file.Text(0));
    }
    return ids;
  });
}

Result<void> IntakeStore::Retract(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const auto row = PL_TRY(transaction.First(kRetract, ReportState::kRetracted, id, now, caller.organisation, rows::TestOf(caller)));
    if (!row) return rows::WhyNot(transaction, caller, id, now);
    const rows::Report report = rows::ReadReport(*row);
    PL_TRY(rows::PurgeContent(transaction, id));
    PL_TRY(audit::Record(transaction, caller, EntryOf("tipline.report.retract", id, request_id), now));
    const Json detail = Json().Set("organisation", report.organisation);
    PL_TRY(jobs::Publish(transaction, events::kReportRetracted, id.value, detail.Serialize(), now));
    rows::Recount(transaction, StillOpen(report), report);
    return {};
  });
}

Result<int> IntakeStore::Expire(const std::vector<ReportId>& due, Instant now) {
  const auth::Caller system = auth::SystemCaller("tipline");
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<int> {
    int expired = 0;
    for (const ReportId id : due) {
      const auto row = PL_TRY(transaction.First(kExpire, id, now));
      if (!row) continue;  // Finished, changed or expired meanwhile.
      const rows::Report report = rows::ReadReport(*row);
      PL_TRY(rows::PurgeContent(transaction, id));
      PL_TRY(audit::Record(transaction, system, EntryOf("tipline.report.expire", id, {}), now));
      const Json detail = Json().Set("organisation", report.organisation);
      PL_TRY(jobs::Publish(transaction, events::kReportExpired, id.value, detail.Serialize(), now));
      rows::Recount(transaction, StillOpen(report), report);
      ++expired;
    }
    return expired;
  });
}

Result<int> IntakeStore::ExpireDue(int count_max) {
  constexpr std::int64_t kScanned = 200;
  const Instant now = clock_.Now();
  int expired = 0;
  for (const ReportState state : {ReportState::kOpened, ReportState::kFilesPending}) {
    std::int64_t after = 0;
    bool more = true;
    while (more && expired < count_max) {
      const std::vector<store::Row> rows = PL_TRY(database_.Read(
          [&](store::ReadTransaction& transaction) { return transaction.All(kUnfinished, state, after, kScanned); }));
      more = rows.size() == static_cast<std::size_t>(kScanned);
      std::vector<ReportId> due;
      for (const store::Row& row : rows) {
        after = row.Integer(0);
        if (row.Time(1) <= now) {
          due.push_back({after});
        } else if (row.Time(2) + rules_.finish_from_open > now + kClockSkew) {
          more = false;  // Whatever was opened later has its time from opening before it.
        }
      }
      if (!due.empty()) expired += PL_TRY(Expire(due, now));
    }
  }
  return expired;
}

Result<std::int64_t> IntakeStore::ForgetOld(int count_max) {
  const Instant now = clock_.Now();
  const std::int64_t span = now.microseconds / rules_.repeat_window.microseconds;
  const std::string none(6, '\0');
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<std::int64_t> {
    // Spans before the last one, and after this one: those are left of the time before the number began anew.
    std::int64_t forgotten =
        PL_TRY(recent_.Forget(transaction, rows::RecentKey(span - 1, none), rows::RecentKey(span + 2, none), count_max));
    forgotten += PL_TRY(transaction.Execute(kForgetKeys, now - kIdempotencyKept, count_max));
    return forgotten;
  });
}

}  // namespace porchlight::tipline
