#include "triage/legal_hold.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "triage/events.h"
#include "triage/handing_over.h"
#include "triage/internal/staff_text.h"
#include "triage/internal/tip_moves.h"
#include "triage/judging.h"
#include "triage/rejudging.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

#define PL_FROM_HOLDS \
  "SELECT id, report, at, account, reason, reference, review_on, stood, lifted_at, lifted_by, note FROM triage_holds "
constexpr store::Statement kInsert{
    "triage.insert_hold",
    "INSERT INTO triage_holds (report, at, account, reason, reference, review_on, stood, note) VALUES ($1, $2, $3, $4, $5, $6, $7, '')"};
constexpr store::Statement kStanding{"triage.standing_hold", PL_FROM_HOLDS "WHERE report = $1 AND lifted_at IS NULL"};
constexpr store::Statement kLift{"triage.lift_hold", "UPDATE triage_holds SET lifted_at = $1, lifted_by = $2, note = $3 WHERE id = $4"};
constexpr store::Statement kAnswered{"triage.hold_answered",
                                     "UPDATE triage_holds SET stood = $1 WHERE report = $2 AND lifted_at IS NULL AND stood = $3"};
constexpr store::Statement kLastLifted{
    "triage.last_lifted", "SELECT lifted_at FROM triage_holds WHERE report = $1 AND lifted_at IS NOT NULL ORDER BY id DESC LIMIT 1"};
constexpr store::Statement kList{"triage.list_holds", PL_FROM_HOLDS "WHERE lifted_at IS NULL ORDER BY review_on, id LIMIT $1"};
constexpr store::Statement kOfReport{"triage.holds_of", PL_FROM_HOLDS "WHERE report = $1 ORDER BY id DESC"};

Hold ReadHold(const store::Row& row) {
  Hold hold;
  hold.id = {row.Integer(0)};
  hold.report = {row.Integer(1)};
  hold.at = row.Time(2);
  hold.account = {row.Integer(3)};
  hold.reason = row.Text(4);
  hold.reference = row.Text(5);
  hold.review_on = row.Text(6);
  hold.stood = static_cast<ReportState>(row.Integer(7));
  hold.lifted_at = row.OptionalTime(8);
  if (const auto account = row.OptionalInteger(9)) hold.lifted_by = auth::AccountId{*account};
  hold.note = row.Text(10);
  return hold;
}

std::vector<Hold> ReadAll(const std::vector<store::Row>& rows) {
  std::vector<Hold> holds;
  for (const store::Row& row : rows) holds.push_back(ReadHold(row));
  return holds;
}

Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action, ReportId report,
                    const Json& detail, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.detail = detail.Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

// Somebody's work, and a pause, end with it; both begin anew from the queue.
ReportState GoesBackTo(ReportState state) {
  return state == ReportState::kInReview || state == ReportState::kPausedDeconfliction ? ReportState::kTriaged : state;
}

}  // namespace

bool IsHeld(const Tip& tip) { return tip.state == ReportState::kHeldLegal; }

Result<void> LegalHolds::Check(const NewHold& hold, Instant now) const {
  if (std::find(reasons_.begin(), reasons_.end(), hold.reason) == reasons_.end()) {
    return Refused("/reason", "It must be a code of hold_reasons.");
  }
  if (!IsStaffText(hold.reference)) return Refused("/reference", "Name the order or request: 1 to 500 bytes.");
  const std::string last = FormatDate(now + Duration::Hours(24 * kReviewDaysMax));
  // Dates of one length are in the order of their text.
  if (!IsDate(hold.review_on) || hold.review_on < FormatDate(now) || hold.review_on > last) {
    return Refused("/review_on", "It must be a date from today to a year from now, like 2026-01-31.");
  }
  return {};
}

Result<Tip> LegalHolds::Place(const auth::Caller& caller, ReportId report, const NewHold& hold, std::string_view request_id) {
  const Instant now = clock_.Now();
  PL_TRY(Check(hold, now));
  const auto place = [&](store::WriteTransaction& transaction) -> Result<Tip> {
    Tip tip = PL_TRY(LockForReferral(transaction, report));
    if (IsHeld(tip)) return Over("state", "The report is held already.");
    const ReportState stood = GoesBackTo(tip.state);
    const std::string reference(Trim(hold.reference));
    PL_TRY(transaction.Execute(kInsert, report, now, caller.account, hold.reason, reference, hold.review_on, stood));
    tip.claimed_by.reset();
    tip.claimed_until.reset();
    PL_TRY(Move(transaction, tip, ReportState::kHeldLegal));
    const Json detail = Json().Set("reason", hold.reason).Set("review_on", hold.review_on).Set("stood", NameOf(stood));
    PL_TRY(Record(transaction, caller, "triage.report.hold", report, detail, request_id, now));
    PL_TRY(jobs::Publish(transaction, events::kTipHeld, report.value, Json().Set("by", caller.account.value).Serialize(), now));
    return tip;
  };
  return database_.Write(place);
}

Result<Tip> LegalHolds::Lift(const auth::Caller& caller, ReportId report, std::string_view note, std::string_view request_id) {
  if (!IsStaffText(note)) return Refused("/note", "Say why it may go on: 1 to 500 bytes.");
  const Instant now = clock_.Now();
  const auto lift = [&](store::WriteTransaction& transaction) -> Result<Tip> {
    Tip tip = PL_TRY(LockForReferral(transaction, report));
    const std::optional<store::Row> row = PL_TRY(transaction.First(kStanding, report));
    if (!IsHeld(tip) || !row) return Over("state", "The report is not held.");
    const Hold hold = ReadHold(*row);
    PL_TRY(transaction.Execute(kLift, now, caller.account, std::string(Trim(note)), hold.id));
    PL_TRY(Move(transaction, tip, hold.stood));
    PL_TRY(Record(transaction, caller, "triage.report.lift_hold", report, Json().Set("to", NameOf(hold.stood)), request_id, now));
    PL_TRY(jobs::Publish(transaction, events::kHoldLifted, report.value, "{}", now));
    PL_TRY(EnqueueJudgingByNow(transaction, report, now));
    PL_TRY(FollowBundle(transaction, tip, now));
    return tip;
  };
  return database_.Write(lift);
}

Result<void> NoteFeedbackWhileHeld(store::WriteTransaction& transaction, ReportId report) {
  PL_TRY(transaction.Execute(kAnswered, ReportState::kFeedbackReceived, report, ReportState::kMadeAvailable));
  return {};
}

Result<std::optional<Instant>> LastLifted(store::ReadTransaction& transaction, ReportId report) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kLastLifted, report));
  return row ? row->OptionalTime(0) : std::optional<Instant>();
}

Result<std::vector<Hold>> ListHolds(store::ReadTransaction& transaction, int count_max) {
  return ReadAll(PL_TRY(transaction.All(kList, count_max)));
}

Result<std::vector<Hold>> HoldsOf(store::ReadTransaction& transaction, ReportId report) {
  return ReadAll(PL_TRY(transaction.All(kOfReport, report)));
}

}  // namespace porchlight::triage
