#pragma once

#include "base/clock.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"

namespace porchlight::deconfliction {

// Handlers of this room's jobs; what is given outlives the worker.
void RegisterJobs(jobs::Worker& worker, store::Database& database, const Clock& clock);

}  // namespace porchlight::deconfliction
