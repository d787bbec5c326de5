#include "triage/rejudging.h"

#include <limits>

#include "triage/read_anew.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

constexpr std::string_view kPreservation = "preservation";
constexpr std::int64_t kDone = std::numeric_limits<std::int64_t>::max();

constexpr store::Statement kFindWalk{"triage.find_walk", "SELECT at, id FROM triage_walks WHERE name = $1"};
constexpr store::Statement kSaveWalk{
    "triage.save_walk",
    "INSERT INTO triage_walks (name, at, id) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET at = excluded.at, id = excluded.id"};
constexpr store::Statement kNext{"triage.next_tips", "SELECT id FROM triage_tips WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kEnding{
    "triage.ending_tips",
    "SELECT preserve_until, id FROM triage_tips WHERE waiting = 1 AND preserve_until IS NOT NULL AND (preserve_until, id) > ($1, $2) "
    "AND preserve_until < $3 ORDER BY preserve_until, id LIMIT $4"};

// How far a walk has come: by number alone, or by moment and number.
struct Place {
  std::int64_t at = 0;
  std::int64_t id = 0;
};

Result<Place> FindWalk(store::ReadTransaction& transaction, std::string_view name) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindWalk, name));
  return row ? Place{row->Integer(0), row->Integer(1)} : Place();
}

Result<void> SaveWalk(store::WriteTransaction& transaction, std::string_view name, const Place& place) {
  PL_TRY(transaction.Execute(kSaveWalk, name, place.at, place.id));
  return {};
}

// Of one report, so that nothing is different when it is tried again.
bool IsOfOne(const Error& error) { return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kNotFound; }

struct Standing {
  Tip tip;
  Score score;
};

// Locked; nothing when it was decided, was judged too often, or its score cannot be read.
Result<std::optional<Standing>> LockStanding(store::WriteTransaction& transaction, ReportId id) {
  const std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, id));
  if (!tip || !tip->IsUndecided() || tip->scores + 1 >= rows::kScoresMax) return std::optional<Standing>();
  Result<Score> score = rows::FindScore(transaction, id, tip->scores);
  if (!score.ok() && IsOfOne(score.error())) return std::optional<Standing>();
  if (!score.ok()) return score.error();
  return std::optional(Standing{*tip, *std::move(score)});
}

}  // namespace

std::vector<PlannedStatement> RejudgingStatements() { return {{kEnding, "triage_tips_preserved"}}; }

Result<bool> Rejudging::FollowRules(int count_max) {
  const Instant now = clock_.Now();
  const RuleTable& table = judging_.rules().At(now);
  if (judging_.rules().At(now - kSettled).version != table.version) return false;
  const std::string name = "rules:" + table.version;
  // Mostly there is nothing to do: no writer is asked for that.
  const Place before = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindWalk(transaction, name); }));
  if (before.id == kDone) return false;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<bool> {
    const Place from = PL_TRY(FindWalk(transaction, name));
    const std::vector<store::Row> next = PL_TRY(transaction.All(kNext, from.id, count_max));
    for (const store::Row& row : next) PL_TRY(JudgeIfOther(transaction, {row.Integer(0)}, table, now));
    const bool more = next.size() == static_cast<std::size_t>(count_max);
    PL_TRY(SaveWalk(transaction, name, {0, more ? next.back().Integer(0) : kDone}));
    return more;
  });
}

Result<void> Rejudging::JudgeIfOther(store::WriteTransaction& transaction, ReportId id, const RuleTable& table, Instant now) const {
  std::optional<Standing> standing = PL_TRY(LockStanding(transaction, id));
  if (!standing || standing->score.rules == table.version) return {};
  const Result<AnewInputs> anew = ReadAnew(transaction, sealer_, table, standing->tip, standing->score);
  if (!anew.ok() && IsOfOne(anew.error())) return {};
  if (!anew.ok()) return anew.error();
  return judging_.JudgeAgain(transaction, standing->tip, anew->inputs, "rules", auth::SystemCaller("triage"), now);
}

Result<bool> Rejudging::FollowPreservation(int count_max) {
  const Instant now = clock_.Now();
  const Instant near = now + Duration::Days(judging_.rules().At(now).Number("preservation_ending_days"));
  const auto ending = [&](store::ReadTransaction& transaction) -> Result<std::vector<store::Row>> {
    const Place from = PL_TRY(FindWalk(transaction, kPreservation));
    return transaction.All(kEnding, from.at, from.id, near, count_max);
  };
  if (PL_TRY(database_.Read(ending)).empty()) return false;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<bool> {
    const std::vector<store::Row> next = PL_TRY(ending(transaction));
    if (next.empty()) return false;
    for (const store::Row& row : next) PL_TRY(JudgeEnding(transaction, {row.Integer(1)}, now));
    PL_TRY(SaveWalk(transaction, kPreservation, {next.back().Integer(0), next.back().Integer(1)}));
    return next.size() == static_cast<std::size_t>(count_max);
  });
}

Result<void> Rejudging::JudgeEnding(store::WriteTransaction& transaction, ReportId id, Instant now) const {
  std::optional<Standing> standing = PL_TRY(LockStanding(transaction, id));
  if (!standing) return {};
  return judging_.JudgeAgain(transaction, standing->tip, standing->score.inputs, "preservation", auth::SystemCaller("triage"), now);
}

}  // namespace porchlight::triage
