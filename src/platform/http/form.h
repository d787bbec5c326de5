#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/http/message.h"

namespace porchlight::http {

struct FormLimits {
  std::size_t parts_max = 64;
  std::size_t part_header_bytes_max = 16 * 1024;
  std::size_t field_bytes_max = 64 * 1024;      // Of a value that is kept in memory.
};

// Reads multipart/form-data (RFC 7578, RFC 2046 section 5.1) piece by piece, in pieces of any size. Lenient where
// real clients differ: preamble, boundaries of any legal form, quoted names with backslash or %22 escapes, bare LF
// after a boundary is not accepted. Errors: kMalformed, kTooLarge.
class MultipartReader {
 public:
  struct Part {
    std::string name;
    std::string file_name;                      // As sent, unescaped; untrusted. Empty when absent.
    bool has_file_name = false;
    std::string content_type;
  };
  struct Events {
    std::function<Result<void>(const Part&)> begin;
    std::function<Result<void>(std::string_view)> data;
    std::function<Result<void>()> end;
  };
  // The boundary from a Content-Type value. Errors: kMalformed.
  static Result<std::string> BoundaryOf(std::string_view content_type);

  MultipartReader(std::string boundary, Events events, FormLimits limits = {});
  Result<void> Feed(std::string_view bytes);
  // Errors: kMalformed when the closing boundary has not been seen.
  Result<void> Finish();

 private:
  enum class State { kPreamble, kAfterBoundary, kHeaders, kBody, kDone };
  Result<std::size_t> Take(std::string_view input);
  // Each takes what it can from the front of `input`; false when it needs more.
  Result<bool> Step(std::string_view& input);
  Result<bool> SkipPreamble(std::string_view& input);
  Result<bool> AfterBoundary(std::string_view& input);
  Result<bool> ReadHeaders(std::string_view& input);
  Result<bool> ReadBody(std::string_view& input);
  Result<void> BeginPart(std::string_view header_block);

  std::string delimiter_;                       // CRLF "--" boundary
  Events events_;
  FormLimits limits_;
  State state_ = State::kPreamble;
  std::string pending_;                         // Never more than a part's header or a delimiter with its padding.
  std::size_t parts_ = 0;
  bool body_begun_ = false;
};

// The last path segment of what a client sent as a file name, with either kind of slash, without control characters,
// cut to 255 bytes at a character boundary. Untrusted text all the same.
std::string BaseName(std::string_view file_name);

// application/x-www-form-urlencoded. A name given twice keeps its first value. Errors: kMalformed, kTooLarge.
Result<std::map<std::string, std::string, std::less<>>> ParseUrlEncoded(std::string_view body, const FormLimits& limits = {});

// Either form encoding, from a body in memory; file parts are refused (kUnsupported).
Result<std::map<std::string, std::string, std::less<>>> ParseForm(const Request& request, const FormLimits& limits = {});

}  // namespace porchlight::http
