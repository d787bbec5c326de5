#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "triage/queue.h"
#include "triage/supervision_views.h"
#include "triage/tip_views.h"

// What a supervisor watches of the queue: who has what, and which urgent reports nobody has looked at.
namespace porchlight::triage {

inline constexpr int kLoadsMax = 200;            // Claims counted of one analyst, and analysts listed.
inline constexpr int kClocksMax = 50;            // Unclaimed ones; and as many of the others.
inline constexpr int kAgesCountedMax = 10'000;   // Of each age.

// From its arrival somebody looks at an urgent report, and an agency has it, within these (domain 4.12: 15 and 60 minutes).
struct UrgentClocks {
  Duration claim;
  Duration refer;
};
Result<SupervisionView> Supervise(store::ReadTransaction& transaction, const UrgentClocks& clocks, Instant now, const Names& names);

// What waits for a person and came between these moments, `to` excluded; the first kAgesCountedMax of them, oldest first.
struct WaitingCount {
  std::vector<std::int64_t> levels;              // From the first.
  std::int64_t urgent = 0;
  bool more = false;
};
Result<WaitingCount> CountWaiting(store::ReadTransaction& transaction, Instant from, Instant to);

// What each reporter sends, so that a flood is seen while it comes.
inline constexpr int kVolumeDays = 14;
inline constexpr int kVolumesMax = 50;
Result<VolumesView> Volumes(store::ReadTransaction& transaction, Instant now, const Names& names);

std::vector<PlannedStatement> SupervisionStatements();   // With the index each must walk, for tests.

class SupervisionHttp {
 public:
  SupervisionHttp(store::Database& database, const Clock& clock, const UrgentClocks& clocks, Names names)
      : database_(database), clock_(clock), clocks_(clocks), names_(std::move(names)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowVolumes(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  const Clock& clock_;
  const UrgentClocks clocks_;
  const Names names_;
};

}  // namespace porchlight::triage
