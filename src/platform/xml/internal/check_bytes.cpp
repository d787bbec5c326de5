#include "platform/xml/internal/check_bytes.h"

#include <climits>
#include <string>

namespace porchlight::xml::internal {
namespace {

bool IsXmlSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool HasMoreThan(std::string_view text, char wanted, std::size_t most) {
  std::size_t count = 0;
  for (std::size_t at = text.find(wanted); at != std::string_view::npos && count <= most; at = text.find(wanted, at + 1)) ++count;
  return count > most;
}

// Whether more values are given than that between a "<" that may begin a tag and the next "<", or the ">" before it. The library never
// takes anything else for a tag, whatever went wrong before: a "<" ends a value, and the first thing that is no attribute ends the tag.
// What stands in comments and CDATA sections is looked at too, because after an error the library may read it as tags.
bool HasCrowdedTag(std::string_view text, std::size_t values_max) {
  if (!HasMoreThan(text, '=', values_max)) return false;
  for (std::size_t at = text.find('<'); at < text.size(); at = text.find('<', at)) {
    if (++at == text.size() || text[at] == '!' || text[at] == '?' || text[at] == '/') continue;
    std::size_t values = 0;
    for (; at < text.size() && text[at] != '<' && text[at] != '>';) {
      if (text[at++] != '=') continue;
      while (at < text.size() && IsXmlSpace(text[at])) ++at;
      if (at == text.size() || (text[at] != '"' && text[at] != '\'')) continue;
      if (++values > values_max) return true;
      const char quote = text[at++];
      while (at < text.size() && text[at] != quote && text[at] != '<') ++at;
      if (at < text.size() && text[at] == quote) ++at;
    }
  }
  return false;
}

// One character for each code unit of UTF-16; what is not ASCII is nobody's mark.
std::string Narrowed(std::string_view wide, bool big_endian) {
  std::string text;
  text.reserve(wide.size() / 2);
  for (std::size_t at = 0; at + 1 < wide.size(); at += 2) {
    const char high = wide[big_endian ? at : at + 1];
    const char low = wide[big_endian ? at + 1 : at];
    text += high == 0 && static_cast<unsigned char>(low) < 0x80 ? low : '?';
  }
  return text;
}

}  // namespace

bool LooksLikeUtf16(std::string_view bytes) {
  return bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE") || bytes.starts_with(std::string_view("\0<", 2)) ||
         bytes.starts_with(std::string_view("<\0", 2));
}

std::optional<ParseProblem> CheckBytes(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes_max || bytes.size() > static_cast<std::size_t>(INT_MAX)) {
    return ParseProblem{Fault::kTooManyBytes, {}, "The document is larger than " + std::to_string(limits.bytes_max) + " bytes."};
  }
  if (bytes.empty()) return ParseProblem{Fault::kNotWellFormed, {1, 1}, "The document is empty or does not begin with an XML element."};
  const bool wide = LooksLikeUtf16(bytes);
  const bool four_bytes = bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4)) || bytes.starts_with(std::string_view("<\0\0\0", 4));
  if (four_bytes || bytes.starts_with("\x4C\x6F\xA7\x94")) {
    return ParseProblem{Fault::kEncoding, {1, 1}, "The encoding is not read here; send UTF-8."};
  }
  bool has_nul = false;
  if (wide) {
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) has_nul = has_nul || (bytes[at] == '\0' && bytes[at + 1] == '\0');
    if (bytes.size() % 2 != 0) return ParseProblem{Fault::kEncoding, {}, "The document ends in the middle of a character."};
  } else {
    has_nul = bytes.find('\0') != std::string_view::npos;
  }
  if (has_nul) return ParseProblem{Fault::kNotWellFormed, {}, "There is a NUL character, which XML does not allow."};
  // Before the library sees it, which compares each attribute of a tag to all others.
  const bool big_endian = bytes.starts_with("\xFE\xFF") || bytes[0] == '\0';
  const std::string narrowed = wide ? Narrowed(bytes, big_endian) : std::string();
  if (HasCrowdedTag(wide ? narrowed : bytes, limits.attributes_max)) {
    return ParseProblem{Fault::kTooManyNodes, {}, "An element has more than " + std::to_string(limits.attributes_max) + " attributes."};
  }
  return std::nullopt;
}

}  // namespace porchlight::xml::internal
