#pragma once

#include "base/clock.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"
#include "triage/judging.h"
#include "triage/rejudging.h"
#include "triage/throttling.h"
#include "triage/tip_actions.h"

// Triage's later work; every job is safe to repeat.
namespace porchlight::triage {

struct JobsContext {
  store::Database& database;
  const Judging& judging;
  TipActions& actions;
  Rejudging& rejudging;
  Throttles& throttles;
  const Clock& clock;
};
// Before the worker starts. Everything in the context outlives the worker.
void RegisterJobs(jobs::Worker& worker, const JobsContext& context);
// At every start; what is in the queue already is not added again.
Result<void> ScheduleJobs(store::Database& database, const Clock& clock);

}  // namespace porchlight::triage
