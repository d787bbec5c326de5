#include "referrals/unplaced.h"

namespace porchlight::referrals::rows {

namespace {

constexpr store::Statement kNote{"referrals.note_unplaced",
                                 "INSERT INTO referrals_unplaced (report, urgent, since, why) VALUES ($1, $2, $3, $4) "
                                 "ON CONFLICT (report) DO UPDATE SET urgent = excluded.urgent, why = excluded.why"};
constexpr store::Statement kForget{"referrals.forget_unplaced", "DELETE FROM referrals_unplaced WHERE report = $1"};
#define PL_FROM_UNPLACED "SELECT report, urgent, since, why FROM referrals_unplaced "
constexpr store::Statement kFind{"referrals.find_unplaced", PL_FROM_UNPLACED "WHERE report = $1"};
constexpr store::Statement kList{"referrals.list_unplaced", PL_FROM_UNPLACED "ORDER BY urgent DESC, since, report LIMIT $1"};

constexpr int kLookedAtMax = 10'000;

Unplaced ReadUnplaced(const store::Row& row) {
  return {{row.Integer(0)}, row.Bool(1), row.Time(2), static_cast<WhyUnplaced>(row.Integer(3))};
}

}  // namespace

Result<void> NoteUnplaced(store::WriteTransaction& transaction, const Unplaced& unplaced) {
  PL_TRY(transaction.Execute(kNote, unplaced.report, unplaced.urgent, unplaced.since, unplaced.why));
  return {};
}

Result<void> ForgetUnplaced(store::WriteTransaction& transaction, tipline::ReportId report) {
  PL_TRY(transaction.Execute(kForget, report));
  return {};
}

Result<std::optional<Unplaced>> FindUnplaced(store::ReadTransaction& transaction, tipline::ReportId report) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, report));
  return row ? std::optional(ReadUnplaced(*row)) : std::optional<Unplaced>();
}

Result<void> EachUnplaced(store::ReadTransaction& transaction, const std::function<Result<bool>(const Unplaced&)>& visit) {
  for (const store::Row& row : PL_TRY(transaction.All(kList, kLookedAtMax))) {
    if (!PL_TRY(visit(ReadUnplaced(row)))) break;
  }
  return {};
}

}  // namespace porchlight::referrals::rows
