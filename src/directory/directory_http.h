#pragma once

#include <vector>

#include "directory/administration.h"
#include "directory/authenticator.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"

namespace porchlight::directory {

// What the handlers work with. All of it outlives the routes.
struct DirectoryParts {
  store::Database& database;
  const profile::Profile& profile;
  Authenticator& authenticator;
  Administration& administration;
};

// Sign-in, session, second factor, organisations, accounts, tokens and code lists under /api/v1.
std::vector<http::Route> Routes(const DirectoryParts& parts);
// The same routes as the OpenAPI document tells them; one operation for each route.
std::vector<http::ApiOperation> Operations();

}  // namespace porchlight::directory
