#pragma once

#include <string_view>

// What other rooms may hear from triage through the outbox. The subject is the report's number; the detail is a JSON
// object of codes.
namespace porchlight::triage::events {

// {"level":1,"urgent":true,"test":false,"folded":false}; again whenever a score changes where the report stands.
inline constexpr std::string_view kTipJudged = "triage.tip_judged";
inline constexpr std::string_view kTipClaimed = "triage.tip_claimed";     // {"by":12}
inline constexpr std::string_view kTipReleased = "triage.tip_released";   // {}
inline constexpr std::string_view kTipPaused = "triage.tip_paused";       // {}; kTipReleased when it ends
inline constexpr std::string_view kTipHeld = "triage.tip_held";           // {"by":12}
inline constexpr std::string_view kHoldLifted = "triage.hold_lifted";     // {}; it stands again where it stood
// Subject: the organisation. Everything of it stands where it is to stand. {"behind":true}
inline constexpr std::string_view kSenderFollowed = "triage.sender_followed";
inline constexpr std::string_view kTipClosed = "triage.tip_closed";       // {"disposition":"spam"}

inline constexpr std::string_view kTipReferred = "triage.tip_referred";   // {"by":12}; 0: the rules
// A member of a bundle whose lead was handed to agencies waits to be handed over itself. {"lead":17}; may be said twice.
inline constexpr std::string_view kMemberWaits = "triage.member_waits";

}  // namespace porchlight::triage::events
