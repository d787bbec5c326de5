#pragma once

#include <string_view>

#include "tipline/report.h"

namespace porchlight::tipline {

struct SniffedType {
  FileKind kind = FileKind::kUnknown;
  std::string_view media_type = "application/octet-stream";
};

// How many bytes of a file's beginning decide.
inline constexpr std::size_t kSniffBytes = 512;

// What a file is by its first bytes, whatever its sender calls it. An empty file is unknown; what is not recognised is
// kOther. Never decodes anything.
SniffedType Sniff(std::string_view beginning);

// "image/png" in lower case, or empty when the text is not one media type (RFC 9110 section 8.3.1) of at most 127
// bytes: what is kept of a declared type must not be able to carry anything else.
std::string_view PlainMediaType(std::string_view lower_case_type);

}  // namespace porchlight::tipline
