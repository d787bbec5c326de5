#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "relations/scorecards.h"
#include "relations/views.h"

// GET /api/v1/scorecards: a platform's own, or everybody's for the centre.
namespace porchlight::relations {

class ScorecardsHttp {
 public:
  // `name`: of an organisation.
  ScorecardsHttp(store::Database& database, const Scorecards& scorecards, const Clock& clock, std::function<std::string(std::int64_t)> name)
      : database_(database), scorecards_(scorecards), clock_(clock), name_(std::move(name)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  const Scorecards& scorecards_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> name_;
};

}  // namespace porchlight::relations
