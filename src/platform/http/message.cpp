#include "platform/http/message.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::http {

namespace {

// Above what any route takes as JSON; the route's own body_bytes_max is the limit that acts.
constexpr std::size_t kJsonBytesMax = 64 * 1024 * 1024;

}  // namespace

std::string_view NameOf(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
    case Method::kHead: return "HEAD";
    case Method::kOptions: return "OPTIONS";
    case Method::kOther: return "OTHER";
  }
  PL_CHECK(false);
}

void Headers::Set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return EqualsIgnoringCase(field.first, name); });
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [one, value] : fields_) {
    if (EqualsIgnoringCase(one, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> RequestHead::Query(std::string_view name) const {
  for (const auto& [one, value] : query) {
    if (one == name) return value;
  }
  return std::nullopt;
}

std::string_view RequestHead::PathValue(std::string_view name) const {
  const auto there = path_values.find(name);
  PL_CHECK(there != path_values.end());
  return there->second;
}

std::optional<std::string> RequestHead::Cookie(std::string_view name) const {
  for (const auto& [header, value] : headers.all()) {
    if (!EqualsIgnoringCase(header, "Cookie")) continue;
    for (const std::string_view part : Split(value, ';')) {
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos || Trim(part.substr(0, equals)) != name) continue;
      std::string_view text = Trim(part.substr(equals + 1));
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
      return std::string(text);
    }
  }
  return std::nullopt;
}

std::string RequestHead::ContentType() const {
  const std::string_view whole = headers.Find("Content-Type").value_or("");
  return LowerAscii(Trim(whole.substr(0, whole.find(';'))));
}

Result<Json> Request::JsonBody() const {
  const std::string type = ContentType();
  const bool json = type.empty() || type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
  if (!json) return Error{ErrorCode::kUnsupported, "The body must be sent as application/json.", {}, {}, 0};
  JsonLimits limits;
  limits.bytes_max = kJsonBytesMax;
  return ParseJson(body, limits);
}

namespace {

Response Make(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

}  // namespace

Response JsonResponse(int status, const Json& body) { return Make(status, "application/json", body.Serialize()); }
Response HtmlResponse(int status, std::string html) { return Make(status, "text/html; charset=utf-8", std::move(html)); }
Response TextResponse(int status, std::string text) { return Make(status, "text/plain; charset=utf-8", std::move(text)); }
Response NoContent() { return Make(204, "", ""); }

Response RedirectTo(std::string location) {
  Response response = Make(303, "", "");
  response.headers.Set("Location", std::move(location));
  return response;
}

}  // namespace porchlight::http
