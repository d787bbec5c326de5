#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/report_store.h"

// The JSON API of the tipline: lists and reports for the centre, receipts for who filed them.
namespace porchlight::tipline {

// Everything it is given outlives it, and it outlives the router that holds its routes. Thread-safe.
class TiplineHttp {
 public:
  TiplineHttp(store::Database& database, const vault::Sealer& sealer, const profile::Profile& profile, const Clock& clock,
              OrganisationNames names)
      : database_(database), sealer_(sealer), profile_(profile), clock_(clock), names_(std::move(names)), counts_(database, clock) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> SendOriginal(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Trail(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Counts(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowReceipt(const http::Request& request, const auth::Caller& caller);
  // The purpose that the caller states, from the profile's list. Errors: kInvalidArgument.
  Result<std::string> PurposeOf(const http::Request& request) const;

  store::Database& database_;
  const vault::Sealer& sealer_;
  const profile::Profile& profile_;
  const Clock& clock_;
  const OrganisationNames names_;
  CountReader counts_;
};

}  // namespace porchlight::tipline
