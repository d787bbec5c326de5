#include "app/operations_http.h"

#include <sys/statvfs.h>

#include "app/facts.h"
#include "app/status_views.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/extent.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"

namespace porchlight::app {
namespace {

constexpr int kDeadLettersShown = 50;
constexpr int kAuditPageMax = 200;

template <class Answer>
http::Response Answered(const Result<Answer>& answer, const http::Request& request, const auth::Caller& caller) {
  if (!answer.ok()) return http::ErrorResponse(answer.error(), request.request_id);
  return http::JsonResponse(200, ToJson(*answer, caller.visibility));
}

DiskView DiskOf(const std::string& folder) {
  struct statvfs facts {};
  if (statvfs(folder.c_str(), &facts) != 0) return {};
  const auto block = static_cast<std::int64_t>(facts.f_frsize);
  return {static_cast<std::int64_t>(facts.f_bavail) * block, static_cast<std::int64_t>(facts.f_blocks) * block};
}

Result<void> FillLanes(store::ReadTransaction& transaction, StatusView& view) {
  for (const jobs::LaneCount& lane : PL_TRY(jobs::CountByLane(transaction))) {
    const std::optional<Instant> due = lane.oldest_due.microseconds > 0 ? std::optional(lane.oldest_due) : std::nullopt;
    view.lanes.push_back({lane.lane, lane.waiting, lane.leased, lane.dead, due});
  }
  for (const jobs::Job& job : PL_TRY(jobs::DeadLetters(transaction, kDeadLettersShown))) {
    view.dead_letters.push_back({job.id.value, job.kind, job.tries, job.enqueued_at, job.last_error});
  }
  return {};
}

Result<StatusView> ReadStatus(const Operations& operations) {
  Centre& centre = operations.centre;
  StatusView view;
  view.version = PORCHLIGHT_VERSION;
  view.engine = centre.config().engine;
  view.started_at = operations.started_at;
  view.disk = DiskOf(centre.config().data_directory);
  view.vault_free_bytes = centre.vault().BytesFree();
  view.live_pages = static_cast<std::int64_t>(operations.hub.listeners());
  view.media_ok = operations.media_pool.Works();
  view.database_ok = centre.database().Ping().ok();
  const Result<StatusView> read = centre.database().Read([&](store::ReadTransaction& transaction) -> Result<StatusView> {
    StatusView fresh = view;
    PL_TRY(FillLanes(transaction, fresh));
    const audit::Extent extent = PL_TRY(audit::Measure(transaction));
    fresh.audit = {extent.entries, extent.sealed, extent.head_at};
    const std::optional<Fact> backup = PL_TRY(FindFact(transaction, kLastBackup));
    if (backup) fresh.last_backup_at = backup->at;
    return fresh;
  });
  if (!read.ok()) view.database_ok = false;  // The page must show exactly this, so it is no error here.
  return read.ok() ? *read : view;
}

Result<AuditPage> ReadAudit(const Operations& operations, const http::Request& request, const auth::Caller& caller) {
  const std::int64_t before = ParseInteger(request.Query("before").value_or("0")).value_or(0);
  // Reading the log is itself an act on restricted records, so it is recorded in the same transaction.
  return operations.centre.database().Write([&](store::WriteTransaction& transaction) -> Result<AuditPage> {
    AuditPage page;
    for (const audit::RecordedEntry& one : PL_TRY(audit::List(transaction, before, kAuditPageMax))) {
      page.items.push_back({one.id, one.at, one.login, one.proof, one.entry.action, one.entry.subject_kind, one.entry.subject,
                            one.entry.purpose, one.entry.denied, one.entry.detail, one.leaf});
    }
    if (page.items.size() == kAuditPageMax) page.next_before = page.items.back().id;
    audit::Entry entry;
    entry.action = "audit.read";
    entry.subject_kind = "audit";
    entry.subject = before;
    entry.request_id = request.request_id;
    PL_TRY(audit::Record(transaction, caller, entry, operations.centre.clock().Now()));
    return page;
  });
}

Result<void> ReviveJob(const Operations& operations, const http::Request& request, const auth::Caller& caller) {
  const std::optional<std::int64_t> id = ParseInteger(request.PathValue("id"));
  if (!id) return Error{ErrorCode::kNotFound, "There is no such job.", {}, {}, 0};
  const Instant now = operations.centre.clock().Now();
  return operations.centre.database().Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(jobs::Revive(transaction, jobs::JobId{*id}, now));
    audit::Entry entry;
    entry.action = "jobs.revive";
    entry.subject_kind = "job";
    entry.subject = *id;
    entry.request_id = request.request_id;
    return audit::Record(transaction, caller, entry, now);
  });
}

http::Response OpenLive(const Operations& operations) {
  http::Response response;
  response.content_type = "text/event-stream";
  response.events = operations.hub.Subscribe();
  return response;
}

http::Route MakeRoute(http::Method method, std::string pattern, std::string name, http::Entrance entrance, std::string permission,
                      http::Handler handler) {
  http::Route route;
  route.method = method;
  route.pattern = std::move(pattern);
  route.name = std::move(name);
  route.entrance = entrance;
  route.permission = std::move(permission);
  route.handler = std::move(handler);
  return route;
}

// Alive: the process runs. Ready: it should get traffic. Apart, so that a database outage does not restart processes.
http::Response Ready(const Operations& operations) {
  if (operations.draining.load()) return http::TextResponse(503, "draining\n");
  const Result<void> answer = operations.centre.database().Ping();
  return answer.ok() ? http::TextResponse(200, "ready\n") : http::TextResponse(503, "the database does not answer\n");
}

}  // namespace

std::vector<http::Route> OperationsRoutes(const Operations& operations) {
  using http::Entrance;
  using http::Method;
  std::vector<http::Route> routes;
  routes.push_back(MakeRoute(Method::kGet, "/healthz/live", "app.alive", Entrance::kOpen, "",
                             [](const http::Request&, const auth::Caller&) { return http::TextResponse(200, "alive\n"); }));
  routes.push_back(MakeRoute(Method::kGet, "/healthz/ready", "app.ready", Entrance::kOpen, "",
                             [operations](const http::Request&, const auth::Caller&) { return Ready(operations); }));
  routes.push_back(MakeRoute(Method::kGet, "/metrics", "app.metrics", Entrance::kToken, "operations.status.read",
                             [operations](const http::Request&, const auth::Caller&) {
                               return http::TextResponse(200, operations.metrics.Exposition());
                             }));
  routes.push_back(MakeRoute(Method::kGet, "/api/v1/status", "app.status", Entrance::kApi, "operations.status.read",
                             [operations](const http::Request& request, const auth::Caller& caller) {
                               return Answered(ReadStatus(operations), request, caller);
                             }));
  routes.push_back(MakeRoute(Method::kPost, "/api/v1/jobs/{id}/revive", "app.revive_job", Entrance::kApi, "operations.jobs.write",
                             [operations](const http::Request& request, const auth::Caller& caller) {
                               const Result<void> done = ReviveJob(operations, request, caller);
                               return done.ok() ? http::NoContent() : http::ErrorResponse(done.error(), request.request_id);
                             }));
  routes.push_back(MakeRoute(Method::kGet, "/api/v1/audit", "app.audit", Entrance::kApi, "audit.read",
                             [operations](const http::Request& request, const auth::Caller& caller) {
                               return Answered(ReadAudit(operations, request, caller), request, caller);
                             }));
  http::Route live = MakeRoute(Method::kGet, "/api/v1/live", "app.live", Entrance::kApi, "live.read",
                               [operations](const http::Request&, const auth::Caller&) { return OpenLive(operations); });
  live.long_lived = true;
  routes.push_back(std::move(live));
  return routes;
}

std::vector<http::ApiOperation> OperationsDocument() {
  using http::Method;
  std::vector<http::ApiOperation> operations;
  const auto add = [&](Method method, std::string pattern, std::string summary, std::string permission) -> http::ApiOperation& {
    http::ApiOperation operation;
    operation.method = method;
    operation.pattern = std::move(pattern);
    operation.summary = std::move(summary);
    operation.permission = std::move(permission);
    operations.push_back(std::move(operation));
    return operations.back();
  };
  add(Method::kGet, "/api/v1/status", "Queues, dead letters, disk, backups and audit at a glance.", "operations.status.read")
      .response_schema = http::SchemaFor<StatusView>();
  http::ApiOperation& revive = add(Method::kPost, "/api/v1/jobs/{id}/revive", "Tries a dead job again.", "operations.jobs.write");
  revive.success_status = 204;
  revive.refusals = {404};
  http::ApiOperation& audit = add(Method::kGet, "/api/v1/audit", "The audit log, newest first; reading it is recorded.", "audit.read");
  audit.parameters = {{"before", "query", "integer", "Only entries with a lower number.", false}};
  audit.response_schema = http::SchemaFor<AuditPage>();
  http::ApiOperation& live = add(Method::kGet, "/api/v1/live",
                                 "Server-sent events: `report` with {kind, subject} whenever a report changes.", "live.read");
  live.response_type = "text/event-stream";
  return operations;
}

}  // namespace porchlight::app
