#include "triage/judged_walk.h"

#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

constexpr store::Statement kWalk{"triage.walk_judged",
                                 "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE id > $1 AND test = 0 ORDER BY id LIMIT $2"};
constexpr store::Statement kNext{"triage.next_tip", "SELECT id, received_at FROM triage_tips WHERE id >= $1 ORDER BY id LIMIT 1"};
constexpr store::Statement kLast{"triage.last_tip", "SELECT id FROM triage_tips ORDER BY id DESC LIMIT 1"};

}  // namespace

Result<std::vector<JudgedReport>> WalkJudged(store::ReadTransaction& transaction, ReportId after, int count_max) {
  std::vector<JudgedReport> all;
  for (const store::Row& row : PL_TRY(transaction.All(kWalk, after, count_max))) {
    JudgedReport one{rows::ReadTip(row), {}};
    one.score = PL_TRY(rows::FindScore(transaction, one.tip.id, 1));
    all.push_back(std::move(one));
  }
  return all;
}

Result<ReportId> NumberBefore(store::ReadTransaction& transaction, Instant moment) {
  const Instant wanted = moment - Duration::Hours(1);
  const std::optional<store::Row> last = PL_TRY(transaction.First(kLast));
  std::int64_t low = 0;
  std::int64_t high = last ? last->Integer(0) + 1 : 1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    const std::optional<store::Row> there = PL_TRY(transaction.First(kNext, middle));
    if (there && there->Time(1) < wanted) low = there->Integer(0);
    else high = middle;
  }
  return ReportId{low};
}

}  // namespace porchlight::triage
