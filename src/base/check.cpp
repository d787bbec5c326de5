#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace porchlight {

void FailCheck(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "porchlight: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace porchlight
