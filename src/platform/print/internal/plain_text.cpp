#include "platform/print/internal/plain_text.h"

#include "base/text.h"

namespace porchlight::print {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
// Pango begins a new line at them, also where there is to be only one.
constexpr std::string_view kLineSeparator = "\xe2\x80\xa8";
constexpr std::string_view kParagraphSeparator = "\xe2\x80\xa9";

std::size_t LengthByFirst(unsigned char first) { return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

bool IsShown(std::string_view character) {
  const unsigned char first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first >= 0x20 && first != 0x7f;
  if (character.size() == 2) return first != 0xc2 || static_cast<unsigned char>(character[1]) >= 0xa0;
  return character != "\xe2\x80\xad" && character != "\xe2\x80\xae";
}

}  // namespace

std::string PlainText(std::string_view text, Breaks breaks) {
  const char line_break = breaks == Breaks::kKept ? '\n' : ' ';
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at];
    if (byte == '\r' || byte == '\n') {
      out += line_break;
      at += text.substr(at, 2) == "\r\n" ? 2 : 1;
      continue;
    }
    if (byte == '\t') {
      out += ' ';
      ++at;
      continue;
    }
    const std::string_view character = text.substr(at, LengthByFirst(static_cast<unsigned char>(byte)));
    if (character == kLineSeparator || character == kParagraphSeparator) {
      out += line_break;
      at += character.size();
      continue;
    }
    const bool whole = IsUtf8(character);
    out += whole && IsShown(character) ? character : kReplacement;
    at += whole ? character.size() : 1;
  }
  return out;
}

}  // namespace porchlight::print
