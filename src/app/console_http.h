#pragma once

#include <vector>

#include "platform/http/routing.h"

namespace porchlight::app {

// The staff console's files, from the binary: /console and everything below it, and / which leads to the public form.
std::vector<http::Route> ConsoleRoutes();

}  // namespace porchlight::app
