#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace porchlight {

void FailCheck(const char* condition, std::source_location where) {
  std::fprintf(stderr, "porchlight: broken invariant: %s (%s:%u)\n", condition, where.file_name(), where.line());
  std::abort();
}

}  // namespace porchlight
