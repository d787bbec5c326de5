#include "referrals/deliveries_http.h"

#include <algorithm>

#include "base/text.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"
#include "referrals/delivery_rows.h"
#include "triage/legal_hold.h"
#include "triage/person.h"

namespace porchlight::referrals {

namespace {

using http::Method;

constexpr std::size_t kBodyBytesMax = 64 * 1024;
constexpr int kRowsDefault = 50;
constexpr int kRowsMax = 200;
constexpr int kCountMax = 1'000;
constexpr std::size_t kBulkMax = 200;
constexpr std::string_view kMayRead = "referrals.delivery.read";
constexpr std::string_view kMayAct = "referrals.delivery.act";

Result<int> LimitFrom(const http::Request& request) {
  const auto text = http::QueryText(request, "limit");
  if (!text) return kRowsDefault;
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (!number || *number < 1 || *number > kRowsMax) return http::BadQuery("limit", "a whole number from 1 to 200");
  return static_cast<int>(*number);
}

std::string CursorText(const Delivery& last, bool ending) {
  return std::to_string(ending ? last.preserve_until->microseconds : last.Rank()) + "." + std::to_string(last.id.value);
}

Result<std::optional<rows::DeliveryCursor>> CursorFrom(const http::Request& request) {
  const auto text = http::QueryText(request, "after");
  if (!text) return std::optional<rows::DeliveryCursor>();
  const std::size_t dot = text->find('.');
  const auto rank = ParseInteger(std::string_view(*text).substr(0, dot));
  const auto id = dot == std::string::npos ? std::nullopt : ParseInteger(std::string_view(*text).substr(dot + 1));
  if (!rank || !id) return http::BadQuery("after", "next_after of the page before");
  return std::optional(rows::DeliveryCursor{*rank, *id});
}

FeedbackView ViewOf(const Feedback& feedback) {
  FeedbackView view{feedback.at, feedback.usefulness, {}, feedback.gaps};
  for (const Outcome& one : feedback.outcomes) {
    view.outcomes.push_back({one.code, one.on.empty() ? std::optional<std::string>() : std::optional(one.on)});
  }
  return view;
}

PackageView ViewOf(const Package& package) {
  PackageView view{package.number, package.at, package.object.bytes, HexEncode(package.sha256), {}};
  if (package.encrypted_to.empty()) return view;
  for (const std::string_view one : Split(package.encrypted_to, ',')) view.encrypted_to.emplace_back(one);
  return view;
}

Feedback FeedbackFrom(const FeedbackRequest& body) {
  Feedback feedback;
  feedback.usefulness = body.usefulness;
  for (const OutcomeView& one : body.outcomes) feedback.outcomes.push_back({one.code, one.on.value_or("")});
  feedback.gaps = body.gaps;
  return feedback;
}

// Of what happened elsewhere an agency sees that it did, and nothing about whom. Law: an officer of one agency sees nothing of
// another's.
Json DetailFor(const HistoryEntry& entry) {
  const Result<Json> detail = ParseJson(entry.detail);
  Json shown{Json::Object{}};
  if (!detail.ok()) return shown;
  for (const std::string_view name : {"package", "unreadable", "days", "step", "to", "usefulness", "outcomes", "gaps", "cause"}) {
    if (const Json* value = detail->Find(name)) shown.Set(name, *value);
  }
  return shown;
}

}  // namespace

DeliveryRow DeliveriesHttp::RowOf(const Delivery& one) const {
  DeliveryRow row;
  row.id = one.id;
  row.report_id = one.report;
  row.preserve_until = one.preserve_until;
  row.urgent = one.urgent;
  row.priority = one.level;
  row.incident_type = one.incident_type;
  row.reported_by = reader_.PlatformName(one.organisation);
  row.primary = one.primary;
  row.bundled = one.bundled;
  row.basis = one.basis;
  row.made_available_at = one.granted_at;
  row.state = one.state;
  row.opened_at = one.opened_at;
  row.downloaded_at = one.downloaded_at;
  row.acknowledged_at = one.acknowledged_at;
  row.feedback_at = one.feedback_at;
  row.redirected = one.redirected_to.has_value();
  return row;
}

Result<http::Response> DeliveriesHttp::List(const http::Request& request, const auth::Caller& caller) {
  rows::DeliveryFilter filter;
  filter.bundled = PL_TRY(http::QueryFlag(request, "bundled")).value_or(false);
  filter.unread = PL_TRY(http::QueryFlag(request, "unread")).value_or(false);
  filter.urgent = PL_TRY(http::QueryFlag(request, "urgent")).value_or(false);
  const bool ending = PL_TRY(http::QueryFlag(request, "ending")).value_or(false);
  const int limit = PL_TRY(LimitFrom(request));
  const std::optional<rows::DeliveryCursor> after = PL_TRY(CursorFrom(request));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<DeliveryPage> {
    const AgencyRow agency = PL_TRY(AgencyFor(transaction, caller));
    DeliveryPage page;
    const std::vector<Delivery> found = ending ? PL_TRY(rows::ListEnding(transaction, agency.id, filter, EndingSoon(), after, limit))
                                               : PL_TRY(rows::ListDeliveries(transaction, agency.id, filter, after, limit));
    for (const Delivery& one : found) page.items.push_back(RowOf(one));
    if (found.size() == static_cast<std::size_t>(limit)) page.next_after = CursorText(found.back(), ending);
    return page;
  };
  const DeliveryPage page = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(page, caller.visibility));
}

Result<http::Response> DeliveriesHttp::Counts(const http::Request&, const auth::Caller& caller) {
  const auto read = [&](store::ReadTransaction& transaction) -> Result<AgencyCountsView> {
    const AgencyRow agency = PL_TRY(AgencyFor(transaction, caller));
    AgencyCountsView view;
    view.agency = agency.code;
    view.agency_name = agency.name;
    const auto count = [&](bool bundled, bool urgent) -> Result<std::int64_t> {
      const auto some = PL_TRY(rows::ListDeliveries(transaction, agency.id, {bundled, true, urgent}, {}, kCountMax));
      return static_cast<std::int64_t>(some.size());
    };
    view.unread = PL_TRY(count(false, false));
    view.unread_urgent = PL_TRY(count(false, true));
    view.bundled_unread = PL_TRY(count(true, false));
    view.ending = static_cast<std::int64_t>(PL_TRY(rows::ListEnding(transaction, agency.id, {}, EndingSoon(), {}, kCountMax)).size());
    return view;
  };
  const AgencyCountsView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<DeliveryDetail> DeliveriesHttp::DetailOf(store::ReadTransaction& transaction, const Delivery& delivery) const {
  DeliveryContent content = PL_TRY(reader_.Read(transaction, delivery));
  DeliveryDetail detail;
  detail.report = std::move(content.report);
  detail.why_here = std::move(content.why_here);
  const std::optional<Package> package = PL_TRY(rows::NewestPackage(transaction, delivery.id));
  if (package && IsOfThisGrant(*package, delivery) && packaging_.IsForReceiversOf(*package, content.agency)) {
    detail.package = ViewOf(*package);
  }
  for (const Feedback& one : PL_TRY(rows::FeedbackOf(transaction, delivery.id))) detail.feedback.push_back(ViewOf(one));
  const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, delivery.agency));
  if (agency) detail.call_first = PL_TRY(notices_.OnReport(transaction, delivery.report, agency->code));
  detail.same_person = PL_TRY(SamePersonAs(transaction, delivery));
  return detail;
}

// Of the person's reports only those that the agency has itself; that there are others is not said.
Result<std::vector<SamePersonView>> DeliveriesHttp::SamePersonAs(store::ReadTransaction& transaction, const Delivery& delivery) const {
  std::vector<SamePersonView> views;
  const triage::Person person = PL_TRY(triage::PersonOf(transaction, delivery.report));
  for (const triage::PersonReport& one : person.reports) {
    if (one.steps == 0 || triage::IsHeld(one.tip)) continue;
    const std::optional<Delivery> theirs = PL_TRY(rows::FindDelivery(transaction, one.tip.id, delivery.agency));
    if (!theirs || theirs->revoked_at) continue;
    const DeliveryRow row = RowOf(*theirs);
    views.push_back({theirs->id, one.tip.id, one.tip.received_at, row.reported_by, theirs->incident_type, theirs->state});
  }
  return views;
}

Result<std::vector<HappeningView>> DeliveriesHttp::HistoryFor(store::ReadTransaction& transaction, DeliveryId delivery) const {
  std::vector<HappeningView> history;
  for (const HistoryEntry& one : PL_TRY(rows::HistoryOf(transaction, delivery))) {
    // The centre's own people are not named to agencies.
    const bool ours = one.kind == Happening::kMadeAvailable || one.kind == Happening::kRevoked || one.account == 0;
    history.push_back({one.at, one.kind, ours ? std::string() : login_(one.account), DetailFor(one)});
  }
  return history;
}

Result<http::Response> DeliveriesHttp::Show(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const auto read = [&](store::ReadTransaction& transaction) -> Result<DeliveryDetail> {
    const Delivery theirs = PL_TRY(FindDeliveryFor(transaction, caller, id));
    return DetailOf(transaction, theirs);
  };
  // Read before it is marked, so that what cannot be read stays unread; recorded before it is answered.
  DeliveryDetail detail = PL_TRY(database_.Read(read));
  detail.delivery = RowOf(PL_TRY(actions_.Open(caller, id, request.request_id)));
  detail.history = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return HistoryFor(transaction, id); }));
  return http::JsonResponse(200, ToJson(detail, caller.visibility));
}

Result<http::Response> DeliveriesHttp::Download(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const auto find = [&](store::ReadTransaction& transaction) -> Result<Delivery> {
    Delivery delivery = PL_TRY(FindDeliveryFor(transaction, caller, id));
    PL_TRY(RefuseWhileHeld(transaction, delivery));
    return delivery;
  };
  const Delivery theirs = PL_TRY(database_.Read(find));
  const Package package = PL_TRY(packaging_.EnsurePackage(theirs.id));
  if (request.method != Method::kHead) PL_TRY(actions_.NoteDownload(caller, id, package.number, request.request_id));
  http::Response response;
  const bool encrypted = !package.encrypted_to.empty();
  response.content_type = encrypted ? "application/pkcs7-mime; smime-type=authEnveloped-data" : "application/zip";
  response.headers.Set("Content-Disposition", "attachment; filename=\"report-" + std::to_string(theirs.report.value) + "-package-" +
                                                  std::to_string(package.number) + (encrypted ? ".zip.p7m\"" : ".zip\""));
  response.headers.Set("X-Package-SHA256", HexEncode(package.sha256));
  response.stream_bytes = package.object.bytes;
  response.stream = [this, package](const std::function<Result<void>(std::string_view)>& sink) { return packaging_.Read(package, sink); };
  return response;
}

Result<http::Response> DeliveriesHttp::Acknowledge(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const Delivery delivery = PL_TRY(actions_.Acknowledge(caller, id, request.request_id));
  return http::JsonResponse(200, ToJson(RowOf(delivery), caller.visibility));
}

Result<http::Response> DeliveriesHttp::Redirect(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const RedirectRequest body = PL_TRY(http::BodyAs<RedirectRequest>(request));
  const Delivery delivery = PL_TRY(actions_.Redirect(caller, id, body.agency, request.request_id));
  return http::JsonResponse(200, ToJson(RowOf(delivery), caller.visibility));
}

Result<http::Response> DeliveriesHttp::GiveFeedback(const http::Request& request, const auth::Caller& caller) {
  const DeliveryId id{PL_TRY(http::PathNumber(request, "delivery"))};
  const FeedbackRequest body = PL_TRY(http::BodyAs<FeedbackRequest>(request));
  const Delivery delivery = PL_TRY(actions_.GiveFeedback(caller, id, FeedbackFrom(body), request.request_id));
  return http::JsonResponse(200, ToJson(RowOf(delivery), caller.visibility));
}

Result<http::Response> DeliveriesHttp::GiveBulkFeedback(const http::Request& request, const auth::Caller& caller) {
  const BulkFeedbackRequest body = PL_TRY(http::BodyAs<BulkFeedbackRequest>(request));
  if (body.deliveries.empty() || body.deliveries.size() > kBulkMax) {
    return Error{ErrorCode::kInvalidArgument, "Name 1 to 200 deliveries.", {}, "/deliveries", 0};
  }
  BulkAnswer answer;
  for (const DeliveryId id : body.deliveries) {
    const Result<Delivery> done = actions_.GiveFeedback(caller, id, FeedbackFrom(body.feedback), request.request_id);
    if (!done.ok() && done.error().code != ErrorCode::kNotFound) return done.error();
    (done.ok() ? answer.done : answer.unknown).push_back(id);
  }
  return http::JsonResponse(200, ToJson(answer, caller.visibility));
}

std::vector<http::Route> DeliveriesHttp::Routes() {
  http::ApiRoutes routes("/api/v1/agency/", "referrals.agency.", kBodyBytesMax);
  routes.Add(Method::kGet, "deliveries", "list", kMayRead, this, &DeliveriesHttp::List);
  routes.Add(Method::kGet, "counts", "counts", kMayRead, this, &DeliveriesHttp::Counts);
  routes.Add(Method::kGet, "deliveries/{id}", "show", kMayRead, this, &DeliveriesHttp::Show);
  routes.Add(Method::kGet, "deliveries/{id}/package", "package", kMayRead, this, &DeliveriesHttp::Download);
  routes.Add(Method::kPost, "deliveries/{id}/acknowledge", "acknowledge", kMayAct, this, &DeliveriesHttp::Acknowledge);
  routes.Add(Method::kPost, "deliveries/{id}/redirect", "redirect", kMayAct, this, &DeliveriesHttp::Redirect);
  routes.Add(Method::kPost, "deliveries/{id}/feedback", "feedback", kMayAct, this, &DeliveriesHttp::GiveFeedback);
  routes.Add(Method::kPost, "feedback", "bulk_feedback", kMayAct, this, &DeliveriesHttp::GiveBulkFeedback);
  return routes.Take();
}

std::vector<http::ApiOperation> DeliveriesHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/agency/", "agency");
  const http::ApiParameter id{"id", "path", "integer", "Number of the delivery.", true};
  all.Add(Method::kGet, "deliveries", kMayRead, "What was made available to your agency: unread first, urgent first, newest first",
      http::SchemaFor<DeliveryPage>(), {409, 422})
      .parameters = {{"bundled", "query", "boolean", "Copies of viral items instead of the others.", false},
                     {"unread", "query", "boolean", "Only what nobody has opened.", false},
                     {"urgent", "query", "boolean", "Only what is urgent.", false},
                     {"ending", "query", "boolean",
                      "Only what the platform need not keep much longer (the profile says how long: 90 days), soonest first.", false},
                     {"after", "query", "string", "next_after of the page before.", false},
                     {"limit", "query", "integer", "Rows of the page, 1 to 200; default 50.", false}};
  all.Add(Method::kGet, "counts", kMayRead, "How much waits for your agency", http::SchemaFor<AgencyCountsView>(), {409});
  all.Add(Method::kGet, "deliveries/{id}", kMayRead, "One delivery; reading it marks it as opened", http::SchemaFor<DeliveryDetail>(), {404})
      .parameters = {id};
  ApiOperation& package = all.Add(Method::kGet, "deliveries/{id}/package", kMayRead,
                                  "The package: a ZIP, or that encrypted to your agency's certificates", {}, {404});
  package.parameters = {id};
  all.Add(Method::kPost, "deliveries/{id}/acknowledge", kMayAct, "Say that your agency has it in hand", http::SchemaFor<DeliveryRow>(), {404})
      .parameters = {id};
  ApiOperation& redirect = all.Add(Method::kPost, "deliveries/{id}/redirect", kMayAct, "Give it to the agency that it concerns",
                               http::SchemaFor<DeliveryRow>(), {404, 409, 422});
  redirect.parameters = {id};
  redirect.request_schema = http::SchemaFor<RedirectRequest>();
  ApiOperation& feedback = all.Add(Method::kPost, "deliveries/{id}/feedback", kMayAct, "Say what came of it and what was missing",
                               http::SchemaFor<DeliveryRow>(), {404, 422});
  feedback.parameters = {id};
  feedback.request_schema = http::SchemaFor<FeedbackRequest>();
  ApiOperation& bulk = all.Add(Method::kPost, "feedback", kMayAct, "Say the same of many deliveries", http::SchemaFor<BulkAnswer>(), {422});
  bulk.request_schema = http::SchemaFor<BulkFeedbackRequest>();
  return all.Take();
}

}  // namespace porchlight::referrals
