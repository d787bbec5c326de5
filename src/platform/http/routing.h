#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/http/message.h"

namespace porchlight::http {

// How a caller may prove who they are on a route. Anything not listed is not looked at.
enum class Entrance : std::uint8_t {
  kOpen = 1,      // No credentials are read; the caller is the public.
  kBasic = 2,     // HTTP Basic (RFC 7617): platforms' accounts.
  kSession = 3,   // The console's cookie; unsafe methods also need the X-CSRF-Token header.
  kToken = 4,     // Bearer token (RFC 6750): machines.
  kApi = 5,       // Session cookie, bearer token or Basic: the JSON API.
};

// Receives a body while it arrives, in pieces of at most 256 KB, so that a large one is never whole in memory. Calls come
// one after another, not always on the same thread; between two calls no thread is held. Destroyed early when the client
// goes away.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;
  // An error ends the upload; it becomes the answer through the route's `refuse`, or ErrorResponse.
  virtual Result<void> Receive(std::string_view bytes) = 0;
  // After the last byte. Runs on the handler pool.
  virtual Response Complete() = 0;
};

using Handler = std::function<Response(const Request&, const auth::Caller&)>;
using StreamingHandler = std::function<Result<std::unique_ptr<BodyReceiver>>(const RequestHead&, const auth::Caller&)>;
// Shapes an error that the http layer itself answers (no credentials, too large, malformed, not allowed) in the
// dialect of the route, at once. Absent, or if it fails: ErrorResponse.
using Refusal = std::function<Response(const RequestHead&, const Error&)>;

// One line of the table that the matrix test walks. `permission` must be held by the caller; empty only with kOpen, or
// where signing in is itself enough ("any signed-in").
struct Route {
  Method method = Method::kGet;
  std::string pattern;               // "/api/v1/reports/{id}"; "{rest*}" at the end takes everything.
  std::string name;                  // "tipline.report.show": its metric and log line.
  Entrance entrance = Entrance::kSession;
  std::string permission;
  std::size_t body_bytes_max = 64 * 1024;
  Handler handler;                   // Exactly one of handler and streaming is set.
  StreamingHandler streaming;
  Refusal refuse;
  bool long_lived = false;           // Server-sent events: exempt from the request deadline and from draining delay.
};

// Turns credentials into a caller. Implemented by platform/auth, injected by app. Thread-safe; may block on the store.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Errors: kUnauthenticated, kTooManyRequests (lock-out), kUnavailable.
  virtual Result<auth::Caller> ByBasic(std::string_view login, std::string_view password, std::string_view peer) = 0;
  virtual Result<auth::Caller> BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) = 0;
  virtual Result<auth::Caller> ByToken(std::string_view token) = 0;
  // A known caller was refused; audited. Must not fail the request.
  virtual void Denied(const auth::Caller& caller, const Route& route, const RequestHead& head) = 0;
};

// Finds the route of a method and path. Built once, then read by all threads.
class Router {
 public:
  struct Match {
    const Route* route = nullptr;    // Null: no such path (404), or the path exists for other methods (405).
    bool path_exists = false;
    std::map<std::string, std::string, std::less<>> path_values;
    const Route* sibling = nullptr;  // Of a 405: a route of that path, whose dialect shapes the refusal.
    std::string allow;               // Of a 405: the methods that exist, as in the Allow header.
  };
  // A route that could never be reached, is there twice, or has not exactly one handler ends the process.
  void Add(Route route);
  // A literal segment goes before a parameter, a parameter before the rest; the most specific path decides alone, so
  // a method missing there is a 405 even when a wider pattern has it. HEAD finds the GET route.
  Match Find(Method method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  // One segment of the tree of patterns; nodes and routes are named by their index.
  struct Node {
    std::map<std::string, std::size_t, std::less<>> literals;
    std::size_t parameter = 0;           // 0, the root, is nobody's child: none.
    std::vector<std::size_t> ends;       // Routes whose pattern ends here.
    std::vector<std::size_t> rests;      // Routes that take everything from here on.
  };
  const std::vector<std::size_t>* Walk(std::size_t node, std::string_view rest, std::vector<std::string_view>& values) const;

  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> names_;  // Of each route's parameters, in order.
  std::vector<Node> nodes_ = std::vector<Node>(1);
};

// Fills path and query from a target in origin or absolute form (RFC 9112 section 3.2): repeated slashes collapsed, one
// trailing slash ignored, percent-decoded. Errors: kMalformed for bad escapes, control characters, an encoded slash,
// and "." or ".." segments: nobody honest sends them, and they are how filters are walked around.
Result<void> ReadTarget(std::string_view target, RequestHead& head);

// What every answer carries: Request-ID, X-Content-Type-Options, Referrer-Policy, Cache-Control: no-store unless the
// handler said otherwise, a Content-Security-Policy on HTML unless the handler set one, and HSTS on TLS.
void AddStandardHeaders(Response& response, const RequestHead& head);

// Its body_bytes_max was exceeded.
Error BodyTooLarge(const Route& route);

// Runs one request through entrance, permission, handler; the part of the server that needs no socket, used by the
// server, the tests and the simulator alike. Thread-safe.
class Dispatcher {
 public:
  Dispatcher(const Router& router, Authenticator& authenticator) : router_(router), authenticator_(authenticator) {}
  // The route of a request, whoever asks; nullptr when there is none.
  const Route* RouteFor(const RequestHead& head) const;
  // What the header alone decides: the route, the caller, or the refusal. Fills head.path_values.
  struct Admission {
    const Route* route = nullptr;
    auth::Caller caller;
    std::optional<Response> refusal;
  };
  Admission Admit(RequestHead& head);
  // The whole of it, for a request whose body is in memory. A streamed answer comes whole in Response::body, or, when it
  // fails, as that error; one that comes later is waited for.
  Response Handle(Request request);

  // The steps of Handle after Admit, for a body that arrives bit by bit. Each answer is complete: it has its standard
  // headers, and an exception of a handler has become a 500 without detail.
  Response Run(const Route& route, const Request& request, const auth::Caller& caller);
  Result<std::unique_ptr<BodyReceiver>> Open(const Route& route, const RequestHead& head, const auth::Caller& caller);
  Result<void> Receive(BodyReceiver& receiver, std::string_view bytes);
  Response Complete(const Route& route, BodyReceiver& receiver, const RequestHead& head);
  // What has become of an answer that came later, once it is ready.
  Response Take(const Route& route, LaterAnswer& later, const RequestHead& head);
  // In the dialect of the route, or of the path's route when `route` is null.
  Response Refuse(const Route* route, const RequestHead& head, const Error& error);
  // Runs a streamed body; `sink` never gets more than `bytes`. Errors: those of the body; kInternal when it threw or
  // wrote fewer or more.
  static Result<void> Stream(const BodyStream& stream, std::int64_t bytes, const BodySink& sink);

 private:
  Response HandleUnstreamed(Request& request, const Route*& route);
  Response HandleNow(Request& request, const Route*& route);

  const Router& router_;
  Authenticator& authenticator_;
};

}  // namespace porchlight::http
