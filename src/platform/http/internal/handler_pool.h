#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// The threads on which handlers run. Thread-safe.
namespace porchlight::http::internal {

class Task {
 public:
  virtual ~Task() = default;
  virtual void RunOnPool() = 0;
};

// Which work may be turned away.
enum class Priority { kNewRequest, kUnderWay };

class HandlerPool {
 public:
  HandlerPool(int threads, int queue_max);
  ~HandlerPool();
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;

  // Ends what runs, waits for what is expected, drops what waits. Once.
  void Stop();
  // False when the queue is full; never so for work under way, which the number of connections bounds.
  [[nodiscard]] bool Push(std::shared_ptr<Task> task, Priority priority);
  // A task goes on elsewhere for a while; to be called on the pool. Whoever has it brings it back, once, without being turned away.
  void Expect();
  // The thread that called Expect has left it to others. Until then, it is the thread that the task has, and no place in the queue.
  void Left();
  void Resume(std::shared_ptr<Task> task);
  std::size_t queued() const;

 private:
  // A thread without work, and how it is told of some.
  struct Sleeper {
    std::condition_variable wake;
    bool woken = false;
  };

  void Work(Sleeper& self);
  bool HasWork() const { return !queue_.empty() || !resumed_.empty(); }
  // With the lock: whom to tell, after it was let go, that there is more to do than is being taken. Nobody most of the time.
  Sleeper* ChooseToWake();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Task>> queue_;
  std::deque<std::shared_ptr<Task>> resumed_;  // Goes before the queue: little is left to do for it.
  std::size_t expected_ = 0;
  std::size_t leaving_ = 0;      // Of those expected, or back already, the ones that a thread has still to do with.
  std::condition_variable none_expected_;
  std::vector<Sleeper*> idle_;  // The last to have worked stands last, and is the next to: its memory is in the processor's caches.
  std::size_t waking_ = 0;      // Told to wake, not yet there.
  bool stopping_ = false;
  std::vector<std::unique_ptr<Sleeper>> sleepers_;
  std::vector<std::thread> threads_;
};

}  // namespace porchlight::http::internal
