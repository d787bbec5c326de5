#include "tipline/report_states.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tipline/intake_rows.h"
#include "tipline/report_store.h"

namespace porchlight::tipline {

namespace {

using S = ReportState;

constexpr store::Statement kMove{
    "tipline.move_report", "UPDATE tipline_reports SET state = $1 WHERE id = $2 AND state = $3 RETURNING " PL_TIPLINE_REPORT_COLUMNS};

constexpr std::array kMoves = {
    std::pair{S::kFinished, S::kTriaged},
    std::pair{S::kFinished, S::kPausedDeconfliction},
    std::pair{S::kTriaged, S::kInReview},
    std::pair{S::kTriaged, S::kPausedDeconfliction},
    std::pair{S::kTriaged, S::kHeldLegal},
    std::pair{S::kTriaged, S::kMadeAvailable},
    std::pair{S::kTriaged, S::kClosed},
    std::pair{S::kInReview, S::kTriaged},
    std::pair{S::kInReview, S::kMadeAvailable},
    std::pair{S::kInReview, S::kHeldLegal},
    std::pair{S::kInReview, S::kPausedDeconfliction},
    std::pair{S::kInReview, S::kClosed},
    std::pair{S::kPausedDeconfliction, S::kHeldLegal},
    std::pair{S::kMadeAvailable, S::kHeldLegal},
    std::pair{S::kFeedbackReceived, S::kHeldLegal},
    std::pair{S::kClosed, S::kHeldLegal},
    std::pair{S::kHeldLegal, S::kTriaged},
    std::pair{S::kHeldLegal, S::kMadeAvailable},
    std::pair{S::kHeldLegal, S::kFeedbackReceived},
    std::pair{S::kHeldLegal, S::kClosed},
    std::pair{S::kPausedDeconfliction, S::kTriaged},
    std::pair{S::kMadeAvailable, S::kFeedbackReceived},
    std::pair{S::kMadeAvailable, S::kPausedDeconfliction},
    std::pair{S::kMadeAvailable, S::kClosed},
    std::pair{S::kMadeAvailable, S::kInReview},
    std::pair{S::kMadeAvailable, S::kTriaged},
    std::pair{S::kFeedbackReceived, S::kClosed},
    std::pair{S::kFeedbackReceived, S::kInReview},
    std::pair{S::kFeedbackReceived, S::kTriaged},
    std::pair{S::kClosed, S::kInReview},
    std::pair{S::kClosed, S::kTriaged},
};

}  // namespace

bool CanMove(ReportState from, ReportState to) {
  return std::any_of(kMoves.begin(), kMoves.end(), [&](const auto& move) { return move.first == from && move.second == to; });
}

Result<std::vector<ReportId>> MoveReports(store::WriteTransaction& transaction, const std::vector<ReportId>& reports, ReportState from,
                                          ReportState to) {
  if (!CanMove(from, to)) {
    return Error{ErrorCode::kInternal, "The report cannot move that way.",
                 "from " + std::string(NameOf(from)) + " to " + std::string(NameOf(to)), "state", 0};
  }
  std::vector<ReportId> moved;
  for (const ReportId id : reports) {
    const std::optional<store::Row> row = PL_TRY(transaction.First(kMove, to, id, from));
    if (!row) continue;
    moved.push_back(id);
    const rows::Report after = rows::ReadReport(*row);
    rows::Report before = after;
    before.state = from;
    rows::Recount(transaction, before, after);
  }
  return moved;
}

Result<void> MoveReport(store::WriteTransaction& transaction, ReportId report, ReportState from, ReportState to) {
  if (!PL_TRY(MoveReports(transaction, {report}, from, to)).empty()) return {};
  PL_TRY(FindReport(transaction, report));
  return Error{ErrorCode::kConflict, "The report has moved on meanwhile; look at it again.", {}, "state", 0};
}

}  // namespace porchlight::tipline
