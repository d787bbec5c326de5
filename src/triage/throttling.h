#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "triage/internal/staff_text.h"
#include "triage/queue.h"
#include "triage/tip.h"

// One sender's flooding does not touch others (domain 4.12, E5): while a supervisor throttles an organisation, what it reports stands
// behind what others report of the same urgency and level. Nothing is refused, lowered or left out: an urgent report stays before all
// that is not urgent, and a floor stays a floor. README.md says what that means for whom.
namespace porchlight::triage {

using ThrottleId = Id<struct ThrottleTag>;

struct Throttle {
  ThrottleId id;
  std::int64_t organisation = 0;
  Instant at;
  auth::AccountId account;
  std::string reason;
  Instant until;                                  // Then it ends by itself.
  std::optional<Instant> ended_at;
  std::optional<auth::AccountId> ended_by;        // Nobody: its time was over.
  std::string note;                               // Why it was ended before.
};

struct NewThrottle {
  std::string reason;
  int days = 1;
};

inline constexpr std::string_view kFollowThrottle = "triage.follow_throttle";   // {"organisation": 7, "rank": 0, "report": 0}
inline constexpr int kThrottleStep = 500;
inline constexpr int kThrottlesMax = 100;

// Each is one unit of work with its audit entry. Thread-safe. Everything outlives this.
class Throttles {
 public:
  static constexpr std::size_t kTextBytesMax = kStaffTextBytesMax;   // Of a reason and of a note.
  static constexpr int kDaysMax = 30;

  Throttles(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // What the sender has waiting moves behind at once, some hundreds a step; what comes later is judged so. Errors: kInvalidArgument, field
  // "/organisation" (the public is not one sender), "/reason" or "/days"; kNotFound when it reported nothing in fourteen days;
  // kConflict, field "organisation", while it is throttled.
  Result<Throttle> Begin(const auth::Caller& caller, std::int64_t organisation, const NewThrottle& wanted, std::string_view request_id);
  // All of it goes back to where it stood. Errors: kNotFound; kConflict, field "throttle", when it is over; kInvalidArgument, "/note".
  Result<Throttle> End(const auth::Caller& caller, ThrottleId id, std::string_view note, std::string_view request_id);
  // Ends those whose time is over; answers how many.
  Result<int> EndOverdue();

  // Brings the next reports of the sender that wait, from `at` on, to where they are to stand by now, and has the rest follow in a job of
  // its own, so that other work comes in between; at the end it says so (events::kSenderFollowed). Again it changes nothing. Answers where
  // it came to, or nothing at the end.
  Result<std::optional<QueueCursor>> Follow(std::int64_t organisation, const QueueCursor& at, int count_max = kThrottleStep);

 private:
  store::Database& database_;
  const Clock& clock_;
};

// Whether the report stands behind by now, as it is in `tip` and by what is stored of it. A report of a throttled sender does, unless
// something else speaks for it: it stands for a bundle, a person pulled it out or had it judged again, or another organisation reports one
// of its people too (looked for among the 100 first and the 100 last reports of each identifier).
Result<bool> StandsBehind(store::ReadTransaction& transaction, const Tip& tip, Instant now);
// Brings one report there, whether or not it can be judged again. Nothing when there is none.
Result<void> StandByNow(store::WriteTransaction& transaction, tipline::ReportId report, Instant now);
// Another organisation reports one of these identifiers: what stands behind for want of that, of the 1,000 newest of each, keeps its place
// from now on.
Result<void> SpeakFor(store::WriteTransaction& transaction, const std::vector<std::int64_t>& link_keys, std::int64_t organisation,
                      Instant now);

// Those that hold, newest first, then those that ended, newest first.
Result<std::vector<Throttle>> ListThrottles(store::ReadTransaction& transaction, int count_max);
// What of the sender stands behind and waits; each count ends at kCountMax.
struct BehindCount {
  std::int64_t urgent = 0;
  std::int64_t others = 0;
};
Result<BehindCount> CountBehind(store::ReadTransaction& transaction, std::int64_t organisation);

std::vector<PlannedStatement> ThrottleStatements();   // With the index each must walk, for tests.

}  // namespace porchlight::triage
