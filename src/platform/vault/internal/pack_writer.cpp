#include "platform/vault/internal/pack_writer.h"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "base/check.h"
#include "platform/vault/internal/guarded.h"

namespace porchlight::vault::internal {
namespace {

// Of one write and flush: more would let those that came first wait longer, and gain little.
constexpr std::size_t kBatchCountMax = 128;
constexpr std::size_t kBatchBytesMax = 16 * 1024 * 1024;
// Of what waits and what is being written.
constexpr std::size_t kBytesMax = 32 * 1024 * 1024;

}  // namespace

PackWriter::PackWriter() : thread_([this] { Loop(); }) {}

PackWriter::~PackWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void PackWriter::Write(Job job) {
  PL_CHECK(std::this_thread::get_id() != thread_.get_id());  // It would wait for itself.
  const std::size_t bytes = job.entry.bytes.size();
  bool wake = false;
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return bytes_ < kBytesMax; });
    queue_.push_back(std::move(job));
    bytes_ += bytes;
    wake = std::exchange(sleeping_, false);
  }
  if (wake) arrived_.notify_one();
}

void PackWriter::TakeBatch(std::vector<Job>& batch) {
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < kBatchCountMax && bytes < kBatchBytesMax) {
    bytes += queue_.front().entry.bytes.size();
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

void PackWriter::Loop() {
  pthread_setname_np(pthread_self(), "pl-packs");
  // Signals are the main thread's business.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::vector<Job> batch;
  batch.reserve(kBatchCountMax);
  std::unique_lock lock(mutex_);
  for (;;) {
    sleeping_ = queue_.empty();
    arrived_.wait(lock, [this] { return !queue_.empty() || stopping_; });
    sleeping_ = false;
    TakeBatch(batch);
    if (batch.empty()) return;
    lock.unlock();
    WriteBatch(batch);
    std::size_t bytes = 0;
    for (const Job& job : batch) bytes += job.entry.bytes.size();
    batch.clear();  // What was handed over goes without the lock.
    lock.lock();
    bytes_ -= bytes;
    room_.notify_all();
  }
}

// A batch is mostly of one pack: when one has become full, room in the next may be handed over before the last of that in the first.
void PackWriter::WriteBatch(std::vector<Job>& batch) {
  for (std::size_t begin = 0; begin < batch.size();) {
    std::vector<PackEntry*> entries;
    std::size_t end = begin;
    for (; end < batch.size() && batch[end].pack == batch[begin].pack; ++end) entries.push_back(&batch[end].entry);
    const Result<void> written = Guarded([&]() -> Result<void> {
      batch[begin].pack->WriteDurably(entries);
      return {};
    });
    if (!written.ok()) {
      for (PackEntry* entry : entries) entry->outcome = written;
    }
    for (; begin < end; ++begin) batch[begin].then(batch[begin].entry.outcome);
  }
}

}  // namespace porchlight::vault::internal
