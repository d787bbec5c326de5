#include "triage/triage_http.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/http/api_routes.h"
#include "platform/http/query.h"
#include "triage/changes.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using http::Method;
using tipline::ReportId;

constexpr int kRowsDefault = 50;
constexpr std::size_t kBodyBytesMax = 4 * 1024;

Result<std::optional<std::int64_t>> NumberFrom(const http::Request& request, std::string_view name, std::int64_t least, std::int64_t most) {
  const auto text = http::QueryText(request, name);
  if (!text) return std::optional<std::int64_t>();
  const std::optional<std::int64_t> number = ParseInteger(*text);
  if (!number || *number < least || *number > most) {
    return http::BadQuery(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

Result<QueueFilter> FilterFrom(const http::Request& request, const auth::Caller& caller) {
  constexpr std::int64_t kMost = std::int64_t{1} << 46;
  QueueFilter filter;
  if (const auto level = PL_TRY(NumberFrom(request, "level", kLevelFirst, kLevelLast))) filter.level = static_cast<int>(*level);
  filter.urgent = PL_TRY(http::QueryFlag(request, "urgent"));
  filter.incident_type = PL_TRY(http::QueryCode<tipline::IncidentType>(request, "incident_type"));
  filter.source = PL_TRY(http::QueryCode<tipline::ReportSource>(request, "source"));
  filter.organisation = PL_TRY(NumberFrom(request, "organisation", 0, kMost));
  filter.state = PL_TRY(http::QueryCode<tipline::ReportState>(request, "state"));
  filter.bundled = PL_TRY(http::QueryFlag(request, "bundled"));
  if (const auto below = PL_TRY(NumberFrom(request, "completeness_below", 0, 101))) filter.completeness_below = static_cast<int>(*below);
  filter.received_from = PL_TRY(http::QueryTime(request, "received_from"));
  filter.received_to = PL_TRY(http::QueryTime(request, "received_to"));
  const auto claimed = http::QueryText(request, "claimed");
  if (claimed == "mine") filter.claimed_by = caller.account.value;
  else if (claimed == "nobody" || claimed == "somebody") filter.claimed = claimed == "somebody";
  else if (claimed) return http::BadQuery("claimed", "mine, nobody or somebody");
  return filter;
}

Result<QueueOrder> OrderFrom(const http::Request& request) {
  const std::string order = http::QueryText(request, "sort").value_or("priority");
  if (order == "priority") return QueueOrder::kPriority;
  if (order == "newest") return QueueOrder::kNewest;
  if (order == "oldest") return QueueOrder::kOldest;
  return http::BadQuery("sort", "priority, newest or oldest");
}

}  // namespace

Result<http::Response> TriageHttp::List(const http::Request& request, const auth::Caller& caller) {
  const QueueFilter filter = PL_TRY(FilterFrom(request, caller));
  const QueueOrder order = PL_TRY(OrderFrom(request));
  const int limit = static_cast<int>(PL_TRY(NumberFrom(request, "limit", 1, kQueueRowsMax)).value_or(kRowsDefault));
  std::optional<QueueCursor> after;
  if (const auto text = http::QueryText(request, "after")) {
    after = ParseCursor(*text);
    if (!after) return http::BadQuery("after", "next_after of the page before");
  }
  const auto read = [&](store::ReadTransaction& transaction) -> Result<TipPage> {
    const QueueRows rows = PL_TRY(ListQueue(transaction, filter, order, after, limit));
    return PageOf(transaction, rows, names_);
  };
  const TipPage page = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(page, caller.visibility));
}

Result<http::Response> TriageHttp::Counts(const http::Request&, const auth::Caller& caller) {
  const QueueCounts counts = PL_TRY(database_.Read(CountQueue));
  QueueCountsView view;
  for (const QueueCount& one : counts.standing) view.standing.push_back({one.level, one.urgent, one.tips});
  view.claimed = counts.claimed;
  view.oldest_urgent = counts.oldest_urgent;
  view.oldest = counts.oldest;
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> TriageHttp::Changes(const http::Request& request, const auth::Caller& caller) {
  const std::optional<Instant> since = PL_TRY(http::QueryTime(request, "since"));
  if (!since) return http::BadQuery("since", "a time, such as 2026-11-29T08:00:00Z");
  const Instant now = clock_.Now();
  const ChangesView view =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return ChangesSince(transaction, *since, now); }));
  return http::JsonResponse(200, ToJson(view, caller.visibility));
}

Result<http::Response> TriageHttp::Rules(const http::Request& request, const auth::Caller& caller) {
  const std::string language = http::QueryText(request, "language").value_or("en");
  return http::JsonResponse(200, ToJson(RulesIn(judging_.rules(), clock_.Now(), language), caller.visibility));
}

Result<http::Response> TriageHttp::Show(const http::Request& request, const auth::Caller& caller) {
  const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
  const TipDetail detail =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return DetailOf(transaction, id, names_); }));
  PL_TRY(RecordReading(request, caller, "triage.report.read", id));
  return http::JsonResponse(200, ToJson(detail, caller.visibility));
}

Result<void> TriageHttp::RecordReading(const http::Request& request, const auth::Caller& caller, std::string_view action, ReportId report) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.purpose = "triage";
  entry.request_id = request.request_id;
  return database_.Write(
      [&](store::WriteTransaction& transaction) { return audit::Record(transaction, caller, entry, clock_.Now()); });
}

Result<http::Response> TriageHttp::ShowPerson(const http::Request& request, const auth::Caller& caller) {
  const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
  const Person person = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return PersonOf(transaction, id); }));
  PL_TRY(RecordReading(request, caller, "triage.person.read", id));
  return http::JsonResponse(200, ToJson(ViewOf(person, id, names_), caller.visibility));
}

Result<http::Response> TriageHttp::ShowNear(const http::Request& request, const auth::Caller& caller) {
  const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
  const auto read = [&](store::ReadTransaction& transaction) { return NearReportsOf(transaction, judging_, sealer_, id); };
  const NearReports near = PL_TRY(database_.Read(read));
  PL_TRY(RecordReading(request, caller, "triage.near_handles.read", id));
  return http::JsonResponse(200, ToJson(ViewOf(near, id, names_), caller.visibility));
}

Result<http::Response> TriageHttp::Members(const http::Request& request, const auth::Caller& caller) {
  const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
  const std::int64_t after = PL_TRY(NumberFrom(request, "after", 0, std::int64_t{1} << 46)).value_or(0);
  const int limit = static_cast<int>(PL_TRY(NumberFrom(request, "limit", 1, kQueueRowsMax)).value_or(kRowsDefault));
  const auto read = [&](store::ReadTransaction& transaction) -> Result<TipPage> {
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, id));
    if (!tip) return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0};
    TipPage members;
    if (!tip->bundle) return members;
    for (const Tip& one : PL_TRY(ListMembers(transaction, *tip->bundle, after, limit))) {
      members.items.push_back(PL_TRY(RowOf(transaction, one, names_)));
    }
    if (members.items.size() == static_cast<std::size_t>(limit)) {
      members.next_after = std::to_string(members.items.back().report_id.value);
    }
    return members;
  };
  const TipPage page = PL_TRY(database_.Read(read));
  return http::JsonResponse(200, ToJson(page, caller.visibility));
}

Result<http::Response> TriageHttp::Answer(const Result<Tip>& tip, const auth::Caller& caller) {
  if (!tip.ok()) return tip.error();
  const TipRow row =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return RowOf(transaction, *tip, names_); }));
  return http::JsonResponse(200, ToJson(row, caller.visibility));
}

std::vector<http::Route> TriageHttp::Routes() {
  http::ApiRoutes routes("/api/v1/", "triage.", kBodyBytesMax);
  // An act on the report of the path, without a body.
  const auto acts = [this](auto method) {
    return [this, method](const http::Request& request, const auth::Caller& caller) -> Result<http::Response> {
      const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
      return Answer((actions_.*method)(caller, id, request.request_id), caller);
    };
  };
  routes.Add(Method::kGet, "tips", "queue", "triage.queue.read", this, &TriageHttp::List);
  routes.Add(Method::kGet, "tips/counts", "counts", "triage.queue.read", this, &TriageHttp::Counts);
  routes.Add(Method::kGet, "tips/changes", "changes", "triage.queue.read", this, &TriageHttp::Changes);
  routes.Add(Method::kGet, "triage/rules", "rules", "triage.queue.read", this, &TriageHttp::Rules);
  routes.Add(Method::kGet, "tips/{id}", "show", "triage.tip.read", this, &TriageHttp::Show);
  routes.Add(Method::kGet, "tips/{id}/person", "person", "triage.tip.read", this, &TriageHttp::ShowPerson);
  routes.Add(Method::kGet, "tips/{id}/near-handles", "near_handles", "triage.tip.read", this, &TriageHttp::ShowNear);
  routes.Add(Method::kGet, "tips/{id}/members", "members", "triage.tip.read", this, &TriageHttp::Members);
  routes.Add(Method::kPost, "tips/{id}/claim", "claim", "triage.tip.work", acts(&TipActions::Claim));
  routes.Add(Method::kPost, "tips/{id}/release", "release", "triage.tip.work", acts(&TipActions::Release));
  routes.Add(Method::kPost, "tips/{id}/pull", "pull", "triage.tip.work", acts(&TipActions::Pull));
  routes.Add(Method::kPost, "tips/{id}/put-back", "put_back", "triage.tip.work", acts(&TipActions::PutBack));
  routes.Add(Method::kPost, "tips/{id}/take-back", "take_back", "triage.supervise", acts(&TipActions::TakeBack));
  routes.Add(Method::kPost, "tips/{id}/reopen", "reopen", "triage.supervise", acts(&TipActions::Reopen));
  routes.Add(Method::kPost, "tips/{id}/signal", "signal", "triage.tip.work",
      [this](const http::Request& request, const auth::Caller& caller) -> Result<http::Response> {
        const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
        const SignalRequest body = PL_TRY(http::BodyAs<SignalRequest>(request));
        return Answer(actions_.SetSignal(caller, id, body.signal, body.present, request.request_id), caller);
      });
  routes.Add(Method::kPost, "tips/{id}/type", "type", "triage.tip.work",
      [this](const http::Request& request, const auth::Caller& caller) -> Result<http::Response> {
        const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
        const TypeRequest body = PL_TRY(http::BodyAs<TypeRequest>(request));
        return Answer(actions_.SetType(caller, id, body.incident_type, request.request_id), caller);
      });
  routes.Add(Method::kPost, "tips/{id}/close", "close", "triage.tip.work",
      [this](const http::Request& request, const auth::Caller& caller) -> Result<http::Response> {
        const ReportId id{PL_TRY(http::PathNumber(request, "report"))};
        const CloseRequest body = PL_TRY(http::BodyAs<CloseRequest>(request));
        return Answer(actions_.Close(caller, id, body.disposition, request.request_id), caller);
      });
  return routes.Take();
}

std::vector<http::ApiOperation> TriageHttp::Operations() {
  using http::ApiOperation;
  http::ApiOperations all("/api/v1/", "triage");
  const http::ApiParameter id{"id", "path", "integer", "Number of the report.", true};
  const http::ApiParameter limit{"limit", "query", "integer", "Rows of the page, 1 to 200; default 50.", false};
  all.Add(Method::kGet, "tips", "triage.queue.read", "The queue: what waits for a person, by priority or by time", http::SchemaFor<TipPage>(),
      {422})
      .parameters = {{"sort", "query", "string", "priority (default), newest or oldest.", false},
                     {"after", "query", "string", "next_after of the page before.", false},
                     limit,
                     {"level", "query", "integer", "Priority, 1 to 3.", false},
                     {"urgent", "query", "boolean", "Urgent ones.", false},
                     {"incident_type", "query", "string", "A kind of incident.", false},
                     {"source", "query", "string", "platform or public.", false},
                     {"organisation", "query", "integer", "Number of the reporting organisation; 0: the public.", false},
                     {"state", "query", "string", "A state.", false},
                     {"claimed", "query", "string", "mine, nobody or somebody.", false},
                     {"bundled", "query", "boolean", "Stands for a bundle.", false},
                     {"completeness_below", "query", "integer", "Less complete than this.", false},
                     {"received_from", "query", "string", "Received at this time or later.", false},
                     {"received_to", "query", "string", "Received before this time.", false}};
  all.Add(Method::kGet, "tips/counts", "triage.queue.read", "What waits, counted", http::SchemaFor<QueueCountsView>(), {});
  all.Add(Method::kGet, "tips/changes", "triage.queue.read", "What changed in the queue since a moment", http::SchemaFor<ChangesView>(), {422})
      .parameters = {{"since", "query", "string", "The moment.", true}};
  all.Add(Method::kGet, "triage/rules", "triage.queue.read", "The rules in words", http::SchemaFor<RulesView>(), {}).parameters = {
      {"language", "query", "string", "Of the words.", false}};
  all.Add(Method::kGet, "tips/{id}", "triage.tip.read", "Why one report stands where it stands; the read is audited",
      http::SchemaFor<TipDetail>(), {404})
      .parameters = {id};
  all.Add(Method::kGet, "tips/{id}/person", "triage.tip.read", "All reports that name the same person; the read is audited",
      http::SchemaFor<PersonView>(), {404})
      .parameters = {id};
  all.Add(Method::kGet, "tips/{id}/near-handles", "triage.tip.read",
          "Reports of handles that differ by one letter: a suggestion, no link; the read is audited", http::SchemaFor<NearReportsView>(), {404})
      .parameters = {id};
  all.Add(Method::kGet, "tips/{id}/members", "triage.tip.read", "Members of the report's bundle", http::SchemaFor<TipPage>(), {404, 422})
      .parameters = {id, {"after", "query", "integer", "next_after of the page before.", false}, limit};
  struct Act {
    const char* word;
    const char* permission;
    const char* summary;
    std::function<Json(Json&)> body;
  };
  const std::vector<Act> acts = {
      {"claim", "triage.tip.work", "Claim the report, or start the time of one's claim anew", {}},
      {"release", "triage.tip.work", "Give it back to the queue", {}},
      {"pull", "triage.tip.work", "Take it out of its bundle", {}},
      {"put-back", "triage.tip.work", "Let it stand in its bundle again", {}},
      {"take-back", "triage.supervise", "End somebody else's claim", {}},
      {"reopen", "triage.supervise", "Open again what was closed", {}},
      {"signal", "triage.tip.work", "Say what a person knows", http::SchemaFor<SignalRequest>()},
      {"type", "triage.tip.work", "Correct the kind of incident", http::SchemaFor<TypeRequest>()},
      {"close", "triage.tip.work", "Close what no agency needs", http::SchemaFor<CloseRequest>()}};
  for (const Act& act : acts) {
    ApiOperation& one = all.Add(Method::kPost, std::string("tips/{id}/") + act.word, act.permission, act.summary, http::SchemaFor<TipRow>(),
                            {404, 409, 422});
    one.parameters = {id};
    one.request_schema = act.body;
  }
  return all.Take();
}

}  // namespace porchlight::triage
