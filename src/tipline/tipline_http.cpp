#include "tipline/tipline_http.h"

#include <algorithm>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/http/query.h"
#include "tipline/trail_view.h"

namespace porchlight::tipline {

namespace {

constexpr int kTrailMax = 2'000;
constexpr int kPageRowsDefault = 50;

Result<std::optional<std::int64_t>> NumberFrom(const http::Request& request, std::string_view name) {
  const auto text = request.Query(name);
  if (!text || text->empty()) return std::optional<std::int64_t>();
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (!number || *number < 0) return http::BadQuery(name, "a whole number");
  return number;
}

Result<ReportFilter> FilterFrom(const http::Request& request) {
  ReportFilter filter;
  filter.state = PL_TRY(http::QueryCode<ReportState>(request, "state"));
  filter.incident_type = PL_TRY(http::QueryCode<IncidentType>(request, "incident_type"));
  filter.source = PL_TRY(http::QueryCode<ReportSource>(request, "source"));
  filter.organisation = PL_TRY(NumberFrom(request, "organisation"));
  filter.urgent = PL_TRY(http::QueryFlag(request, "urgent"));
  filter.test = PL_TRY(http::QueryFlag(request, "test"));
  filter.batched = PL_TRY(http::QueryFlag(request, "batched"));
  filter.has_findings = PL_TRY(http::QueryFlag(request, "findings"));
  filter.has_files = PL_TRY(http::QueryFlag(request, "files"));
  filter.received_from = PL_TRY(http::QueryTime(request, "received_from"));
  filter.received_to = PL_TRY(http::QueryTime(request, "received_to"));
  return filter;
}

Result<ReportId> IdFrom(const http::Request& request) {
  const std::optional<std::int64_t> id = ParseInteger(request.PathValue("id"));
  // What is no number names no report: it answers as an unknown one.
  if (!id || *id < 1 || *id >= (std::int64_t{1} << 46)) return Error{ErrorCode::kNotFound, "There is no such report.", {}, {}, 0};
  return ReportId{*id};
}

audit::Entry ReadEntry(std::string_view action, ReportId id, std::string_view purpose, std::string_view request_id) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = id.value;
  entry.purpose = purpose;
  entry.request_id = request_id;
  return entry;
}

}  // namespace

Result<std::string> TiplineHttp::PurposeOf(const http::Request& request) const {
  const std::string purpose(request.Query("purpose").value_or("triage"));
  const std::vector<profile::Code>& known = profile_.List("audit_purposes");
  const bool listed = std::any_of(known.begin(), known.end(), [&](const profile::Code& one) { return one.code == purpose; });
  if (!listed) return http::BadQuery("purpose", "one of the listed purposes");
  return purpose;
}

Result<http::Response> TiplineHttp::List(const http::Request& request, const auth::Caller& caller) {
  const ReportFilter filter = PL_TRY(FilterFrom(request));
  const std::optional<std::int64_t> before = PL_TRY(NumberFrom(request, "before"));
  const std::int64_t limit = PL_TRY(NumberFrom(request, "limit")).value_or(kPageRowsDefault);
  if (limit < 1 || limit > kPageRowsMax) return http::BadQuery("limit", "from 1 to " + std::to_string(kPageRowsMax));
  ReportPage page = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) {
    return ListReports(transaction, filter, before, static_cast<int>(limit), ListBudget{});
  }));
  for (ReportRow& row : page.items) row.organisation_name = names_(row.organisation);
  return http::JsonResponse(200, ToJson(page, caller.visibility));
}

// A read of a report is an act: the entry is committed before the content goes out.
Result<http::Response> TiplineHttp::Show(const http::Request& request, const auth::Caller& caller) {
  const ReportId id = PL_TRY(IdFrom(request));
  const std::string purpose = PL_TRY(PurposeOf(request));
  ReportDetail detail =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindDetail(transaction, sealer_, id); }));
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) {
    return audit::Record(transaction, caller, ReadEntry("tipline.report.read", id, purpose, request.request_id), clock_.Now());
  }));
  detail.report.organisation_name = names_(detail.report.organisation);
  return http::JsonResponse(200, ToJson(detail, caller.visibility));
}

Result<http::Response> TiplineHttp::SendOriginal(const http::Request& request, const auth::Caller& caller) {
  const ReportId id = PL_TRY(IdFrom(request));
  const std::string purpose = PL_TRY(PurposeOf(request));
  Original original =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindOriginal(transaction, sealer_, id, 0); }));
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) {
    audit::Entry entry = ReadEntry("tipline.report.original", id, purpose, request.request_id);
    entry.after_digest = HexEncode(original.sha256);
    return audit::Record(transaction, caller, entry, clock_.Now());
  }));
  http::Response response;
  // Never shown by a browser: what was submitted is untrusted text.
  response.content_type = "application/octet-stream";
  response.headers.Set("Content-Disposition", "attachment; filename=\"report-" + std::to_string(id.value) + ".bin\"");
  response.headers.Set("Repr-Digest", "sha-256=:" + Base64Encode(original.sha256) + ":");  // RFC 9530
  response.body = std::move(original.bytes);
  return response;
}

Result<http::Response> TiplineHttp::Trail(const http::Request& request, const auth::Caller& caller) {
  const ReportId id = PL_TRY(IdFrom(request));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<std::vector<audit::RecordedEntry>> {
    PL_TRY(FindReport(transaction, id));
    return audit::ListOf(transaction, "report", id.value, kTrailMax);
  };
  const std::vector<audit::RecordedEntry> entries = PL_TRY(database_.Read(read));
  tipline::Trail trail;
  for (const audit::RecordedEntry& one : entries) {
    trail.items.push_back({one.id, one.at, one.login, one.entry.action, one.entry.purpose, one.entry.detail, one.entry.denied,
                           one.entry.after_digest, one.entry.request_id, one.leaf});
  }
  return http::JsonResponse(200, ToJson(trail, caller.visibility));
}

Result<http::Response> TiplineHttp::Counts(const http::Request&, const auth::Caller& caller) {
  return http::JsonResponse(200, ToJson(PL_TRY(counts_.Read()), caller.visibility));
}

Result<http::Response> TiplineHttp::ShowReceipt(const http::Request& request, const auth::Caller& caller) {
  const ReportId id = PL_TRY(IdFrom(request));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<Receipt> {
    const ReportRow report = PL_TRY(FindReport(transaction, id));
    // Somebody else's report answers exactly as one that does not exist. The centre's staff see every receipt.
    const bool own = report.organisation == caller.organisation.value && report.test == caller.test_traffic;
    if (caller.organisation.value == 0 ? !caller.May("tipline.report.list") : !own) {
      return Error{ErrorCode::kNotFound, "There is no such report.", "receipt of another organisation", "report", 0};
    }
    return FindReceipt(transaction, id);
  };
  const Receipt receipt = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(receipt, caller.visibility));
}

std::vector<http::Route> TiplineHttp::Routes() {
  std::vector<http::Route> routes;
  const auto add = [&](std::string pattern, std::string name, std::string permission, auto method) {
    http::Route route;
    route.method = http::Method::kGet;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.entrance = http::Entrance::kApi;
    route.permission = std::move(permission);
    route.handler = [this, method](const http::Request& request, const auth::Caller& caller) {
      Result<http::Response> response = (this->*method)(request, caller);
      return response.ok() ? std::move(response).value() : http::ErrorResponse(response.error(), request.request_id);
    };
    routes.push_back(std::move(route));
  };
  add("/api/v1/reports", "tipline.report.list", "tipline.report.list", &TiplineHttp::List);
  add("/api/v1/reports/counts", "tipline.report.counts", "tipline.counts.read", &TiplineHttp::Counts);
  add("/api/v1/reports/{id}", "tipline.report.show", "tipline.report.read", &TiplineHttp::Show);
  add("/api/v1/reports/{id}/original", "tipline.report.original", "tipline.report.original", &TiplineHttp::SendOriginal);
  add("/api/v1/reports/{id}/audit", "tipline.report.audit", "tipline.report.read", &TiplineHttp::Trail);
  add("/api/v1/receipts/{id}", "tipline.receipt.show", "tipline.receipt.read", &TiplineHttp::ShowReceipt);
  return routes;
}

std::vector<http::ApiOperation> TiplineHttp::Operations() {
  using http::ApiOperation;
  using http::ApiParameter;
  using http::Method;
  const ApiParameter id{"id", "path", "integer", "Number of the report.", true};
  const ApiParameter purpose{"purpose", "query", "string", "Why it is read, from the list of purposes; default: triage.", false};
  const auto operation = [](std::string pattern, std::string summary, std::string permission, std::vector<ApiParameter> parameters,
                            std::function<Json(Json&)> response, std::vector<int> refusals) {
    ApiOperation one;
    one.method = Method::kGet;
    one.pattern = std::move(pattern);
    one.summary = std::move(summary);
    one.permission = std::move(permission);
    one.parameters = std::move(parameters);
    one.response_schema = std::move(response);
    one.refusals = std::move(refusals);
    return one;
  };
  std::vector<ApiParameter> filters = {
      {"before", "query", "integer", "Only reports with a smaller number: next_before of the page before.", false},
      {"limit", "query", "integer", "Rows of the page, 1 to 200; default 50.", false},
      {"state", "query", "string", "A state.", false},
      {"incident_type", "query", "string", "A kind of incident.", false},
      {"source", "query", "string", "platform or public.", false},
      {"organisation", "query", "integer", "Number of the reporting organisation; 0: the public.", false},
      {"urgent", "query", "boolean", "High priority asked for.", false},
      {"test", "query", "boolean", "Test traffic.", false},
      {"batched", "query", "boolean", "Stands for many copies of one viral item.", false},
      {"findings", "query", "boolean", "Has findings.", false},
      {"files", "query", "boolean", "Has files.", false},
      {"received_from", "query", "string", "Received at this time or later.", false},
      {"received_to", "query", "string", "Received before this time.", false}};
  std::vector<ApiOperation> operations;
  operations.push_back(operation("/api/v1/reports", "Reports, newest first, narrowed by any filters", "tipline.report.list",
                                 std::move(filters), http::SchemaFor<ReportPage>(), {422}));
  operations.push_back(operation("/api/v1/reports/counts", "Accepted reports by state, kind and source; test traffic not counted",
                                 "tipline.counts.read", {}, http::SchemaFor<ReportCounts>(), {}));
  operations.push_back(operation("/api/v1/reports/{id}", "One report with everything known about it; the read is audited",
                                 "tipline.report.read", {id, purpose}, http::SchemaFor<ReportDetail>(), {404, 422}));
  ApiOperation original = operation("/api/v1/reports/{id}/original", "The submitted bytes, unchanged; the read is audited",
                                    "tipline.report.original", {id, purpose}, {}, {404, 422});
  original.response_type = "application/octet-stream";
  operations.push_back(std::move(original));
  operations.push_back(operation("/api/v1/reports/{id}/audit", "Who did what to the report, oldest first", "tipline.report.read", {id},
                                 http::SchemaFor<tipline::Trail>(), {404}));
  operations.push_back(operation("/api/v1/receipts/{id}", "The receipt of a report, for whoever filed it", "tipline.receipt.read", {id},
                                 http::SchemaFor<Receipt>(), {404}));
  return operations;
}

}  // namespace porchlight::tipline
