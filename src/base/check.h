#pragma once

namespace porchlight {

// Ends the process with the place and the broken condition. For our own bugs only, never for bad input:
// what must always hold is checked in every build, because a wrong record is worse than a restart.
[[noreturn]] void FailCheck(const char* condition, const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace porchlight

#define PL_CHECK(condition)                        \
  do {                                             \
    if (!(condition)) [[unlikely]] {               \
      ::porchlight::FailCheck(#condition);         \
    }                                              \
  } while (false)
