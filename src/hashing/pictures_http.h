#pragma once

#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"

namespace porchlight::hashing {

// How a report's pictures came out and which others they look like, for the centre's staff. No picture and no hash.
class PicturesHttp {
 public:
  explicit PicturesHttp(store::Database& database) : database_(database) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);

  store::Database& database_;
};

}  // namespace porchlight::hashing
