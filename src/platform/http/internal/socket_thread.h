#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "platform/http/internal/connection.h"

namespace porchlight::http::internal {

// One thread with its loop and its connections.
class SocketThread {
 public:
  // `tick` runs on the thread, about ten times a second.
  SocketThread(ServerContext& context, std::function<void()> tick);
  // Closes what is open.
  ~SocketThread();
  SocketThread(const SocketThread&) = delete;
  SocketThread& operator=(const SocketThread&) = delete;

  void Start();
  // From any thread. Ends the loop and waits for the thread; connections stay until destruction.
  void Stop();
  // From any thread: takes over a connected socket.
  void Adopt(int descriptor, std::string peer_address);
  // From any thread.
  void BeginDrain();
  void CloseAll();
  // From the pool: the connection's step has ended.
  void Completed(std::shared_ptr<Connection> connection);

  // On the thread:
  void Remove(Connection* connection);
  // Closes the connection that has waited longest between two requests; false when none waits.
  bool CloseOldestIdle();
  const std::shared_ptr<EventLoop>& loop() const { return loop_; }
  std::array<char, kPieceBytes>& scratch() { return scratch_; }

 private:
  void Tick();
  void DeliverCompleted();
  std::vector<std::shared_ptr<Connection>> Snapshot() const;

  ServerContext& context_;
  const std::function<void()> tick_;
  std::array<char, kPieceBytes> scratch_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::mutex completed_mutex_;
  std::vector<std::shared_ptr<Connection>> completed_;
  std::shared_ptr<EventLoop> loop_;
  std::thread thread_;
};

}  // namespace porchlight::http::internal
