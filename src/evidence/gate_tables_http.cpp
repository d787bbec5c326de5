#include "evidence/gate_tables_http.h"

#include <map>

#include "base/text.h"
#include "evidence/deciding.h"
#include "evidence/gate_views.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"

namespace porchlight::evidence {

namespace {

using http::Method;
using tipline::FileId;

constexpr std::string_view kMayRead = "evidence.gate.read";
constexpr std::string_view kTables = "gate/tables";
constexpr std::string_view kTrial = "gate/tables/trial";
constexpr std::string_view kDocument = "gate/tables/document";
constexpr std::string_view kReviews = "gate/reviews";
constexpr std::string_view kDecide = "reports/{id}/gate/decide";
constexpr int kFlagsAPage = 500;
constexpr int kFlagPagesLooked = 20;

Error NoSuchTable() { return Error{ErrorCode::kNotFound, "There is no table of this version.", {}, "version", 0}; }

// Those whose decision is still the newest of its file.
Result<void> AddStanding(store::ReadTransaction& transaction, const std::vector<Review>& flags, FlaggedFilesView& view) {
  for (const Review& flag : flags) {
    const std::vector<GateRow> newest = PL_TRY(rows::NewestGates(transaction, flag.file, {flag.file.value + 1}, 1));
    if (newest.empty() || newest.front().sequence != flag.sequence) continue;
    const Decision& decision = newest.front().decision;
    view.items.push_back({ReportOf(flag.file), flag.file, decision.outcome, decision.rule, decision.table, decision.jurisdiction,
                          ReviewView{flag.table, flag.outcome, flag.rule, flag.at}});
  }
  return {};
}

Result<FlaggedFilesView> FlaggedOf(store::ReadTransaction& transaction, std::string_view table, FileId after) {
  FlaggedFilesView view;
  std::vector<Review> flags;
  bool full = false;
  // What was decided about since stays stored: on until something stands, or the budget ends.
  for (int pages = 0; pages < kFlagPagesLooked && view.items.empty(); ++pages) {
    flags = PL_TRY(rows::FlagsFor(transaction, table, after, kFlagsAPage));
    full = flags.size() == static_cast<std::size_t>(kFlagsAPage);
    // A file may have more than one flag: the last of a full page comes whole with the next.
    const FileId last = flags.empty() ? after : flags.back().file;
    if (full && flags.front().file != last) std::erase_if(flags, [&](const Review& one) { return one.file == last; });
    PL_TRY(AddStanding(transaction, flags, view));
    if (!full) break;
    after = flags.back().file;
  }
  if (full) view.next_after = after.value;
  view.searched = PL_TRY(rows::FindWalk(transaction, table)).done;
  return view;
}

}  // namespace

Result<GateTableListView> GateTablesHttp::ListNow() const {
  PL_TRY(LearnTables(database_, tables_.book()));
  std::map<std::string, AddedTable> added;
  for (AddedTable& one : PL_TRY(database_.Read(rows::ListAddedTables))) added.emplace(one.version, std::move(one));
  const std::string holds = tables_.book().At(clock_.Now()).version;
  GateTableListView view;
  for (const std::string& version : tables_.book().Versions()) {
    const GateTable& table = *tables_.book().Find(version);
    GateTableRow& row = view.items.emplace_back();
    row.version = version;
    row.valid_from = table.valid_from;
    row.reason = table.reason;
    row.holds = version == holds;
    const auto found = added.find(version);
    if (found == added.end() || tables_.book().IsOfProfile(version)) continue;
    row.added_at = found->second.at;
    if (login_) row.added_by_login = login_(found->second.account);
  }
  return view;
}

Result<http::Response> GateTablesHttp::List(const http::Request&, const auth::Caller& caller) {
  return http::JsonResponse(200, ToJson(PL_TRY(ListNow()), caller.visibility));
}

Result<http::Response> GateTablesHttp::Document(const http::Request& request, const auth::Caller&) {
  PL_TRY(LearnTables(database_, tables_.book()));
  const GateTable* table = tables_.book().Find(request.Query("version").value_or(""));
  if (table == nullptr) return NoSuchTable();
  http::Response response;
  response.content_type = "application/json";
  response.headers.Set("Content-Disposition", "attachment; filename=\"gate.json\"");
  response.body = table->document;
  return response;
}

Result<http::Response> GateTablesHttp::Try(const http::Request& request, const auth::Caller& caller) {
  const GateTableRequest body = PL_TRY(http::BodyAs<GateTableRequest>(request));
  const GateTable table = PL_TRY(tables_.Check(caller, body.document));
  const Trial trial = PL_TRY(tables_.Try(table));
  TableView words = ViewOf(table, tables_.book(), request.Query("language").value_or("en"));
  const GateTrialView view{std::move(words), trial.looked_at, trial.would_open, trial.would_block};
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> GateTablesHttp::Add(const http::Request& request, const auth::Caller& caller) {
  const GateTableRequest body = PL_TRY(http::BodyAs<GateTableRequest>(request));
  PL_TRY(tables_.Add(caller, body.document, request.request_id));
  return http::JsonResponse(201, ToJson(PL_TRY(ListNow()), caller.visibility));
}

Result<http::Response> GateTablesHttp::Flagged(const http::Request& request, const auth::Caller& caller) {
  const std::optional<std::int64_t> after = ParseInteger(request.Query("after").value_or("0"));
  if (!after || *after < 0) return http::BadQuery("after", "next_after of the page before");
  PL_TRY(LearnTables(database_, tables_.book()));
  const std::string table = tables_.book().At(clock_.Now()).version;
  const auto read = [&](store::ReadTransaction& transaction) { return FlaggedOf(transaction, table, {*after}); };
  return http::JsonResponse(200, ToJson(PL_TRY(database_.Read(read)), caller.visibility));
}

Result<http::Response> GateTablesHttp::DecideAgain(const http::Request& request, const auth::Caller& caller) {
  const tipline::ReportId report{PL_TRY(http::PathNumber(request, "report"))};
  const DecideAgainRequest body = PL_TRY(http::BodyAs<DecideAgainRequest>(request));
  const int files = PL_TRY(gatekeeper_.DecideAgain(caller, report, body.jurisdiction.value_or(""), request.request_id));
  return http::JsonResponse(200, ToJson(DecidedAgainView{files}, caller.visibility));
}

std::vector<http::Route> GateTablesHttp::Routes() {
  // As JSON a text may take twice its bytes and more.
  http::ApiRoutes routes("/api/v1/", "evidence.", 3 * kTableBytesMax);
  routes.Add(Method::kGet, kTables, "gate.tables", kMayRead, this, &GateTablesHttp::List);
  routes.Add(Method::kGet, kDocument, "gate.document", kMayRead, this, &GateTablesHttp::Document);
  routes.Add(Method::kGet, kReviews, "gate.reviews", kMayRead, this, &GateTablesHttp::Flagged);
  routes.Add(Method::kPost, kTrial, "gate.try", kMayWriteGate, this, &GateTablesHttp::Try);
  routes.Add(Method::kPost, kTables, "gate.add_table", kMayWriteGate, this, &GateTablesHttp::Add);
  routes.Add(Method::kPost, kDecide, "gate.decide", kMayWriteAuthority, this, &GateTablesHttp::DecideAgain);
  return routes.Take();
}

std::vector<http::ApiOperation> GateTablesHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "evidence");
  all.Add(Method::kGet, kTables, kMayRead, "The tables of the gate, and which one decides today", http::SchemaFor<GateTableListView>(), {});
  all.Add(Method::kGet, kDocument, kMayRead, "A table as it was written, to look at or to make the next one of", {}, {404})
      .parameters = {{"version", "query", "string", "Its version.", true}};
  all.Add(Method::kGet, kReviews, kMayRead, "Files that the table of today would decide about otherwise",
          http::SchemaFor<FlaggedFilesView>(), {422})
      .parameters = {{"after", "query", "integer", "next_after of the page before.", false}};
  ApiOperation& trial = all.Add(Method::kPost, kTrial, kMayWriteGate,
                                "Read a new table and try it on what was decided last; stores nothing",
                                http::SchemaFor<GateTrialView>(), {409, 413, 422});
  trial.parameters = {{"language", "query", "string", "Of the words.", false}};
  trial.request_schema = http::SchemaFor<GateTableRequest>();
  ApiOperation& add = all.Add(Method::kPost, kTables, kMayWriteGate, "Add a table; it decides from its day on",
                              http::SchemaFor<GateTableListView>(), {409, 413, 422});
  add.request_schema = http::SchemaFor<GateTableRequest>();
  add.success_status = 201;
  ApiOperation& decide = all.Add(Method::kPost, kDecide, kMayWriteAuthority,
                                 "Decide about a report's files again, by the table of today; ends their flags",
                                 http::SchemaFor<DecidedAgainView>(), {404, 409, 422});
  decide.parameters = {{"id", "path", "integer", "Number of the report.", true}};
  decide.request_schema = http::SchemaFor<DecideAgainRequest>();
  return all.Take();
}

}  // namespace porchlight::evidence
