#include "platform/http/internal/handler_pool.h"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "base/check.h"

namespace porchlight::http::internal {

HandlerPool::HandlerPool(int threads, int queue_max) : queue_max_(static_cast<std::size_t>(queue_max)) {
  PL_CHECK(threads > 0 && queue_max > 0);
  sleepers_.reserve(static_cast<std::size_t>(threads));
  threads_.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    sleepers_.push_back(std::make_unique<Sleeper>());
    threads_.emplace_back([this, &self = *sleepers_.back()] { Work(self); });
  }
}

HandlerPool::~HandlerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& sleeper : sleepers_) sleeper->woken = true;
  }
  for (const auto& sleeper : sleepers_) sleeper->wake.notify_one();
  for (std::thread& thread : threads_) thread.join();
}

// One thread on its way up is enough: it wakes the next when it finds more than it can take. Waking one thread per request would cost
// more than a short handler does.
HandlerPool::Sleeper* HandlerPool::ChooseToWake() {
  if (waking_ > 0 || idle_.empty()) return nullptr;
  Sleeper* chosen = idle_.back();
  idle_.pop_back();
  chosen->woken = true;
  ++waking_;
  return chosen;
}

bool HandlerPool::Push(std::shared_ptr<Task> task, Priority priority) {
  Sleeper* chosen = nullptr;
  {
    const std::lock_guard lock(mutex_);
    // A queue is full when nobody is free to take from it and it has reached its length.
    if (priority == Priority::kNewRequest && queue_.size() >= queue_max_ + idle_.size() + waking_) return false;
    queue_.push_back(std::move(task));
    chosen = ChooseToWake();
  }
  if (chosen != nullptr) chosen->wake.notify_one();
  return true;
}

std::size_t HandlerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void HandlerPool::Work(Sleeper& self) {
  pthread_setname_np(pthread_self(), "pl-handler");
  // Signals are the main thread's business.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock(mutex_);
  while (true) {
    while (queue_.empty() && !stopping_) {
      self.woken = false;
      idle_.push_back(&self);
      self.wake.wait(lock, [&self] { return self.woken; });
      if (waking_ > 0) --waking_;
    }
    if (stopping_) return;
    std::shared_ptr<Task> task = std::move(queue_.front());
    queue_.pop_front();
    Sleeper* const chosen = queue_.empty() ? nullptr : ChooseToWake();
    lock.unlock();
    if (chosen != nullptr) chosen->wake.notify_one();
    task->RunOnPool();
    task.reset();
    lock.lock();
  }
}

}  // namespace porchlight::http::internal
