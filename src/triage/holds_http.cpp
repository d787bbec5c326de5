#include "triage/holds_http.h"

#include "platform/http/api_routes.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using http::Method;
using tipline::ReportId;

constexpr std::size_t kBodyBytesMax = 4 * 1024;
constexpr std::string_view kMay = "triage.supervise";
constexpr std::string_view kMayRead = "triage.tip.read";

}  // namespace

Result<HoldListView> HoldsHttp::ViewOf(store::ReadTransaction& transaction, const std::vector<Hold>& holds) const {
  const std::string today = FormatDate(clock_.Now());
  const auto login = [&](auth::AccountId account) { return names_.account ? names_.account(account.value) : std::string(); };
  HoldListView view;
  for (const Hold& hold : holds) {
    HoldView& one = view.items.emplace_back();
    one.report_id = hold.report;
    one.at = hold.at;
    one.account = hold.account.value;
    one.account_login = login(hold.account);
    one.reason = hold.reason;
    one.reference = hold.reference;
    one.review_on = hold.review_on;
    one.overdue = !hold.lifted_at && hold.review_on <= today;
    one.stood = hold.stood;
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, hold.report));
    one.urgent = tip && tip->urgent;
    one.lifted_at = hold.lifted_at;
    if (hold.lifted_by) one.lifted_by_login = login(*hold.lifted_by);
    one.note = hold.note;
  }
  return view;
}

Result<http::Response> HoldsHttp::List(const http::Request&, const auth::Caller& caller) {
  const auto read = [this](store::ReadTransaction& transaction) -> Result<HoldListView> {
    return ViewOf(transaction, PL_TRY(ListHolds(transaction, kHoldsMax)));
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> HoldsHttp::ListOfReport(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const auto read = [&](store::ReadTransaction& transaction) -> Result<HoldListView> {
    if (!PL_TRY(rows::FindTip(transaction, report))) return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0};
    return ViewOf(transaction, PL_TRY(HoldsOf(transaction, report)));
  };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> HoldsHttp::Answer(const Tip& tip, const auth::Caller& caller) {
  const TipRow row = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RowOf(transaction, tip, names_); }));
  return http::JsonResponse(200, ToJson(row, caller.visibility));
}

Result<http::Response> HoldsHttp::Place(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const HoldRequest body = PL_TRY(http::BodyAs<HoldRequest>(request));
  return Answer(PL_TRY(holds_.Place(caller, report, {body.reason, body.reference, body.review_on}, request.request_id)), caller);
}

Result<http::Response> HoldsHttp::Lift(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const LiftHoldRequest body = PL_TRY(http::BodyAs<LiftHoldRequest>(request));
  return Answer(PL_TRY(holds_.Lift(caller, report, body.note, request.request_id)), caller);
}

std::vector<http::Route> HoldsHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "triage.", kBodyBytesMax);
  routes.Add(Method::kGet, "tips/holds", "holds", kMay, this, &HoldsHttp::List);
  routes.Add(Method::kGet, "tips/{id}/holds", "holds_of", kMayRead, this, &HoldsHttp::ListOfReport);
  routes.Add(Method::kPost, "tips/{id}/hold", "hold", kMay, this, &HoldsHttp::Place);
  routes.Add(Method::kPost, "tips/{id}/lift-hold", "lift_hold", kMay, this, &HoldsHttp::Lift);
  return routes.Take();
}

std::vector<http::ApiOperation> HoldsHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "triage");
  const http::ApiParameter id{"id", "path", "integer", "Number of the report.", true};
  all.Add(Method::kGet, "tips/holds", kMay, "Reports that are held for legal reasons", http::SchemaFor<HoldListView>(), {});
  all.Add(Method::kGet, "tips/{id}/holds", kMayRead, "Legal holds of one report, newest first", http::SchemaFor<HoldListView>(), {404})
      .parameters = {id};
  ApiOperation& hold = all.Add(Method::kPost, "tips/{id}/hold", kMay, "Hold a report: nothing of it goes to anybody",
                           http::SchemaFor<TipRow>(), {404, 409, 422});
  hold.parameters = {id};
  hold.request_schema = http::SchemaFor<HoldRequest>();
  ApiOperation& lift = all.Add(Method::kPost, "tips/{id}/lift-hold", kMay, "Let a held report go on where it stood",
                           http::SchemaFor<TipRow>(), {404, 409, 422});
  lift.parameters = {id};
  lift.request_schema = http::SchemaFor<LiftHoldRequest>();
  return all.Take();
}

}  // namespace porchlight::triage
