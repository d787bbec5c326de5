#pragma once

#include "base/instant.h"

namespace porchlight::app {

// SIGINT and SIGTERM as something to wait for. Made before any other thread, so that all threads inherit the block and
// the signal reaches only the one that waits.
class StopSignals {
 public:
  StopSignals();
  // True when a signal came within the time.
  bool Wait(Duration at_most);
  // Until a signal comes.
  void Wait();
};

}  // namespace porchlight::app
