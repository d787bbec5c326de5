#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/centre.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/observe/log.h"
#include "platform/observe/metrics.h"

namespace porchlight::referrals {
class Referring;
}

namespace porchlight::app {

// Every route of the server and every described operation, for the server, the matrix test and the OpenAPI document.
std::vector<http::ApiOperation> AllOperations();

// One serving process: HTTP, live events, background jobs and the audit sealer over one Centre. Members are wired in
// the order they depend on each other and end in reverse.
class Serving {
 public:
  // Starts everything; the server listens when this returns.
  static Result<std::unique_ptr<Serving>> Start(Centre& centre, observe::Log& log);
  ~Serving();

  std::uint16_t port() const;
  // "http://127.0.0.1:8080"
  std::string url() const;
  const http::Router& router() const;
  // One request without a socket; for tests and the simulator.
  http::Response Handle(http::Request request);
  // Lets requests under way end, then stops the background work.
  void Drain();

  // The same, without socket and threads: the simulator drives the background work itself.
  static Result<std::unique_ptr<Serving>> Assemble(Centre& centre, observe::Log& log);
  // One round of each kind of background work on the calling thread. Answers whether anything was done.
  Result<bool> RunBackgroundOnce();
  // Wired as the routes use it; for tests.
  referrals::Referring& referring();

 private:
  struct Parts;
  explicit Serving(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace porchlight::app
