#include "platform/http/internal/handler_pool.h"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "base/check.h"

namespace porchlight::http::internal {

HandlerPool::HandlerPool(int threads, int queue_max) : queue_max_(static_cast<std::size_t>(queue_max)) {
  PL_CHECK(threads > 0 && queue_max > 0);
  threads_.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

HandlerPool::~HandlerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool HandlerPool::Push(std::shared_ptr<Task> task, Priority priority) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    // A queue is full when nobody is free to take from it and it has reached its length.
    if (priority == Priority::kNewRequest && queue_.size() >= queue_max_ + idle_) return false;
    queue_.push_back(std::move(task));
    // One thread on its way up is enough: it wakes the next when it finds more than it can take. Waking one thread
    // per request would cost more than a short handler does.
    wake = waking_ == 0 && idle_ > 0;
    if (wake) ++waking_;
  }
  if (wake) wake_.notify_one();
  return true;
}

std::size_t HandlerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void HandlerPool::Work() {
  // Signals are the main thread's business.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock(mutex_);
  while (true) {
    while (queue_.empty() && !stopping_) {
      ++idle_;
      wake_.wait(lock);
      --idle_;
      if (waking_ > 0) --waking_;
    }
    if (stopping_) return;
    std::shared_ptr<Task> task = std::move(queue_.front());
    queue_.pop_front();
    const bool wake = !queue_.empty() && waking_ == 0 && idle_ > 0;
    if (wake) ++waking_;
    lock.unlock();
    if (wake) wake_.notify_one();
    task->RunOnPool();
    task.reset();
    lock.lock();
  }
}

}  // namespace porchlight::http::internal
