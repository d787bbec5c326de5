#include "deconfliction/meetings_http.h"

#include "deconfliction/interest_rows.h"
#include "platform/http/api_routes.h"
#include "triage/tip_rows.h"

namespace porchlight::deconfliction {

namespace {

using http::Method;
using tipline::ReportId;

constexpr std::size_t kBodyBytesMax = 8 * 1024;
constexpr int kOpenMax = 200;
constexpr int kResolvedMax = 50;
constexpr std::string_view kMayRead = "deconfliction.meeting.read";
constexpr std::string_view kMayResolve = "deconfliction.meeting.resolve";

}  // namespace

Result<MeetingView> MeetingsHttp::ViewOf(store::ReadTransaction& transaction, const Meeting& meeting) const {
  MeetingView view = PL_TRY(notices_.ForCentre(transaction, meeting));
  if (meeting.resolved_by != 0 && login_) view.resolved_by_login = login_(meeting.resolved_by);
  return view;
}

Result<std::vector<MeetingView>> MeetingsHttp::ViewsOf(store::ReadTransaction& transaction, const std::vector<Meeting>& meetings) const {
  std::vector<MeetingView> views;
  for (const Meeting& one : meetings) views.push_back(PL_TRY(ViewOf(transaction, one)));
  return views;
}

Result<http::Response> MeetingsHttp::List(const http::Request&, const auth::Caller& caller) {
  const auto read = [this](store::ReadTransaction& transaction) -> Result<MeetingsView> {
    MeetingsView view;
    const std::vector<Meeting> open = PL_TRY(rows::OpenMeetings(transaction, kOpenMax));
    view.open = PL_TRY(ViewsOf(transaction, open));
    const std::vector<Meeting> resolved = PL_TRY(rows::ResolvedMeetings(transaction, kResolvedMax));
    view.resolved = PL_TRY(ViewsOf(transaction, resolved));
    return view;
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> MeetingsHttp::ShowReport(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const auto read = [&](store::ReadTransaction& transaction) -> Result<ReportMeetingsView> {
    if (!PL_TRY(triage::rows::FindTip(transaction, report))) {
      return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0};
    }
    ReportMeetingsView view;
    for (const Interest& holder : PL_TRY(HoldersOf(transaction, report, clock_.Now()))) view.holders.push_back(notices_.Holder(holder));
    const std::vector<Meeting> meetings = PL_TRY(rows::MeetingsOf(transaction, report));
    view.meetings = PL_TRY(ViewsOf(transaction, meetings));
    return view;
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> MeetingsHttp::Resolve(const http::Request& request, const auth::Caller& caller) {
  const MeetingId id{PL_TRY(http::PathNumber(request, "meeting"))};
  const ResolveRequest body = PL_TRY(http::BodyAs<ResolveRequest>(request));
  const Meeting meeting = PL_TRY(resolving_.Resolve(caller, id, body.outcome, body.note, request.request_id));
  const MeetingView view = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return ViewOf(transaction, meeting); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

std::vector<http::Route> MeetingsHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "deconfliction.", kBodyBytesMax);
  routes.Add(Method::kGet, "deconfliction", "list", kMayRead, this, &MeetingsHttp::List);
  routes.Add(Method::kGet, "tips/{id}/deconfliction", "report", kMayRead, this, &MeetingsHttp::ShowReport);
  routes.Add(Method::kPost, "deconfliction/{id}/resolve", "resolve", kMayResolve, this, &MeetingsHttp::Resolve);
  return routes.Take();
}

std::vector<http::ApiOperation> MeetingsHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "deconfliction");
  all.Add(Method::kGet, "deconfliction", kMayRead, "Agencies that work on the same person", http::SchemaFor<MeetingsView>(), {});
  all.Add(Method::kGet, "tips/{id}/deconfliction", kMayRead, "Which agencies have an interest in somebody whom the report names",
      http::SchemaFor<ReportMeetingsView>(), {404})
      .parameters = {{"id", "path", "integer", "Number of the report.", true}};
  ApiOperation& resolve = all.Add(Method::kPost, "deconfliction/{id}/resolve", kMayResolve, "Settle a meeting, and who may have the report",
                              http::SchemaFor<MeetingView>(), {404, 409, 422});
  resolve.parameters = {{"id", "path", "integer", "Number of the meeting.", true}};
  resolve.request_schema = http::SchemaFor<ResolveRequest>();
  return all.Take();
}

}  // namespace porchlight::deconfliction
