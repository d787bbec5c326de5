#include "directory/directory_http.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "directory/internal/session_http.h"
#include "directory/rules.h"

// Organisations, accounts, tokens and code lists.
namespace porchlight::directory {

namespace {

using auth::Caller;
using http::Entrance;
using http::Method;
using http::Request;
using http::Response;

constexpr std::int64_t kPageRows = 50;
constexpr std::int64_t kPageRowsMax = 200;
constexpr std::size_t kBodyBytesMax = 16 * 1024;

Result<std::int64_t> NumberIn(const Request& request, std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) {
  const std::optional<std::string_view> text = request.Query(name);
  if (!text) return fallback;
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (number && *number >= least && *number <= most) return *number;
  return Error{ErrorCode::kInvalidArgument,
               std::string(name) + " is a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".",
               {}, std::string(name), 0};
}

struct Paging {
  std::int64_t after = 0;
  int limit = 0;
};

Result<Paging> PagingOf(const Request& request) {
  const std::int64_t after = PL_TRY(NumberIn(request, "after", 0, 0, INT64_MAX));
  const std::int64_t limit = PL_TRY(NumberIn(request, "limit", kPageRows, 1, kPageRowsMax));
  return Paging{after, static_cast<int>(limit)};
}

// What is no number cannot be the number of anything: it is looked for, and not found.
std::int64_t PathId(const Request& request) { return ParseInteger(request.PathValue("id")).value_or(-1); }

template <class Body>
Result<Body> BodyOf(const Request& request) {
  const Json json = PL_TRY(request.JsonBody());
  return FromJson<Body>(json);
}

template <class View>
Result<Response> Answer(int status, const Caller& caller, Result<View> view) {
  if (!view.ok()) return view.error();
  Response response = http::JsonResponse(status, ToJson(*view, DirectoryViewer(caller)));
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

Json TextsJson(const std::map<std::string, std::string, std::less<>>& texts) {
  Json json{Json::Object{}};
  for (const auto& [name, text] : texts) json.Set(name, text);
  return json;
}

std::vector<CodeView> ListOf(const std::vector<profile::Code>& codes) {
  std::vector<CodeView> list;
  for (const profile::Code& code : codes) {
    list.push_back({code.code, TextsJson(code.labels), code.valid_from, code.valid_to, TextsJson(code.maps_to)});
  }
  return list;
}

Result<Response> ShowCodeLists(const profile::Profile& profile, const Request& request) {
  CodeLists lists{profile.name, profile.version, {}};
  const std::optional<std::string_view> wanted = request.Query("list");
  for (const auto& [name, codes] : profile.code_lists) {
    if (!wanted || *wanted == name) lists.lists[name] = ListOf(codes);
  }
  if (!wanted || *wanted == "roles") {
    std::vector<CodeView>& roles = lists.lists["roles"];
    for (const auto& [name, role] : profile.roles) {
      roles.push_back({name, TextsJson(role.labels), {}, {}, Json().Set("outside", role.outside ? "true" : "false")});
    }
  }
  if (lists.lists.empty()) return Error{ErrorCode::kNotFound, "There is no code list of this name.", {}, "list", 0};
  return http::JsonResponse(200, lists.ToJson());
}

template <class Act>
http::Route MakeRoute(Method method, std::string pattern, std::string name, std::string permission, Act act,
                      Entrance entrance = Entrance::kApi) {
  http::Route route;
  route.method = method;
  route.pattern = "/api/v1/" + std::move(pattern);
  route.name = "directory." + std::move(name);
  route.entrance = entrance;
  route.permission = std::move(permission);
  route.body_bytes_max = kBodyBytesMax;
  route.handler = [act = std::move(act)](const Request& request, const Caller& caller) -> Response {
    Result<Response> response = act(request, caller);
    return response.ok() ? *std::move(response) : http::ErrorResponse(response.error(), request.request_id);
  };
  return route;
}

void AddOrganisationRoutes(Administration& administration, std::vector<http::Route>& routes) {
  routes.push_back(MakeRoute(Method::kGet, "organisations", "organisation.list", "directory.organisation.read",
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const Paging paging = PL_TRY(PagingOf(request));
                               return Answer(200, caller, administration.ListOrganisations(caller, {paging.after}, paging.limit));
                             }));
  routes.push_back(MakeRoute(Method::kGet, "organisations/{id}", "organisation.show", "directory.organisation.read",
                             [&administration](const Request& request, const Caller& caller) {
                               return Answer(200, caller, administration.ShowOrganisation(caller, {PathId(request)}));
                             }));
  routes.push_back(MakeRoute(Method::kPost, "organisations", "organisation.create", "directory.organisation.write",
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const NewOrganisation wanted = PL_TRY(BodyOf<NewOrganisation>(request));
                               return Answer(201, caller, administration.CreateOrganisation(caller, wanted, request.request_id));
                             }));
}

void AddAccountRoutes(Administration& administration, std::vector<http::Route>& routes) {
  routes.push_back(MakeRoute(Method::kGet, "accounts", "account.list", "directory.account.read",
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const Paging paging = PL_TRY(PagingOf(request));
                               return Answer(200, caller, administration.ListAccounts(caller, {paging.after}, paging.limit));
                             }));
  routes.push_back(MakeRoute(Method::kGet, "accounts/{id}", "account.show", "directory.account.read",
                             [&administration](const Request& request, const Caller& caller) {
                               return Answer(200, caller, administration.ShowAccount(caller, {PathId(request)}));
                             }));
  const std::string write(kAdministers);
  routes.push_back(MakeRoute(Method::kPost, "accounts", "account.create", write,
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const NewAccount wanted = PL_TRY(BodyOf<NewAccount>(request));
                               return Answer(201, caller, administration.CreateAccount(caller, wanted, request.request_id));
                             }));
  for (const auto& [word, state] :
       {std::pair{"disable", auth::AccountState::kDisabled}, std::pair{"enable", auth::AccountState::kActive}}) {
    routes.push_back(MakeRoute(Method::kPost, std::string("accounts/{id}/") + word, std::string("account.") + word, write,
                               [&administration, to = state](const Request& request, const Caller& caller) {
                                 return Answer(200, caller, administration.SetState(caller, {PathId(request)}, to, request.request_id));
                               }));
  }
  routes.push_back(MakeRoute(Method::kPost, "accounts/{id}/password", "account.password", write,
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const PasswordRequest wanted =
                                   request.body.empty() ? PasswordRequest{} : PL_TRY(BodyOf<PasswordRequest>(request));
                               return Answer(200, caller,
                                             administration.SetPassword(caller, {PathId(request)}, wanted, request.request_id));
                             }));
  routes.push_back(MakeRoute(Method::kPost, "accounts/{id}/roles", "account.roles", write,
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const RolesRequest wanted = PL_TRY(BodyOf<RolesRequest>(request));
                               return Answer(200, caller,
                                             administration.SetRoles(caller, {PathId(request)}, wanted.roles, request.request_id));
                             }));
  routes.push_back(MakeRoute(Method::kPost, "accounts/{id}/second-factor/remove", "account.second_factor_remove", write,
                             [&administration](const Request& request, const Caller& caller) {
                               return Answer(200, caller,
                                             administration.RemoveSecondFactor(caller, {PathId(request)}, request.request_id));
                             }));
}

void AddTokenRoutes(Administration& administration, std::vector<http::Route>& routes) {
  routes.push_back(MakeRoute(Method::kGet, "tokens", "token.list", "directory.account.read",
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const Paging paging = PL_TRY(PagingOf(request));
                               return Answer(200, caller, administration.ListTokens(caller, {paging.after}, paging.limit));
                             }));
  routes.push_back(MakeRoute(Method::kPost, "tokens", "token.issue", "directory.token.write",
                             [&administration](const Request& request, const Caller& caller) -> Result<Response> {
                               const NewToken wanted = PL_TRY(BodyOf<NewToken>(request));
                               return Answer(201, caller, administration.IssueToken(caller, wanted, request.request_id));
                             }));
  routes.push_back(MakeRoute(Method::kPost, "tokens/{id}/revoke", "token.revoke", "directory.token.write",
                             [&administration](const Request& request, const Caller& caller) {
                               return Answer(200, caller, administration.RevokeToken(caller, {PathId(request)}, request.request_id));
                             }));
}

}  // namespace

std::vector<http::Route> Routes(const DirectoryParts& parts) {
  std::vector<http::Route> routes = internal::SessionRoutes(parts);
  AddOrganisationRoutes(parts.administration, routes);
  AddAccountRoutes(parts.administration, routes);
  AddTokenRoutes(parts.administration, routes);
  routes.push_back(MakeRoute(Method::kGet, "code-lists", "code_lists", "code_lists.read",
                             [&profile = parts.profile](const Request& request, const Caller&) {
                               return ShowCodeLists(profile, request);
                             }));
  return routes;
}

}  // namespace porchlight::directory
