#pragma once

#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/store/database.h"
#include "triage/judging.h"

// Follows what hashing says of pictures that look alike, and has their reports judged again. It comes after the judging of a report
// and never holds it up: what it can change is that a report is one of many.
namespace porchlight::triage {

// A report that could not be judged again, or not yet, is tried as a job of its own: {"report":1001}.
inline constexpr std::string_view kNearCopy = "triage.near_copy";

class NearCopies {
 public:
  NearCopies(store::Database& database, const Judging& judging, const Clock& clock)
      : database_(database), judging_(judging), clock_(clock) {}

  // One batch; answers how many events were read, 0 when there is nothing to do. Several processes may run one each: a repeat
  // changes nothing. Errors: the store's; everything is tried again.
  Result<int> RunOnce();

 private:
  Result<void> JudgeBatch(const std::vector<tipline::ReportId>& reports, std::int64_t bookmark);

  store::Database& database_;
  const Judging& judging_;
  const Clock& clock_;
};

// One report now, for the job; queues itself again while that is not judged. Nothing when it is gone.
Result<void> JudgeNearCopy(store::Database& database, const Judging& judging, tipline::ReportId id, Instant now);

}  // namespace porchlight::triage
