#include "referrals/reminding.h"

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/events.h"
#include "referrals/notifying.h"
#include "referrals/tallies.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

Result<bool> IsHeldNow(store::ReadTransaction& transaction, tipline::ReportId report) {
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, report));
  return tip && triage::IsHeld(*tip);
}

// What it said last counts, and nothing from before it was granted anew.
Result<bool> WasOfNoUse(store::ReadTransaction& transaction, const Delivery& delivery) {
  std::optional<Usefulness> said;
  for (const Feedback& one : PL_TRY(rows::FeedbackOf(transaction, delivery.id))) {
    if (one.usefulness && one.at >= delivery.granted_at) said = one.usefulness;
  }
  return said == Usefulness::kNotUseful;
}

}  // namespace

Result<int> Reminding::Each(const std::vector<DeliveryId>& due, Instant now, Unit deal, Unit put_off) {
  for (const DeliveryId id : due) {
    const auto with = [&](Unit unit, auto lock) {
      return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
        std::optional<Delivery> delivery = PL_TRY(lock(transaction, id));
        return delivery ? (this->*unit)(transaction, *delivery, now) : Result<void>();
      });
    };
    const Result<void> dealt = with(deal, LockWithReport);
    if (dealt.ok()) continue;
    if (dealt.error().code == ErrorCode::kUnavailable || dealt.error().code == ErrorCode::kNoSpace) return dealt.error();
    PL_TRY(with(put_off, rows::LockDelivery));
  }
  return static_cast<int>(due.size());
}

Result<int> Reminding::TakeSteps(int count_max) {
  const Instant now = clock_.Now();
  const std::vector<DeliveryId> due =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return rows::DueDeliveries(transaction, now, count_max); }));
  return Each(due, now, &Reminding::TakeDueStep, &Reminding::PutOffStep);
}

Result<int> Reminding::GivePreservationNotices(int count_max) {
  const Instant now = clock_.Now();
  const std::vector<DeliveryId> due = PL_TRY(
      database_.Read([&](store::ReadTransaction& transaction) { return rows::DuePreservationNotices(transaction, now, count_max); }));
  return Each(due, now, &Reminding::GiveNotice, &Reminding::PutOffNotice);
}

Result<void> Reminding::TakeDueStep(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const {
  // Nobody can be asked to read what is held.
  if (PL_TRY(IsHeldNow(transaction, delivery.report))) return PutOffStep(transaction, delivery, now);
  const std::optional<Instant> lifted = PL_TRY(triage::LastLifted(transaction, delivery.report));
  if (lifted && *lifted > delivery.CountsFrom()) delivery.counts_from = lifted;
  const auto next = NextStep(delivery, clocks_);
  if (next && next->second <= now) PL_TRY(TakeStep(transaction, delivery, next->first, now));
  const auto after = NextStep(delivery, clocks_);
  delivery.next_step_at = after ? std::optional(after->second) : std::nullopt;
  PL_TRY(rows::UpdateDelivery(transaction, delivery));
  return delivery.step == Step::kSilence ? CloseIfOver(transaction, delivery.report, codes_, now) : Result<void>();
}

Result<void> Reminding::PutOffStep(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const {
  delivery.next_step_at = now + kPutOff;
  return rows::UpdateDelivery(transaction, delivery);
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
  const bool asked = step == Step::kAlternate && PL_TRY(referring_.AskAlternate(transaction, delivery, now));
  if (step != Step::kSilence) PL_TRY(EnqueueTelling(transaction, delivery, step, asked, now));
  if (step == Step::kSilence) {
    rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "silence", 1);
    return {};
  }
  return jobs::Publish(transaction, events::kOverdue, delivery.report.value, detail.Serialize(), now);
}

Result<void> Reminding::GiveNotice(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const {
  if (PL_TRY(IsHeldNow(transaction, delivery.report))) return PutOffNotice(transaction, delivery, now);
  bool is_due = false;
  std::optional<Instant> next = NextPreservationNotice(delivery, clocks_);
  for (; next && *next <= now; next = NextPreservationNotice(delivery, clocks_)) {
    is_due = true;
    ++delivery.keep_notices;
  }
  delivery.keep_notice_at = next;
  if (is_due && now < *delivery.preserve_until && !PL_TRY(WasOfNoUse(transaction, delivery))) {
    PL_TRY(RecordNotice(transaction, delivery, now));
  }
  return rows::UpdateDelivery(transaction, delivery);
}

Result<void> Reminding::PutOffNotice(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const {
  delivery.keep_notice_at = now + kPutOff;
  return rows::UpdateDelivery(transaction, delivery);
}

Result<void> Reminding::RecordNotice(store::WriteTransaction& transaction, const Delivery& delivery, Instant now) const {
  const Duration left{delivery.preserve_until->microseconds - now.microseconds};
  const std::int64_t days = left.microseconds / Duration::Days(1).microseconds;
  PL_TRY(rows::InsertHistory(transaction, delivery.id, {now, Happening::kPreservationEnds, 0, Json().Set("days", days).Serialize()}));
  audit::Entry entry;
  entry.action = "referrals.delivery.preservation_notice";
  entry.subject_kind = "report";
  entry.subject = delivery.report.value;
  entry.detail =
      Json().Set("delivery", delivery.id.value).Set("agency", delivery.agency.value).Set("days", days).Serialize();
  return audit::Record(transaction, auth::SystemCaller("referrals"), entry, now);
}

}  // namespace porchlight::referrals
