#include "platform/http/internal/handler_pool.h"

#include <pthread.h>
#include <sched.h>

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

HandlerPool::~HandlerPool() { Stop(); }

void HandlerPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& sleeper : sleepers_) sleeper->woken = true;
  }
  for (const auto& sleeper : sleepers_) sleeper->wake.notify_one();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::unique_lock lock(mutex_);
  none_expected_.wait(lock, [this] { return expected_ == 0; });
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
    // A queue is full when nobody is free to take from it and it has reached its length. What waits elsewhere stands in it too: there
    // are places for it there, but not without end.
    const std::size_t away = expected_ > leaving_ ? expected_ - leaving_ : 0;
    const std::size_t waiting = queue_.size() + resumed_.size() + away;
    if (priority == Priority::kNewRequest && waiting >= queue_max_ + idle_.size() + waking_) return false;
    queue_.push_back(std::move(task));
    chosen = ChooseToWake();
  }
  if (chosen != nullptr) chosen->wake.notify_one();
  return true;
}

void HandlerPool::Expect() {
  const std::lock_guard lock(mutex_);
  ++expected_;
  ++leaving_;
}

void HandlerPool::Left() {
  const std::lock_guard lock(mutex_);
  --leaving_;
}

void HandlerPool::Resume(std::shared_ptr<Task> task) {
  Sleeper* chosen = nullptr;
  {
    const std::lock_guard lock(mutex_);
    resumed_.push_back(std::move(task));
    if (!stopping_) chosen = ChooseToWake();
  }
  if (chosen != nullptr) chosen->wake.notify_one();
  // Last, and told under the lock: whoever waits for this ends the pool.
  const std::lock_guard lock(mutex_);
  if (--expected_ == 0) none_expected_.notify_all();
}

std::size_t HandlerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size() + resumed_.size();
}

void HandlerPool::Work(Sleeper& self) {
  pthread_setname_np(pthread_self(), "pl-handler");
  // Batch scheduling: a handler that is woken does not push the thread that woke it off its processor, which has more to hand over.
  // Where that is not to be had, it works all the same.
  const sched_param no_priority{};
  (void)sched_setscheduler(0, SCHED_BATCH, &no_priority);
  // Signals are the main thread's business.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock(mutex_);
  while (true) {
    while (!HasWork() && !stopping_) {
      self.woken = false;
      idle_.push_back(&self);
      self.wake.wait(lock, [&self] { return self.woken; });
      if (waking_ > 0) --waking_;
    }
    if (stopping_) return;
    std::deque<std::shared_ptr<Task>>& from = resumed_.empty() ? queue_ : resumed_;
    std::shared_ptr<Task> task = std::move(from.front());
    from.pop_front();
    Sleeper* const chosen = HasWork() ? ChooseToWake() : nullptr;
    lock.unlock();
    if (chosen != nullptr) chosen->wake.notify_one();
    task->RunOnPool();
    task.reset();
    lock.lock();
  }
}

}  // namespace porchlight::http::internal
