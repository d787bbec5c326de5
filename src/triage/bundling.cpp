#include <algorithm>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "tipline/report_states.h"
#include "triage/events.h"
#include "triage/judging.h"
#include "triage/rejudging.h"
#include "triage/tip_rows.h"

// Where a report stands among the copies of viral items, and what the decision on one means for the others.
namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

// A decision that was made for the bundle falls with the membership. Agencies that were told of it keep what they have.
Result<void> OpenAgain(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  const bool decided = tip.state == ReportState::kClosed || tip.state == ReportState::kMadeAvailable ||
                       tip.state == ReportState::kFeedbackReceived;
  if (!decided || tip.disposition != Disposition::kBundled) return {};
  PL_TRY(tipline::MoveReport(transaction, tip.id, tip.state, ReportState::kTriaged));
  tip.state = ReportState::kTriaged;
  tip.disposition.reset();
  return EnqueueJudgingByNow(transaction, tip.id, now);   // Another table may hold since it was decided.
}

// The next one stands for the bundle, and on its own if nothing was decided yet.
Result<void> Promote(store::WriteTransaction& transaction, const Bundle& bundle, ReportId next, Instant now) {
  PL_TRY(rows::SetLead(transaction, bundle.id, next));
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, next));
  if (!tip) return {};
  if (!bundle.closed()) PL_TRY(OpenAgain(transaction, *tip, now));
  tip->folded = false;
  return rows::UpdateTip(transaction, *tip, tip->scores);
}

bool HasFloor(const Verdict& verdict) {
  return verdict.urgent ||
         std::any_of(verdict.fired.begin(), verdict.fired.end(), [](const FiredRule& rule) { return rule.floor == kLevelFirst; });
}

}  // namespace

Result<void> CloseAs(store::WriteTransaction& transaction, Tip& tip, Disposition disposition, const Json& why, Instant now) {
  PL_TRY(tipline::MoveReport(transaction, tip.id, tip.state, ReportState::kClosed));
  tip.state = ReportState::kClosed;
  tip.disposition = disposition;
  PL_TRY(rows::UpdateTip(transaction, tip, tip.scores));
  audit::Entry entry;
  entry.action = "triage.report.close";
  entry.subject_kind = "report";
  entry.subject = tip.id.value;
  entry.detail = why.Serialize();
  PL_TRY(audit::Record(transaction, auth::SystemCaller("triage"), entry, now));
  return jobs::Publish(transaction, events::kTipClosed, tip.id.value, entry.detail, now);
}

Result<void> FollowBundle(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  if (!tip.bundle || !tip.folded || tip.state != ReportState::kTriaged) return {};
  const std::optional<Bundle> bundle = PL_TRY(rows::FindBundle(transaction, *tip.bundle));
  if (!bundle || !bundle->closed()) return {};
  // Copies of what one officer looks at still concern the places of those who sent them.
  if (bundle->decision == BundleDecision::kReferred) {
    return jobs::Publish(transaction, events::kMemberWaits, tip.id.value, Json().Set("lead", bundle->lead.value).Serialize(), now);
  }
  const Json why = Json().Set("disposition", NameOf(Disposition::kBundled)).Set("lead", bundle->lead.value);
  return CloseAs(transaction, tip, Disposition::kBundled, why, now);
}

// Pictures that look alike have one bundle; a file that none looks like has it by its bytes. Nothing when it is not viral.
Result<std::optional<Judging::Home>> Judging::HomeOfItem(store::ReadTransaction& transaction, const ItemKeys& item) const {
  if (item.look) {
    const hashing::Group group = PL_TRY(hashing::GroupNow(transaction, {*item.look}));
    const std::int64_t key = LookKeyOf(group.id);
    const bool viral = item.labelled_viral || PL_TRY(rows::FindItem(transaction, key)).viral;
    if (viral) return std::optional(Home{KeyOf("pdq:" + group.least.Text()), key});
  }
  std::optional<std::int64_t> best;
  for (const std::int64_t key : item.keys) {
    const bool viral = PL_TRY(rows::FindItem(transaction, key)).viral;
    if (viral && (!best || key < *best)) best = key;
  }
  if (!best && item.labelled_viral) best = item.keys.front();
  return best ? std::optional(Home{*best, *best}) : std::optional<Home>();
}

// The item whose bundle the report belongs to: of its viral ones that with the smallest key, which does not depend on
// who came first. Nothing that stands under a floor is ever folded, whatever a table says.
Result<std::optional<std::int64_t>> Judging::HomeOf(store::ReadTransaction& transaction, const Work& work,
                                                    const Verdict& verdict) const {
  std::optional<Home> home;
  const auto none = std::optional<std::int64_t>();
  const Signals all = work.inputs.All();
  if (!work.tip.IsFollowed() || work.tip.pulled || !all.Has(Signal::kKnownViral) || !MayBeBundled(*work.table, all)) return none;
  if (HasFloor(verdict)) return none;
  for (const ItemKeys& item : work.inputs.items) {
    const std::optional<Home> one = PL_TRY(HomeOfItem(transaction, item));
    if (one && (!home || *one < *home)) home = one;
  }
  return home ? std::optional(home->item) : none;
}

// Brings the report under its item, and away from the one it stood under. The row itself is the caller's to write. The
// smallest number leads, unless somebody is at work on another or the bundle was decided on.
Result<void> Judging::Settle(store::WriteTransaction& transaction, Work& work, std::optional<std::int64_t> home) const {
  Tip& tip = work.tip;
  if (tip.bundle) {
    const std::optional<Bundle> stood = PL_TRY(rows::FindBundle(transaction, *tip.bundle));
    if (stood && home && stood->item == *home) return {};
    const Bundle left = PL_TRY(rows::LeaveBundle(transaction, *tip.bundle, tip));
    if (left.reports > 0 && left.lead == tip.id) {
      const std::optional<ReportId> next = PL_TRY(rows::FirstMember(transaction, left.id, tip.id));
      if (next) PL_TRY(Promote(transaction, left, *next, work.now));
    }
    tip.bundle.reset();
    PL_TRY(OpenAgain(transaction, tip, work.now));
  }
  tip.folded = tip.repeats.has_value();
  if (!home) return {};
  const Bundle entered = PL_TRY(rows::EnterBundle(transaction, *home, tip, work.now));
  tip.bundle = entered.id;
  tip.folded = entered.lead != tip.id;
  if (!tip.folded || entered.closed() || tip.id.value > entered.lead.value) return {};
  std::optional<Tip> lead = PL_TRY(rows::LockTip(transaction, entered.lead));
  if (!lead || lead->state != ReportState::kTriaged) return {};
  PL_TRY(rows::SetFolded(transaction, lead->id, true));
  PL_TRY(rows::SetLead(transaction, entered.id, tip.id));
  tip.folded = false;
  return {};
}

}  // namespace porchlight::triage
