#include <string>
#include <utility>

#include "directory/internal/session_http.h"
#include "directory/organisations.h"

// Signing in and out, the session, the second factor.
namespace porchlight::directory::internal {

namespace {

using auth::Caller;
using http::Request;
using http::Response;

constexpr std::string_view kCookieName = "porchlight_session";
constexpr std::size_t kBodyBytesMax = 4 * 1024;

VisibilitySet Own() { return {Visibility::kSubmitter}; }

std::string_view WordFor(auth::SecondFactor standing) {
  switch (standing) {
    case auth::SecondFactor::kDone: return "done";
    case auth::SecondFactor::kNeeded: return "needed";
    case auth::SecondFactor::kEnrol: return "enrol";
  }
  PL_CHECK(false);
}

std::string CookieText(std::string_view value, bool secure) {
  std::string text = std::string(kCookieName) + "=" + std::string(value) + "; Path=/; HttpOnly; SameSite=Strict";
  if (secure) text += "; Secure";
  if (value.empty()) text += "; Max-Age=0";
  return text;
}

class SessionHandlers {
 public:
  explicit SessionHandlers(const DirectoryParts& parts) : parts_(parts) {}

  Result<Response> SignIn(const Request& request) const {
    // A form of another site cannot send this type, so nobody is signed in to somebody else's account by a link.
    if (request.ContentType() != "application/json") {
      return Error{ErrorCode::kUnsupported, "Send application/json.", {}, {}, 0};
    }
    const Json body = PL_TRY(request.JsonBody());
    const SignInRequest wanted = PL_TRY(FromJson<SignInRequest>(body));
    const auth::Entered entered = PL_TRY(parts_.authenticator.sign_in().Enter(
        wanted.login, wanted.password.Reveal(), wanted.code.value_or(""), request.peer_address));
    return Begin(request, entered);
  }

  Result<Response> SignOut(const Request& request, const Caller& caller) const {
    PL_TRY(parts_.authenticator.sign_in().Leave(caller.session));
    Response response = http::NoContent();
    response.headers.Add("Set-Cookie", CookieText("", parts_.authenticator.CookiesAreSecure(request)));
    return response;
  }

  Result<Response> Show(const Caller& caller) const {
    const auth::LiveSession live = PL_TRY(parts_.authenticator.sign_in().Find(caller.session));
    return Uncached(http::JsonResponse(200, ToJson(PL_TRY(ViewOf(live)), Own())));
  }

  Result<Response> Offer(const Caller& caller) const {
    const auth::Enrolment enrolment = PL_TRY(parts_.authenticator.sign_in().OfferSecondFactor(caller.session));
    return Uncached(http::JsonResponse(200, ToJson(EnrolmentView{enrolment.secret, enrolment.otpauth_uri}, Own())));
  }

  Result<Response> Confirm(const Request& request, const Caller& caller) const {
    const Json body = PL_TRY(request.JsonBody());
    const CodeRequest wanted = PL_TRY(FromJson<CodeRequest>(body));
    const auth::Entered entered = PL_TRY(parts_.authenticator.sign_in().ConfirmSecondFactor(caller.session, wanted.code));
    return Begin(request, entered);
  }

 private:
  static Response Uncached(Response response) {
    response.headers.Set("Cache-Control", "no-store");
    return response;
  }

  Result<Response> Begin(const Request& request, const auth::Entered& entered) const {
    Response response = Uncached(http::JsonResponse(200, ToJson(PL_TRY(ViewOf(entered.live)), Own())));
    response.headers.Add("Set-Cookie", CookieText(entered.secrets.cookie, parts_.authenticator.CookiesAreSecure(request)));
    return response;
  }

  Result<SessionView> ViewOf(const auth::LiveSession& live) const {
    const Caller caller = parts_.authenticator.CallerOf(live);
    SessionView view;
    view.account = live.account.id;
    view.login = live.account.login;
    view.roles.assign(caller.roles.begin(), caller.roles.end());
    view.permissions.assign(caller.permissions.begin(), caller.permissions.end());
    view.organisation = live.account.organisation.value;
    view.organisation_name = parts_.profile.centre_name;
    if (view.organisation != 0) {
      const Organisation organisation = PL_TRY(parts_.database.Read([&](store::ReadTransaction& transaction) {
        return FindOrganisation(transaction, live.account.organisation);
      }));
      view.organisation_name = organisation.name;
    }
    view.csrf_token = live.session.csrf_token;
    view.second_factor = WordFor(parts_.authenticator.sign_in().StandingOf(live));
    view.languages = parts_.profile.languages;
    view.centre_name = parts_.profile.centre_name;
    return view;
  }

  const DirectoryParts parts_;
};

template <class Act>
http::Route MakeRoute(http::Method method, std::string pattern, std::string name, http::Entrance entrance, Act act) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.name = std::move(name);
  route.entrance = entrance;
  route.body_bytes_max = kBodyBytesMax;
  route.handler = [act = std::move(act)](const Request& request, const Caller& caller) -> Response {
    Result<Response> response = act(request, caller);
    return response.ok() ? *std::move(response) : http::ErrorResponse(response.error(), request.request_id);
  };
  return route;
}

}  // namespace

std::vector<http::Route> SessionRoutes(const DirectoryParts& parts) {
  const SessionHandlers handlers(parts);
  using http::Entrance;
  using http::Method;
  std::vector<http::Route> routes;
  routes.push_back(MakeRoute(Method::kPost, "/api/v1/sign-in", "directory.sign_in", Entrance::kOpen,
                             [handlers](const Request& request, const Caller&) { return handlers.SignIn(request); }));
  routes.push_back(MakeRoute(Method::kPost, "/api/v1/sign-out", "directory.sign_out", Entrance::kSession,
                             [handlers](const Request& request, const Caller& caller) { return handlers.SignOut(request, caller); }));
  routes.push_back(MakeRoute(Method::kGet, "/api/v1/session", "directory.session", Entrance::kSession,
                             [handlers](const Request&, const Caller& caller) { return handlers.Show(caller); }));
  routes.push_back(MakeRoute(Method::kPost, "/api/v1/second-factor", "directory.second_factor.offer", Entrance::kSession,
                             [handlers](const Request&, const Caller& caller) { return handlers.Offer(caller); }));
  routes.push_back(MakeRoute(Method::kPost, "/api/v1/second-factor/confirm", "directory.second_factor.confirm", Entrance::kSession,
                             [handlers](const Request& request, const Caller& caller) { return handlers.Confirm(request, caller); }));
  return routes;
}

}  // namespace porchlight::directory::internal
