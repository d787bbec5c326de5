#include "app/stop_signals.h"

#include <csignal>
#include <ctime>

namespace porchlight::app {
namespace {

sigset_t StopSet() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = StopSet();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

bool StopSignals::Wait(Duration at_most) {
  const sigset_t set = StopSet();
  const timespec time{at_most.microseconds / 1'000'000, at_most.microseconds % 1'000'000 * 1000};
  return sigtimedwait(&set, nullptr, &time) > 0;
}

void StopSignals::Wait() {
  while (!Wait(Duration::Hours(1))) {
  }
}

}  // namespace porchlight::app
