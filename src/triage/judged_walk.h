#pragma once

#include <vector>

#include "platform/store/database.h"
#include "triage/tip.h"

// Judged reports in the order of their numbers, for the rooms that count over periods.
namespace porchlight::triage {

struct JudgedReport {
  Tip tip;
  Score score;                                    // The first: what the platform's report was worth as it came.
};
// Above `after`, at most `count_max`. Test traffic is left out.
Result<std::vector<JudgedReport>> WalkJudged(store::ReadTransaction& transaction, tipline::ReportId after, int count_max);

// A number below that of every report received at `moment` or later, and close to them: numbers and times grow together but
// for what was under way at once, for which an hour is left. 0 when there is none before.
Result<tipline::ReportId> NumberBefore(store::ReadTransaction& transaction, Instant moment);

}  // namespace porchlight::triage
