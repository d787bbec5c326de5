#include "deconfliction/deconfliction_jobs.h"

#include "deconfliction/interests.h"
#include "deconfliction/meeting.h"

namespace porchlight::deconfliction {

void RegisterJobs(jobs::Worker& worker, store::Database& database, const Clock& clock) {
  // Some at a time, so that nobody else waits for the one writer.
  worker.Register(std::string(kEndMeetings), [&database, &clock](const jobs::Job& job) -> Result<void> {
    const InterestId interest{PL_TRY(jobs::NumberIn(job, "interest"))};
    const auto some = [&](store::WriteTransaction& transaction) { return EndMeetingsOf(transaction, interest, clock.Now()); };
    while (PL_TRY(database.Write(some))) {}
    return {};
  });
}

}  // namespace porchlight::deconfliction
