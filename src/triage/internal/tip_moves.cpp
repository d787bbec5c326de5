#include "triage/internal/tip_moves.h"

#include "base/json.h"
#include "platform/jobs/jobs.h"
#include "tipline/report_states.h"
#include "triage/tip_actions.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

Error Over(std::string_view field, std::string text) { return Error{ErrorCode::kConflict, std::move(text), {}, std::string(field), 0}; }

std::string WhyNotWaiting(const Tip& tip, std::string otherwise) {
  if (tip.state == tipline::ReportState::kPausedDeconfliction) {
    return "The report is paused: another agency has an open interest in somebody in it. A supervisor resolves that.";
  }
  if (tip.state == tipline::ReportState::kHeldLegal) return "The report is held for a legal reason. A supervisor lifts that.";
  return otherwise;
}

bool IsClaimed(const Tip& tip, Instant now) { return tip.claimed_by && tip.claimed_until && *tip.claimed_until > now; }
bool IsClaimedBy(const Tip& tip, const auth::Caller& caller, Instant now) {
  return IsClaimed(tip, now) && tip.claimed_by == caller.account;
}

Result<void> RequireClaim(const Tip& tip, const auth::Caller& caller, Instant now) {
  if (IsClaimedBy(tip, caller, now)) return {};
  if (IsClaimed(tip, now)) return Over("claim", "Somebody else is working on this report.");
  return Over("claim", "Claim the report first; a claim that was not used for a while has ended.");
}

Result<void> Move(store::WriteTransaction& transaction, Tip& tip, tipline::ReportState to) {
  if (tip.state != to) PL_TRY(tipline::MoveReport(transaction, tip.id, tip.state, to));
  tip.state = to;
  return rows::SetClaim(transaction, tip);
}

Result<void> EnqueueMembers(store::WriteTransaction& transaction, BundleId bundle, Instant now) {
  jobs::NewJob job;
  job.kind = kCloseMembers;
  job.payload = Json().Set("bundle", bundle.value).Serialize();
  job.unique_key = std::to_string(bundle.value);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace porchlight::triage
