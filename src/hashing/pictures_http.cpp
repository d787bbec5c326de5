#include "hashing/pictures_http.h"

#include "hashing/views.h"
#include "platform/http/api_routes.h"

namespace porchlight::hashing {

namespace {

using http::Method;

constexpr std::string_view kMayRead = "evidence.gate.read";

}  // namespace

Result<http::Response> PicturesHttp::Show(const http::Request& request, const auth::Caller& caller) {
  const tipline::ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const PicturesView view =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return PicturesOf(transaction, report); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> PicturesHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "hashing.", 0);
  routes.Add(Method::kGet, "reports/{id}/pictures", "pictures.show", kMayRead, this, &PicturesHttp::Show);
  return routes.Take();
}

std::vector<http::ApiOperation> PicturesHttp::Operations() {
  http::ApiOperations all("/api/v1/", "hashing");
  all.Add(Method::kGet, "reports/{id}/pictures", kMayRead, "How the report's pictures look, and which reports have ones alike",
      http::SchemaFor<PicturesView>(), {404})
      .parameters = {{"id", "path", "integer", "Number of the report.", true}};
  return all.Take();
}

}  // namespace porchlight::hashing
