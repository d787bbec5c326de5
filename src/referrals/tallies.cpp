#include "referrals/tallies.h"

namespace porchlight::referrals {

namespace {

constexpr store::Statement kTalliesOf{
    "referrals.tallies_of",
    "SELECT what, count FROM referrals_tallies WHERE month = $1 AND about = $2 AND subject = $3 AND count <> 0 ORDER BY what"};
constexpr store::Statement kTallies{
    "referrals.list_tallies",
    "SELECT subject, what, count FROM referrals_tallies WHERE month = $1 AND about = $2 AND count <> 0 ORDER BY subject, what "
    "LIMIT 20000"};

}  // namespace

std::string MonthOf(Instant moment) { return FormatDate(moment).substr(0, 7); }

Result<Sums> TalliesOf(store::ReadTransaction& transaction, std::string_view month, std::string_view about, std::string_view subject) {
  Sums sums;
  for (const store::Row& row : PL_TRY(transaction.All(kTalliesOf, month, about, subject))) sums[row.Text(0)] = row.Integer(1);
  return sums;
}

Result<std::vector<SubjectSums>> ListTallies(store::ReadTransaction& transaction, std::string_view month, std::string_view about) {
  std::vector<SubjectSums> all;
  for (const store::Row& row : PL_TRY(transaction.All(kTallies, month, about))) {
    if (all.empty() || all.back().subject != row.Text(0)) all.push_back({row.Text(0), {}});
    all.back().sums[row.Text(1)] = row.Integer(2);
  }
  return all;
}

}  // namespace porchlight::referrals
