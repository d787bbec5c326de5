#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "platform/http/internal/event_loop.h"
#include "platform/http/server.h"

namespace porchlight::http::internal {

// The listening socket. Lives on one loop.
class Listener final : public Waiter, public std::enable_shared_from_this<Listener> {
 public:
  using Accepted = std::function<void(int descriptor, std::string peer_address)>;
  // Errors: kConflict, kForbidden, kInvalidArgument.
  static Result<int> Open(const ServerOptions& options);

  Listener(std::unique_ptr<Watch> watch, observe::Log& log, Accepted accepted);
  void Start() { Wait(); }
  // At each tick: takes up again after the process had no descriptors left.
  void Retry();
  void Close();
  std::uint16_t port() const { return port_; }

  void OnReadable() override;
  void OnWritable() override {}

 private:
  void Wait();

  std::unique_ptr<Watch> watch_;
  observe::Log& log_;
  const Accepted accepted_;
  std::uint16_t port_ = 0;
  bool paused_ = false;
};

}  // namespace porchlight::http::internal
