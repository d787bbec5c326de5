#include "triage/tip_actions.h"

#include <array>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"
#include "tipline/report_states.h"
#include "triage/events.h"
#include "triage/internal/tip_moves.h"
#include "triage/legal_hold.h"
#include "triage/queue.h"
#include "triage/rejudging.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

constexpr std::int64_t kClaimsPerSweep = 1'000;
constexpr int kMembersPerStep = 500;
constexpr store::Statement kOldClaims{
    "triage.old_claims",
    "SELECT id FROM triage_tips WHERE claimed_by IS NOT NULL AND claimed_until <= $1 ORDER BY claimed_by, id LIMIT $2"};

Error NoReport() { return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0}; }

Result<void> RecordAct(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action, ReportId id,
                       std::string detail, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = id.value;
  entry.detail = std::move(detail);
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

Result<void> EndClaim(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  tip.claimed_by.reset();
  tip.claimed_until.reset();
  PL_TRY(Move(transaction, tip, tip.state == ReportState::kInReview ? ReportState::kTriaged : tip.state));
  PL_TRY(jobs::Publish(transaction, events::kTipReleased, tip.id.value, "{}", now));
  return FollowBundle(transaction, tip, now);
}

Result<Score> NewestScore(store::ReadTransaction& transaction, const Tip& tip) {
  return rows::FindScore(transaction, tip.id, tip.scores);
}

bool IsPersonsToGive(Disposition disposition) {
  return disposition == Disposition::kInformational || disposition == Disposition::kNotExploitation || disposition == Disposition::kSpam;
}

}  // namespace

ActionRules ActionRules::From(const profile::Profile& profile) { return {profile.Clock("tip_claim")}; }

template <class Work>
Result<Tip> TipActions::Act(ReportId id, Work&& work) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Tip> {
    std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, id));
    if (!tip) return NoReport();
    PL_TRY(work(transaction, *tip, now));
    return *std::move(tip);
  });
}

Result<Tip> TipActions::Claim(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    if (tip.state != ReportState::kTriaged && tip.state != ReportState::kInReview) {
      return Over("state", WhyNotWaiting(tip, "The report does not wait for anybody."));
    }
    if (IsClaimed(tip, now) && tip.claimed_by != caller.account) return Over("claim", "Somebody else is working on this report.");
    tip.claimed_by = caller.account;
    tip.claimed_until = now + rules_.claim_time;
    PL_TRY(Move(transaction, tip, ReportState::kInReview));
    PL_TRY(RecordAct(transaction, caller, "triage.report.claim", id, {}, request_id, now));
    const Json detail = Json().Set("by", caller.account.value);
    return jobs::Publish(transaction, events::kTipClaimed, id.value, detail.Serialize(), now);
  });
}

Result<Tip> TipActions::Release(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    PL_TRY(RequireClaim(tip, caller, now));
    PL_TRY(EndClaim(transaction, tip, now));
    return RecordAct(transaction, caller, "triage.report.release", id, {}, request_id, now);
  });
}

Result<Tip> TipActions::TakeBack(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    if (!tip.claimed_by) return Over("claim", "Nobody has claimed this report.");
    const Json detail = Json().Set("from", tip.claimed_by->value);
    PL_TRY(EndClaim(transaction, tip, now));
    return RecordAct(transaction, caller, "triage.report.take_back", id, detail.Serialize(), request_id, now);
  });
}

Result<Tip> TipActions::SetSignal(const auth::Caller& caller, ReportId id, Signal signal, bool present, std::string_view request_id) {
  if (SourceOf(signal) != SignalSource::kPerson) {
    return Error{ErrorCode::kInvalidArgument, "Only what a person knows can be set: confirmed_danger, missing_child, judged_harmless.", {},
                 "signal", 0};
  }
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    // Nobody can claim what is paused, and a child in danger must not wait for that.
    if (tip.state != ReportState::kPausedDeconfliction) PL_TRY(RequireClaim(tip, caller, now));
    Score score = PL_TRY(NewestScore(transaction, tip));
    if (present) score.inputs.person.Add(signal);
    else score.inputs.person.Remove(signal);
    PL_TRY(judging_.JudgeAgain(transaction, tip, score.inputs, "signals", caller, now));
    const Json detail = Json().Set("signal", NameOf(signal)).Set("present", present);
    return RecordAct(transaction, caller, "triage.report.signal", id, detail.Serialize(), request_id, now);
  });
}

Result<Tip> TipActions::SetType(const auth::Caller& caller, ReportId id, tipline::IncidentType type, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    PL_TRY(RequireClaim(tip, caller, now));
    const Json detail = Json().Set("from", NameOf(tip.incident_type)).Set("to", NameOf(type));
    Score score = PL_TRY(NewestScore(transaction, tip));
    SetTypeSignals(score.inputs.content, type);
    tip.incident_type = type;
    PL_TRY(judging_.JudgeAgain(transaction, tip, score.inputs, "type", caller, now));
    return RecordAct(transaction, caller, "triage.report.type", id, detail.Serialize(), request_id, now);
  });
}

Result<Tip> TipActions::Pull(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    if (IsHeld(tip)) return Over("state", WhyNotWaiting(tip, {}));
    if (!tip.bundle) return Over("bundle", "The report is in no bundle.");
    const Json detail = Json().Set("bundle", tip.bundle->value);
    const Score score = PL_TRY(NewestScore(transaction, tip));
    tip.pulled = true;
    PL_TRY(judging_.JudgeAgain(transaction, tip, score.inputs, "pulled", caller, now));
    return RecordAct(transaction, caller, "triage.report.pull", id, detail.Serialize(), request_id, now);
  });
}

Result<Tip> TipActions::PutBack(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    if (IsHeld(tip)) return Over("state", WhyNotWaiting(tip, {}));
    if (!tip.pulled) return Over("bundle", "The report was not pulled out of a bundle.");
    const Score score = PL_TRY(NewestScore(transaction, tip));
    tip.pulled = false;
    PL_TRY(judging_.JudgeAgain(transaction, tip, score.inputs, "put_back", caller, now));
    return RecordAct(transaction, caller, "triage.report.put_back", id, {}, request_id, now);
  });
}

Result<Tip> TipActions::Close(const auth::Caller& caller, ReportId id, Disposition disposition, std::string_view request_id) {
  if (!IsPersonsToGive(disposition)) {
    return Error{ErrorCode::kInvalidArgument, "A report is closed as informational, not_csae or spam.", {}, "disposition", 0};
  }
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    PL_TRY(RequireClaim(tip, caller, now));
    tip.disposition = disposition;
    tip.claimed_by.reset();
    tip.claimed_until.reset();
    PL_TRY(Move(transaction, tip, ReportState::kClosed));
    PL_TRY(rows::UpdateTip(transaction, tip, tip.scores));
    const Json detail = Json().Set("disposition", NameOf(disposition));
    if (tip.bundle && !tip.folded) {
      PL_TRY(rows::SetDecision(transaction, *tip.bundle, BundleDecision::kClosed));
      PL_TRY(EnqueueMembers(transaction, *tip.bundle, now));
    }
    PL_TRY(RecordAct(transaction, caller, "triage.report.close", id, detail.Serialize(), request_id, now));
    return jobs::Publish(transaction, events::kTipClosed, id.value, detail.Serialize(), now);
  });
}

Result<Tip> TipActions::Reopen(const auth::Caller& caller, ReportId id, std::string_view request_id) {
  return Act(id, [&](store::WriteTransaction& transaction, Tip& tip, Instant now) -> Result<void> {
    if (tip.state != ReportState::kClosed) return Over("state", "The report is not closed.");
    if (tip.bundle && !tip.folded) PL_TRY(rows::SetDecision(transaction, *tip.bundle, BundleDecision::kNone));
    tip.disposition.reset();
    tip.claimed_by = caller.account;
    tip.claimed_until = now + rules_.claim_time;
    PL_TRY(Move(transaction, tip, ReportState::kInReview));
    PL_TRY(rows::UpdateTip(transaction, tip, tip.scores));
    PL_TRY(RecordAct(transaction, caller, "triage.report.reopen", id, {}, request_id, now));
    PL_TRY(EnqueueJudgingByNow(transaction, id, now));   // Another table may hold since it was decided.
    const Json detail = Json().Set("by", caller.account.value);
    return jobs::Publish(transaction, events::kTipClaimed, id.value, detail.Serialize(), now);
  });
}

Result<std::int64_t> TipActions::CloseMembers(BundleId bundle, std::int64_t after) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<std::int64_t> {
    const std::vector<Tip> members = PL_TRY(ListMembers(transaction, bundle, after, kMembersPerStep));
    for (const Tip& member : members) {
      if (!member.folded || member.state != ReportState::kTriaged) continue;
      std::optional<Tip> locked = PL_TRY(rows::LockTip(transaction, member.id));
      if (locked) PL_TRY(FollowBundle(transaction, *locked, now));
    }
    return members.size() < static_cast<std::size_t>(kMembersPerStep) ? 0 : members.back().id.value;
  });
}

Result<int> TipActions::EndOldClaims() {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<int> {
    int ended = 0;
    for (const store::Row& row : PL_TRY(transaction.All(kOldClaims, now, kClaimsPerSweep))) {
      std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, {row.Integer(0)}));
      if (!tip || !tip->claimed_by || IsClaimed(*tip, now)) continue;
      PL_TRY(EndClaim(transaction, *tip, now));
      PL_TRY(RecordAct(transaction, auth::SystemCaller("triage"), "triage.report.claim_ended", tip->id, {}, {}, now));
      ++ended;
    }
    return ended;
  });
}

}  // namespace porchlight::triage
