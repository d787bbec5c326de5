#include "platform/http/api_routes.h"

#include "base/text.h"

namespace porchlight::http {

namespace {

constexpr std::int64_t kNumberMax = std::int64_t{1} << 46;   // What our numbers stay below; a page's script holds 2^53.

}  // namespace

void ApiRoutes::Add(Method method, std::string_view pattern, std::string_view name, std::string_view permission, ApiHandler handler) {
  Route route;
  route.method = method;
  route.pattern = prefix_ + std::string(pattern);
  route.name = room_ + std::string(name);
  route.entrance = Entrance::kApi;
  route.permission = permission;
  route.body_bytes_max = body_bytes_max_;
  route.handler = [act = std::move(handler)](const Request& request, const auth::Caller& caller) {
    Result<Response> response = act(request, caller);
    return response.ok() ? std::move(response).value() : ErrorResponse(response.error(), request.request_id);
  };
  routes_.push_back(std::move(route));
}

ApiOperation& ApiOperations::Add(Method method, std::string_view pattern, std::string_view permission, std::string summary,
                                 std::function<Json(Json&)> response, std::vector<int> refusals) {
  ApiOperation one;
  one.method = method;
  one.pattern = prefix_ + std::string(pattern);
  one.permission = permission;
  one.summary = std::move(summary);
  one.response_schema = std::move(response);
  one.refusals = std::move(refusals);
  one.tag = tag_;
  return operations_.emplace_back(std::move(one));
}

Result<std::int64_t> PathNumber(const Request& request, std::string_view what, std::string_view name) {
  const std::optional<std::int64_t> id = ParseInteger(request.PathValue(name));
  if (id && *id >= 1 && *id < kNumberMax) return *id;
  return Error{ErrorCode::kNotFound, "There is no such " + std::string(what) + ".", {}, std::string(what), 0};
}

}  // namespace porchlight::http
