#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "referrals/referring.h"
#include "referrals/staff_views.h"
#include "triage/rules.h"

// What a supervisor watches of deliveries: those that nobody answers for, reports that nobody has any more, and how good decisions
// were, by what agencies said.
namespace porchlight::referrals {

inline constexpr int kOverdueMax = 200;
inline constexpr int kComingMax = 50;                       // Urgent ones, and as many of the others.
inline constexpr std::size_t kUnplacedMax = 200;

class QualityHttp {
 public:
  QualityHttp(store::Database& database, const Referring& referring, const triage::RuleBook& rules, const Clock& clock,
              const DeliveryClocks& clocks)
      : database_(database), referring_(referring), rules_(rules), clock_(clock), clocks_(clocks) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Unplaced(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Overdue(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Quality(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  const Referring& referring_;
  const triage::RuleBook& rules_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
};

}  // namespace porchlight::referrals
