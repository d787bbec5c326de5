#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.h"

namespace porchlight::archive {

// The names of one archive. Not safe from several threads.
class NameSet {
 public:
  // CheckName, and that the name neither is there already (ASCII case aside, as some file systems hold it) nor is a
  // folder of another, nor has another as its folder. Errors: kInvalidArgument.
  Result<void> Add(std::string_view name);

 private:
  std::unordered_set<std::string> files_;    // Lower case.
  std::unordered_set<std::string> folders_;
};

}  // namespace porchlight::archive
