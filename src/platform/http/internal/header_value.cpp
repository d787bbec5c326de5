#include "platform/http/internal/header_value.h"

#include "base/text.h"

namespace porchlight::http::internal {

namespace {

// Takes one parameter value, quoted or not, from the front of `rest`; leaves `rest` behind it.
std::string TakeValue(std::string_view& rest, Quoting quoting) {
  std::string value;
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    value = std::string(Trim(rest.substr(0, end)));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) {
      const char next = rest[at + 1];
      if (quoting == Quoting::kHttp || next == '"' || next == '\\') ++at;
    }
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

std::string ReadFormEscapes(std::string_view text) {
  std::string read;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view escape = text.substr(i, 3);
    const char plain = escape == "%22" ? '"' : EqualsIgnoringCase(escape, "%0D") ? '\r' : EqualsIgnoringCase(escape, "%0A") ? '\n' : '\0';
    if (plain != '\0') {
      read += plain;
      i += 2;
    } else {
      read += text[i];
    }
  }
  return read;
}

}  // namespace

std::optional<std::string> ParameterOf(std::string_view header, std::string_view name, Quoting quoting) {
  std::string_view rest = header.substr(std::min(header.find(';'), header.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = rest.find_first_of("=;");
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view one = Trim(rest.substr(0, end));
    const bool has_value = rest[end] == '=';
    rest.remove_prefix(end);
    if (!has_value) continue;
    rest.remove_prefix(1);
    while (rest.starts_with(' ') || rest.starts_with('\t')) rest.remove_prefix(1);
    std::string value = TakeValue(rest, quoting);
    if (EqualsIgnoringCase(one, name)) return quoting == Quoting::kForm ? ReadFormEscapes(value) : value;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

std::optional<std::string> ExtendedParameterOf(std::string_view header, std::string_view name) {
  const std::optional<std::string> raw = ParameterOf(header, std::string(name) + "*");
  if (!raw) return std::nullopt;
  const std::size_t first = raw->find('\'');
  const std::size_t second = first == std::string::npos ? first : raw->find('\'', first + 1);
  if (second == std::string::npos || !EqualsIgnoringCase(std::string_view(*raw).substr(0, first), "UTF-8")) return std::nullopt;
  return PercentDecode(std::string_view(*raw).substr(second + 1));
}

bool ListHolds(std::string_view list, std::string_view token) {
  for (const std::string_view part : Split(list, ',')) {
    if (EqualsIgnoringCase(Trim(part), token)) return true;
  }
  return false;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  bool any = false;
  for (const std::string_view part : Split(accept_encoding, ',')) {
    const std::string_view coding = Trim(part.substr(0, part.find(';')));
    const bool gzip = EqualsIgnoringCase(coding, "gzip");
    if (!gzip && coding != "*") continue;
    const std::string weight = ParameterOf(part, "q").value_or("1");
    const bool zero = weight.find_first_not_of("0.") == std::string::npos;
    if (gzip) return !zero;
    any = !zero;
  }
  return any;
}

}  // namespace porchlight::http::internal
