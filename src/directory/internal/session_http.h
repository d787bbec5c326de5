#pragma once

#include <vector>

#include "directory/directory_http.h"

namespace porchlight::directory::internal {

std::vector<http::Route> SessionRoutes(const DirectoryParts& parts);

}  // namespace porchlight::directory::internal
