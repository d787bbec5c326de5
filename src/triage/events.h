#pragma once

#include <string_view>

// What other rooms may hear from triage through the outbox. The subject is the report's number; the detail is a JSON
// object of codes.
namespace porchlight::triage::events {

// {"level":1,"urgent":true,"test":false,"folded":false}; again whenever a score changes where the report stands.
inline constexpr std::string_view kTipJudged = "triage.tip_judged";
inline constexpr std::string_view kTipClaimed = "triage.tip_claimed";     // {"by":12}
inline constexpr std::string_view kTipReleased = "triage.tip_released";   // {}
inline constexpr std::string_view kTipClosed = "triage.tip_closed";       // {"disposition":"spam"}

}  // namespace porchlight::triage::events
