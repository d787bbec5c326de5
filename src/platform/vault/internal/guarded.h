#pragma once

#include <exception>
#include <string>

#include "base/result.h"

namespace porchlight::vault::internal {

// What memory or the standard library refuses becomes an error of this object alone, where nobody above could catch it.
template <class Work>
auto Guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal, "Something went wrong here.", std::string("vault: ") + exception.what(), {}, 0};
  }
}

}  // namespace porchlight::vault::internal
