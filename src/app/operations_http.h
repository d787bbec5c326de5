#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "app/centre.h"
#include "app/media_pool.h"
#include "platform/http/api_document.h"
#include "platform/http/events.h"
#include "platform/http/routing.h"
#include "platform/observe/metrics.h"

namespace porchlight::app {

// How the machine is: status page, dead letters, audit log, live events, health and metrics. Holds references only;
// what they refer to outlives the server.
struct Operations {
  Centre& centre;
  http::EventHub& hub;
  observe::Metrics& metrics;
  MediaPool& media_pool;
  Instant started_at;
  const std::atomic<bool>& draining;
};

std::vector<http::Route> OperationsRoutes(const Operations& operations);
std::vector<http::ApiOperation> OperationsDocument();

}  // namespace porchlight::app
