#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace porchlight::vault::internal {

// The names in an open directory, sorted, without "." and "..". In memory: for folders that are kept small.
Result<std::vector<std::string>> ListFolder(int directory);

}  // namespace porchlight::vault::internal
