#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>

// A word that many threads wait on and one sets, once. One system call wakes them all, and none of them takes a lock
// afterwards, which a condition variable cannot do.
namespace porchlight::store::internal {

class OneShotSignal {
 public:
  void Wait() {
    while (word_.load(std::memory_order_acquire) == 0) {
      syscall(SYS_futex, Address(), FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    }
  }
  void Set() {
    word_.store(1, std::memory_order_release);
    syscall(SYS_futex, Address(), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }

 private:
  std::uint32_t* Address() { return reinterpret_cast<std::uint32_t*>(&word_); }
  std::atomic<std::uint32_t> word_{0};
  static_assert(std::atomic<std::uint32_t>::is_always_lock_free && sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
};

}  // namespace porchlight::store::internal
