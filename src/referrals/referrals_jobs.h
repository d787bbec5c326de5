#pragma once

#include "base/clock.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"
#include "referrals/notifying.h"
#include "referrals/packaging.h"
#include "referrals/referring.h"
#include "referrals/reminding.h"

namespace porchlight::referrals {

inline constexpr std::string_view kWiden = "referrals.widen";
inline constexpr Duration kWidenEvery = Duration::Hours(1);

struct JobsContext {
  store::Database& database;
  Referring& referring;
  Packaging& packaging;
  Reminding& reminding;
  Notifying& notifying;
  const Clock& clock;
};

// Handlers of this room's jobs; `context` is copied, what it refers to outlives the worker.
void RegisterJobs(jobs::Worker& worker, const JobsContext& context);
// Rows for the directory's agencies, and the sweeps that must always be queued; once at start, safe to repeat.
Result<void> ScheduleJobs(store::Database& database, const Clock& clock, const AgencyTable& agencies);

// Follows the outbox: members of bundles whose lead was handed over get a job each, and so do reports that name somebody in whom an
// agency has an open interest.
class Runner {
 public:
  Runner(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  // One batch; answers how many events were read, 0 when there is nothing to do. An event read twice queues a job that does
  // nothing. Errors: the store's; everything is tried again.
  Result<int> RunOnce();

 private:
  store::Database& database_;
  const Clock& clock_;
};

}  // namespace porchlight::referrals
