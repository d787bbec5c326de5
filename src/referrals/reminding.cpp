#include "referrals/reminding.h"

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/events.h"
#include "referrals/tallies.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

Result<bool> IsHeldNow(store::ReadTransaction& transaction, tipline::ReportId report) {
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, report));
  return tip && triage::IsHeld(*tip);
}

}  // namespace

Result<int> Reminding::TakeSteps(int count_max) {
  const Instant now = clock_.Now();
  const std::vector<DeliveryId> due =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return rows::DueDeliveries(transaction, now, count_max); }));
  for (const DeliveryId id : due) {
    const auto step = [&](store::WriteTransaction& transaction) -> Result<void> {
      std::optional<Delivery> delivery = PL_TRY(LockWithReport(transaction, id));
      if (!delivery) return {};
      const std::optional<Instant> lifted = PL_TRY(triage::LastLifted(transaction, delivery->report));
      if (lifted && *lifted > delivery->CountsFrom()) delivery->counts_from = lifted;
      const auto next = NextStep(*delivery, clocks_);
      // Nobody can be asked to read what is held.
      if (PL_TRY(IsHeldNow(transaction, delivery->report))) return PutOff(transaction, id, now);
      if (next && next->second <= now) PL_TRY(TakeStep(transaction, *delivery, next->first, now));
      const auto after = NextStep(*delivery, clocks_);
      delivery->next_step_at = after ? std::optional(after->second) : std::nullopt;
      PL_TRY(rows::UpdateDelivery(transaction, *delivery));
      return delivery->step == Step::kSilence ? CloseIfOver(transaction, delivery->report, codes_, now) : Result<void>();
    };
    const Result<void> taken = database_.Write(step);
    if (taken.ok()) continue;
    if (taken.error().code == ErrorCode::kUnavailable || taken.error().code == ErrorCode::kNoSpace) return taken.error();
    // One that cannot be dealt with must not hold up the others.
    PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return PutOff(transaction, id, now); }));
  }
  return static_cast<int>(due.size());
}

Result<void> Reminding::PutOff(store::WriteTransaction& transaction, DeliveryId id, Instant now) const {
  std::optional<Delivery> delivery = PL_TRY(rows::LockDelivery(transaction, id));
  if (!delivery) return {};
  delivery->next_step_at = now + kPutOff;
  return rows::UpdateDelivery(transaction, *delivery);
}

Result<void> Reminding::TakeStep(store::WriteTransaction& transaction, Delivery& delivery, Step step, Instant now) const {
  delivery.step = step;
  const Json detail = Json()
                          .Set("delivery", delivery.id.value)
                          .Set("agency", delivery.agency.value)
                          .Set("step", NameOf(step))
                          .Set("urgent", delivery.urgent);
  PL_TRY(rows::InsertHistory(transaction, delivery.id, {now, Happening::kReminded, 0, Json().Set("step", NameOf(step)).Serialize()}));
  audit::Entry entry;
  entry.action = "referrals.delivery.step";
  entry.subject_kind = "report";
  entry.subject = delivery.report.value;
  entry.detail = detail.Serialize();
  PL_TRY(audit::Record(transaction, auth::SystemCaller("referrals"), entry, now));
  if (step == Step::kAlternate) PL_TRY(referring_.AskAlternate(transaction, delivery, now));
  if (step == Step::kSilence) {
    return rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "silence", 1);
  }
  return jobs::Publish(transaction, events::kOverdue, delivery.report.value, detail.Serialize(), now);
}

}  // namespace porchlight::referrals
