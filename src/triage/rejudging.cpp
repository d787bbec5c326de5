#include "triage/rejudging.h"

#include <limits>

#include "base/json.h"
#include "platform/jobs/jobs.h"
#include "triage/read_anew.h"
#include "triage/throttling.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

constexpr std::string_view kPreservation = "preservation";
constexpr std::int64_t kDone = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNumbersPerStep = 20'000;   // Looked at; most of a full store is decided.

constexpr store::Statement kFindWalk{"triage.find_walk", "SELECT at, id FROM triage_walks WHERE name = $1"};
constexpr store::Statement kBeginWalk{"triage.begin_walk",
                                      "INSERT INTO triage_walks (name, at, id) VALUES ($1, $2, 0) ON CONFLICT (name) DO NOTHING"};
constexpr store::Statement kAdvanceWalk{
    "triage.advance_walk", "UPDATE triage_walks SET at = $1, id = $2 WHERE name = $3 AND at = $4 AND id = $5"};
constexpr store::Statement kForgetTables{"triage.forget_tables", "DELETE FROM triage_walks WHERE name LIKE 'rules:%' AND name <> $1"};
constexpr store::Statement kFirstAfter{"triage.first_after", "SELECT id FROM triage_tips WHERE id > $1 ORDER BY id LIMIT 1"};
constexpr store::Statement kUndecided{
    "triage.undecided_tips",
    "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE id >= $1 AND id < $2 AND state IN (5, 6, 14) ORDER BY id LIMIT $3"};
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

// From where it was read; another runner that came first does the work once.
Result<void> AdvanceWalk(store::WriteTransaction& transaction, std::string_view name, const Place& from, const Place& to) {
  if (PL_TRY(transaction.Execute(kAdvanceWalk, to.at, to.id, name, from.at, from.id)) == 1) return {};
  return Error{ErrorCode::kUnavailable, "Another process follows it too; try again.", "walk " + std::string(name), {}, 1};
}

// A table that holds for the first time, or again: its walk begins at the first report.
Result<void> BeginWalk(store::WriteTransaction& transaction, std::string_view name, Instant now) {
  PL_TRY(transaction.Execute(kForgetTables, name));
  PL_TRY(transaction.Execute(kBeginWalk, name, now));
  return {};
}

// No different when it is tried again; a key may come back.
bool IsOfOne(const Error& error) {
  return error.code != ErrorCode::kUnavailable && error.code != ErrorCode::kNoSpace && error.field != vault::kMasterKeyField;
}

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

// What lies next on the way, read anew by the table. A read may run twice: everything it finds is in its answer.
Result<Rejudging::Step> Rejudging::ReadStep(store::ReadTransaction& transaction, std::string_view name, const RuleTable& table, Instant now,
                                            int count_max) const {
  Step step;
  const std::optional<Place> place = PL_TRY(FindWalk(transaction, name));
  step.known = place.has_value();
  if (!place || place->id == kDone || now < Instant{place->at} + kSettled) return step;
  step.due = true;
  step.since = place->at;
  step.from = place->id;
  const std::optional<store::Row> first = PL_TRY(transaction.First(kFirstAfter, place->id));
  step.to = kDone;
  if (!first) return step;
  const std::int64_t end = first->Integer(0) + kNumbersPerStep;
  const std::vector<store::Row> undecided = PL_TRY(transaction.All(kUndecided, first->Integer(0), end, count_max));
  for (const store::Row& row : undecided) {
    Result<std::optional<Anew>> one = ReadOne(transaction, rows::ReadTip(row), table);
    if (!one.ok() && !IsOfOne(one.error())) return one.error();
    if (one.ok() && *one) step.anew.push_back(**std::move(one));
  }
  const bool full = undecided.size() == static_cast<std::size_t>(count_max);
  step.to = full ? undecided.back().Integer(0) : end - 1;
  return step;
}

Result<bool> Rejudging::FollowRules(int count_max) {
  const Instant now = clock_.Now();
  const RuleTable& table = judging_.rules().At(now);
  const std::string name = "rules:" + table.version;
  const Step step =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return ReadStep(transaction, name, table, now, count_max); }));
  if (!step.known) {
    PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return BeginWalk(transaction, name, now); }));
    return false;
  }
  if (!step.due) return false;
  const auto judge = [&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(AdvanceWalk(transaction, name, {step.since, step.from}, {step.since, step.to}));
    for (const Anew& one : step.anew) PL_TRY(JudgeOne(transaction, one, table, now));
    return {};
  };
  PL_TRY(database_.Write(judge));
  return step.to != kDone;
}

Result<void> Rejudging::JudgeByNow(ReportId report) {
  const Instant now = clock_.Now();
  const RuleTable& table = judging_.rules().At(now);
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(JudgeOne(transaction, {report, -1, {}}, table, now));
    return StandByNow(transaction, report, now);   // Also what cannot be judged again.
  });
}

Result<bool> Rejudging::FollowPreservation(int count_max) {
  const Instant now = clock_.Now();
  const Instant near = now + Duration::Days(judging_.rules().At(now).Number("preservation_ending_days"));
  struct Ending {
    Place from;
    std::vector<store::Row> next;
  };
  const auto read = [&](store::ReadTransaction& transaction) -> Result<Ending> {
    Ending ending;
    ending.from = PL_TRY(FindWalk(transaction, kPreservation)).value_or(Place());
    ending.next = PL_TRY(transaction.All(kEnding, ending.from.at, ending.from.id, near, count_max));
    return ending;
  };
  // Mostly there is nothing to do: no writer is asked for that.
  if (PL_TRY(database_.Read(read)).next.empty()) return false;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<bool> {
    PL_TRY(transaction.Execute(kBeginWalk, kPreservation, std::int64_t{0}));
    const Ending ending = PL_TRY(read(transaction));
    if (ending.next.empty()) return false;
    for (const store::Row& row : ending.next) PL_TRY(JudgeEnding(transaction, {row.Integer(1)}, now));
    const store::Row& last = ending.next.back();
    PL_TRY(AdvanceWalk(transaction, kPreservation, ending.from, {last.Integer(0), last.Integer(1)}));
    return ending.next.size() == static_cast<std::size_t>(count_max);
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
