#include "evidence/gatekeeper.h"

#include <algorithm>
#include <limits>
#include <set>

#include "evidence/deciding.h"
#include "evidence/gate_tables.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "tipline/file_answers.h"
#include "tipline/intake_store.h"

namespace porchlight::evidence {

namespace {

using tipline::FileId;
using tipline::ReportId;

// A walk before its first file, and one that goes over all files a second and last time.
constexpr Walk kBegins{{0}, false};
constexpr Walk kOnceMore{{-1}, false};

Result<void> RecordAuthority(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action,
                             const Authority& authority, std::string_view request_id, Instant now) {
  Json detail = Json().Set("authority", authority.id.value).Set("kind", NameOf(authority.kind));
  detail.Set("from", FormatInstant(authority.from));
  if (authority.until) detail.Set("until", FormatInstant(*authority.until));
  if (authority.files) detail.Set("files", static_cast<std::int64_t>(authority.files->size()));
  else detail.Set("files", "all");
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = authority.report.value;
  entry.detail = detail.Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

Result<void> RecordReview(store::WriteTransaction& transaction, std::string_view table, std::int64_t looked_at, std::int64_t flagged,
                          Instant now) {
  audit::Entry entry;
  entry.action = "evidence.gate.flag";
  entry.subject_kind = "gate_table";
  entry.subject_key = table;
  entry.detail = Json().Set("files", looked_at).Set("flagged", flagged).Serialize();
  return audit::Record(transaction, auth::SystemCaller("evidence"), entry, now);
}

}  // namespace

Result<void> EnqueueDecide(store::WriteTransaction& transaction, ReportId report, Instant not_before, Instant now) {
  jobs::NewJob job;
  job.kind = kDecideReport;
  job.payload = Json().Set("report", report.value).Serialize();
  job.not_before = not_before;
  job.unique_key = std::to_string(report.value);
  if (not_before > now) job.unique_key += "@" + std::to_string(not_before.microseconds);
  return jobs::Enqueue(transaction, job, now);
}

Result<void> EnqueueReview(store::WriteTransaction& transaction, Instant now) {
  jobs::NewJob job;
  job.kind = kReviewGates;
  job.payload = "{}";
  job.not_before = now;
  job.unique_key = "added";
  return jobs::Enqueue(transaction, job, now);
}

namespace {

Result<void> EnqueueSearchAgain(store::WriteTransaction& transaction, std::string_view table, Instant now) {
  jobs::NewJob job;
  job.kind = kReviewGates;
  job.payload = Json().Set("again", table).Serialize();
  job.lane = jobs::Lane::kBulk;
  job.not_before = now + kSearchAgainAfter;
  job.unique_key = "again:" + std::string(table);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace

Result<int> Gatekeeper::DecideFiles(ReportId report) {
  PL_TRY(LearnTables(database_, book_));
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<int> {
    PL_TRY(RequireFiled(transaction, report));
    return DecideRange(transaction, book_, auth::SystemCaller("evidence"), report, FirstFile(report), EndOfFiles(report), {}, {}, now);
  });
}

Result<int> Gatekeeper::DecideAgain(const auth::Caller& caller, ReportId report, std::string_view jurisdiction,
                                    std::string_view request_id) {
  PL_TRY(caller.Require(kMayWriteAuthority));
  PL_TRY(LearnTables(database_, book_));
  const Instant now = clock_.Now();
  if (!jurisdiction.empty() && !book_.At(now).jurisdictions.contains(jurisdiction)) {
    return Error{ErrorCode::kInvalidArgument, "The table of the gate does not know this jurisdiction.", {}, "/jurisdiction", 0};
  }
  const Asking asking{Again::kTableToo, std::string(jurisdiction)};
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<int> {
    PL_TRY(RequireFiled(transaction, report));
    return DecideRange(transaction, book_, caller, report, FirstFile(report), EndOfFiles(report), asking, request_id, now);
  });
}

// A file of another report answers as one that does not exist.
Result<void> Gatekeeper::CheckFiles(store::ReadTransaction& transaction, Authority& authority) const {
  if (!authority.files) return {};
  std::set<FileId> there;
  const auto all = PL_TRY(tipline::ListFileAnswers(transaction, FirstFile(authority.report), EndOfFiles(authority.report),
                                                   tipline::kPlacesPerReport));
  for (const tipline::FileAnswers& one : all) there.insert(one.file);
  std::vector<FileId>& named = *authority.files;
  for (std::size_t index = 0; index < named.size(); ++index) {
    if (there.contains(named[index])) continue;
    return Error{ErrorCode::kInvalidArgument, "The report has no such file.", {}, "/files/" + std::to_string(index), 0};
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  return {};
}

Result<Authority> Gatekeeper::AddAuthority(const auth::Caller& caller, Authority authority, std::string_view request_id) {
  PL_TRY(caller.Require(kMayWriteAuthority));
  PL_TRY(LearnTables(database_, book_));
  PL_TRY(Check(authority));
  const Instant now = clock_.Now();
  authority.account = caller.account.value;
  authority.recorded_at = now;
  authority.revoked_at.reset();
  authority.revoked_by = 0;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Authority> {
    Authority added = authority;
    PL_TRY(RequireFiled(transaction, added.report));
    PL_TRY(CheckFiles(transaction, added));
    added.id = PL_TRY(rows::InsertAuthority(transaction, added));
    PL_TRY(RecordAuthority(transaction, caller, "evidence.authority.add", added, request_id, now));
    PL_TRY(DecideRange(transaction, book_, caller, added.report, FirstFile(added.report), EndOfFiles(added.report), {}, request_id, now));
    if (added.from > now) PL_TRY(EnqueueDecide(transaction, added.report, added.from, now));
    if (added.until && *added.until > now) PL_TRY(EnqueueDecide(transaction, added.report, *added.until, now));
    return added;
  });
}

Result<Authority> Gatekeeper::RevokeAuthority(const auth::Caller& caller, AuthorityId id, std::string_view request_id) {
  PL_TRY(caller.Require(kMayWriteAuthority));
  PL_TRY(LearnTables(database_, book_));
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Authority> {
    std::optional<Authority> found = PL_TRY(rows::FindAuthority(transaction, id));
    if (!found) return Error{ErrorCode::kNotFound, "There is no such record.", {}, "authority", 0};
    Authority& revoked = *found;
    if (!PL_TRY(rows::Revoke(transaction, id, caller.account.value, now))) {
      return Error{ErrorCode::kConflict, "The record was revoked before.", {}, "authority", 0};
    }
    revoked.revoked_at = now;
    revoked.revoked_by = caller.account.value;
    PL_TRY(RecordAuthority(transaction, caller, "evidence.authority.revoke", revoked, request_id, now));
    PL_TRY(DecideRange(transaction, book_, caller, revoked.report, FirstFile(revoked.report), EndOfFiles(revoked.report), {}, request_id,
                       now));
    return revoked;
  });
}

Result<void> Gatekeeper::SearchAgain(std::string_view version) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const Walk before = PL_TRY(rows::FindWalk(transaction, version));
    PL_TRY(rows::MoveWalk(transaction, version, before, kOnceMore));
    return EnqueueReview(transaction, now);
  });
}

Result<bool> Gatekeeper::FlagForReview(std::string_view version, int count_max) {
  constexpr FileId kEnd{std::numeric_limits<std::int64_t>::max()};
  const GateTable* table = book_.Find(version);
  if (table == nullptr) return Error{ErrorCode::kNotFound, "There is no such table of the gate.", {}, "table", 0};
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<bool> {
    const Walk before = PL_TRY(rows::FindWalk(transaction, version));
    if (before.done) return false;
    if (before.last_file == kBegins.last_file) PL_TRY(EnqueueSearchAgain(transaction, version, now));
    const std::vector<GateRow> newest = PL_TRY(rows::NewestGates(transaction, {before.last_file.value + 1}, kEnd, count_max));
    std::int64_t flagged = 0;
    for (const GateRow& row : newest) {
      if (row.decision.table == version) continue;
      const Decision other = Decide(*table, row.decision.jurisdiction, row.decision.facts);
      if (other.outcome == row.decision.outcome) continue;
      PL_TRY(rows::InsertReview(transaction, {row.file, row.sequence, std::string(version), now, other.rule, other.outcome}));
      ++flagged;
    }
    Walk after = before;
    if (!newest.empty()) after.last_file = newest.back().file;
    after.done = newest.size() < static_cast<std::size_t>(count_max);
    PL_TRY(rows::MoveWalk(transaction, version, before, after));
    if (!newest.empty()) PL_TRY(RecordReview(transaction, version, static_cast<std::int64_t>(newest.size()), flagged, now));
    return !after.done;
  });
}

}  // namespace porchlight::evidence
