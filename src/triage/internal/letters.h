#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Single letters of UTF-8 text, as far as comparing what people type needs them.
namespace porchlight::triage {

struct Letter {
  std::uint32_t point = 0;                       // Of Unicode; of what is no UTF-8, the byte.
  std::size_t bytes = 1;
};
// `at` is inside of the text.
Letter LetterAt(std::string_view text, std::size_t at);

// The plain letter of a Latin one with a mark (U+00C0 to U+00FF), in lower case; '\0': none.
char WithoutMark(std::uint32_t point);
bool IsCombining(std::uint32_t point);           // A mark that belongs to the letter before it.

}  // namespace porchlight::triage
