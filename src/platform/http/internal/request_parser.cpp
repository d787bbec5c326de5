#include "platform/http/internal/request_parser.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "platform/http/internal/header_value.h"
#include "platform/http/routing.h"

namespace porchlight::http::internal {

namespace {

ProtocolRefusal Refuse(int status, ErrorCode code, const char* text) { return {status, Error{code, text, {}, {}, 0}}; }
ProtocolRefusal Malformed(const char* text) { return Refuse(400, ErrorCode::kMalformed, text); }

bool IsTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar); }

// Visible characters, spaces, tabs, and bytes above ASCII.
bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

Method MethodOf(std::string_view text) {
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kHead,
                              Method::kOptions}) {
    if (text == NameOf(method)) return method;
  }
  return Method::kOther;
}

std::optional<std::uint64_t> ParseLength(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::optional<ProtocolRefusal> ParseRequestLine(std::string_view line, ParsedHead& parsed) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Malformed("The request line is not: method, target, version.");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(method)) return Malformed("The method is not a word.");
  parsed.head.method = MethodOf(method);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (!version.starts_with("HTTP/")) return Malformed("The request line names no HTTP version.");
    return Refuse(505, ErrorCode::kUnsupported, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  }
  parsed.http_1_0 = version == "HTTP/1.0";
  if (target.size() > kTargetBytesMax) return Refuse(414, ErrorCode::kTooLarge, "The request target is longer than 8192 bytes.");
  const bool clean = std::all_of(target.begin(), target.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
  if (!clean) return Malformed("The request target holds a space or control character.");
  parsed.head.target = std::string(target);
  const Result<void> read = ReadTarget(target, parsed.head);
  if (!read.ok()) return ProtocolRefusal{400, read.error()};
  return std::nullopt;
}

std::optional<ProtocolRefusal> ParseField(std::string_view line, ParsedHead& parsed) {
  if (line.front() == ' ' || line.front() == '\t') return Malformed("A header line is folded.");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return Malformed("A header line has no proper name.");
  const std::string_view value = Trim(line.substr(colon + 1));
  if (!IsFieldValue(value)) return Malformed("A header value holds a control character.");
  if (parsed.head.headers.all().size() == kHeaderFieldsMax) {
    return Refuse(431, ErrorCode::kTooLarge, "The request has more than 100 header lines.");
  }
  parsed.head.headers.Add(std::string(line.substr(0, colon)), std::string(value));
  return std::nullopt;
}

// Those whose meaning would depend on which of two is read.
constexpr std::array<std::string_view, 6> kSingle = {"Host",          "Content-Length", "Transfer-Encoding",
                                                    "Authorization", "Content-Type",   "Expect"};

std::optional<ProtocolRefusal> CheckSingles(const Headers& headers) {
  std::array<int, kSingle.size()> counts{};
  for (const auto& [name, value] : headers.all()) {
    for (std::size_t i = 0; i < kSingle.size(); ++i) {
      if (name.size() == kSingle[i].size() && EqualsIgnoringCase(name, kSingle[i]) && ++counts[i] > 1) {
        return Malformed("A header that may stand once stands twice.");
      }
    }
  }
  return std::nullopt;
}

std::optional<ProtocolRefusal> ReadFraming(ParsedHead& parsed) {
  const Headers& headers = parsed.head.headers;
  const std::optional<std::string_view> length = headers.Find("Content-Length");
  const std::optional<std::string_view> coding = headers.Find("Transfer-Encoding");
  if (length && coding) return Malformed("Content-Length and Transfer-Encoding exclude each other.");
  if (coding) {
    if (parsed.http_1_0) return Malformed("HTTP/1.0 knows no Transfer-Encoding.");
    if (!EqualsIgnoringCase(*coding, "chunked")) {
      return Refuse(501, ErrorCode::kUnsupported, "Only the chunked transfer coding is known here.");
    }
    parsed.framing = Framing::kChunked;
  }
  if (length) {
    const std::optional<std::uint64_t> value = ParseLength(*length);
    if (!value) return Malformed("Content-Length is not a number.");
    parsed.framing = *value == 0 ? Framing::kNone : Framing::kLength;
    parsed.content_length = *value;
  }
  return std::nullopt;
}

std::optional<ProtocolRefusal> ReadConnection(ParsedHead& parsed) {
  parsed.keep_alive = !parsed.http_1_0;
  for (const auto& [name, value] : parsed.head.headers.all()) {
    if (name.size() != 10 || !EqualsIgnoringCase(name, "Connection")) continue;
    if (ListHolds(value, "close")) parsed.keep_alive = false;
    else if (parsed.http_1_0 && ListHolds(value, "keep-alive")) parsed.keep_alive = true;
  }
  const std::optional<std::string_view> expect = parsed.head.headers.Find("Expect");
  if (!expect || parsed.http_1_0) return std::nullopt;
  if (!EqualsIgnoringCase(*expect, "100-continue")) return Refuse(417, ErrorCode::kUnsupported, "Only Expect: 100-continue is known here.");
  parsed.expects_continue = parsed.framing != Framing::kNone;
  return std::nullopt;
}

}  // namespace

std::size_t LeadingEmptyLines(std::string_view input) {
  std::size_t end = 0;
  while (input.substr(end, 2) == "\r\n" && end < kLeadingBytesMax) end += 2;
  return end;
}

std::optional<std::size_t> HeadFinder::Find(std::string_view input) {
  std::size_t at = seen_;
  while (true) {
    at = input.find('\n', at);
    if (at == std::string_view::npos) break;
    if (at == 0 || input[at - 1] != '\r') {
      refusal_ = Malformed("A line of the head does not end in CR LF.");
      return std::nullopt;
    }
    if (at >= 3 && input[at - 2] == '\n') {
      if (at + 1 > bytes_max_) break;
      seen_ = 0;
      return at + 1;
    }
    ++at;
  }
  seen_ = input.size();
  if (input.size() > bytes_max_ || at != std::string_view::npos) {
    const bool in_first_line = input.find('\n') == std::string_view::npos;
    refusal_ = in_first_line ? Refuse(414, ErrorCode::kTooLarge, "The request target is too long.")
                             : Refuse(431, ErrorCode::kTooLarge, "The head of the request is too large.");
  }
  return std::nullopt;
}

std::optional<ProtocolRefusal> ParseHead(std::string_view block, ParsedHead& parsed) {
  std::size_t end = block.find("\r\n");
  if (auto refusal = ParseRequestLine(block.substr(0, end), parsed)) return refusal;
  block.remove_prefix(end + 2);
  while (!block.starts_with("\r\n")) {
    end = block.find("\r\n");
    if (end == std::string_view::npos) return Malformed("The head is not whole.");
    if (auto refusal = ParseField(block.substr(0, end), parsed)) return refusal;
    block.remove_prefix(end + 2);
  }
  if (auto refusal = CheckSingles(parsed.head.headers)) return refusal;
  if (!parsed.http_1_0 && !parsed.head.headers.Find("Host")) return Malformed("The Host header is missing.");
  if (auto refusal = ReadFraming(parsed)) return refusal;
  return ReadConnection(parsed);
}

void BodyDecoder::Begin(const ParsedHead& head) {
  line_.clear();
  trailer_bytes_ = 0;
  left_ = head.content_length;
  switch (head.framing) {
    case Framing::kNone: state_ = State::kDone; return;
    case Framing::kLength: state_ = State::kLength; return;
    case Framing::kChunked: state_ = State::kSize; return;
  }
}

std::optional<std::uint64_t> BodyDecoder::remaining() const {
  if (state_ == State::kDone) return 0;
  if (state_ == State::kLength) return left_;
  return std::nullopt;
}

// Gathers a line into line_ without its CR LF; false when it is not whole.
Result<bool> BodyDecoder::TakeLine(std::string_view& input, std::size_t bytes_max) {
  const std::size_t end = input.find('\n');
  const std::string_view part = input.substr(0, end);
  if (line_.size() + part.size() > bytes_max) return Error{ErrorCode::kMalformed, "A line between chunks is too long.", {}, {}, 0};
  line_.append(part);
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  if (end == std::string_view::npos) return false;
  if (!line_.ends_with('\r') || line_.find('\r') + 1 != line_.size()) {
    return Error{ErrorCode::kMalformed, "A line between chunks does not end in CR LF.", {}, {}, 0};
  }
  line_.pop_back();
  return true;
}

// chunk-size [ chunk-ext ]; extensions are read over.
Result<void> BodyDecoder::ReadSizeLine() {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line_.size(); ++digits) {
    const char c = line_[digits];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (value < 0) break;
    size = size * 16 + static_cast<std::uint64_t>(value);
  }
  const bool ends_well = digits == line_.size() || line_[digits] == ';' || line_[digits] == ' ' || line_[digits] == '\t';
  if (digits == 0 || digits > 15 || !ends_well || !IsFieldValue(line_)) {
    return Error{ErrorCode::kMalformed, "A chunk has no proper size.", {}, {}, 0};
  }
  left_ = size;
  state_ = size == 0 ? State::kTrailer : State::kData;
  return {};
}

Result<std::size_t> BodyDecoder::Feed(std::string_view input, std::size_t space, std::string& out) {
  const std::size_t size = input.size();
  while (!input.empty() && state_ != State::kDone) {
    if (state_ == State::kLength || state_ == State::kData) {
      const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>({left_, input.size(), space}));
      if (part == 0) break;
      out.append(input.substr(0, part));
      input.remove_prefix(part);
      space -= part;
      left_ -= part;
      if (left_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kDataEnd;
      continue;
    }
    const std::size_t before = input.size();
    if (!PL_TRY(TakeLine(input, state_ == State::kTrailer ? kTrailerBytesMax : kChunkLineBytesMax))) break;
    if (state_ == State::kSize) {
      PL_TRY(ReadSizeLine());
    } else if (state_ == State::kDataEnd) {
      if (!line_.empty()) return Error{ErrorCode::kMalformed, "A chunk is longer than its size says.", {}, {}, 0};
      state_ = State::kSize;
    } else if (line_.empty()) {
      state_ = State::kDone;
    } else {
      trailer_bytes_ += before - input.size();
      if (trailer_bytes_ > kTrailerBytesMax) return Error{ErrorCode::kMalformed, "The trailer is too long.", {}, {}, 0};
    }
    line_.clear();
  }
  return size - input.size();
}

}  // namespace porchlight::http::internal
