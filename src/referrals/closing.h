#pragma once

#include <set>
#include <string>

#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "referrals/delivery.h"

// When a report is over: what its agencies' answers, and their silence, mean for it.
namespace porchlight::referrals {

// Codes that feedback may hold, and which of them say that the report went to the wrong place: their "effect" is
// "wrong_place" in the profile's lists.
struct FeedbackCodes {
  std::set<std::string, std::less<>> outcomes;
  std::set<std::string, std::less<>> gaps;
  std::set<std::string, std::less<>> wrong_place;
  static FeedbackCodes From(const profile::Profile& profile);
  bool SaysWrongPlace(const Feedback& feedback) const;
};

// The delivery and its report's row, which nobody else changes before this transaction ends. The report's comes first, as for
// whoever refers: two agencies that answer at once see one another. Nothing when there is no such delivery.
Result<std::optional<Delivery>> LockWithReport(store::WriteTransaction& transaction, DeliveryId id);

// Closes the report when none of its agencies will say anything any more: each has answered, was silent for a year, sent it on, or
// had it taken back. Where nobody did more than say that it is the wrong place, or all was taken back, it waits for a person (unplaced.h).
// The report's row is locked, and the deliveries' rows are as they are now.
Result<void> CloseIfOver(store::WriteTransaction& transaction, tipline::ReportId report, const FeedbackCodes& codes, Instant now);

}  // namespace porchlight::referrals
