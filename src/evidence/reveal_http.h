#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evidence/reveal_views.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"

namespace porchlight::evidence {

// The one route that shows a file, and how much people have been shown.
class RevealHttp {
 public:
  // `login`: by account, for supervisors.
  RevealHttp(store::Database& database, Revealing& revealing, const Clock& clock, std::function<std::string(std::int64_t)> login)
      : database_(database), revealing_(revealing), clock_(clock), login_(std::move(login)) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Reveal(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> End(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowMine(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowAll(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
  Revealing& revealing_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> login_;
};

}  // namespace porchlight::evidence
