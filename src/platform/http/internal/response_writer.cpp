#include "platform/http/internal/response_writer.h"

#include <zlib.h>

#include <array>
#include <ctime>
#include <utility>

#include "base/text.h"
#include "platform/http/internal/header_value.h"

namespace porchlight::http::internal {

namespace {

constexpr std::size_t kJoinedBytesMax = 64 * 1024;
constexpr int kGzipLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for the gzip wrapper.

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Answer";
  }
}

bool IsText(std::string_view content_type) {
  const std::string type = LowerAscii(Trim(content_type.substr(0, content_type.find(';'))));
  if (type == "text/event-stream") return false;
  return type.starts_with("text/") || type == "application/json" || type == "application/xml" || type == "application/javascript" ||
         type == "image/svg+xml" || type.ends_with("+json") || type.ends_with("+xml");
}

// Nothing when it did not get smaller.
std::optional<std::string> Gzip(std::string_view body) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string out(body.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  out.resize(size);
  return out;
}

bool Compressible(const Response& response) {
  if (response.body.size() <= kGzipBytesMin || response.body.size() > kGzipBytesMax || !IsText(response.content_type)) return false;
  return !response.headers.Find("Content-Encoding") && !response.headers.Find("Set-Cookie") && response.status != 206;
}

// The framing is ours alone, and no value may end its line.
void AppendHeader(std::string& head, std::string_view name, std::string_view value) {
  for (const std::string_view ours : {"Content-Length", "Transfer-Encoding", "Connection", "Date"}) {
    if (name.size() == ours.size() && EqualsIgnoringCase(name, ours)) return;
  }
  head += name;
  head += ": ";
  for (const char c : value) head += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? ' ' : c;
  head += "\r\n";
}

const std::string& DateLine(Instant now) {
  thread_local std::int64_t second = -1;
  thread_local std::string line;
  if (const std::int64_t current = now.microseconds / 1'000'000; current != second) {
    second = current;
    line = "Date: " + HttpDate(now) + "\r\n";
  }
  return line;
}

}  // namespace

std::string HttpDate(Instant instant) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = instant.microseconds / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

bool MayCompress(const RequestHead& head) {
  if (!AcceptsGzip(head.headers.Find("Accept-Encoding").value_or(""))) return false;
  const std::optional<std::string_view> site = head.headers.Find("Sec-Fetch-Site");
  return !site || *site == "same-origin" || *site == "none";
}

bool IsBodiless(int status) { return status == 204 || status == 304; }

Wire EncodeAnswer(Response response, const AnswerForm& form, Instant now) {
  Wire wire;
  if (form.streamed_bytes) response.body.clear();
  if (Compressible(response)) {
    response.headers.Add("Vary", "Accept-Encoding");
    if (form.gzip) {
      if (std::optional<std::string> packed = Gzip(response.body)) {
        response.body = *std::move(packed);
        response.headers.Set("Content-Encoding", "gzip");
      }
    }
  }
  const bool events = response.events != nullptr;
  const bool bodiless = IsBodiless(response.status);
  const std::string length = std::to_string(form.streamed_bytes.value_or(static_cast<std::int64_t>(response.body.size())));
  std::string& head = wire.head;
  head.reserve(512 + (response.body.size() <= kJoinedBytesMax ? response.body.size() : 0));
  head += "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += ReasonOf(response.status);
  head += "\r\n" + DateLine(now);
  if (events) response.content_type = "text/event-stream";
  if (!response.content_type.empty()) AppendHeader(head, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers.all()) AppendHeader(head, name, value);
  if (events) {
    head += "X-Accel-Buffering: no\r\nConnection: close\r\n";
  } else {
    if (!bodiless) head += "Content-Length: " + length + "\r\n";
    if (!form.keep_alive) head += "Connection: close\r\n";
    else if (form.http_1_0) head += "Connection: keep-alive\r\n";
  }
  head += "\r\n";
  if (events || bodiless || form.head_only) return wire;
  if (response.body.size() <= kJoinedBytesMax) head += response.body;
  else wire.body = std::move(response.body);
  return wire;
}

}  // namespace porchlight::http::internal
