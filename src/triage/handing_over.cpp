#include "triage/handing_over.h"

#include "base/json.h"
#include "platform/jobs/outbox.h"
#include "triage/events.h"
#include "triage/internal/tip_moves.h"
#include "triage/judging.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

Result<void> GiveAway(store::WriteTransaction& transaction, Tip& tip, Disposition disposition, const auth::Caller& caller, Instant now) {
  tip.disposition = disposition;
  tip.claimed_by.reset();
  tip.claimed_until.reset();
  PL_TRY(Move(transaction, tip, ReportState::kMadeAvailable));
  PL_TRY(rows::UpdateTip(transaction, tip, tip.scores));
  return jobs::Publish(transaction, events::kTipReferred, tip.id.value, Json().Set("by", caller.account.value).Serialize(), now);
}

}  // namespace

Result<Tip> LockForReferral(store::WriteTransaction& transaction, ReportId id) {
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, id));
  if (!tip) return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0};
  return *std::move(tip);
}

Result<Tip> LockForHandOver(store::WriteTransaction& transaction, const auth::Caller& caller, ReportId id, Instant now) {
  Tip tip = PL_TRY(LockForReferral(transaction, id));
  if (tip.state != ReportState::kInReview) return Over("state", WhyNotWaiting(tip, "The report is not being worked on: claim it first."));
  PL_TRY(RequireClaim(tip, caller, now));
  // Test traffic stands in no queue, but a number can be typed in.
  if (tip.test) return Over("state", "This is test traffic: it goes to nobody.");
  return tip;
}

Result<Tip> HandOver(store::WriteTransaction& transaction, const auth::Caller& caller, ReportId id, Instant now) {
  Tip tip = PL_TRY(LockForHandOver(transaction, caller, id, now));
  if (tip.bundle && !tip.folded) {
    PL_TRY(rows::SetDecision(transaction, *tip.bundle, BundleDecision::kReferred));
    PL_TRY(EnqueueMembers(transaction, *tip.bundle, now));
  }
  PL_TRY(GiveAway(transaction, tip, Disposition::kReferral, caller, now));
  return tip;
}

Result<std::optional<Tip>> LockMember(store::WriteTransaction& transaction, ReportId id) {
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, id));
  const bool waits = tip && tip->folded && tip->bundle && tip->state == ReportState::kTriaged && !tip->test;
  if (!waits) return std::optional<Tip>();
  const std::optional<Bundle> bundle = PL_TRY(rows::FindBundle(transaction, *tip->bundle));
  if (!bundle || bundle->decision != BundleDecision::kReferred) return std::optional<Tip>();
  return tip;
}

Result<std::optional<Tip>> HandOverMember(store::WriteTransaction& transaction, ReportId id, Instant now) {
  std::optional<Tip> tip = PL_TRY(LockMember(transaction, id));
  if (tip) PL_TRY(GiveAway(transaction, *tip, Disposition::kBundled, auth::SystemCaller("triage"), now));
  return tip;
}

Result<bool> CloseMember(store::WriteTransaction& transaction, ReportId id, Instant now) {
  std::optional<Tip> tip = PL_TRY(LockMember(transaction, id));
  if (!tip) return false;
  const Json why = Json().Set("disposition", NameOf(Disposition::kBundled)).Set("place", "none");
  PL_TRY(CloseAs(transaction, *tip, Disposition::kBundled, why, now));
  return true;
}

bool IsWithAgencies(const Tip& tip) {
  return tip.state == ReportState::kMadeAvailable || tip.state == ReportState::kFeedbackReceived;
}

bool IsHandedOver(const Tip& tip) {
  if (IsWithAgencies(tip)) return true;
  const bool for_agencies = tip.disposition == Disposition::kReferral || tip.disposition == Disposition::kBundled;
  return tip.state == ReportState::kClosed && for_agencies;
}

Result<void> NoteFeedback(store::WriteTransaction& transaction, ReportId id) {
  Tip tip = PL_TRY(LockForReferral(transaction, id));
  if (IsHeld(tip)) return NoteFeedbackWhileHeld(transaction, id);
  if (tip.state != ReportState::kMadeAvailable) return {};
  return Move(transaction, tip, ReportState::kFeedbackReceived);
}

Result<bool> CloseHandedOver(store::WriteTransaction& transaction, ReportId id, Instant now) {
  Tip tip = PL_TRY(LockForReferral(transaction, id));
  if (!IsWithAgencies(tip)) return false;
  const Disposition disposition = tip.disposition.value_or(Disposition::kReferral);
  PL_TRY(CloseAs(transaction, tip, disposition, Json().Set("disposition", NameOf(disposition)), now));
  return true;
}

}  // namespace porchlight::triage
