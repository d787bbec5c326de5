#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "referrals/delivery.h"
#include "referrals/referring.h"

// What an agency does with a delivery. The caller acts for the agency of their organisation; a delivery of another, one taken
// back, and a number that does not exist answer alike: kNotFound. Each act is one unit of work with its history, audit entry
// and event; a repeat changes nothing but says so to nobody. Thread-safe.
namespace porchlight::referrals {

// Codes that feedback may hold, and which of them say that the report went to the wrong place: their "effect" is
// "wrong_place" in the profile's lists.
struct FeedbackCodes {
  std::set<std::string, std::less<>> outcomes;
  std::set<std::string, std::less<>> gaps;
  std::set<std::string, std::less<>> wrong_place;
  static FeedbackCodes From(const profile::Profile& profile);
};

class DeliveryActions {
 public:
  DeliveryActions(store::Database& database, const Referring& referring, const Clock& clock, const DeliveryClocks& clocks,
                  FeedbackCodes codes)
      : database_(database), referring_(referring), clock_(clock), clocks_(clocks), codes_(std::move(codes)) {}

  // Somebody reads it; the first time it is no longer unread. Every reading is audited.
  Result<Delivery> Open(const auth::Caller& caller, DeliveryId id, std::string_view request_id);
  // Its package is about to be sent. `package`: the number handed out.
  Result<Delivery> NoteDownload(const auth::Caller& caller, DeliveryId id, int package, std::string_view request_id);
  Result<Delivery> Acknowledge(const auth::Caller& caller, DeliveryId id, std::string_view request_id);
  // Gives it to another agency, whose delivery this then points at; history stays. Errors: also kInvalidArgument, field
  // "/agency"; kConflict, field "agency" or "delivery" (it was sent on before).
  Result<Delivery> Redirect(const auth::Caller& caller, DeliveryId id, std::string_view agency, std::string_view request_id);
  // Errors: also kInvalidArgument with the member: nothing said, unknown codes, a date that is none.
  Result<Delivery> GiveFeedback(const auth::Caller& caller, DeliveryId id, Feedback feedback, std::string_view request_id);

 private:
  template <class Work>
  Result<Delivery> Act(const auth::Caller& caller, DeliveryId id, Work&& work);
  Result<void> CheckFeedback(const Feedback& feedback) const;
  Result<void> TallyFeedback(store::WriteTransaction& transaction, const Delivery& delivery, const Feedback& feedback, Instant now) const;

  store::Database& database_;
  const Referring& referring_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const FeedbackCodes codes_;
};

// The delivery as the caller's agency may see it. Errors: kNotFound.
Result<Delivery> FindDeliveryFor(store::ReadTransaction& transaction, const auth::Caller& caller, DeliveryId id);
// The agency of the caller's organisation. Errors: kConflict when it stands for none.
Result<AgencyRow> AgencyFor(store::ReadTransaction& transaction, const auth::Caller& caller);

}  // namespace porchlight::referrals
