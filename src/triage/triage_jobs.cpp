#include "triage/triage_jobs.h"

#include "triage/near_copies.h"
#include "triage/runner.h"

namespace porchlight::triage {

namespace {

jobs::NewJob SweepAt(Instant not_before) {
  jobs::NewJob job;
  job.kind = kSweepClaims;
  job.payload = "{}";
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

Result<void> CloseAllMembers(TipActions& actions, BundleId bundle) {
  std::int64_t after = 0;
  do {
    after = PL_TRY(actions.CloseMembers(bundle, after));
  } while (after != 0);
  return {};
}

}  // namespace

void RegisterJobs(jobs::Worker& worker, const JobsContext& context) {
  worker.Register(std::string(kJudgeReport), [context](const jobs::Job& job) -> Result<void> {
    const tipline::ReportId report{PL_TRY(jobs::NumberIn(job, "report"))};
    return JudgeReport(context.database, context.judging, report, context.clock.Now());
  });
  worker.Register(std::string(kNearCopy), [context](const jobs::Job& job) -> Result<void> {
    const tipline::ReportId report{PL_TRY(jobs::NumberIn(job, "report"))};
    return JudgeNearCopy(context.database, context.judging, report, context.clock.Now());
  });
  worker.Register(std::string(kCloseMembers), [context](const jobs::Job& job) -> Result<void> {
    const BundleId bundle{PL_TRY(jobs::NumberIn(job, "bundle"))};
    return CloseAllMembers(context.actions, bundle);
  });
  // The next run is queued first: a run that fails for good must not be the last one.
  worker.Register(std::string(kSweepClaims), [context](const jobs::Job&) -> Result<void> {
    const Instant now = context.clock.Now();
    const auto next = [&](store::WriteTransaction& transaction) {
      return jobs::Enqueue(transaction, SweepAt(now + kSweepClaimsEvery), now);
    };
    PL_TRY(context.database.Write(next));
    PL_TRY(context.actions.EndOldClaims());
    return {};
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock) {
  const Instant now = clock.Now();
  return database.Write([&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, SweepAt(now), now); });
}

}  // namespace porchlight::triage
