#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "referrals/referring.h"
#include "referrals/staff_views.h"

// Where reports go, for the centre's staff: routing under /api/v1/tips/{id}, deliveries, the directory of agencies. Reading
// where a report may go is audited.
namespace porchlight::referrals {

class ReferralsHttp {
 public:
  // `login`: by account, for lists.
  ReferralsHttp(store::Database& database, Referring& referring, const Clock& clock, std::function<std::string(std::int64_t)> login)
      : database_(database), referring_(referring), clock_(clock), login_(std::move(login)) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> ShowRouting(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Refer(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> AddAgency(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> CloseUnplaced(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Revoke(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ListAgencies(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> SetOrganisation(const http::Request& request, const auth::Caller& caller);
  Result<RoutingView> RoutingOf(store::ReadTransaction& transaction, tipline::ReportId report) const;

  store::Database& database_;
  Referring& referring_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> login_;
};

}  // namespace porchlight::referrals
