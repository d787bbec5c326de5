#pragma once

#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "triage/throttle_views.h"
#include "triage/tip_views.h"

// Throttled senders for supervisors, under /api/v1/tips/throttles.
namespace porchlight::triage {

class ThrottlesHttp {
 public:
  // Everything outlives this.
  ThrottlesHttp(store::Database& database, Throttles& throttles, Names names)
      : database_(database), throttles_(throttles), names_(std::move(names)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Begin(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> End(const http::Request& request, const auth::Caller& caller);
  Result<ThrottleView> ViewOf(store::ReadTransaction& transaction, const Throttle& throttle) const;
  Result<http::Response> Answer(int status, const Throttle& throttle, const auth::Caller& caller);

  store::Database& database_;
  Throttles& throttles_;
  const Names names_;
};

}  // namespace porchlight::triage
