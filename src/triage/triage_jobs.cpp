#include "triage/triage_jobs.h"

#include "triage/near_copies.h"
#include "triage/runner.h"

namespace porchlight::triage {

namespace {

constexpr int kJudgeUndecidedStep = 100;

jobs::NewJob RunAt(std::string_view kind, Instant not_before) {
  jobs::NewJob job;
  job.kind = kind;
  job.payload = "{}";
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

// The next run is queued first: a run that fails for good must not be the last one.
Result<void> EnqueueNext(const JobsContext& context, std::string_view kind, Duration pause) {
  const Instant now = context.clock.Now();
  return context.database.Write(
      [&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, RunAt(kind, now + pause), now); });
}

Result<void> EnqueueStep(store::WriteTransaction& transaction, Instant now) {
  jobs::NewJob step = RunAt(kJudgeUndecided, now);
  step.lane = jobs::Lane::kBulk;
  step.unique_key = "step";
  return jobs::Enqueue(transaction, step, now);
}

// A step of each walk, and the rest of them beside the run of ten minutes from now, so that other work comes in between.
Result<void> JudgeUndecided(const JobsContext& context) {
  PL_TRY(EnqueueNext(context, kJudgeUndecided, kJudgeUndecidedEvery));
  const Result<bool> rules = context.rejudging.FollowRules(kJudgeUndecidedStep);
  const Result<bool> ending = context.rejudging.FollowPreservation(kJudgeUndecidedStep);
  const bool more = (rules.ok() && *rules) || (ending.ok() && *ending);
  const Instant now = context.clock.Now();
  if (more) PL_TRY(context.database.Write([&](store::WriteTransaction& transaction) { return EnqueueStep(transaction, now); }));
  if (!rules.ok()) return rules.error();
  return ending.ok() ? Result<void>() : ending.error();
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
  worker.Register(std::string(kJudgeByNow), [context](const jobs::Job& job) -> Result<void> {
    return context.rejudging.JudgeByNow({PL_TRY(jobs::NumberIn(job, "report"))});
  });
  worker.Register(std::string(kFollowThrottle), [context](const jobs::Job& job) -> Result<void> {
    const std::int64_t organisation = PL_TRY(jobs::NumberIn(job, "organisation"));
    const QueueCursor at{PL_TRY(jobs::NumberIn(job, "rank")), PL_TRY(jobs::NumberIn(job, "report"))};
    PL_TRY(context.throttles.Follow(organisation, at));
    return {};
  });
  worker.Register(std::string(kJudgeUndecided), [context](const jobs::Job&) { return JudgeUndecided(context); });
  worker.Register(std::string(kSweepClaims), [context](const jobs::Job&) -> Result<void> {
    PL_TRY(EnqueueNext(context, kSweepClaims, kSweepClaimsEvery));
    const Result<int> claims = context.actions.EndOldClaims();
    const Result<int> throttles = context.throttles.EndOverdue();
    if (!claims.ok()) return claims.error();
    return throttles.ok() ? Result<void>() : throttles.error();
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock) {
  const Instant now = clock.Now();
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(jobs::Enqueue(transaction, RunAt(kJudgeUndecided, now), now));
    PL_TRY(EnqueueStep(transaction, now));   // Also while the next run waits: a table is seen to hold at once.
    return jobs::Enqueue(transaction, RunAt(kSweepClaims, now), now);
  });
}

}  // namespace porchlight::triage
