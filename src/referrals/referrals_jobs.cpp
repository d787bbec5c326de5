#include "referrals/referrals_jobs.h"

#include "deconfliction/events.h"
#include "deconfliction/interest_rows.h"
#include "deconfliction/meeting.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
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

Result<void> CheckJudged(store::WriteTransaction& transaction, tipline::ReportId report, Instant now) {
  if (PL_TRY(deconfliction::HoldersOf(transaction, report, now)).empty()) return {};
  return EnqueueCheck(transaction, report, now);
}

// Reports that came before the interest.
Result<void> CheckNamed(store::WriteTransaction& transaction, deconfliction::InterestId id, Instant now) {
  const std::optional<deconfliction::Interest> interest = PL_TRY(deconfliction::rows::FindInterest(transaction, id));
  if (!interest || !interest->StandsAt(now)) return {};
  for (const triage::rows::Linked& linked : PL_TRY(triage::rows::LinkedBy(transaction, interest->link_key, kNamedMax))) {
    PL_TRY(EnqueueCheck(transaction, linked.report, now));
  }
  return {};
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
  worker.Register(std::string(kReferMember), [context](const jobs::Job& job) -> Result<void> {
    return context.referring.ReferMember({PL_TRY(jobs::NumberIn(job, "report"))});
  });
  // An urgent delivery that nobody opens must not wait behind anything.
  worker.Register(std::string(kSweepDeliveries), [context](const jobs::Job&) -> Result<void> {
    PL_TRY(EnqueueNext(context, kSweepDeliveries, jobs::Lane::kUrgent, kSweepDeliveriesEvery));
    while (PL_TRY(context.reminding.TakeSteps()) > 0) {}
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
    return jobs::Enqueue(transaction, SweepAt(kWiden, jobs::Lane::kBulk, now), now);
  });
}

Result<int> Runner::RunOnce() {
  const auto read = [](store::ReadTransaction& transaction) -> Result<std::vector<jobs::Event>> {
    const std::int64_t bookmark = PL_TRY(jobs::FindBookmark(transaction, kReader));
    return jobs::ReadAfter(transaction, bookmark, kEventsMax);
  };
  const std::vector<jobs::Event> events = PL_TRY(database_.Read(read));
  if (events.empty()) return 0;
  const Instant now = clock_.Now();
  const auto queue = [&](store::WriteTransaction& transaction) -> Result<void> {
    for (const jobs::Event& event : events) {
      if (event.kind == triage::events::kMemberWaits) PL_TRY(EnqueueMember(transaction, {event.subject}, now));
      if (event.kind == triage::events::kTipJudged) PL_TRY(CheckJudged(transaction, {event.subject}, now));
      if (event.kind == deconfliction::events::kInterestOpened) PL_TRY(CheckNamed(transaction, {event.subject}, now));
    }
    return jobs::SaveBookmark(transaction, kReader, events.back().sequence);
  };
  PL_TRY(database_.Write(queue));
  return static_cast<int>(events.size());
}

}  // namespace porchlight::referrals
