#include "triage/changes.h"

#include <algorithm>
#include <limits>
#include <map>

#include "triage/rules.h"
#include "triage/supervision.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

// A score that moved its report stands beside the one before it.
constexpr store::Statement kMoved{
    "triage.moved_scores",
    "SELECT again.id, again.at, again.cause, again.level, again.urgent, before.level, before.urgent FROM "
    "(SELECT id, at, cause, level, urgent FROM triage_scores WHERE news > 0 AND news = 1 AND at >= $1 "
    "ORDER BY at DESC, id DESC LIMIT $2) AS again "
    "JOIN triage_scores AS before ON before.id = again.id - 1 ORDER BY again.at DESC, again.id DESC"};
// Opened before the moment, and judged only since.
constexpr store::Statement kCameLate{
    "triage.came_late",
    "SELECT t.level, t.urgent FROM (SELECT id FROM triage_scores WHERE news > 0 AND news = 2 AND at >= $1 ORDER BY at LIMIT $2) AS late "
    "JOIN triage_tips AS t ON t.id = late.id / 1024 WHERE t.waiting = 1 AND t.received_at < $1"};

// Smallest first: what is urgent, then by level.
std::pair<int, int> OrderOf(bool urgent, int level) { return {urgent ? 0 : 1, level}; }

// Of each report where it stood before the first of its changes and after the last, the newest first.
std::vector<MovedTipView> Collapsed(const std::vector<store::Row>& newest_first) {
  std::vector<MovedTipView> moved;
  std::map<std::int64_t, std::size_t> places;
  for (const store::Row& row : newest_first) {
    const std::int64_t report = row.Integer(0) / rows::kScoresMax;
    const auto [place, is_new] = places.emplace(report, moved.size());
    if (is_new) {
      MovedTipView& one = moved.emplace_back();
      one.report_id = {report};
      one.at = row.Time(1);
      one.cause = row.Text(2);
      one.priority = static_cast<int>(row.Integer(3));
      one.urgent = row.Bool(4);
    }
    moved[place->second].priority_before = static_cast<int>(row.Integer(5));
    moved[place->second].urgent_before = row.Bool(6);
  }
  std::erase_if(moved, [](const MovedTipView& one) { return one.priority == one.priority_before && one.urgent == one.urgent_before; });
  return moved;
}

}  // namespace

Result<ChangesView> ChangesSince(store::ReadTransaction& transaction, Instant since, Instant now) {
  ChangesView view;
  view.since = since;
  view.until = now;
  const WaitingCount came = PL_TRY(CountWaiting(transaction, since, {std::numeric_limits<std::int64_t>::max()}));
  view.came = came.levels;
  view.came_urgent = came.urgent;
  view.came_more = came.more;
  const std::vector<store::Row> late = PL_TRY(transaction.All(kCameLate, since, kAgesCountedMax + 1));
  view.came_more = view.came_more || late.size() > static_cast<std::size_t>(kAgesCountedMax);
  for (const store::Row& row : late) {
    ++view.came.at(static_cast<std::size_t>(row.Integer(0) - kLevelFirst));
    view.came_urgent += row.Integer(1);
  }
  const std::vector<store::Row> again = PL_TRY(transaction.All(kMoved, since, kScoresLookedAtMax + 1));
  view.moved_more = again.size() > static_cast<std::size_t>(kScoresLookedAtMax);
  std::vector<MovedTipView> moved = Collapsed(again);
  std::stable_sort(moved.begin(), moved.end(), [](const MovedTipView& left, const MovedTipView& right) {
    return OrderOf(left.urgent, left.priority) < OrderOf(right.urgent, right.priority);
  });
  for (MovedTipView& one : moved) {
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, one.report_id));
    // What came since is counted there.
    if (!tip || !tip->Waits() || tip->received_at >= since) continue;
    view.moved_more = view.moved_more || view.moved.size() == static_cast<std::size_t>(kMovedMax);
    if (view.moved.size() == static_cast<std::size_t>(kMovedMax)) break;
    view.moved.push_back(std::move(one));
  }
  return view;
}

std::vector<PlannedStatement> ChangesStatements() { return {{kMoved, "triage_scores_news"}, {kCameLate, "triage_scores_news"}}; }

}  // namespace porchlight::triage
