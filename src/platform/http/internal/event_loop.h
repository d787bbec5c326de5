#pragma once

#include <functional>
#include <memory>

#include "base/instant.h"

// One thread that waits for sockets, over Asio (in event_loop.cpp only). Everything but Post and Stop is called on the
// loop's own thread.
namespace porchlight::http::internal {

// Whoever waits for a socket.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void OnReadable() = 0;
  virtual void OnWritable() = 0;
};

// A watched socket; owns the descriptor and closes it.
class Watch {
 public:
  virtual ~Watch() = default;
  // Tells the waiter once. Waiting twice for the same is one wait. The waiter is kept alive while it waits.
  virtual void WaitReadable(const std::shared_ptr<Waiter>& waiter) = 0;
  virtual void WaitWritable(const std::shared_ptr<Waiter>& waiter) = 0;
  // Ends all waiting without telling anybody, and closes the descriptor.
  virtual void Close() = 0;
  virtual int descriptor() const = 0;
};

class EventLoop {
 public:
  // `tick` runs about every `period` of real time.
  static std::unique_ptr<EventLoop> Create(Duration period, std::function<void()> tick);
  virtual ~EventLoop() = default;
  virtual std::unique_ptr<Watch> Add(int descriptor) = 0;
  // From any thread.
  virtual void Post(std::function<void()> work) = 0;
  // Runs on the calling thread until Stop.
  virtual void Run() = 0;
  virtual void Stop() = 0;
};

}  // namespace porchlight::http::internal
