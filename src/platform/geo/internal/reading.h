#pragma once

#include <string>

#include "base/result.h"

namespace porchlight::geo {

// The whole of a regular file. Errors: kNotFound, kForbidden, kInvalidArgument (a folder, a device), kTooLarge,
// kInternal.
Result<std::string> ReadWholeFile(const std::string& path);

}  // namespace porchlight::geo
