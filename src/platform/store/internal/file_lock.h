#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"
#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

// A file that one process at a time, and of it one database, has locked. Its content means nothing, and it stays when the lock goes.
// Thread-safe.
class FileLock {
 public:
  explicit FileLock(std::string path) : path_(std::move(path)) {}
  ~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Without waiting. True from then on when it is ours, false when another one has it. Errors: kNoSpace, kUnavailable.
  Result<bool> Take() {
    const std::lock_guard guard(mutex_);
    if (descriptor_ >= 0) return true;
    const int opened = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0) return Failed("open", errno);
    if (flock(opened, LOCK_EX | LOCK_NB) == 0) {
      descriptor_ = opened;
      return true;
    }
    const int reason = errno;
    close(opened);
    if (reason == EWOULDBLOCK) return false;
    return Failed("lock", reason);
  }

 private:
  Error Failed(const std::string& verb, int reason) const {
    const std::string text = "cannot " + verb + " " + path_ + ": " + std::strerror(reason);
    return reason == ENOSPC || reason == EROFS || reason == EDQUOT ? NoSpace(text) : Unavailable(text);
  }

  const std::string path_;
  std::mutex mutex_;
  int descriptor_ = -1;
};

}  // namespace porchlight::store::internal
