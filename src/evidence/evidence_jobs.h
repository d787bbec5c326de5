#pragma once

#include "base/clock.h"
#include "evidence/gatekeeper.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"

// Later work of this room; every job is safe to repeat.
namespace porchlight::evidence {

inline constexpr Duration kReviewGatesEvery = Duration::Hours(1);   // A table may become valid while we run.

struct JobsContext {
  store::Database& database;
  Gatekeeper& gatekeeper;
  const Clock& clock;
};
// Before the worker starts. Everything in the context outlives the worker.
void RegisterJobs(jobs::Worker& worker, const JobsContext& context);
// At every start; what is in the queue already is not added again.
Result<void> ScheduleJobs(store::Database& database, const Clock& clock);

}  // namespace porchlight::evidence
