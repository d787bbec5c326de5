#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/http/message.h"

// Reads HTTP/1.1 requests (RFC 9112) from bytes as they arrive. Where the RFC lets a server choose between leniency and
// refusal it refuses: two readings of one request are how requests are smuggled past a proxy. Nothing here does I/O.
namespace porchlight::http::internal {

constexpr std::size_t kTargetBytesMax = 8 * 1024;
constexpr std::size_t kHeaderFieldsMax = 100;
constexpr std::size_t kChunkLineBytesMax = 256;
constexpr std::size_t kTrailerBytesMax = 8 * 1024;

// Not every status of this layer has an ErrorCode (414, 417, 431, 501, 505).
struct ProtocolRefusal {
  int status = 400;
  Error error;
};

enum class Framing : std::uint8_t { kNone, kLength, kChunked };

struct ParsedHead {
  RequestHead head;                     // method, target, path, query and headers are set.
  Framing framing = Framing::kNone;
  std::uint64_t content_length = 0;     // With kLength.
  bool keep_alive = true;
  bool expects_continue = false;
  bool http_1_0 = false;                // Takes no chunked answers and no 100.
};

// Looks for the end of a head, resuming where it stopped.
class HeadFinder {
 public:
  explicit HeadFinder(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  // How many bytes of `input` the head takes, its empty line included; nothing when there must come more. The same
  // bytes, and more behind them, must be given again each time.
  std::optional<std::size_t> Find(std::string_view input);
  const std::optional<ProtocolRefusal>& refusal() const { return refusal_; }
  void Reset() { seen_ = 0; }

 private:
  std::size_t bytes_max_;
  std::size_t seen_ = 0;
  std::optional<ProtocolRefusal> refusal_;
};

// Empty lines before the request line are skipped (RFC 9112 section 2.2); at most this many bytes of them.
constexpr std::size_t kLeadingBytesMax = 16;
std::size_t LeadingEmptyLines(std::string_view input);

// `block` is a whole head with its empty line. On refusal `parsed` holds what was understood until then.
std::optional<ProtocolRefusal> ParseHead(std::string_view block, ParsedHead& parsed);

// Takes the framing off a body.
class BodyDecoder {
 public:
  void Begin(const ParsedHead& head);
  // Appends at most `space` body bytes to `out`; returns how many bytes of `input` were used.
  // Errors: kMalformed.
  Result<std::size_t> Feed(std::string_view input, std::size_t space, std::string& out);
  bool done() const { return state_ == State::kDone; }
  // Body bytes still announced; nothing when the framing does not say.
  std::optional<std::uint64_t> remaining() const;

 private:
  enum class State : std::uint8_t { kLength, kSize, kData, kDataEnd, kTrailer, kDone };
  Result<bool> TakeLine(std::string_view& input, std::size_t bytes_max);
  Result<void> ReadSizeLine();

  State state_ = State::kDone;
  std::uint64_t left_ = 0;
  std::string line_;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace porchlight::http::internal
