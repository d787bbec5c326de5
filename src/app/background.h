#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/centre.h"
#include "app/ticker.h"
#include "platform/audit/audit.h"
#include "platform/http/events.h"
#include "platform/observe/log.h"

namespace porchlight::app {

// Carries the outbox to the pages that listen, from where it stood when this was made.
class LivePump {
 public:
  LivePump(store::Database& database, http::EventHub& hub, observe::Log& log) : database_(database), hub_(hub), log_(log) {}
  // Publishes what is new; answers how many. Errors are those of the store; the next run goes on from the same place.
  Result<int> RunOnce();

 private:
  store::Database& database_;
  http::EventHub& hub_;
  observe::Log& log_;
  std::int64_t bookmark_ = -1;             // Below 0: not yet placed.
};

// Seals committed audit entries and writes each head to the witness file.
class SealRunner {
 public:
  explicit SealRunner(Centre& centre) : centre_(centre) {}
  // Answers whether anything was sealed.
  Result<bool> RunOnce();

 private:
  Centre& centre_;
};

}  // namespace porchlight::app
