#include "triage/rejudging.h"

#include <limits>

#include "base/json.h"
#include "platform/jobs/jobs.h"
#include "triage/read_anew.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

constexpr std::string_view kPreservation = "preservation";
constexpr std::int64_t kDone = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kAllUnreadableMin = 10;

constexpr store::Statement kFindWalk{"triage.find_walk", "SELECT at, id FROM triage_walks WHERE name = $1"};
constexpr store::Statement kSaveWalk{
    "triage.save_walk",
    "INSERT INTO triage_walks (name, at, id) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET at = excluded.at, id = excluded.id"};
constexpr store::Statement kForgetTables{"triage.forget_tables", "DELETE FROM triage_walks WHERE name LIKE 'rules:%' AND name <> $1"};
constexpr store::Statement kNext{"triage.next_tips",
                                 "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kEnding{
    "triage.ending_tips",
    "SELECT preserve_until, id FROM triage_tips WHERE state IN (5, 6, 14) AND preserve_until IS NOT NULL "
    "AND (preserve_until, id) > ($1, $2) AND preserve_until < $3 ORDER BY preserve_until, id LIMIT $4"};

// How far a walk has come: since when it stands and by number, or by moment and number.
struct Place {
  std::int64_t at = 0;
  std::int64_t id = 0;
};

Result<std::optional<Place>> FindWalk(store::ReadTransaction& transaction, std::string_view name) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindWalk, name));
  return row ? std::optional(Place{row->Integer(0), row->Integer(1)}) : std::optional<Place>();
}

Result<void> SaveWalk(store::WriteTransaction& transaction, std::string_view name, const Place& place) {
  PL_TRY(transaction.Execute(kSaveWalk, name, place.at, place.id));
  return {};
}

// A table that holds for the first time, or again: its walk begins at the first report.
Result<void> BeginWalk(store::WriteTransaction& transaction, std::string_view name, Instant now) {
  PL_TRY(transaction.Execute(kForgetTables, name));
  return SaveWalk(transaction, name, {now.microseconds, 0});
}

// No different when it is tried again.
bool IsOfOne(const Error& error) { return error.code != ErrorCode::kUnavailable && error.code != ErrorCode::kNoSpace; }

bool MayBeJudged(const Tip& tip) { return tip.IsUndecided() && tip.scores + 1 < rows::kScoresMax; }

}  // namespace

Result<void> EnqueueJudgingByNow(store::WriteTransaction& transaction, ReportId report, Instant now) {
  jobs::NewJob job;
  job.kind = kJudgeByNow;
  job.payload = Json().Set("report", report.value).Serialize();
  job.unique_key = std::to_string(report.value);
  return jobs::Enqueue(transaction, job, now);
}

std::vector<PlannedStatement> RejudgingStatements() { return {{kEnding, "triage_tips_preserved"}}; }

// Nothing: it is decided, or cannot be judged again.
Result<std::optional<Rejudging::Anew>> Rejudging::ReadOne(store::ReadTransaction& transaction, const Tip& tip,
                                                          const RuleTable& table) const {
  if (!MayBeJudged(tip)) return std::optional<Anew>();
  const Score score = PL_TRY(rows::FindScore(transaction, tip.id, tip.scores));
  AnewInputs anew = PL_TRY(ReadAnew(transaction, sealer_, table, tip, score));
  return std::optional(Anew{tip.id, tip.scores, std::move(anew.inputs)});
}

Result<void> Rejudging::JudgeOne(store::WriteTransaction& transaction, const Anew& anew, const RuleTable& table, Instant now) const {
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, anew.id));
  if (!tip || !MayBeJudged(*tip)) return {};
  if (tip->scores == anew.scores) return judging_.JudgeAgain(transaction, *tip, anew.inputs, "rules", auth::SystemCaller("triage"), now);
  // Somebody judged it since it was read.
  const Result<std::optional<Anew>> newer = ReadOne(transaction, *tip, table);
  if (!newer.ok() && IsOfOne(newer.error())) return {};
  if (!newer.ok()) return newer.error();
  return judging_.JudgeAgain(transaction, *tip, (*newer)->inputs, "rules", auth::SystemCaller("triage"), now);
}

Result<bool> Rejudging::FollowRules(int count_max) {
  const Instant now = clock_.Now();
  const RuleTable& table = judging_.rules().At(now);
  const std::string name = "rules:" + table.version;
  std::optional<Place> place;
  std::vector<Tip> next;
  std::vector<Anew> anew;
  std::size_t unreadable = 0;
  const auto read = [&](store::ReadTransaction& transaction) -> Result<void> {
    place = PL_TRY(FindWalk(transaction, name));
    if (!place || place->id == kDone || now < Instant{place->at} + kSettled) return {};
    for (const store::Row& row : PL_TRY(transaction.All(kNext, place->id, count_max))) next.push_back(rows::ReadTip(row));
    for (const Tip& tip : next) {
      Result<std::optional<Anew>> one = ReadOne(transaction, tip, table);
      if (!one.ok() && !IsOfOne(one.error())) return one.error();
      unreadable += one.ok() ? 0 : 1;
      if (one.ok() && *one) anew.push_back(**std::move(one));
    }
    return {};
  };
  PL_TRY(database_.Read(read));
  if (!place) {
    PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return BeginWalk(transaction, name, now); }));
    return false;
  }
  if (place->id == kDone || now < Instant{place->at} + kSettled) return false;
  if (anew.empty() && unreadable >= kAllUnreadableMin) {
    return Error{ErrorCode::kUnavailable, "None of the reports can be read.", "following the rules: is a master key missing?", {}, 1};
  }
  const bool more = next.size() == static_cast<std::size_t>(count_max);
  const auto judge = [&](store::WriteTransaction& transaction) -> Result<void> {
    for (const Anew& one : anew) PL_TRY(JudgeOne(transaction, one, table, now));
    return SaveWalk(transaction, name, {place->at, more ? next.back().id.value : kDone});
  };
  PL_TRY(database_.Write(judge));
  return more;
}

Result<void> Rejudging::JudgeByNow(ReportId report) {
  const Instant now = clock_.Now();
  const RuleTable& table = judging_.rules().At(now);
  return database_.Write([&](store::WriteTransaction& transaction) { return JudgeOne(transaction, {report, -1, {}}, table, now); });
}

Result<bool> Rejudging::FollowPreservation(int count_max) {
  const Instant now = clock_.Now();
  const Instant near = now + Duration::Days(judging_.rules().At(now).Number("preservation_ending_days"));
  const auto ending = [&](store::ReadTransaction& transaction) -> Result<std::vector<store::Row>> {
    const Place from = PL_TRY(FindWalk(transaction, kPreservation)).value_or(Place());
    return transaction.All(kEnding, from.at, from.id, near, count_max);
  };
  // Mostly there is nothing to do: no writer is asked for that.
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
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, id));
  if (!tip || !MayBeJudged(*tip)) return {};
  const Result<Score> score = rows::FindScore(transaction, id, tip->scores);
  if (!score.ok() && IsOfOne(score.error())) return {};
  if (!score.ok()) return score.error();
  return judging_.JudgeAgain(transaction, *tip, score->inputs, "preservation", auth::SystemCaller("triage"), now);
}

}  // namespace porchlight::triage
