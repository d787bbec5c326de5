#pragma once

#include <vector>

#include "base/clock.h"
#include "evidence/gatekeeper.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"

namespace porchlight::evidence {

// What the gate decided and why, its table in words, and the records of warrants, consents and exigencies, for the centre's
// staff. None of these routes serves a file: reveal_http.h has the one that does.
class EvidenceHttp {
 public:
  EvidenceHttp(store::Database& database, Gatekeeper& gatekeeper, const Clock& clock)
      : database_(database), gatekeeper_(gatekeeper), clock_(clock) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> ShowGate(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowTable(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Add(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Revoke(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  Gatekeeper& gatekeeper_;
  const Clock& clock_;
};

}  // namespace porchlight::evidence
