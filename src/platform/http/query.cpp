#include "platform/http/query.h"

namespace porchlight::http {

Error BadQuery(std::string_view name, std::string_view wanted) {
  return Error{ErrorCode::kInvalidArgument, "The parameter " + std::string(name) + " must be " + std::string(wanted) + ".", {},
               std::string(name), 0};
}

std::optional<std::string> QueryText(const Request& request, std::string_view name) {
  const auto text = request.Query(name);
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

Result<std::optional<bool>> QueryFlag(const Request& request, std::string_view name) {
  const std::optional<std::string> text = QueryText(request, name);
  if (!text) return std::optional<bool>();
  if (*text != "true" && *text != "false") return BadQuery(name, "true or false");
  return std::optional(*text == "true");
}

Result<std::optional<Instant>> QueryTime(const Request& request, std::string_view name) {
  const std::optional<std::string> text = QueryText(request, name);
  if (!text) return std::optional<Instant>();
  const Result<OffsetInstant> time = ParseDateTime(*text);
  if (!time.ok() || !time->offset_minutes) return BadQuery(name, "a date and time with a zone, like 2026-01-02T03:04:05Z");
  return std::optional(time->instant);
}

}  // namespace porchlight::http
