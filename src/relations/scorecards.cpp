#include "relations/scorecards.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "referrals/tallies.h"

namespace porchlight::relations {

namespace {

using referrals::MonthOf;

constexpr int kStep = 1'000;
constexpr int kPlatformsMax = 5'000;
constexpr std::int64_t kAnswersLeast = 5;      // Shown to a platform of one thing said.

constexpr store::Statement kSave{
    "relations.save_scorecard",
    "INSERT INTO relations_scorecards (month, organisation, made_at, reports, card) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (month, organisation) DO UPDATE SET made_at = excluded.made_at, reports = excluded.reports, card = excluded.card"};
constexpr store::Statement kOfMonth{
    "relations.scorecards_of",
    "SELECT month, organisation, made_at, card FROM relations_scorecards WHERE month = $1 ORDER BY reports DESC, organisation LIMIT $2"};
constexpr store::Statement kOfPlatform{
    "relations.scorecard_of",
    "SELECT month, organisation, made_at, card FROM relations_scorecards WHERE month = $1 AND organisation = $2"};

Result<Scorecard> ReadCard(const store::Row& row) {
  const Json json = PL_TRY(ParseJson(row.Text(3)));
  Scorecard card = PL_TRY(ScorecardFromJson(json));
  card.month = row.Text(0);
  card.organisation = row.Integer(1);
  card.made_at = row.Time(2);
  return card;
}

// Law: a platform must not learn from us that one of its users is looked into. It is told how useful reports were and what was missing,
// never what came of them, and nothing that few answers stand behind.
void HideInvestigations(Scorecard& card) {
  std::erase_if(card.answers, [](const auto& one) {
    const bool told = one.first == "feedback" || one.first.starts_with("usefulness:") || one.first.starts_with("gap:");
    return !told || one.second < kAnswersLeast;
  });
}

jobs::NewJob MakeAt(Instant not_before) {
  jobs::NewJob job;
  job.kind = kMakeScorecards;
  job.payload = "{}";
  job.lane = jobs::Lane::kBulk;
  job.not_before = not_before;
  job.unique_key = "next";
  return job;
}

}  // namespace

Result<std::pair<Instant, Instant>> BoundsOf(std::string_view month) {
  const Error wrong{ErrorCode::kInvalidArgument, "The month must be like 2026-11.", {}, "month", 0};
  if (month.size() != 7 || month[4] != '-') return wrong;
  const Result<OffsetInstant> first = ParseDateTime(std::string(month) + "-01T00:00:00Z");
  if (!first.ok()) return wrong;
  // The 32nd day after the first lies in the next month, whichever it is.
  const std::string next = MonthOf(first->instant + Duration::Days(32));
  const OffsetInstant end = PL_TRY(ParseDateTime(next + "-01T00:00:00Z"));
  return std::pair{first->instant, end.instant};
}

Result<int> Scorecards::Make(std::string_view month) {
  const auto [from, to] = PL_TRY(BoundsOf(month));
  std::map<std::int64_t, Scorecard> cards;
  const Instant begin = from;
  const Instant end = to;
  tipline::ReportId after =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return triage::NumberBefore(transaction, begin); }));
  for (bool more = true; more;) {
    const auto read = [&](store::ReadTransaction& transaction) { return triage::WalkJudged(transaction, after, kStep); };
    const std::vector<triage::JudgedReport> some = PL_TRY(database_.Read(read));
    more = some.size() == static_cast<std::size_t>(kStep);
    for (const triage::JudgedReport& one : some) {
      after = one.tip.id;
      if (one.tip.source != tipline::ReportSource::kPlatform || one.tip.received_at < begin || one.tip.received_at >= end) continue;
      Count(cards[one.tip.organisation], one);
    }
    // An hour beyond, for what was under way at once.
    if (!some.empty() && some.back().tip.received_at >= end + Duration::Hours(1)) more = false;
  }
  const Instant now = clock_.Now();
  for (auto& [organisation, card] : cards) {
    const auto save = [&](store::WriteTransaction& transaction) -> Result<void> {
      card.answers = PL_TRY(referrals::TalliesOf(transaction, month, "platform", std::to_string(organisation)));
      card.would_help = WouldHelp(card, rules_.At(now));
      PL_TRY(transaction.Execute(kSave, month, organisation, now, card.reports, ToJson(card).Serialize()));
      return {};
    };
    PL_TRY(database_.Write(save));
  }
  return static_cast<int>(cards.size());
}

Result<std::vector<Scorecard>> Scorecards::List(store::ReadTransaction& transaction, const auth::Caller& caller,
                                                std::string_view month) const {
  PL_TRY(BoundsOf(month));
  std::vector<Scorecard> cards;
  const bool outside = caller.organisation.value != 0;
  const std::vector<store::Row> rows = outside ? PL_TRY(transaction.All(kOfPlatform, month, caller.organisation))
                                               : PL_TRY(transaction.All(kOfMonth, month, kPlatformsMax));
  for (const store::Row& row : rows) {
    cards.push_back(PL_TRY(ReadCard(row)));
    if (outside) HideInvestigations(cards.back());
  }
  return cards;
}

void RegisterJobs(jobs::Worker& worker, store::Database& database, Scorecards& scorecards, const Clock& clock) {
  // The next run is queued first: a run that fails for good must not be the last one.
  worker.Register(std::string(kMakeScorecards), [&database, &scorecards, &clock](const jobs::Job&) -> Result<void> {
    const Instant now = clock.Now();
    const auto next = [&](store::WriteTransaction& transaction) {
      return jobs::Enqueue(transaction, MakeAt(now + kMakeScorecardsEvery), now);
    };
    PL_TRY(database.Write(next));
    const auto [begin, end] = PL_TRY(BoundsOf(MonthOf(now)));
    PL_TRY(scorecards.Make(MonthOf(begin - Duration::Hours(1))));
    PL_TRY(scorecards.Make(MonthOf(now)));
    return {};
  });
}

Result<void> ScheduleJobs(store::Database& database, const Clock& clock) {
  const Instant now = clock.Now();
  const jobs::NewJob job = MakeAt(now + kFirstScorecardsAfter);
  return database.Write([&](store::WriteTransaction& transaction) { return jobs::Enqueue(transaction, job, now); });
}

}  // namespace porchlight::relations
