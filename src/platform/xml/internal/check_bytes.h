#pragma once

#include <optional>
#include <string_view>

#include "platform/xml/document.h"

namespace porchlight::xml::internal {

// What can be said of a document before the library reads it, and must be: the library takes a NUL for the end of its input and would
// silently drop what follows, guesses encodings that nobody here should send, and compares each attribute of a tag to all others.
std::optional<ParseProblem> CheckBytes(std::string_view bytes, const Limits& limits);

// Two bytes to a character, with or without a byte order mark.
bool LooksLikeUtf16(std::string_view bytes);

}  // namespace porchlight::xml::internal
