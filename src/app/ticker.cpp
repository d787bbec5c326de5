#include "app/ticker.h"

#include <chrono>

namespace porchlight::app {

Ticker::Ticker(Duration pause, std::function<void()> run)
    : pause_(pause), run_(std::move(run)), thread_([this] { Loop(); }) {}

Ticker::~Ticker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Ticker::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    run_();
    lock.lock();
    wake_.wait_for(lock, std::chrono::microseconds(pause_.microseconds), [this] { return stopping_; });
  }
}

}  // namespace porchlight::app
