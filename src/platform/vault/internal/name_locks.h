#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace porchlight::vault::internal {

// Lets one at a time work on one name: of two threads that store the same content at the same moment, the second waits and then finds
// the first one's object. A hold may be let go of on another thread than the one that took it.
class NameLocks {
 public:
  class Hold {
   public:
    Hold(NameLocks& locks, std::string name) : locks_(locks), name_(std::move(name)) {
      std::unique_lock lock(locks_.mutex_);
      locks_.freed_.wait(lock, [this] { return locks_.held_.insert(name_).second; });
    }
    ~Hold() {
      const std::lock_guard lock(locks_.mutex_);
      locks_.held_.erase(name_);
      locks_.freed_.notify_all();
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    NameLocks& locks_;
    const std::string name_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<std::string> held_;
};

}  // namespace porchlight::vault::internal
