#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace porchlight::http {

// One open page's queue of events. The server's connection drains it; the hub fills it. Bounded: a page that does not
// read is closed and reconnects with Last-Event-ID. Thread-safe.
class EventSource {
 public:
  static constexpr std::size_t kQueuedBytesMax = 256 * 1024;
  // Called by the connection: `wake` runs (on any thread) when there is something to send or the source closes.
  void Attach(std::function<void()> wake);
  // Takes all queued bytes, already in wire form; empty when there is nothing.
  std::string Take();
  bool closed() const;

  void Send(std::uint64_t id, std::string_view type, std::string_view data);
  void Close();

 private:
  mutable std::mutex mutex_;
  std::string queued_;
  bool closed_ = false;
  std::function<void()> wake_;
};

// Everyone who listens. Thread-safe.
class EventHub {
 public:
  std::shared_ptr<EventSource> Subscribe();
  void Publish(std::uint64_t id, std::string_view type, std::string_view data);
  std::size_t listeners() const;
  void CloseAll();

 private:
  mutable std::mutex mutex_;
  std::set<std::weak_ptr<EventSource>, std::owner_less<std::weak_ptr<EventSource>>> sources_;
};

}  // namespace porchlight::http
