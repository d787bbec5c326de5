#include "evidence/evidence_http.h"

#include "base/text.h"
#include "evidence/gate_tables.h"
#include "evidence/gate_views.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"

namespace porchlight::evidence {

namespace {

using http::Method;
using tipline::ReportId;

constexpr int kFilesDefault = 200;
constexpr int kFilesMax = 1'000;
constexpr std::string_view kMayReadGate = "evidence.gate.read";

Result<std::int64_t> NumberFrom(const http::Request& request, std::string_view name, std::int64_t least, std::int64_t most,
                                std::int64_t otherwise) {
  const auto text = request.Query(name);
  if (!text || text->empty()) return otherwise;
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (!number || *number < least || *number > most) {
    return http::BadQuery(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return *number;
}

std::string LanguageOf(const http::Request& request) { return std::string(request.Query("language").value_or("en")); }

Result<Authority> AuthorityFrom(const AuthorityRequest& body, ReportId report) {
  const bool all = body.all_files.value_or(false);
  if (all && !body.files.empty()) {
    return Error{ErrorCode::kInvalidArgument, "Name the files or say all_files, not both.", {}, "/files", 0};
  }
  Authority authority;
  authority.report = report;
  authority.kind = body.kind;
  authority.reference = body.reference;
  authority.from = body.from;
  authority.until = body.until;
  if (!all) authority.files = body.files;
  return authority;
}

}  // namespace

Result<http::Response> EvidenceHttp::ShowGate(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const std::int64_t after = PL_TRY(NumberFrom(request, "after", 0, std::int64_t{1} << 62, 0));
  const int limit = static_cast<int>(PL_TRY(NumberFrom(request, "limit", 1, kFilesMax, kFilesDefault)));
  const auto read = [&](store::ReadTransaction& transaction) {
    return GateOf(transaction, gatekeeper_.book(), report, {after}, limit, LanguageOf(request), clock_.Now());
  };
  PL_TRY(LearnTables(database_, gatekeeper_.book()));
  const GateView view = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> EvidenceHttp::ShowTable(const http::Request& request, const auth::Caller& caller) {
  const GateBook& book = gatekeeper_.book();
  PL_TRY(LearnTables(database_, book));
  const std::optional<std::string_view> version = request.Query("version");
  if (!version) return http::JsonResponse(200, ToJson(TableIn(book, clock_.Now(), LanguageOf(request)), caller.visibility));
  const GateTable* table = book.Find(*version);
  if (table == nullptr) return Error{ErrorCode::kNotFound, "There is no table of this version.", {}, "version", 0};
  return http::JsonResponse(200, ToJson(evidence::ViewOf(*table, book, LanguageOf(request)), caller.visibility));
}

Result<http::Response> EvidenceHttp::Add(const http::Request& request, const auth::Caller& caller) {
  const ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const AuthorityRequest body = PL_TRY(http::BodyAs<AuthorityRequest>(request));
  Authority wanted = PL_TRY(AuthorityFrom(body, report));
  const Authority added = PL_TRY(gatekeeper_.AddAuthority(caller, std::move(wanted), request.request_id));
  return http::JsonResponse(201, ToJson(ViewOf(added, clock_.Now()), caller.visibility));
}

Result<http::Response> EvidenceHttp::Revoke(const http::Request& request, const auth::Caller& caller) {
  const AuthorityId id{PL_TRY(http::PathNumber(request, "record"))};
  const Authority revoked = PL_TRY(gatekeeper_.RevokeAuthority(caller, id, request.request_id));
  return http::JsonResponse(200, ToJson(ViewOf(revoked, clock_.Now()), caller.visibility));
}

std::vector<http::Route> EvidenceHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "evidence.", 64 * 1024);
  routes.Add(Method::kGet, "reports/{id}/gate", "gate.show", kMayReadGate, this, &EvidenceHttp::ShowGate);
  routes.Add(Method::kGet, "gate/table", "gate.table", kMayReadGate, this, &EvidenceHttp::ShowTable);
  routes.Add(Method::kPost, "reports/{id}/authorities", "authority.add", kMayWriteAuthority, this, &EvidenceHttp::Add);
  routes.Add(Method::kPost, "authorities/{id}/revoke", "authority.revoke", kMayWriteAuthority, this, &EvidenceHttp::Revoke);
  return routes.Take();
}

std::vector<http::ApiOperation> EvidenceHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "evidence");
  const http::ApiParameter report{"id", "path", "integer", "Number of the report.", true};
  const http::ApiParameter language{"language", "query", "string", "Of the words.", false};
  all.Add(Method::kGet, "reports/{id}/gate", kMayReadGate, "Who may open the report's files, and why; never their content",
      http::SchemaFor<GateView>(), {404, 422})
      .parameters = {report,
                     {"after", "query", "integer", "next_after of the page before.", false},
                     {"limit", "query", "integer", "Files of the page, 1 to 1000; default 200.", false},
                     language};
  all.Add(Method::kGet, "gate/table", kMayReadGate, "A table of the gate in words", http::SchemaFor<TableView>(), {404}).parameters = {
      {"version", "query", "string", "Its version; absent: that of today.", false}, language};
  ApiOperation& write = all.Add(Method::kPost, "reports/{id}/authorities", kMayWriteAuthority,
                            "Record a warrant, consent or exigency; the gate decides at once", http::SchemaFor<AuthorityView>(),
                            {404, 409, 422});
  write.parameters = {report};
  write.request_schema = http::SchemaFor<AuthorityRequest>();
  write.success_status = 201;
  all.Add(Method::kPost, "authorities/{id}/revoke", kMayWriteAuthority, "Revoke a record; the gate decides at once",
      http::SchemaFor<AuthorityView>(), {404, 409})
      .parameters = {{"id", "path", "integer", "Number of the record.", true}};
  return all.Take();
}

}  // namespace porchlight::evidence
