#pragma once

#include <string_view>

// What other rooms may hear from referrals through the outbox. The subject is the report's number; the detail is a JSON
// object of codes.
namespace porchlight::referrals::events {

// {"delivery":12,"agency":3,"cause":"decided","urgent":true}
inline constexpr std::string_view kMadeAvailable = "referrals.made_available";
inline constexpr std::string_view kOpened = "referrals.opened";                  // {"delivery":12,"agency":3}; the first time only
inline constexpr std::string_view kAcknowledged = "referrals.acknowledged";      // Likewise.
// {"delivery":12,"agency":3,"step":"supervisor","urgent":true}: nobody has looked at it, or acknowledged it, in time.
inline constexpr std::string_view kOverdue = "referrals.overdue";
// {"delivery":12,"agency":3,"organisation":7,"usefulness":"not_useful","outcomes":["arrest"],"gaps":["no_port"]}
inline constexpr std::string_view kFeedback = "referrals.feedback";

}  // namespace porchlight::referrals::events
