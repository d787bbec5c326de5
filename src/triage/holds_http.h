#pragma once

#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "triage/hold_views.h"
#include "triage/tip_views.h"

// Legal holds for supervisors, under /api/v1/tips.
namespace porchlight::triage {

inline constexpr int kHoldsMax = 200;

class HoldsHttp {
 public:
  HoldsHttp(store::Database& database, LegalHolds& holds, const Clock& clock, Names names)
      : database_(database), holds_(holds), clock_(clock), names_(std::move(names)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ListOfReport(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Place(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Lift(const http::Request& request, const auth::Caller& caller);
  Result<HoldListView> ViewOf(store::ReadTransaction& transaction, const std::vector<Hold>& holds) const;
  Result<http::Response> Answer(const Tip& tip, const auth::Caller& caller);

  store::Database& database_;
  LegalHolds& holds_;
  const Clock& clock_;
  const Names names_;
};

}  // namespace porchlight::triage
