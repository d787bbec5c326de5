#pragma once

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace porchlight::bench {

// The value, or the end of the benchmark with what went wrong on standard error.
template <class T>
T Must(Result<T> result, const char* what) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s: %s %s\n", what, result.error().public_text.c_str(), result.error().operator_text.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

}  // namespace porchlight::bench
