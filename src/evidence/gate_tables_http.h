#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evidence/gate_table_views.h"
#include "evidence/gate_tables.h"
#include "evidence/gatekeeper.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"

namespace porchlight::evidence {

// For legal staff: the gate's tables, a new one tried and added, and what a newer table would decide otherwise.
class GateTablesHttp {
 public:
  // `login`: by account. Everything outlives this.
  GateTablesHttp(store::Database& database, GateTables& tables, Gatekeeper& gatekeeper, const Clock& clock,
                 std::function<std::string(std::int64_t)> login)
      : database_(database), tables_(tables), gatekeeper_(gatekeeper), clock_(clock), login_(std::move(login)) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Document(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Try(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Add(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Flagged(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> DecideAgain(const http::Request& request, const auth::Caller& caller);
  Result<GateTableListView> ListNow() const;

  store::Database& database_;
  GateTables& tables_;
  Gatekeeper& gatekeeper_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> login_;
};

}  // namespace porchlight::evidence
