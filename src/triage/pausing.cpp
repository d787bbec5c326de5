#include "triage/pausing.h"

#include "platform/jobs/outbox.h"
#include "triage/events.h"
#include "triage/internal/tip_moves.h"
#include "triage/judging.h"

namespace porchlight::triage {

using tipline::ReportState;

Result<bool> Pause(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  if (tip.state != ReportState::kTriaged && tip.state != ReportState::kInReview) return false;
  tip.claimed_by.reset();
  tip.claimed_until.reset();
  PL_TRY(Move(transaction, tip, ReportState::kPausedDeconfliction));
  PL_TRY(jobs::Publish(transaction, events::kTipPaused, tip.id.value, "{}", now));
  return true;
}

Result<bool> EndPause(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  if (tip.state != ReportState::kPausedDeconfliction) return false;
  PL_TRY(Move(transaction, tip, ReportState::kTriaged));
  PL_TRY(jobs::Publish(transaction, events::kTipReleased, tip.id.value, "{}", now));
  PL_TRY(FollowBundle(transaction, tip, now));
  return true;
}

}  // namespace porchlight::triage
