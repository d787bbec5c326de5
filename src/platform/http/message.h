#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace porchlight::http {

enum class Method : std::uint8_t { kGet = 1, kPost = 2, kPut = 3, kPatch = 4, kDelete = 5, kHead = 6, kOptions = 7, kOther = 8 };
std::string_view NameOf(Method method);

// Header fields in arrival order; names are compared without case (RFC 9110 section 5.1).
class Headers {
 public:
  void Add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void Set(std::string name, std::string value);
  // The first value, or nothing.
  std::optional<std::string_view> Find(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// What is known when the header has arrived. Owned by the connection; valid until the answer is sent.
struct RequestHead {
  Method method = Method::kGet;
  std::string target;                                   // As received.
  std::string path;                                     // Percent-decoded, repeated slashes collapsed, no trailing slash.
  std::map<std::string, std::string, std::less<>> path_values;  // From the route's pattern.
  std::vector<std::pair<std::string, std::string>> query;       // Percent-decoded, "+" is a space.
  Headers headers;
  std::string request_id;                               // Ours: 16 hex digits; sent back as Request-ID.
  std::string peer_address;                             // Of the client; behind a trusted proxy, the forwarded one.
  bool tls = false;

  std::optional<std::string_view> Query(std::string_view name) const;
  std::string_view PathValue(std::string_view name) const;  // The name must be in the route's pattern.
  std::optional<std::string> Cookie(std::string_view name) const;
  // The media type in lower case without parameters; empty if none was sent.
  std::string ContentType() const;
};

struct Request : RequestHead {
  std::string body;
  // Errors: kMalformed, kTooLarge, kUnsupported (Content-Type present and not JSON).
  Result<Json> JsonBody() const;
};

// Text events to a page that stays open (server-sent events, WHATWG HTML section 9.2).
class EventSource;

// Takes the next bytes of a streamed body; waits until the client has taken enough of what came before. From one thread
// at a time. Errors: kUnavailable (the client went away, was too slow, or the server ends: stop), kInternal (more than
// `stream_bytes`).
using BodySink = std::function<Result<void>(std::string_view)>;
using BodyStream = std::function<Result<void>(const BodySink&)>;

struct Response;

// An answer that waits for something else, such as a commit, without holding a thread. Owns, or shares, all it uses.
class LaterAnswer {
 public:
  virtual ~LaterAnswer() = default;
  // Called once, after the handler has returned and where it ran, so that it may wait as one does. `ready` is to be called once, on any
  // thread, also before this returns; it takes no time.
  virtual void Begin(std::function<void()> ready) noexcept = 0;
  // Called once, after `ready`, where a handler runs; also when the client has gone, but not when the server ends first. What it gives
  // may come later in its turn.
  virtual Response Take() = 0;
};

struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  Headers headers;
  std::shared_ptr<LaterAnswer> later;    // When set, everything else here is ignored: the answer is what this gives.
  std::shared_ptr<EventSource> events;   // When set, the connection stays open and sends what this offers.
  // When set, and instead of `body`: writes the body while it is sent, so that it is never whole in memory. Runs once,
  // after the handler has returned, on a thread of the downloads (ServerOptions::downloads_max; beyond it the answer is
  // 503 instead) and is destroyed there; so it owns, or shares, all it uses. Not run for HEAD. An error, an exception, or
  // more or fewer bytes than announced cuts the connection before the body is complete, since the status has been sent.
  BodyStream stream;
  std::int64_t stream_bytes = 0;         // The exact length of what `stream` writes, sent as Content-Length; at least 0.
};

Response JsonResponse(int status, const Json& body);
Response HtmlResponse(int status, std::string html);
Response TextResponse(int status, std::string text);
Response RedirectTo(std::string location);       // 303
Response NoContent();                            // 204
// {"error":{"code","message","field"?,"request_id"}} with the status of the code, Retry-After when set. The operator
// text is not in it.
Response ErrorResponse(const Error& error, std::string_view request_id);
int StatusFor(ErrorCode code);

}  // namespace porchlight::http
