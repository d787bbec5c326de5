#include "tipline/tipline_jobs.h"

namespace porchlight::tipline {

namespace {

constexpr int kReportsPerRun = 5'000;
constexpr int kForgottenPerStep = 2'000;
constexpr int kForgetStepsMax = 500;

constexpr store::Statement kRefersTo{"tipline.refers_to_object", "SELECT 1 FROM tipline_files WHERE object_name = $1 LIMIT 1"};

jobs::NewJob Job(std::string_view kind, Instant not_before) {
  jobs::NewJob job;
  job.kind = kind;
  job.payload = "{}";
  job.lane = jobs::Lane::kNormal;
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

Result<void> EnqueueNext(const JobsContext& context, std::string_view kind, Duration every) {
  const Instant now = context.clock.Now();
  return context.database.Write(
      [&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, Job(kind, now + every), now); });
}

}  // namespace

Result<void> SweepReports(const JobsContext& context) {
  PL_TRY(context.intake.ExpireDue(kReportsPerRun));
  for (int step = 0; step < kForgetStepsMax; ++step) {
    if (PL_TRY(context.intake.ForgetOld(kForgottenPerStep)) == 0) break;
  }
  return {};
}

Result<std::int64_t> SweepObjects(const JobsContext& context) {
  return context.vault.Sweep(context.clock.Now() - kObjectAgeMin, [&](const std::string& name) {
    const Result<bool> refers = context.database.Read([&](store::ReadTransaction& transaction) -> Result<bool> {
      const bool ours = PL_TRY(transaction.First(kRefersTo, name)).has_value();
      return ours || !context.is_kept_elsewhere ? Result<bool>(ours) : context.is_kept_elsewhere(transaction, name);
    });
    return !refers.ok() || *refers;  // When in doubt, it stays.
  });
}

void RegisterJobs(jobs::Worker& worker, const JobsContext& context) {
  // The next run is queued first: a run that fails for good must not be the last one.
  worker.Register(std::string(kSweepReports), [context](const jobs::Job&) -> Result<void> {
    PL_TRY(EnqueueNext(context, kSweepReports, kSweepReportsEvery));
    return SweepReports(context);
  });
  worker.Register(std::string(kSweepObjects), [context](const jobs::Job&) -> Result<void> {
    PL_TRY(EnqueueNext(context, kSweepObjects, kSweepObjectsEvery));
    PL_TRY(SweepObjects(context));
    return {};
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock) {
  const Instant now = clock.Now();
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(jobs::Enqueue(transaction, Job(kSweepReports, now), now));
    return jobs::Enqueue(transaction, Job(kSweepObjects, now + kSweepReportsEvery), now);
  });
}

}  // namespace porchlight::tipline
