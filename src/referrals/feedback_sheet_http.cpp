#include "referrals/feedback_sheet_http.h"

#include <algorithm>

#include "platform/http/api_routes.h"
#include "referrals/delivery_rows.h"
#include "referrals/sheet_views.h"

namespace porchlight::referrals {

namespace {

using http::Method;

constexpr std::string_view kMayRead = "referrals.delivery.read";
constexpr std::string_view kMayAct = "referrals.delivery.act";
constexpr std::string_view kPattern = "feedback/sheet";
constexpr int kPage = 200;

// What is not answered yet, in the order of the agency's list.
Result<std::vector<Delivery>> Unanswered(store::ReadTransaction& transaction, AgencyId agency) {
  std::vector<Delivery> all;
  std::optional<rows::DeliveryCursor> after;
  while (all.size() < kSheetRowsMax) {
    const std::vector<Delivery> page = PL_TRY(rows::ListDeliveries(transaction, agency, {}, after, kPage));
    for (const Delivery& one : page) {
      if (!one.feedback_at && !one.redirected_to && all.size() < kSheetRowsMax) all.push_back(one);
    }
    if (page.size() < static_cast<std::size_t>(kPage)) break;
    after = rows::DeliveryCursor{page.back().Rank(), page.back().id.value};
  }
  return all;
}

}  // namespace

Result<http::Response> FeedbackSheetHttp::Download(const http::Request&, const auth::Caller& caller) {
  const auto read = [&](store::ReadTransaction& transaction) -> Result<std::vector<Delivery>> {
    const AgencyRow agency = PL_TRY(AgencyFor(transaction, caller));
    return Unanswered(transaction, agency.id);
  };
  const std::vector<Delivery> deliveries = PL_TRY(database_.Read(read));
  std::string sheet = SheetHead();
  for (const Delivery& one : deliveries) {
    const std::string from = one.organisation == 0 ? std::string() : organisation_(one.organisation);
    sheet += SheetLine({std::to_string(one.report.value), FormatDate(one.granted_at), std::string(NameOf(one.incident_type)), from});
  }
  http::Response response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.Set("Content-Disposition", "attachment; filename=\"answers.csv\"");
  response.body = std::move(sheet);
  return response;
}

Result<std::optional<DeliveryId>> FeedbackSheetHttp::DeliveryOf(const auth::Caller& caller, std::int64_t report) {
  const auto find = [&](store::ReadTransaction& transaction) -> Result<std::optional<DeliveryId>> {
    const AgencyRow agency = PL_TRY(AgencyFor(transaction, caller));
    const std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, tipline::ReportId{report}, agency.id));
    return delivery && !delivery->revoked_at ? std::optional(delivery->id) : std::optional<DeliveryId>();
  };
  return database_.Read(find);
}

Result<http::Response> FeedbackSheetHttp::Upload(const http::Request& request, const auth::Caller& caller) {
  const SheetRequest body = PL_TRY(http::BodyAs<SheetRequest>(request));
  const Sheet sheet = PL_TRY(ReadFeedbackSheet(body.sheet, words_));
  SheetAnswer answer;
  answer.silent = sheet.silent;
  for (const SheetFault& fault : sheet.faults) answer.faults.push_back({fault.line, fault.column, fault.text});
  for (const SheetRow& row : sheet.rows) {
    const std::optional<DeliveryId> delivery = PL_TRY(DeliveryOf(caller, row.report));
    const Result<Delivery> done = delivery ? actions_.GiveFeedback(caller, *delivery, row.feedback, request.request_id)
                                           : Result<Delivery>(Error{ErrorCode::kNotFound, "You have no such report.", {}, "report", 0});
    if (done.ok()) ++answer.answered;
    else if (done.error().code == ErrorCode::kNotFound) answer.faults.push_back({row.line, "report", "Your agency has no such report."});
    else if (done.error().code == ErrorCode::kInvalidArgument) answer.faults.push_back({row.line, "outcomes", done.error().public_text});
    else return done.error();
  }
  std::stable_sort(answer.faults.begin(), answer.faults.end(),
                   [](const SheetFaultView& left, const SheetFaultView& right) { return left.line < right.line; });
  return http::JsonResponse(200, ToJson(answer, caller.visibility));
}

std::vector<http::Route> FeedbackSheetHttp::Routes() {
  // As JSON a text may take twice its bytes and more.
  http::ApiRoutes routes("/api/v1/agency/", "referrals.agency.", 3 * kSheetBytesMax);
  routes.Add(Method::kGet, kPattern, "sheet", kMayRead, this, &FeedbackSheetHttp::Download);
  routes.Add(Method::kPost, kPattern, "sheet_feedback", kMayAct, this, &FeedbackSheetHttp::Upload);
  return routes.Take();
}

std::vector<http::ApiOperation> FeedbackSheetHttp::Operations() {
  http::ApiOperations all("/api/v1/agency/", "agency");
  all.Add(Method::kGet, kPattern, kMayRead, "A spreadsheet of what your agency has not answered, to fill in", {}, {409})
      .response_type = "text/csv";
  all.Add(Method::kPost, kPattern, kMayAct, "Answers from a spreadsheet; rows that are wrong are named, the others count",
          http::SchemaFor<SheetAnswer>(), {409, 413, 422})
      .request_schema = http::SchemaFor<SheetRequest>();
  return all.Take();
}

}  // namespace porchlight::referrals
