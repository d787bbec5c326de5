#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"
#include "relations/scorecard.h"

// Makes the scorecards of a month from judged reports and from what agencies answered. Thread-safe.
namespace porchlight::relations {

inline constexpr std::string_view kMakeScorecards = "relations.make_scorecards";
inline constexpr Duration kMakeScorecardsEvery = Duration::Hours(1);
// After a start, so that a new centre soon has some.
inline constexpr Duration kFirstScorecardsAfter = Duration::Minutes(1);

class Scorecards {
 public:
  Scorecards(store::Database& database, const triage::RuleBook& rules, const Clock& clock)
      : database_(database), rules_(rules), clock_(clock) {}

  // Counts the month anew, for every platform that reported in it; what was there before is replaced. Reads a step at a time and
  // holds up nobody. Errors: kInvalidArgument (no month like "2026-11").
  Result<int> Make(std::string_view month);

  // The platforms of a month by the number of reports, most first; an outsider's list holds their own alone.
  Result<std::vector<Scorecard>> List(store::ReadTransaction& transaction, const auth::Caller& caller, std::string_view month) const;

 private:
  store::Database& database_;
  const triage::RuleBook& rules_;
  const Clock& clock_;
};

// First moments of the month and of the next. Errors: kInvalidArgument.
Result<std::pair<Instant, Instant>> BoundsOf(std::string_view month);

// Handler and schedule: this month and the one before, every hour.
void RegisterJobs(jobs::Worker& worker, store::Database& database, Scorecards& scorecards, const Clock& clock);
Result<void> ScheduleJobs(store::Database& database, const Clock& clock);

}  // namespace porchlight::relations
