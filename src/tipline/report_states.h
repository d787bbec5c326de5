#pragma once

#include <vector>

#include "platform/store/database.h"
#include "tipline/report.h"

// The life of a filed report after its intake. The rooms above decide when a report moves; this one keeps the graph, the
// state and the counters, so that the sum over states is always what was accepted.
namespace porchlight::tipline {

// True for the moves of the state graph (docs/formats/states.md).
bool CanMove(ReportState from, ReportState to);

// Moves those of the reports that stand in `from`, and their counters with them, in one go; answers the ones moved, in
// the order given. A report that stands elsewhere is left alone, so a repeat moves nothing. Errors: kInternal when the
// graph does not know the move.
Result<std::vector<ReportId>> MoveReports(store::WriteTransaction& transaction, const std::vector<ReportId>& reports, ReportState from,
                                          ReportState to);

// One report. Errors: kNotFound; kConflict, field "state", when it stands elsewhere.
Result<void> MoveReport(store::WriteTransaction& transaction, ReportId report, ReportState from, ReportState to);

}  // namespace porchlight::tipline
