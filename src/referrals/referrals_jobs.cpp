#include "referrals/referrals_jobs.h"

#include "base/json.h"
#include "deconfliction/events.h"
#include "deconfliction/interest_rows.h"
#include "deconfliction/meeting.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/unplaced.h"
#include "triage/events.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

constexpr std::string_view kReader = "referrals";
constexpr int kEventsMax = 1'000;
constexpr int kWidenStep = 200;
constexpr int kNamedMax = 1'000;            // Reports looked at for one new interest, the newest.

jobs::NewJob SweepAt(std::string_view kind, jobs::Lane lane, Instant not_before) {
  jobs::NewJob job;
  job.kind = kind;
  job.payload = "{}";
  job.lane = lane;
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

// The next run is queued first: a run that fails for good must not be the last one.
Result<void> EnqueueNext(const JobsContext& context, std::string_view kind, jobs::Lane lane, Duration pause) {
  const Instant now = context.clock.Now();
  return context.database.Write(
      [&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, SweepAt(kind, lane, now + pause), now); });
}

// The rest of the walk, beside the run of the next hour.
Result<void> EnqueueStep(const JobsContext& context) {
  jobs::NewJob job = SweepAt(kWiden, jobs::Lane::kBulk, context.clock.Now());
  job.unique_key = "step";
  return context.database.Write([&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, job, job.not_before); });
}

// What a batch of events leads to.
struct ToDo {
  std::vector<tipline::ReportId> members;
  std::vector<tipline::ReportId> checks;      // Judged just now, and soon to be referred.
  std::vector<tipline::ReportId> named;       // In an interest that was opened; may be many.
  std::vector<tipline::ReportId> resumed;
  std::vector<tipline::ReportId> closed;      // By somebody, while nobody had them.
  std::int64_t last = 0;
  int events = 0;
};

bool SaysUrgent(const jobs::Event& event) {
  const Result<Json> detail = ParseJson(event.detail);
  const Json* urgent = detail.ok() ? detail->Find("urgent") : nullptr;
  return urgent != nullptr && urgent->AsBool() != nullptr && *urgent->AsBool();
}

deconfliction::InterestId InterestIn(const jobs::Event& opened) {
  const Result<Json> detail = ParseJson(opened.detail);
  const Json* interest = detail.ok() ? detail->Find("interest") : nullptr;
  return {interest != nullptr && interest->AsInteger() != nullptr ? *interest->AsInteger() : 0};
}

Result<bool> IsToCheck(store::ReadTransaction& transaction, const jobs::Event& judged, Instant now) {
  const tipline::ReportId report{judged.subject};
  if (!PL_TRY(deconfliction::HoldersOf(transaction, report, now)).empty()) return true;
  if (!SaysUrgent(judged)) return false;
  // A paused report that has become urgent, though the interest has run out meanwhile.
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, report));
  return tip && tip->state == tipline::ReportState::kPausedDeconfliction;
}

// It may have been opened and handed over again since.
Result<void> ForgetClosed(store::WriteTransaction& transaction, tipline::ReportId report) {
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::LockTip(transaction, report));
  return tip && tip->state == tipline::ReportState::kClosed ? rows::ForgetUnplaced(transaction, report) : Result<void>();
}

// Reports that came before the interest.
Result<void> AddNamed(store::ReadTransaction& transaction, deconfliction::InterestId id, Instant now, ToDo& todo) {
  const std::optional<deconfliction::Interest> interest = PL_TRY(deconfliction::rows::FindInterest(transaction, id));
  if (!interest || !interest->StandsAt(now)) return {};
  for (const triage::rows::Linked& linked : PL_TRY(triage::rows::LinkedBy(transaction, interest->link_key, kNamedMax))) {
    todo.named.push_back(linked.report);
  }
  return {};
}

// An opened interest ends a batch, since many reports may follow from it.
Result<ToDo> Follow(store::ReadTransaction& transaction, Instant now) {
  ToDo todo;
  const std::int64_t bookmark = PL_TRY(jobs::FindBookmark(transaction, kReader));
  for (const jobs::Event& event : PL_TRY(jobs::ReadAfter(transaction, bookmark, kEventsMax))) {
    const tipline::ReportId report{event.subject};
    ++todo.events;
    todo.last = event.sequence;
    if (event.kind == triage::events::kMemberWaits) todo.members.push_back(report);
    if (event.kind == triage::events::kHoldLifted) todo.resumed.push_back(report);
    if (event.kind == triage::events::kTipClosed && PL_TRY(rows::FindUnplaced(transaction, report))) todo.closed.push_back(report);
    if (event.kind == triage::events::kTipJudged && PL_TRY(IsToCheck(transaction, event, now))) todo.checks.push_back(report);
    if (event.kind != deconfliction::events::kInterestOpened) continue;
    PL_TRY(AddNamed(transaction, InterestIn(event), now, todo));
    break;
  }
  return todo;
}

}  // namespace

void RegisterJobs(jobs::Worker& worker, const JobsContext& context) {
  worker.Register(std::string(kBuildPackage), [context](const jobs::Job& job) -> Result<void> {
    const DeliveryId delivery{PL_TRY(jobs::NumberIn(job, "delivery"))};
    PL_TRY(context.packaging.EnsurePackage(delivery));
    return {};
  });
  worker.Register(std::string(kCheckInterests), [context](const jobs::Job& job) -> Result<void> {
    return context.referring.CheckInterests({PL_TRY(jobs::NumberIn(job, "report"))});
  });
  worker.Register(std::string(kResumeReport), [context](const jobs::Job& job) -> Result<void> {
    return context.referring.Resume({PL_TRY(jobs::NumberIn(job, "report"))});
  });
  worker.Register(std::string(kReferMember), [context](const jobs::Job& job) -> Result<void> {
    return context.referring.ReferMember({PL_TRY(jobs::NumberIn(job, "report"))});
  });
  context.notifying.Register(worker);
  // An urgent delivery that nobody opens must not wait behind anything.
  worker.Register(std::string(kSweepDeliveries), [context](const jobs::Job&) -> Result<void> {
    PL_TRY(EnqueueNext(context, kSweepDeliveries, jobs::Lane::kUrgent, kSweepDeliveriesEvery));
    while (PL_TRY(context.reminding.TakeSteps()) > 0) {}
    // In batches, since a day may be the last of very many.
    PL_TRY(context.reminding.GivePreservationNotices());
    return {};
  });
  worker.Register(std::string(kWiden), [context](const jobs::Job&) -> Result<void> {
    // A step a run, so that nothing else waits for a long walk. After a step that fails the walk goes on an hour later.
    PL_TRY(EnqueueNext(context, kWiden, jobs::Lane::kBulk, kWidenEvery));
    const bool more = PL_TRY(context.referring.Widen(kWidenStep));
    return more ? EnqueueStep(context) : Result<void>();
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock, const AgencyTable& agencies) {
  const Instant now = clock.Now();
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(rows::SyncAgencies(transaction, agencies));
    PL_TRY(jobs::Enqueue(transaction, SweepAt(kSweepDeliveries, jobs::Lane::kUrgent, now), now));
    PL_TRY(Notifying::Schedule(transaction, now));
    return jobs::Enqueue(transaction, SweepAt(kWiden, jobs::Lane::kBulk, now), now);
  });
}

Result<int> Runner::RunOnce() {
  const Instant now = clock_.Now();
  const ToDo todo = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Follow(transaction, now); }));
  if (todo.events == 0) return 0;
  const auto queue = [&](store::WriteTransaction& transaction) -> Result<void> {
    for (const tipline::ReportId report : todo.members) PL_TRY(EnqueueMember(transaction, report, now));
    for (const tipline::ReportId report : todo.checks) PL_TRY(EnqueueCheck(transaction, report, jobs::Lane::kUrgent, now));
    for (const tipline::ReportId report : todo.named) PL_TRY(EnqueueCheck(transaction, report, jobs::Lane::kNormal, now));
    for (const tipline::ReportId report : todo.resumed) PL_TRY(EnqueueResume(transaction, report, now));
    for (const tipline::ReportId report : todo.closed) PL_TRY(ForgetClosed(transaction, report));
    return jobs::SaveBookmark(transaction, kReader, todo.last);
  };
  PL_TRY(database_.Write(queue));
  return todo.events;
}

}  // namespace porchlight::referrals
