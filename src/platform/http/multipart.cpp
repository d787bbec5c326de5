#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "platform/http/form.h"
#include "platform/http/internal/header_value.h"

namespace porchlight::http {

namespace {

constexpr std::size_t kBoundaryBytesMax = 70;   // RFC 2046 section 5.1.1.
constexpr std::size_t kPaddingBytesMax = 256;   // Transport padding after a boundary.
constexpr std::size_t kJoinedBytes = 4096;

Error BadForm(std::string text) { return Error{ErrorCode::kMalformed, std::move(text), {}, {}, 0}; }

// What stands after a delimiter decides whether it is one.
enum class Boundary { kNone, kPart, kClose, kUnknown };

// `after` begins behind the delimiter; `length` is what belongs to the boundary line.
Boundary WhatFollows(std::string_view after, std::size_t& length) {
  if (after.starts_with("--")) {
    length = 2;
    return Boundary::kClose;
  }
  if (after.empty() || after == "-") return Boundary::kUnknown;
  const std::size_t end = after.find_first_not_of(" \t");
  const std::size_t padding = end == std::string_view::npos ? after.size() : end;
  if (padding > kPaddingBytesMax) return Boundary::kNone;
  const std::string_view line_end = after.substr(padding);
  if (line_end.empty() || line_end == "\r") return Boundary::kUnknown;
  if (!line_end.starts_with("\r\n")) return Boundary::kNone;
  length = padding + 2;
  return Boundary::kPart;
}

// Where the last bytes could be the beginning of a delimiter that has not arrived whole.
std::size_t SafeEnd(std::string_view input, std::string_view delimiter) {
  const std::size_t from = input.size() < delimiter.size() ? 0 : input.size() - delimiter.size() + 1;
  for (std::size_t at = input.find('\r', from); at != std::string_view::npos; at = input.find('\r', at + 1)) {
    if (delimiter.starts_with(input.substr(at))) return at;
  }
  return input.size();
}

}  // namespace

Result<std::string> MultipartReader::BoundaryOf(std::string_view content_type) {
  const std::string_view type = Trim(content_type.substr(0, content_type.find(';')));
  if (!EqualsIgnoringCase(type, "multipart/form-data")) return BadForm("The body must be sent as multipart/form-data.");
  const std::optional<std::string> boundary = internal::ParameterOf(content_type, "boundary");
  if (!boundary || boundary->empty()) return BadForm("Content-Type names no boundary.");
  if (boundary->size() > kBoundaryBytesMax) return BadForm("The boundary is longer than 70 characters.");
  const bool printable = std::all_of(boundary->begin(), boundary->end(), [](char c) { return c >= ' ' && c < 0x7f; });
  if (!printable || boundary->back() == ' ') return BadForm("The boundary holds characters that RFC 2046 does not allow.");
  return *boundary;
}

MultipartReader::MultipartReader(std::string boundary, Events events, FormLimits limits)
    : delimiter_("\r\n--" + std::move(boundary)), events_(std::move(events)), limits_(limits), pending_("\r\n") {
  // A body may begin with the boundary itself: it is read as if an empty line stood before it.
}

Result<void> MultipartReader::Feed(std::string_view bytes) {
  if (state_ == State::kDone) return {};
  // What is left of the bytes before is read with a little of these; all others are read where they lie.
  while (!pending_.empty() && !bytes.empty()) {
    const std::string_view part = bytes.substr(0, kJoinedBytes);
    pending_.append(part);
    bytes.remove_prefix(part.size());
    const std::size_t left = PL_TRY(Take(pending_));
    pending_.erase(0, pending_.size() - left);
  }
  if (!bytes.empty()) pending_ = bytes.substr(bytes.size() - PL_TRY(Take(bytes)));
  return {};
}

// Answers how many bytes at the end of `input` must be seen again, with what follows them.
Result<std::size_t> MultipartReader::Take(std::string_view input) {
  while (PL_TRY(Step(input))) {
  }
  return state_ == State::kDone ? 0 : input.size();  // The epilogue is not for us.
}

Result<void> MultipartReader::Finish() {
  if (state_ != State::kDone) return BadForm("The form ends before its closing boundary.");
  return {};
}

Result<bool> MultipartReader::Step(std::string_view& input) {
  switch (state_) {
    case State::kPreamble: return SkipPreamble(input);
    case State::kAfterBoundary: return AfterBoundary(input);
    case State::kHeaders: return ReadHeaders(input);
    case State::kBody: return ReadBody(input);
    case State::kDone: return false;
  }
  PL_CHECK(false);
}

Result<bool> MultipartReader::SkipPreamble(std::string_view& input) {
  const std::size_t at = input.find(delimiter_);
  if (at == std::string_view::npos) {
    input.remove_prefix(SafeEnd(input, delimiter_));
    return false;
  }
  input.remove_prefix(at);
  std::size_t length = 0;
  const Boundary boundary = WhatFollows(input.substr(delimiter_.size()), length);
  if (boundary == Boundary::kUnknown) return false;
  if (boundary == Boundary::kNone) input.remove_prefix(delimiter_.size());
  else state_ = State::kAfterBoundary;
  return true;
}

// `input` begins with a delimiter that is known to be one.
Result<bool> MultipartReader::AfterBoundary(std::string_view& input) {
  std::size_t length = 0;
  const Boundary boundary = WhatFollows(input.substr(delimiter_.size()), length);
  if (boundary == Boundary::kClose) {
    state_ = State::kDone;
    return true;
  }
  if (++parts_ > limits_.parts_max) {
    return Error{ErrorCode::kTooLarge, "The form has more than " + std::to_string(limits_.parts_max) + " parts.", {}, {}, 0};
  }
  // The line's own CRLF stays: the header block may be empty, and then this is also its beginning.
  input.remove_prefix(delimiter_.size() + length - 2);
  state_ = State::kHeaders;
  return true;
}

Result<bool> MultipartReader::ReadHeaders(std::string_view& input) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos ? input.size() > limits_.part_header_bytes_max + 4 : end > limits_.part_header_bytes_max + 2) {
    return Error{ErrorCode::kTooLarge, "The header of a form part is too large.", {}, {}, 0};
  }
  if (end == std::string_view::npos) return false;
  PL_TRY(BeginPart(input.substr(0, end)));
  // A part without content may be followed by its delimiter at once, which then owns the last CRLF.
  input.remove_prefix(end + 2);
  state_ = State::kBody;
  body_begun_ = false;
  return true;
}

Result<bool> MultipartReader::ReadBody(std::string_view& input) {
  if (!body_begun_) {
    if (input.size() < delimiter_.size() && delimiter_.starts_with(input)) return false;
    std::size_t length = 0;
    const bool delimiter = input.starts_with(delimiter_);
    const Boundary boundary = delimiter ? WhatFollows(input.substr(delimiter_.size()), length) : Boundary::kNone;
    if (boundary == Boundary::kUnknown) return false;
    // Some writers put the boundary right after the header's empty line, whose end is then its own.
    if (boundary == Boundary::kNone) input.remove_prefix(2);
    body_begun_ = true;
  }
  std::size_t from = 0;
  while (true) {
    const std::size_t at = input.find(delimiter_, from);
    const std::size_t end = at == std::string_view::npos ? SafeEnd(input, delimiter_) : at;
    if (at != std::string_view::npos) {
      std::size_t length = 0;
      const Boundary boundary = WhatFollows(input.substr(at + delimiter_.size()), length);
      if (boundary == Boundary::kNone) {
        from = at + delimiter_.size();
        continue;
      }
      if (boundary != Boundary::kUnknown) {
        if (at > 0) PL_TRY(events_.data(input.substr(0, at)));
        PL_TRY(events_.end());
        input.remove_prefix(at);
        state_ = State::kAfterBoundary;
        return true;
      }
    }
    if (end > 0) PL_TRY(events_.data(input.substr(0, end)));
    input.remove_prefix(end);
    return false;
  }
}

Result<void> MultipartReader::BeginPart(std::string_view header_block) {
  Part part;
  bool named = false;
  while (!header_block.empty()) {
    header_block.remove_prefix(2);
    const std::size_t end = std::min(header_block.find("\r\n"), header_block.size());
    const std::string_view line = header_block.substr(0, end);
    header_block.remove_prefix(end);
    if (line.empty()) continue;
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
      return BadForm("A form part's header holds a control character.");
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.front() == ' ' || line.front() == '\t') {
      return BadForm("A form part's header has a line without a name.");
    }
    const std::string_view name = Trim(line.substr(0, colon));
    const std::string_view value = Trim(line.substr(colon + 1));
    if (EqualsIgnoringCase(name, "Content-Disposition")) {
      const std::optional<std::string> field = internal::ParameterOf(value, "name", internal::Quoting::kForm);
      named = field.has_value();
      part.name = field.value_or("");
      const std::optional<std::string> file = internal::ParameterOf(value, "filename", internal::Quoting::kForm);
      const std::optional<std::string> extended = internal::ExtendedParameterOf(value, "filename");
      part.has_file_name = file.has_value() || extended.has_value();
      part.file_name = file ? *file : extended.value_or("");
    } else if (EqualsIgnoringCase(name, "Content-Type")) {
      part.content_type = std::string(value);
    }
  }
  if (!named) return BadForm("A form part has no name.");
  return events_.begin(part);
}

}  // namespace porchlight::http
