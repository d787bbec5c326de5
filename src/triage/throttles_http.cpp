#include "triage/throttles_http.h"

#include "platform/http/api_routes.h"

namespace porchlight::triage {

namespace {

using http::Method;

constexpr std::size_t kBodyBytesMax = 4 * 1024;
constexpr std::string_view kMay = "triage.supervise";
constexpr std::string_view kAll = "tips/throttles";
constexpr std::string_view kEnd = "tips/throttles/{id}/end";

}  // namespace

Result<ThrottleView> ThrottlesHttp::ViewOf(store::ReadTransaction& transaction, const Throttle& throttle) const {
  const auto login = [&](auth::AccountId account) { return names_.account ? names_.account(account.value) : std::string(); };
  ThrottleView view;
  view.id = throttle.id;
  view.organisation = throttle.organisation;
  if (names_.organisation) view.organisation_name = names_.organisation(throttle.organisation);
  view.at = throttle.at;
  view.account = throttle.account.value;
  view.account_login = login(throttle.account);
  view.reason = throttle.reason;
  view.until = throttle.until;
  view.ended_at = throttle.ended_at;
  if (throttle.ended_by) view.ended_by_login = login(*throttle.ended_by);
  view.note = throttle.note;
  if (throttle.ended_at) return view;
  const BehindCount behind = PL_TRY(CountBehind(transaction, throttle.organisation));
  view.urgent_behind = behind.urgent;
  view.others_behind = behind.others;
  return view;
}

Result<http::Response> ThrottlesHttp::List(const http::Request&, const auth::Caller& caller) {
  const auto read = [&](store::ReadTransaction& transaction) -> Result<ThrottleListView> {
    ThrottleListView view;
    const std::vector<Throttle> throttles = PL_TRY(ListThrottles(transaction, kThrottlesMax));
    for (const Throttle& throttle : throttles) view.items.push_back(PL_TRY(ViewOf(transaction, throttle)));
    return view;
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> ThrottlesHttp::Answer(int status, const Throttle& throttle, const auth::Caller& caller) {
  const ThrottleView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return ViewOf(transaction, throttle); }));
  return http::JsonResponse(status, ToJson(view, caller.visibility));
}

Result<http::Response> ThrottlesHttp::Begin(const http::Request& request, const auth::Caller& caller) {
  const ThrottleRequest body = PL_TRY(http::BodyAs<ThrottleRequest>(request));
  return Answer(201, PL_TRY(throttles_.Begin(caller, body.organisation, {body.reason, body.days}, request.request_id)), caller);
}

Result<http::Response> ThrottlesHttp::End(const http::Request& request, const auth::Caller& caller) {
  const ThrottleId id{PL_TRY(http::PathNumber(request, "throttle"))};
  const EndThrottleRequest body = PL_TRY(http::BodyAs<EndThrottleRequest>(request));
  return Answer(200, PL_TRY(throttles_.End(caller, id, body.note, request.request_id)), caller);
}

std::vector<http::Route> ThrottlesHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "triage.", kBodyBytesMax);
  routes.Add(Method::kGet, kAll, "throttles", kMay, this, &ThrottlesHttp::List);
  routes.Add(Method::kPost, kAll, "throttle", kMay, this, &ThrottlesHttp::Begin);
  routes.Add(Method::kPost, kEnd, "end_throttle", kMay, this, &ThrottlesHttp::End);
  return routes.Take();
}

std::vector<http::ApiOperation> ThrottlesHttp::Operations() {
  http::ApiOperations all("/api/v1/", "triage");
  all.Add(Method::kGet, kAll, kMay, "Senders whose reports stand behind those of others", http::SchemaFor<ThrottleListView>(), {});
  http::ApiOperation& begin = all.Add(Method::kPost, kAll, kMay,
                                      "Throttle a sender: its reports stand behind those of others of the same urgency and level",
                                      http::SchemaFor<ThrottleView>(), {404, 409, 422});
  begin.request_schema = http::SchemaFor<ThrottleRequest>();
  begin.success_status = 201;
  http::ApiOperation& end = all.Add(Method::kPost, kEnd, kMay, "End it: its reports go back to where they stood",
                                    http::SchemaFor<ThrottleView>(), {404, 409, 422});
  end.parameters = {{"id", "path", "integer", "Number of the throttle.", true}};
  end.request_schema = http::SchemaFor<EndThrottleRequest>();
  return all.Take();
}

}  // namespace porchlight::triage
