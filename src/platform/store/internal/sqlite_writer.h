#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "platform/store/database.h"
#include "platform/store/internal/futex.h"
#include "platform/store/internal/sqlite_connection.h"

namespace porchlight::store::internal {

// What runs inside a transaction of the writer's connection.
using SqliteWork = std::function<Result<void>(SqliteConnection&)>;

// Copies the log into the database file on a thread of its own, so that commits do not wait for it.
class SqliteCheckpointer {
 public:
  explicit SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection);
  ~SqliteCheckpointer();
  void Ask();
  // While it copies, nobody else can.
  bool IsCopying();
  // How many frames of the log were copied when it last ended, since the log started over.
  int copied_frames() const { return copied_frames_.load(std::memory_order_relaxed); }
  void NoteRestart() { copied_frames_ = 0; }

 private:
  void Loop();
  std::unique_ptr<SqliteConnection> connection_;
  std::mutex mutex_;
  std::condition_variable asked_;
  bool is_asked_ = false;
  std::atomic<int> copied_frames_{0};
  bool stopping_ = false;
  std::thread thread_;
};

struct SqliteWriterOptions {
  int write_queue_max = 4096;
  int batch_max = 128;
};

// The one writer of a database: takes queued units, runs them one after another, commits them with one fsync, and wakes
// their callers with one system call per batch. A unit that fails is undone alone: where it had changed something, the
// batch is rolled back and run again with a savepoint around each unit. Thread-safe.
class SqliteWriter {
 public:
  SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::unique_ptr<SqliteConnection> checkpoints,
               SqliteWriterOptions options);
  // Runs what is queued, then ends.
  ~SqliteWriter();

  // Returns when the unit is durable or has failed. An exception from the work comes out here.
  Result<void> Submit(const SqliteWork& work);
  // Returns at once; `then` hears when the unit is durable or has failed, on the writer's thread or, when it is refused, on this one. It
  // neither waits nor throws. An exception from the work is kInternal.
  void SubmitThen(SqliteWork work, std::function<void(Result<void>)> then);

 private:
  struct Unit {
    const SqliteWork* work = nullptr;
    Result<void> outcome;
    std::exception_ptr thrown;
  };
  // One whose caller has gone on.
  struct LeftUnit {
    SqliteWork work;
    std::function<void(Result<void>)> then;
    Unit unit;
  };
  // Filled while it stands in the queue; those of its callers who wait do so on one signal.
  struct Batch {
    std::vector<Unit*> units;
    std::vector<std::unique_ptr<LeftUnit>> left;  // Those of them that are nobody else's.
    bool is_waited_for = false;
    OneShotSignal done;
  };
  using Batches = std::vector<std::shared_ptr<Batch>>;

  void Loop();
  // `left` is taken over unless it is refused.
  Result<std::shared_ptr<Batch>> Enqueue(Unit& unit, std::unique_ptr<LeftUnit>* left);
  static void Tell(Batch& batch);
  void WaitForUnits(std::unique_lock<std::mutex>& lock);
  std::shared_ptr<Batch> TakeFront();
  void RunBatches(Batches& batches);
  Result<void> RunTogether(Batches& batches);
  // What undoes a unit that failed: its savepoint, or nothing less than the end of the transaction.
  enum class Undo { kSavepoint, kTransaction };
  // False: a unit failed after it had changed something, and only rolling everything back undoes it.
  Result<bool> RunUnits(Batches& batches, Undo undo);
  void RunUnit(Unit& unit, Undo undo);
  void RunAlone(Unit& unit);
  std::size_t TakeLateUnits(Batches& batches, std::size_t taken);
  void KeepLogShort();
  void RestartLog(int frames);
  void ForgetMarks();

  const SqliteWriterOptions options_;
  std::unique_ptr<SqliteConnection> connection_;
  SqliteCheckpointer checkpointer_;
  SystemClock clock_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<Batch>> queue_;
  std::size_t queued_count_ = 0;
  std::size_t wake_at_count_ = 1;  // Arrivals below it do not wake the writer.
  bool stopping_ = false;

  // Only the writer's thread touches these.
  std::size_t last_batch_count_ = 0;
  Duration commit_time_{0};        // Smoothed.
  Duration run_begun_{0};          // Of the batch.
  int next_restart_frames_;
  int forced_restart_frames_;
  int next_checkpoint_frames_;
  std::thread thread_;
};

}  // namespace porchlight::store::internal
