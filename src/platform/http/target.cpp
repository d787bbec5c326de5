#include <algorithm>

#include "base/text.h"
#include "platform/http/routing.h"

namespace porchlight::http {

namespace {

constexpr std::size_t kQueryFieldsMax = 128;

Error BadTarget(const char* text) { return Error{ErrorCode::kMalformed, text, {}, {}, 0}; }

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// "http://host:port/path" is what a client sends to a proxy; every server must take it.
std::string_view OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
  }
  return target;
}

Result<std::string> ReadPath(std::string_view raw) {
  std::string path;
  for (const std::string_view part : Split(raw, '/')) {
    if (part.empty()) continue;
    const bool plain = part.find('%') == std::string_view::npos;
    const std::optional<std::string> segment = plain ? std::string(part) : PercentDecode(part);
    if (!segment) return BadTarget("The path holds a percent sign without two hex digits.");
    if (HasControl(*segment)) return BadTarget("The path holds a control character.");
    if (segment->find('/') != std::string::npos) return BadTarget("The path holds an encoded slash.");
    if (*segment == "." || *segment == "..") return BadTarget("The path holds a dot segment.");
    path += '/';
    path += *segment;
  }
  if (path.empty()) path.push_back('/');
  return path;
}

Result<std::string> ReadQueryText(std::string_view raw) {
  if (raw.find_first_of("%+") == std::string_view::npos) return std::string(raw);
  std::string spaced(raw);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::optional<std::string> text = PercentDecode(spaced);
  if (!text) return BadTarget("The query holds a percent sign without two hex digits.");
  return *std::move(text);
}

}  // namespace

Result<void> ReadTarget(std::string_view target, RequestHead& head) {
  const std::string_view origin = OriginForm(target);
  const std::size_t question = origin.find('?');
  const std::string_view raw_path = origin.substr(0, question);
  const bool rooted = raw_path.empty() ? origin.starts_with('?') : raw_path.front() == '/';
  const bool asterisk = raw_path == "*" && head.method == Method::kOptions;
  if (!rooted && !asterisk) return BadTarget("The request target must be a path.");
  if (origin.find('#') != std::string_view::npos) return BadTarget("The request target holds a fragment.");
  head.path = PL_TRY(ReadPath(raw_path));
  head.query.clear();
  if (question == std::string_view::npos) return {};
  for (const std::string_view field : Split(origin.substr(question + 1), '&')) {
    if (field.empty()) continue;
    if (head.query.size() == kQueryFieldsMax) return BadTarget("The query has too many fields.");
    const std::size_t equals = field.find('=');
    std::string name = PL_TRY(ReadQueryText(field.substr(0, equals)));
    std::string value;
    if (equals != std::string_view::npos) value = PL_TRY(ReadQueryText(field.substr(equals + 1)));
    head.query.emplace_back(std::move(name), std::move(value));
  }
  return {};
}

}  // namespace porchlight::http
