#pragma once

#include "base/clock.h"
#include "platform/store/database.h"

// Follows the outbox: for each report that is filed, and is no test, a job examines its pictures.
namespace porchlight::hashing {

class Runner {
 public:
  // Off: reports that are filed meanwhile are passed over for good.
  enum class Examines { kOn, kOff };
  Runner(store::Database& database, const Clock& clock, Examines examines = Examines::kOn)
      : database_(database), clock_(clock), examines_(examines) {}
  // One batch; answers how many events were read, 0 when there is nothing to do. Several processes may run one each: an event
  // read twice queues a job that finds all done. Errors: the store's; everything is tried again.
  Result<int> RunOnce();

 private:
  store::Database& database_;
  const Clock& clock_;
  const Examines examines_;
};

}  // namespace porchlight::hashing
