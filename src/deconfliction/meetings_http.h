#pragma once

#include <functional>
#include <string>
#include <vector>

#include "deconfliction/meeting.h"
#include "deconfliction/notices.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"

// What the centre's staff use: who met whom, and a supervisor's word on it.
namespace porchlight::deconfliction {

class MeetingsHttp {
 public:
  // `login`: by account.
  MeetingsHttp(store::Database& database, Resolving& resolving, const Notices& notices, const Clock& clock,
               std::function<std::string(std::int64_t)> login)
      : database_(database), resolving_(resolving), notices_(notices), clock_(clock), login_(std::move(login)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> ShowReport(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Resolve(const http::Request& request, const auth::Caller& caller);
  Result<MeetingView> ViewOf(store::ReadTransaction& transaction, const Meeting& meeting) const;
  Result<std::vector<MeetingView>> ViewsOf(store::ReadTransaction& transaction, const std::vector<Meeting>& meetings) const;

  store::Database& database_;
  Resolving& resolving_;
  const Notices& notices_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> login_;
};

}  // namespace porchlight::deconfliction
