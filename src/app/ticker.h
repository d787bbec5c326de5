#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/instant.h"

namespace porchlight::app {

// Runs one thing again and again on a thread of its own, with a pause between runs. The destructor waits for the run
// under way.
class Ticker {
 public:
  enum class Pace { kOrdinary, kStepsBack };   // The latter lets the threads that answer go first.
  Ticker(Duration pause, Pace pace, std::function<void()> run);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Loop();
  const Duration pause_;
  const Pace pace_;
  const std::function<void()> run_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace porchlight::app
