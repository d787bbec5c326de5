#include "triage/internal/letters.h"

namespace porchlight::triage {

namespace {

// By code point from U+00C0.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo*ouuuuybsaaaaaaaceeeeiiiidnooooo*ouuuuyby";

}  // namespace

Letter LetterAt(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length == 1 || at + length > text.size()) return {first, 1};
  std::uint32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return {point, length};
}

char WithoutMark(std::uint32_t point) {
  if (point < 0xC0 || point > 0xFF) return '\0';
  const char letter = kLatin1[point - 0xC0];
  return letter == '*' ? '\0' : letter;
}

bool IsCombining(std::uint32_t point) { return point >= 0x0300 && point <= 0x036F; }

}  // namespace porchlight::triage
