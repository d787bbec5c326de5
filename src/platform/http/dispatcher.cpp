#include <exception>
#include <future>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "platform/http/routing.h"

namespace porchlight::http {

namespace {

constexpr std::string_view kSessionCookie = "porchlight_session";
constexpr std::size_t kPieceBytes = 64 * 1024;

Error NoCredentials() {
  return Error{ErrorCode::kUnauthenticated, "Sign in first: this needs credentials that are known here.", {}, {}, 0};
}

Error OurFault(std::string operator_text) {
  return Error{ErrorCode::kInternal, "Something went wrong on our side.", std::move(operator_text), {}, 0};
}

bool ChangesNothing(Method method) {
  return method == Method::kGet || method == Method::kHead || method == Method::kOptions;
}

// The part after "Basic " or "Bearer "; nothing when the header is absent or of another scheme.
std::optional<std::string_view> CredentialsOf(const RequestHead& head, std::string_view scheme) {
  const std::optional<std::string_view> header = head.headers.Find("Authorization");
  if (!header || header->size() <= scheme.size() || (*header)[scheme.size()] != ' ') return std::nullopt;
  if (!EqualsIgnoringCase(header->substr(0, scheme.size()), scheme)) return std::nullopt;
  return Trim(header->substr(scheme.size() + 1));
}

Result<auth::Caller> ByBasic(Authenticator& authenticator, const RequestHead& head, std::string_view credentials) {
  const std::optional<std::string> pair = Base64Decode(credentials);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return NoCredentials();
  return authenticator.ByBasic(std::string_view(*pair).substr(0, colon), std::string_view(*pair).substr(colon + 1),
                               head.peer_address);
}

Result<auth::Caller> BySession(Authenticator& authenticator, const RequestHead& head) {
  const std::optional<std::string> cookie = head.Cookie(kSessionCookie);
  if (!cookie || cookie->empty()) return NoCredentials();
  return authenticator.BySession(*cookie, head.headers.Find("X-CSRF-Token").value_or(""), !ChangesNothing(head.method));
}

// Only what the entrance lists is looked at. Where several are, a named Authorization goes before the ambient cookie.
Result<auth::Caller> Enter(Authenticator& authenticator, Entrance entrance, const RequestHead& head) {
  const auto basic = [&] { return CredentialsOf(head, "Basic"); };
  const auto bearer = [&] { return CredentialsOf(head, "Bearer"); };
  switch (entrance) {
    case Entrance::kOpen:
      return auth::PublicCaller();
    case Entrance::kBasic:
      if (const auto credentials = basic()) return ByBasic(authenticator, head, *credentials);
      return NoCredentials();
    case Entrance::kSession:
      return BySession(authenticator, head);
    case Entrance::kToken:
      if (const auto token = bearer()) return authenticator.ByToken(*token);
      return NoCredentials();
    case Entrance::kApi:
      if (const auto token = bearer()) return authenticator.ByToken(*token);
      if (const auto credentials = basic()) return ByBasic(authenticator, head, *credentials);
      return BySession(authenticator, head);
  }
  PL_CHECK(false);
}

void Challenge(Response& response, Entrance entrance) {
  switch (entrance) {
    case Entrance::kBasic:
      response.headers.Set("WWW-Authenticate", "Basic realm=\"ESP Web Services\"");
      return;
    case Entrance::kToken:
    case Entrance::kApi:
      // Not Basic: a browser would ask for a password over the console, and then send it by itself ever after.
      response.headers.Set("WWW-Authenticate", "Bearer");
      return;
    case Entrance::kOpen:
    case Entrance::kSession:
      return;
  }
}

// Runs what another room wrote. Nothing it throws gets further than this line.
template <class T, class Call>
Result<T> Guard(const Call& call) {
  try {
    return call();
  } catch (const std::exception& exception) {
    return OurFault(std::string("a handler threw: ") + exception.what());
  } catch (...) {
    return OurFault("a handler threw something unknown");
  }
}

Response Shape(const Refusal& refuse, const RequestHead& head, const Error& error) {
  if (refuse) {
    Result<Response> shaped = Guard<Response>([&]() -> Result<Response> { return refuse(head, error); });
    if (shaped.ok() && shaped->later == nullptr) return std::move(shaped).value();
  }
  return ErrorResponse(error, head.request_id);
}

}  // namespace

Response Dispatcher::Refuse(const Route* route, const RequestHead& head, const Error& error) {
  if (route == nullptr) {
    const Router::Match match = router_.Find(head.method, head.path);
    route = match.route != nullptr ? match.route : match.sibling;
  }
  Response response = Shape(route == nullptr ? Refusal() : route->refuse, head, error);
  if (error.retry_after_seconds > 0 && !response.headers.Find("Retry-After")) {
    response.headers.Set("Retry-After", std::to_string(error.retry_after_seconds));
  }
  if (error.code == ErrorCode::kUnauthenticated && route != nullptr && response.status == 401) Challenge(response, route->entrance);
  AddStandardHeaders(response, head);
  return response;
}

const Route* Dispatcher::RouteFor(const RequestHead& head) const { return router_.Find(head.method, head.path).route; }

Dispatcher::Admission Dispatcher::Admit(RequestHead& head) {
  Admission admission;
  Router::Match match = router_.Find(head.method, head.path);
  if (match.route == nullptr && !match.path_exists) {
    admission.refusal = Refuse(nullptr, head, Error{ErrorCode::kNotFound, "There is nothing at this path.", {}, {}, 0});
    return admission;
  }
  if (match.route == nullptr) {
    const Error error{ErrorCode::kUnsupported, "This path does not take that method.", {}, {}, 0};
    Response response = Shape(match.sibling->refuse, head, error);
    response.status = 405;
    response.headers.Set("Allow", match.allow);
    AddStandardHeaders(response, head);
    admission.refusal = std::move(response);
    return admission;
  }
  const Route& route = *match.route;
  admission.route = &route;
  head.path_values = std::move(match.path_values);
  Result<auth::Caller> caller = Guard<auth::Caller>([&] { return Enter(authenticator_, route.entrance, head); });
  if (!caller.ok()) {
    admission.refusal = Refuse(&route, head, caller.error());
    return admission;
  }
  admission.caller = std::move(caller).value();
  if (!route.permission.empty() && !admission.caller.May(route.permission)) {
    const Result<void> told = Guard<void>([&]() -> Result<void> {
      authenticator_.Denied(admission.caller, route, head);
      return {};
    });
    (void)told.ok();
    admission.refusal = Refuse(&route, head, Error{ErrorCode::kForbidden, "Your account may not do this.", {}, {}, 0});
  }
  return admission;
}

Response Dispatcher::Run(const Route& route, const Request& request, const auth::Caller& caller) {
  Result<Response> response = Guard<Response>([&]() -> Result<Response> { return route.handler(request, caller); });
  if (!response.ok()) return Refuse(&route, request, response.error());
  AddStandardHeaders(*response, request);
  return std::move(response).value();
}

Result<std::unique_ptr<BodyReceiver>> Dispatcher::Open(const Route& route, const RequestHead& head, const auth::Caller& caller) {
  auto receiver = Guard<std::unique_ptr<BodyReceiver>>([&] { return route.streaming(head, caller); });
  if (receiver.ok() && *receiver == nullptr) return OurFault("a streaming handler gave no receiver");
  return receiver;
}

Result<void> Dispatcher::Receive(BodyReceiver& receiver, std::string_view bytes) {
  return Guard<void>([&] { return receiver.Receive(bytes); });
}

Response Dispatcher::Complete(const Route& route, BodyReceiver& receiver, const RequestHead& head) {
  Result<Response> response = Guard<Response>([&]() -> Result<Response> { return receiver.Complete(); });
  if (!response.ok()) return Refuse(&route, head, response.error());
  AddStandardHeaders(*response, head);
  return std::move(response).value();
}

Response Dispatcher::Take(const Route& route, LaterAnswer& later, const RequestHead& head) {
  Result<Response> response = Guard<Response>([&]() -> Result<Response> { return later.Take(); });
  if (!response.ok()) return Refuse(&route, head, response.error());
  AddStandardHeaders(*response, head);
  return std::move(response).value();
}

Result<void> Dispatcher::Stream(const BodyStream& stream, std::int64_t bytes, const BodySink& sink) {
  std::int64_t written = 0;
  bool too_many = false;
  const BodySink counted = [&](std::string_view piece) -> Result<void> {
    too_many = too_many || static_cast<std::int64_t>(piece.size()) > bytes - written;
    if (too_many) return OurFault("a streamed body is longer than the " + std::to_string(bytes) + " bytes announced");
    PL_TRY(sink(piece));
    written += static_cast<std::int64_t>(piece.size());
    return {};
  };
  PL_TRY(Guard<void>([&] { return stream(counted); }));
  if (too_many) return OurFault("a streamed body is longer than the " + std::to_string(bytes) + " bytes announced");
  if (written == bytes) return {};
  return OurFault("a streamed body ended after " + std::to_string(written) + " of " + std::to_string(bytes) + " bytes announced");
}

Response Dispatcher::Handle(Request request) {
  const Route* route = nullptr;
  Response response = HandleUnstreamed(request, route);
  const BodyStream stream = std::exchange(response.stream, nullptr);
  if (!stream) return response;
  response.body.clear();
  if (request.method == Method::kHead) return response;
  const Result<void> streamed = Stream(stream, response.stream_bytes, [&](std::string_view piece) -> Result<void> {
    response.body += piece;
    return {};
  });
  return streamed.ok() ? std::move(response) : Refuse(route, request, streamed.error());
}

Response Dispatcher::HandleUnstreamed(Request& request, const Route*& found) {
  Response response = HandleNow(request, found);
  while (response.later != nullptr) {
    const std::shared_ptr<LaterAnswer> later = std::move(response.later);
    const auto is_ready = std::make_shared<std::promise<void>>();
    later->Begin([is_ready] { is_ready->set_value(); });
    is_ready->get_future().wait();
    response = Take(*found, *later, request);
  }
  return response;
}

Response Dispatcher::HandleNow(Request& request, const Route*& found) {
  if (request.path.empty()) {
    const Result<void> read = ReadTarget(request.target, request);
    if (!read.ok()) return Refuse(nullptr, request, read.error());
  }
  Admission admission = Admit(request);
  if (admission.refusal) return *std::move(admission.refusal);
  const Route& route = *admission.route;
  found = &route;
  if (request.body.size() > route.body_bytes_max) return Refuse(&route, request, BodyTooLarge(route));
  if (route.handler) return Run(route, request, admission.caller);
  Result<std::unique_ptr<BodyReceiver>> receiver = Open(route, request, admission.caller);
  if (!receiver.ok()) return Refuse(&route, request, receiver.error());
  for (std::size_t at = 0; at < request.body.size(); at += kPieceBytes) {
    const Result<void> received = Receive(**receiver, std::string_view(request.body).substr(at, kPieceBytes));
    if (!received.ok()) return Refuse(&route, request, received.error());
  }
  return Complete(route, **receiver, request);
}

Error BodyTooLarge(const Route& route) {
  return Error{ErrorCode::kTooLarge, "The body is larger than the " + std::to_string(route.body_bytes_max) + " bytes taken here.",
               {}, {}, 0};
}

void AddStandardHeaders(Response& response, const RequestHead& head) {
  const auto add = [&](const char* name, std::string_view value) {
    if (!response.headers.Find(name)) response.headers.Add(name, std::string(value));
  };
  if (!head.request_id.empty()) response.headers.Set("Request-ID", head.request_id);
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Cache-Control", "no-store");
  if (response.content_type.starts_with("text/html")) {
    add("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }
  if (head.tls) add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace porchlight::http
