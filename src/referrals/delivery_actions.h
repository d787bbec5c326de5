#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "referrals/closing.h"
#include "referrals/delivery.h"
#include "referrals/referring.h"

// What an agency does with a delivery. The caller acts for the agency of their organisation; a delivery of another, one taken
// back, and a number that does not exist answer alike: kNotFound. Each act is one unit of work with its history, audit entry
// and event; a repeat changes nothing but says so to nobody. Thread-safe.
namespace porchlight::referrals {

class DeliveryActions {
 public:
  DeliveryActions(store::Database& database, const Referring& referring, const Clock& clock, const DeliveryClocks& clocks,
                  FeedbackCodes codes)
      : database_(database), referring_(referring), clock_(clock), clocks_(clocks), codes_(std::move(codes)) {}

  // Open, NoteDownload and Redirect: kConflict, field "held", while a legal hold stands.
  // Somebody reads it; the first time it is no longer unread. Every reading is audited.
  Result<Delivery> Open(const auth::Caller& caller, DeliveryId id, std::string_view request_id);
  // Its package is about to be sent. `package`: the number handed out.
  Result<Delivery> NoteDownload(const auth::Caller& caller, DeliveryId id, int package, std::string_view request_id);
  Result<Delivery> Acknowledge(const auth::Caller& caller, DeliveryId id, std::string_view request_id);
  // Gives it to another agency, whose delivery this then points at; history stays. Errors: also kInvalidArgument, field
  // "/agency"; kConflict, field "agency" or "delivery" (it was sent on before).
  Result<Delivery> Redirect(const auth::Caller& caller, DeliveryId id, std::string_view agency, std::string_view request_id);
  // Also when the report is closed by then. The answer of the last agency that was waited for closes it. Of how useful it was the
  // newest word counts: what was counted for the one before is taken back. Errors: also kInvalidArgument with the member: nothing
  // said, unknown codes, a date that is none.
  Result<Delivery> GiveFeedback(const auth::Caller& caller, DeliveryId id, Feedback feedback, std::string_view request_id);

 private:
  template <class Work>
  Result<Delivery> Act(const auth::Caller& caller, DeliveryId id, Work&& work, bool is_answer = false);
  Result<void> CheckFeedback(const Feedback& feedback) const;
  struct Said;
  Result<Said> WhatWasSaid(store::ReadTransaction& transaction, const Delivery& delivery) const;
  Result<void> TallyFeedback(store::WriteTransaction& transaction, const Delivery& delivery, const Said& said, const Feedback& feedback,
                             Instant now) const;

  store::Database& database_;
  const Referring& referring_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const FeedbackCodes codes_;
};

// The delivery as the caller's agency may see it. Errors: kNotFound.
Result<Delivery> FindDeliveryFor(store::ReadTransaction& transaction, const auth::Caller& caller, DeliveryId id);
// Errors: kConflict, field "held", while a legal hold stands on the delivery's report.
Result<void> RefuseWhileHeld(store::ReadTransaction& transaction, const Delivery& delivery);
// The agency of the caller's organisation. Errors: kConflict when it stands for none.
Result<AgencyRow> AgencyFor(store::ReadTransaction& transaction, const auth::Caller& caller);

}  // namespace porchlight::referrals
