#pragma once

#include <string>
#include <string_view>

namespace porchlight::print {

enum class Breaks { kKept, kAsSpaces };

// UTF-8 that is safe to set: what is not UTF-8, control characters and U+202D and U+202E become U+FFFD each; tabs become
// spaces; CR LF, CR, U+2028 and U+2029 become LF, or a space.
std::string PlainText(std::string_view text, Breaks breaks);

}  // namespace porchlight::print
