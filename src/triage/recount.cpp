#include "triage/recount.h"

namespace porchlight::triage {

namespace {

constexpr store::Statement kBundles{
    "triage.check_bundles",
    "SELECT b.id FROM triage_bundles b LEFT JOIN (SELECT bundle, COUNT(*) AS tips, SUM(incidents) AS acts, "
    "SUM(CASE WHEN folded = 0 THEN 1 ELSE 0 END) AS leads, MAX(CASE WHEN folded = 0 THEN id ELSE 0 END) AS lead "
    "FROM triage_tips WHERE bundle IS NOT NULL GROUP BY bundle) t ON t.bundle = b.id "
    "WHERE t.bundle IS NULL OR t.tips <> b.reports OR t.acts <> b.incidents OR t.lead <> b.lead OR t.leads <> 1 ORDER BY b.id"};
constexpr store::Statement kNoBundle{
    "triage.check_members",
    "SELECT t.id FROM triage_tips t LEFT JOIN triage_bundles b ON b.id = t.bundle "
    "WHERE t.bundle IS NOT NULL AND b.id IS NULL ORDER BY t.id"};
constexpr store::Statement kScores{
    "triage.check_scores",
    "SELECT t.id FROM triage_tips t LEFT JOIN triage_scores s ON s.id = t.id * 1024 + t.scores "
    "WHERE t.waiting <> CASE WHEN t.folded = 0 AND t.test = 0 AND t.state IN (5, 6, 14) THEN 1 ELSE 0 END "
    "OR s.id IS NULL OR s.level <> t.level OR s.points <> t.points OR s.urgent <> t.urgent ORDER BY t.id"};
constexpr store::Statement kItems{
    "triage.check_items",
    "SELECT key FROM triage_items GROUP BY key HAVING SUM(CASE WHEN report = 0 THEN 1 ELSE 0 END) <> 1 "
    "OR COUNT(DISTINCT CASE WHEN report <> 0 THEN person END) <> SUM(people) ORDER BY key"};

}  // namespace

Result<std::vector<std::string>> RecountProblems(store::ReadTransaction& transaction) {
  std::vector<std::string> problems;
  const auto look = [&](const store::Statement& statement, std::string_view what) -> Result<void> {
    return transaction.Each(statement, {}, [&](store::Row&& row) {
      problems.push_back(std::string(what) + " " + std::to_string(row.Integer(0)));
      return true;
    });
  };
  PL_TRY(look(kBundles, "the counts, lead or folding do not fit the members of bundle"));
  PL_TRY(look(kNoBundle, "the bundle is gone of report"));
  PL_TRY(look(kScores, "the newest score is not what the queue says of report"));
  PL_TRY(look(kItems, "the count does not fit the holders of item"));
  return problems;
}

}  // namespace porchlight::triage
