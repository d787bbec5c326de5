#include "hashing/hashing_jobs.h"

#include <string>

namespace porchlight::hashing {

void RegisterJobs(jobs::Worker& worker, store::Database& database, Examining& examining, const Clock& clock) {
  worker.Register(std::string(kExamineReport), [&examining](const jobs::Job& job) -> Result<void> {
    const tipline::ReportId report{PL_TRY(jobs::NumberIn(job, "report"))};
    PL_TRY(examining.ExamineReport(report));
    return {};
  });
  worker.Register(std::string(kAnnounceGroup), [&database, &clock](const jobs::Job& job) -> Result<void> {
    const GroupId group{PL_TRY(jobs::NumberIn(job, "group"))};
    return Announce(database, group, clock.Now());
  });
}

}  // namespace porchlight::hashing
