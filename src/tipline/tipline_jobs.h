#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/intake_store.h"

// The tipline's own later work; every job is safe to repeat, and each puts its next run in the queue before it begins.
namespace porchlight::tipline {

// Purges unfinished reports whose time is over, and forgets old idempotency keys.
inline constexpr std::string_view kSweepReports = "tipline.sweep_reports";
inline constexpr Duration kSweepReportsEvery = Duration::Minutes(1);
// Removes objects that no file refers to: of refused uploads, of purged reports.
inline constexpr std::string_view kSweepObjects = "tipline.sweep_objects";
inline constexpr Duration kSweepObjectsEvery = Duration::Hours(6);
// An object younger than this may belong to an upload whose row is not committed yet.
inline constexpr Duration kObjectAgeMin = Duration::Hours(26);

struct JobsContext {
  store::Database& database;
  IntakeStore& intake;
  vault::Vault& vault;
  const Clock& clock;
  // Objects of the rooms above, which keep theirs in the same vault; empty: there are none.
  std::function<Result<bool>(store::ReadTransaction&, const std::string& object_name)> is_kept_elsewhere = {};
};
// Before the worker starts. Everything in the context outlives the worker.
void RegisterJobs(jobs::Worker& worker, const JobsContext& context);
// At every start; what is in the queue already is not added again.
Result<void> ScheduleJobs(store::Database& database, const Clock& clock);

// One run of each, for scripts and tests. Answers how many objects went.
Result<void> SweepReports(const JobsContext& context);
Result<std::int64_t> SweepObjects(const JobsContext& context);

}  // namespace porchlight::tipline
