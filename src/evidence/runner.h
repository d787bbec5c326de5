#pragma once

#include "base/clock.h"
#include "platform/store/database.h"

// Follows the outbox: for each report that is filed a job decides about its files.
namespace porchlight::evidence {

class Runner {
 public:
  Runner(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  // One batch; answers how many events were read, 0 when there is nothing to do. Several processes may run one each: an event
  // read twice queues a job that decides nothing. Errors: the store's; everything is tried again.
  Result<int> RunOnce();

 private:
  store::Database& database_;
  const Clock& clock_;
};

}  // namespace porchlight::evidence
