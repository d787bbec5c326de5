#pragma once

#include <optional>
#include <string>

#include "platform/http/message.h"
#include "tipline/report.h"
#include "tipline/wire.h"

// Answers in the dialect of the reporting API. Only ispws_*.cpp use them.
namespace porchlight::tipline {

http::Response XmlResponse(int status, std::string body);
http::Response Accepted(const wire::Reply& reply);
// `status` 0: as the code says.
http::Response Refused(wire::Endpoint endpoint, const wire::Reply& reply, int status = 0);
// An error of the intake or of what lies below it. `otherwise`: the code for what is our fault.
http::Response RefusedBy(wire::Endpoint endpoint, const Error& error, std::optional<std::int64_t> report, wire::Code otherwise);

}  // namespace porchlight::tipline
