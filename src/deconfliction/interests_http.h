#pragma once

#include <vector>

#include "deconfliction/interests.h"
#include "deconfliction/notices.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"

// What officers use, under /api/v1/agency: their own agency's interests, and whom to call.
namespace porchlight::deconfliction {

class InterestsHttp {
 public:
  InterestsHttp(store::Database& database, Interests& interests, const Notices& notices, const Clock& clock)
      : database_(database), interests_(interests), notices_(notices), clock_(clock) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Open(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Withdraw(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ListMeetings(const http::Request& request, const auth::Caller& caller);
  Result<InterestView> ViewOf(store::ReadTransaction& transaction, const Interest& interest) const;
  Result<http::Response> Answer(int status, const Interest& interest, const auth::Caller& caller) const;

  store::Database& database_;
  Interests& interests_;
  const Notices& notices_;
  const Clock& clock_;
};

}  // namespace porchlight::deconfliction
