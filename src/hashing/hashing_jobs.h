#pragma once

#include <string_view>

#include "base/clock.h"
#include "hashing/examining.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"

// Later work of this room; every job is safe to repeat.
namespace porchlight::hashing {

inline constexpr std::string_view kExamineReport = "hashing.examine_report";   // {"report":1001}

// Before the worker starts. All outlive the worker.
void RegisterJobs(jobs::Worker& worker, store::Database& database, Examining& examining, const Clock& clock);

}  // namespace porchlight::hashing
