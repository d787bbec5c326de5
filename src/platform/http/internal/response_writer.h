#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "platform/http/message.h"

namespace porchlight::http::internal {

constexpr std::size_t kGzipBytesMin = 1024;
constexpr std::size_t kGzipBytesMax = 16 * 1024 * 1024;

// What the request decides about the form of its answer.
struct AnswerForm {
  bool head_only = false;       // HEAD.
  bool http_1_0 = false;
  bool keep_alive = true;
  bool gzip = false;            // The client takes it, and may be answered so; see MayCompress.
  std::optional<std::int64_t> streamed_bytes;  // Of a body that comes from elsewhere: only the head is encoded.
};

// An answer as bytes. A large body stays apart so that it is not copied.
struct Wire {
  std::string head;
  std::string body;
  std::size_t size() const { return head.size() + body.size(); }
};

// False for an answer that a page of another site caused: there, the length of a compressed secret beside a reflected
// guess would tell the secret (BREACH). See README.
bool MayCompress(const RequestHead& head);

// A status that never has a body (RFC 9110 sections 15.3.5 and 15.4.5).
bool IsBodiless(int status);

Wire EncodeAnswer(Response response, const AnswerForm& form, Instant now);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
std::string HttpDate(Instant instant);

}  // namespace porchlight::http::internal
