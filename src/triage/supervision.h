#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "triage/supervision_views.h"
#include "triage/tip_views.h"

// What a supervisor watches of the queue: who has what, and which urgent reports nobody has looked at.
namespace porchlight::triage {

inline constexpr int kLoadsMax = 200;            // Claims counted of one analyst, and analysts listed.
inline constexpr int kClocksMax = 50;

// `urgent_claim`: within it somebody looks at an urgent report (domain 4.12: 15 minutes).
Result<SupervisionView> Supervise(store::ReadTransaction& transaction, Duration urgent_claim, const Names& names);

// What each reporter sends, so that a flood is seen while it comes.
inline constexpr int kVolumeDays = 14;
inline constexpr int kVolumesMax = 50;
Result<VolumesView> Volumes(store::ReadTransaction& transaction, Instant now, const Names& names);

class SupervisionHttp {
 public:
  SupervisionHttp(store::Database& database, const Clock& clock, Duration urgent_claim, Names names)
      : database_(database), clock_(clock), urgent_claim_(urgent_claim), names_(std::move(names)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowVolumes(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  const Clock& clock_;
  const Duration urgent_claim_;
  const Names names_;
};

}  // namespace porchlight::triage
