#pragma once

#include <string_view>

// What other rooms may hear from the tipline through the outbox. The subject is the report's number; the detail is a
// JSON object of ids and codes.
namespace porchlight::tipline::events {

// {"organisation":7,"source":"platform","incident_type":"csam","urgent":false,"test":false,"conversation":true,"files":0}
inline constexpr std::string_view kReportOpened = "tipline.report_opened";
inline constexpr std::string_view kReportFinished = "tipline.report_finished";    // The same.
inline constexpr std::string_view kReportRetracted = "tipline.report_retracted";  // {"organisation":7}
inline constexpr std::string_view kReportExpired = "tipline.report_expired";      // {"organisation":7}
inline constexpr std::string_view kFileReceived = "tipline.file_received";        // {"file":65537,"kind":"image"}

}  // namespace porchlight::tipline::events
