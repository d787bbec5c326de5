#include "app/ticker.h"

#include <chrono>

#include "base/nice.h"

namespace porchlight::app {

Ticker::Ticker(Duration pause, Pace pace, std::function<void()> run)
    : pause_(pause), pace_(pace), run_(std::move(run)), thread_([this] { Loop(); }) {}

Ticker::~Ticker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Ticker::Loop() {
  if (pace_ == Pace::kStepsBack) StepBack();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    run_();
    lock.lock();
    wake_.wait_for(lock, std::chrono::microseconds(pause_.microseconds), [this] { return stopping_; });
  }
}

}  // namespace porchlight::app
