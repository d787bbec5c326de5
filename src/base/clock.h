#pragma once

#include <atomic>

#include "base/instant.h"

namespace porchlight {

// The only source of time. Injected everywhere, so that tests and the simulator drive deadlines, expiry and
// reminders. Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, for what is stored and shown. May jump.
  virtual Instant Now() const = 0;
  // Time since an arbitrary start that never goes back, for timeouts and measuring.
  virtual Duration Monotonic() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
  Duration Monotonic() const override;
};

// Stands still until it is told to move.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start.microseconds) {}
  Instant Now() const override { return {now_.load()}; }
  Duration Monotonic() const override { return {elapsed_.load()}; }
  void Advance(Duration span) { now_ += span.microseconds; elapsed_ += span.microseconds; }
  // A wall-clock jump: Monotonic() does not follow.
  void JumpTo(Instant instant) { now_ = instant.microseconds; }

 private:
  std::atomic<std::int64_t> now_;
  std::atomic<std::int64_t> elapsed_{0};
};

}  // namespace porchlight
