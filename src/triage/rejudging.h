#pragma once

#include "base/clock.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/judging.h"
#include "triage/queue.h"

// Judges again what still waits when something changed that no report brought: another table of rules holds, or the platform need not
// keep the data much longer. What was decided stays as it was.
namespace porchlight::triage {

inline constexpr std::string_view kJudgeWaiting = "triage.judge_waiting";
inline constexpr Duration kJudgeWaitingEvery = Duration::Minutes(10);

std::vector<PlannedStatement> RejudgingStatements();   // With the index each must walk, for tests.

class Rejudging {
 public:
  // Another table is followed when batches that were judged by the one before are surely stored.
  static constexpr Duration kSettled = Duration::Minutes(10);

  // Everything outlives this.
  Rejudging(store::Database& database, const Judging& judging, const vault::Sealer& sealer, const Clock& clock)
      : database_(database), judging_(judging), sealer_(sealer), clock_(clock) {}

  // One unit of work over the next `count_max` reports by number; answers whether there are more. Each table is followed once, from the
  // first report to the last; it goes on where it stood. Errors: the store's; the unit is tried again.
  Result<bool> FollowRules(int count_max);
  // Likewise over the next `count_max` whose preservation has come near its end, soonest first.
  Result<bool> FollowPreservation(int count_max);

 private:
  // Nothing when the report was decided, or cannot be judged again: it must not hold up the others.
  Result<void> JudgeIfOther(store::WriteTransaction& transaction, tipline::ReportId id, const RuleTable& table, Instant now) const;
  Result<void> JudgeEnding(store::WriteTransaction& transaction, tipline::ReportId id, Instant now) const;

  store::Database& database_;
  const Judging& judging_;
  const vault::Sealer& sealer_;
  const Clock& clock_;
};

}  // namespace porchlight::triage
