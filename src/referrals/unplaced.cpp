#include "referrals/unplaced.h"

namespace porchlight::referrals::rows {

namespace {

constexpr store::Statement kNote{"referrals.note_unplaced",
                                 "INSERT INTO referrals_unplaced (report, urgent, since, why) VALUES ($1, $2, $3, $4) "
                                 "ON CONFLICT (report) DO UPDATE SET urgent = excluded.urgent, why = excluded.why"};
constexpr store::Statement kForget{"referrals.forget_unplaced", "DELETE FROM referrals_unplaced WHERE report = $1"};
constexpr store::Statement kFind{"referrals.is_unplaced", "SELECT 1 FROM referrals_unplaced WHERE report = $1"};
constexpr store::Statement kList{
    "referrals.list_unplaced",
    "SELECT report, urgent, since, why FROM referrals_unplaced ORDER BY urgent DESC, since, report LIMIT $1"};

}  // namespace

Result<void> NoteUnplaced(store::WriteTransaction& transaction, const Unplaced& unplaced) {
  PL_TRY(transaction.Execute(kNote, unplaced.report, unplaced.urgent, unplaced.since, unplaced.why));
  return {};
}

Result<void> ForgetUnplaced(store::WriteTransaction& transaction, tipline::ReportId report) {
  PL_TRY(transaction.Execute(kForget, report));
  return {};
}

Result<bool> IsUnplaced(store::ReadTransaction& transaction, tipline::ReportId report) {
  return PL_TRY(transaction.First(kFind, report)).has_value();
}

Result<std::vector<Unplaced>> ListUnplaced(store::ReadTransaction& transaction, int count_max) {
  std::vector<Unplaced> all;
  for (const store::Row& row : PL_TRY(transaction.All(kList, count_max))) {
    all.push_back({{row.Integer(0)}, row.Bool(1), row.Time(2), static_cast<WhyUnplaced>(row.Integer(3))});
  }
  return all;
}

}  // namespace porchlight::referrals::rows
