#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "platform/vault/internal/active_pack.h"

namespace porchlight::vault::internal {

// The one writer of the packs of a process: what is handed over while it writes goes with its next write and flush. Thread-safe.
class PackWriter {
 public:
  struct Job {
    std::shared_ptr<ActivePack> pack;
    PackEntry entry;
    // Hears when the entry is on stable storage or has failed, on the writer's thread, which writes nothing meanwhile. It neither throws
    // nor calls Write.
    std::function<void(const Result<void>&)> then;
  };

  PackWriter();
  // Writes what was handed over, then ends.
  ~PackWriter();
  PackWriter(const PackWriter&) = delete;
  PackWriter& operator=(const PackWriter&) = delete;

  // Waits while too many bytes wait to be written, so that a slow disk holds back those who bring more. An exception means that the job
  // was not taken.
  void Write(Job job);

 private:
  void Loop();
  void TakeBatch(std::vector<Job>& batch);
  static void WriteBatch(std::vector<Job>& batch);

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable arrived_;
  std::condition_variable room_;
  std::deque<Job> queue_;
  std::size_t bytes_ = 0;   // Handed over and not yet done with.
  bool sleeping_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace porchlight::vault::internal
