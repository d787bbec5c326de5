#include "referrals/delivery.h"

namespace porchlight::referrals {

// Unread and urgent, unread, read and urgent, read; within each the newest first.
std::int64_t Delivery::Rank() const {
  const std::int64_t group = (opened_at ? 2 : 0) + (urgent ? 0 : 1);
  return group * kRankSpan + (kRankSpan - 1 - granted_at.microseconds % kRankSpan);
}

DeliveryClocks DeliveryClocks::From(const profile::Profile& profile) {
  std::array<Duration, 3> preservation = {profile.Clock("preservation_notice_first"), profile.Clock("preservation_notice_second"),
                                          profile.Clock("preservation_notice_last")};
  std::sort(preservation.begin(), preservation.end(), [](Duration a, Duration b) { return a > b; });
  return {profile.Clock("delivery_remind"),      profile.Clock("delivery_supervisor"),
          profile.Clock("delivery_alternate"),   profile.Clock("delivery_urgent_open"),
          profile.Clock("delivery_urgent_acknowledge"), profile.Clock("delivery_urgent_alternate"),
          profile.Clock("delivery_silence"),     preservation};
}

std::optional<std::pair<Step, Instant>> NextStep(const Delivery& delivery, const DeliveryClocks& clocks) {
  if (delivery.revoked_at || delivery.feedback_at || delivery.redirected_to) return std::nullopt;
  const auto due = [&](Step step, Duration after) { return std::pair{step, delivery.CountsFrom() + after}; };
  // Copies of one item are for looking through, not for hunting anybody down.
  if (!delivery.bundled) {
    if (!delivery.opened_at && delivery.step < Step::kReminder) {
      return due(Step::kReminder, delivery.urgent ? clocks.urgent_open : clocks.remind);
    }
    // An urgent one is answered for when somebody has acknowledged it, not when a page was opened.
    const bool unanswered = delivery.urgent ? !delivery.acknowledged_at.has_value() : !delivery.opened_at.has_value();
    if (unanswered && delivery.step < Step::kSupervisor) {
      return due(Step::kSupervisor, delivery.urgent ? clocks.urgent_acknowledge : clocks.supervisor);
    }
    if (unanswered && delivery.step < Step::kAlternate) {
      return due(Step::kAlternate, delivery.urgent ? clocks.urgent_alternate : clocks.alternate);
    }
  }
  if (delivery.step < Step::kSilence) return due(Step::kSilence, clocks.silence);
  return std::nullopt;
}

// Answered or silent, legal process may still be needed; of copies of a viral item agencies are not told one by one.
std::optional<Instant> NextPreservationNotice(const Delivery& delivery, const DeliveryClocks& clocks) {
  if (!delivery.preserve_until || delivery.revoked_at || delivery.redirected_to || delivery.bundled) return std::nullopt;
  const auto next = static_cast<std::size_t>(delivery.keep_notices);
  if (next >= clocks.preservation.size()) return std::nullopt;
  return *delivery.preserve_until - clocks.preservation[next];
}

}  // namespace porchlight::referrals
