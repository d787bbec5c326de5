#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/judging.h"
#include "triage/queue.h"

// Judges again what is not decided when something changed that no report brought: another table of rules holds, or the platform need
// not keep the data much longer. What was decided stays as it was, until it is opened again.
namespace porchlight::triage {

inline constexpr std::string_view kJudgeUndecided = "triage.judge_undecided";
inline constexpr Duration kJudgeUndecidedEvery = Duration::Minutes(10);
// Of one report that is undecided again; payload {"report": 17}. Written with what brought it back.
inline constexpr std::string_view kJudgeByNow = "triage.judge_by_now";
Result<void> EnqueueJudgingByNow(store::WriteTransaction& transaction, tipline::ReportId report, Instant now);

std::vector<PlannedStatement> RejudgingStatements();   // With the index each must walk, for tests.

class Rejudging {
 public:
  // From when a table is first seen to hold until it is followed: batches judged by the one before are stored by then, and other
  // processes have the same profile.
  static constexpr Duration kSettled = Duration::Minutes(10);

  // Everything outlives this.
  Rejudging(store::Database& database, const Judging& judging, const vault::Sealer& sealer, const Clock& clock)
      : database_(database), judging_(judging), sealer_(sealer), clock_(clock) {}

  // Up to the next `count_max` undecided reports by number, read beside the writer and judged in one unit of work; answers whether there
  // are more. Each table is followed from the first report to the last, also one that held before and holds again; it goes on where it
  // stood. A report that is damaged is left as it is. Errors, after which the step is tried again: kCorrupt, field
  // vault::kMasterKeyField, while a key is missing; kUnavailable when another process took the same step; the store's.
  Result<bool> FollowRules(int count_max);
  // Likewise over the next `count_max` whose preservation has come near its end, soonest first; by what was read of them before.
  Result<bool> FollowPreservation(int count_max);
  // One report by the table that holds now; nothing when it is decided or comes out as it was.
  Result<void> JudgeByNow(tipline::ReportId report);

 private:
  struct Anew {
    tipline::ReportId id;
    int scores = 0;                               // When it was read.
    Inputs inputs;
  };
  struct Step {
    bool known = false;                           // The table was seen to hold before.
    bool due = false;
    std::int64_t since = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::vector<Anew> anew;
  };
  Result<Step> ReadStep(store::ReadTransaction& transaction, std::string_view name, const RuleTable& table, Instant now,
                        int count_max) const;
  Result<std::optional<Anew>> ReadOne(store::ReadTransaction& transaction, const Tip& tip, const RuleTable& table) const;
  Result<void> JudgeOne(store::WriteTransaction& transaction, const Anew& anew, const RuleTable& table, Instant now) const;
  Result<void> JudgeEnding(store::WriteTransaction& transaction, tipline::ReportId id, Instant now) const;

  store::Database& database_;
  const Judging& judging_;
  const vault::Sealer& sealer_;
  const Clock& clock_;
};

}  // namespace porchlight::triage
