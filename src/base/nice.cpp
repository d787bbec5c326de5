#include "base/nice.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace porchlight {

namespace {

constexpr int kNiceness = 10;

}  // namespace

void StepBack() {
  // On Linux the niceness belongs to the thread.
  const auto thread = static_cast<id_t>(syscall(SYS_gettid));
  [[maybe_unused]] const int refused = setpriority(PRIO_PROCESS, thread, kNiceness);
}

}  // namespace porchlight
