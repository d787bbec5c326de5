#include "triage/person.h"

#include <algorithm>
#include <map>
#include <set>

#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

// Goes outwards from one report, a step at a time; each identifier is followed once.
class Search {
 public:
  explicit Search(store::ReadTransaction& transaction) : transaction_(transaction) {}

  Result<Person> Run(const Tip& first) {
    found_[first.id] = {first, 0, 0};
    std::vector<ReportId> edge = {first.id};
    for (int step = 1; step <= kPersonStepsMax && !edge.empty(); ++step) edge = PL_TRY(Step(edge, step));
    for (auto one = found_.rbegin(); one != found_.rend(); ++one) person_.reports.push_back(std::move(one->second));
    return std::move(person_);
  }

 private:
  Result<std::vector<ReportId>> Step(const std::vector<ReportId>& edge, int step) {
    std::map<ReportId, int> next;
    for (const ReportId report : edge) {
      for (const std::int64_t key : PL_TRY(rows::LinkKeysOf(transaction_, report))) PL_TRY(Follow(key, next));
    }
    std::vector<ReportId> reached;
    for (const auto& [report, identifiers] : next) {
      if (found_.size() >= static_cast<std::size_t>(kPersonReportsMax)) {
        person_.complete = false;
        break;
      }
      const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction_, report));
      if (!tip) continue;
      found_[report] = {*tip, step, identifiers};
      reached.push_back(report);
    }
    return reached;
  }

  Result<void> Follow(std::int64_t key, std::map<ReportId, int>& next) {
    if (!followed_.insert(key).second) return {};
    const std::vector<rows::Linked> linked = PL_TRY(rows::LinkedBy(transaction_, key, kPersonSharedMax + 1));
    if (linked.size() > static_cast<std::size_t>(kPersonSharedMax)) {
      ++person_.shared_by_many;
      return {};
    }
    for (const rows::Linked& one : linked) {
      if (!found_.contains(one.report)) ++next[one.report];
    }
    return {};
  }

  store::ReadTransaction& transaction_;
  std::map<ReportId, PersonReport> found_;        // By number, which is the order in which they came.
  std::set<std::int64_t> followed_;
  Person person_;
};

}  // namespace

Result<Person> PersonOf(store::ReadTransaction& transaction, ReportId report) {
  const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, report));
  if (!tip) return Error{ErrorCode::kNotFound, "There is no such report, or it was not judged yet.", {}, "report", 0};
  return Search(transaction).Run(*tip);
}

}  // namespace porchlight::triage
