#pragma once

#include <string_view>

// What other rooms may hear from deconfliction through the outbox; details are JSON objects of codes.
namespace porchlight::deconfliction::events {

// An agency says that it works on somebody. Subject: 0, no report. Whoever sends reports to agencies looks at those that name that person.
inline constexpr std::string_view kInterestOpened = "deconfliction.interest_opened";   // {"interest":3,"agency":"us-icac-oh"}
// Two agencies are to hear of each other. Subject: the report's number, 0 where two interests met.
inline constexpr std::string_view kMeeting = "deconfliction.meeting";                  // {"meeting":3,"pauses":true}
inline constexpr std::string_view kResolved = "deconfliction.resolved";                // {"meeting":3,"outcome":"both"}

}  // namespace porchlight::deconfliction::events
