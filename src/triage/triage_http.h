#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "triage/tip_actions.h"
#include "triage/tip_views.h"

namespace porchlight::triage {

// The queue, the judgement of one report, and what analysts do with it, for the centre's staff, under /api/v1/tips. Every
// reading of one report is audited before it is answered.
class TriageHttp {
 public:
  TriageHttp(store::Database& database, TipActions& actions, const Judging& judging, const vault::Sealer& sealer, const Clock& clock,
             Names names)
      : database_(database), actions_(actions), judging_(judging), sealer_(sealer), clock_(clock), names_(std::move(names)) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Counts(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Changes(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Rules(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowPerson(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowNear(const http::Request& request, const auth::Caller& caller);
  Result<void> RecordReading(const http::Request& request, const auth::Caller& caller, std::string_view action, tipline::ReportId report);
  Result<http::Response> Members(const http::Request& request, const auth::Caller& caller);
  // The row as it stands after an act.
  Result<http::Response> Answer(const Result<Tip>& tip, const auth::Caller& caller);

  store::Database& database_;
  TipActions& actions_;
  const Judging& judging_;
  const vault::Sealer& sealer_;
  const Clock& clock_;
  const Names names_;
};

}  // namespace porchlight::triage
