#include "platform/store/internal/sqlite_writer.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {

constexpr Statement kBegin{"store.begin", "BEGIN IMMEDIATE"};
constexpr Statement kRollBack{"store.roll_back", "ROLLBACK"};
constexpr Statement kSave{"store.save", "SAVEPOINT unit"};
constexpr Statement kRelease{"store.release", "RELEASE unit"};
constexpr Statement kRollBackUnit{"store.roll_back_unit", "ROLLBACK TO unit"};

// Frames of 4 KB. The log is copied in the background from the first mark on. A log that is never idle is never copied
// to its last frame, so from the second mark on the writer itself copies the short rest between two batches and
// starts the log over; while a long reader forbids that, it tries again each step. The writer stands still meanwhile, so before that the
// background copies once more, until only a short rest is left or the log has come to the third mark.
constexpr int kCheckpointFrames = 4'000;
constexpr int kRestartFrames = 32'000;
constexpr int kShortRestFrames = 1'000;
constexpr int kForcedRestartFrames = 40'000;
constexpr Duration kRestartWaitMax = Duration::Milliseconds(20);
// How long a writer whose last batch had company waits for that company to come back, as a part of a commit. Where commits are faster
// than kGatherFrom, waiting costs more than they do: it lets one processor stand still.
constexpr Duration kGatherFrom = Duration::Milliseconds(1);
constexpr std::int64_t kGatherDivisor = 4;
constexpr Duration kGatherMax = Duration::Milliseconds(1);
// For how long units that arrive while a batch runs still join it, as a part of a commit: not so long that all of those who write
// wait for this one batch, and nobody makes the next ready meanwhile.
constexpr std::int64_t kJoinDivisor = 2;

// Also when SQLite has rolled back by itself: what stands in memory is left to be taken back.
void RollBackAll(SqliteConnection& connection) {
  // A refused ROLLBACK leaves nothing to be done: the next BEGIN fails and says so to its callers.
  if (connection.InTransaction()) [[maybe_unused]] const Result<void> ignored = connection.Control(kRollBack);
  connection.undoing().RunFrom(0);
}

}  // namespace

SqliteCheckpointer::SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), thread_([this] { Loop(); }) {}

SqliteCheckpointer::~SqliteCheckpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void SqliteCheckpointer::Ask() {
  {
    const std::lock_guard lock(mutex_);
    if (is_asked_) return;
    is_asked_ = true;
  }
  asked_.notify_one();
}

bool SqliteCheckpointer::IsCopying() {
  const std::lock_guard lock(mutex_);
  return is_asked_;
}

void SqliteCheckpointer::Loop() {
  pthread_setname_np(pthread_self(), "pl-checkpoint");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    asked_.wait(lock, [&] { return is_asked_ || stopping_; });
    if (stopping_) return;
    lock.unlock();
    // A failure (disk full, I/O) costs nothing but log length: commits report it to their callers, and the writer asks
    // again.
    const Result<CheckpointProgress> progress = connection_->Checkpoint(false, Duration{0});
    if (progress.ok()) copied_frames_.store(progress->copied_frames, std::memory_order_relaxed);
    lock.lock();
    is_asked_ = false;
  }
}

SqliteWriter::SqliteWriter(std::unique_ptr<SqliteConnection> connection, std::unique_ptr<SqliteConnection> checkpoints,
                           SqliteWriterOptions options)
    : options_(options), connection_(std::move(connection)), checkpointer_(std::move(checkpoints)),
      next_restart_frames_(kRestartFrames), forced_restart_frames_(kForcedRestartFrames),
      next_checkpoint_frames_(kCheckpointFrames), thread_([this] { Loop(); }) {}

SqliteWriter::~SqliteWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

Result<void> SqliteWriter::Submit(const SqliteWork& work) {
  PL_CHECK(std::this_thread::get_id() != thread_.get_id());  // A write inside a write would wait for itself.
  Unit unit;
  unit.work = &work;
  const std::shared_ptr<Batch> batch = PL_TRY(Enqueue(unit, nullptr));
  batch->done.Wait();
  if (unit.thrown) std::rethrow_exception(unit.thrown);
  return std::move(unit.outcome);
}

void SqliteWriter::SubmitThen(SqliteWork work, std::function<void(Result<void>)> then) {
  auto left = std::make_unique<LeftUnit>();
  left->work = std::move(work);
  left->then = std::move(then);
  left->unit.work = &left->work;
  const auto enqueued = Enqueue(left->unit, &left);
  if (!enqueued.ok()) left->then(enqueued.error());
}

Result<std::shared_ptr<SqliteWriter::Batch>> SqliteWriter::Enqueue(Unit& unit, std::unique_ptr<LeftUnit>* left) {
  std::shared_ptr<Batch> batch;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Unavailable("the database is being closed");
    if (queued_count_ >= static_cast<std::size_t>(options_.write_queue_max)) {
      return Unavailable("the write queue is full (" + std::to_string(options_.write_queue_max) + " units)");
    }
    if (queue_.empty() || queue_.back()->units.size() >= static_cast<std::size_t>(options_.batch_max)) {
      queue_.push_back(std::make_shared<Batch>());
    }
    batch = queue_.back();
    batch->units.push_back(&unit);
    if (left == nullptr) batch->is_waited_for = true;
    else batch->left.push_back(std::move(*left));
    ++queued_count_;
    wake = queued_count_ == wake_at_count_;
  }
  if (wake) arrived_.notify_one();
  return batch;
}

// Those who wait first: they need a processor to go on.
void SqliteWriter::Tell(Batch& batch) {
  if (batch.is_waited_for) batch.done.Set();
  for (const std::unique_ptr<LeftUnit>& left : batch.left) left->then(std::move(left->unit.outcome));
}

std::shared_ptr<SqliteWriter::Batch> SqliteWriter::TakeFront() {
  std::shared_ptr<Batch> batch = std::move(queue_.front());
  queue_.pop_front();
  queued_count_ -= batch->units.size();
  return batch;
}

// A lone writer is taken at once. After a batch of several, their callers are just waking up: going on with the first
// that returns would spend an fsync on it alone, so on a slow disk the writer waits for most of them, a fraction of a commit long.
void SqliteWriter::WaitForUnits(std::unique_lock<std::mutex>& lock) {
  const std::size_t company = last_batch_count_ * 3 / 4;
  if (company > 1 && queued_count_ < company && !stopping_ && commit_time_.microseconds >= kGatherFrom.microseconds) {
    const std::int64_t wait_us = std::min(commit_time_.microseconds / kGatherDivisor, kGatherMax.microseconds);
    wake_at_count_ = company;
    arrived_.wait_for(lock, std::chrono::microseconds(wait_us), [&] { return queued_count_ >= company || stopping_; });
  }
  wake_at_count_ = 1;
  arrived_.wait(lock, [&] { return !queue_.empty() || stopping_; });
  wake_at_count_ = 0;  // Busy: nobody needs to wake it.
}

void SqliteWriter::Loop() {
  pthread_setname_np(pthread_self(), "pl-writer");
  std::unique_lock lock(mutex_);
  for (;;) {
    WaitForUnits(lock);
    if (queue_.empty()) return;
    Batches batches{TakeFront()};
    lock.unlock();
    RunBatches(batches);
    last_batch_count_ = 0;
    for (const std::shared_ptr<Batch>& batch : batches) {
      last_batch_count_ += batch->units.size();
      Tell(*batch);
    }
    batches.clear();  // What left units owned goes without the lock.
    KeepLogShort();
    lock.lock();
  }
}

// Units that arrived while the first ones ran share their commit.
std::size_t SqliteWriter::TakeLateUnits(Batches& batches, std::size_t taken) {
  if (clock_.Monotonic().microseconds - run_begun_.microseconds > commit_time_.microseconds / kJoinDivisor) return 0;
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || taken + queue_.front()->units.size() > static_cast<std::size_t>(options_.batch_max)) return 0;
  batches.push_back(TakeFront());
  return batches.back()->units.size();
}

void SqliteWriter::RunBatches(Batches& batches) {
  const Result<void> done = RunTogether(batches);
  if (done.ok()) return;
  RollBackAll(*connection_);
  std::size_t count = 0;
  for (const std::shared_ptr<Batch>& batch : batches) count += batch->units.size();
  // A constraint checked only at COMMIT is the fault of one unit, so each gets a commit of its own to find out whose.
  const bool blames_one = SqliteConnection::IsConstraint(done.error()) && count > 1;
  for (const std::shared_ptr<Batch>& batch : batches) {
    for (Unit* unit : batch->units) {
      if (blames_one) RunAlone(*unit);
      else if (unit->outcome.ok()) unit->outcome = done.error();
    }
  }
}

Result<bool> SqliteWriter::RunUnits(Batches& batches, Undo undo) {
  run_begun_ = clock_.Monotonic();
  PL_TRY(connection_->Control(kBegin));
  std::size_t taken = 0;
  for (const std::shared_ptr<Batch>& batch : batches) taken += batch->units.size();
  for (std::size_t index = 0; index < batches.size(); ++index) {
    for (Unit* unit : batches[index]->units) {
      const std::int64_t before = connection_->ChangesSeen();
      RunUnit(*unit, undo);
      // Disk full and I/O errors make SQLite roll back everything at once.
      if (!connection_->InTransaction()) return unit->outcome.ok() ? Internal("a unit ended its own transaction") : unit->outcome.error();
      if (undo == Undo::kTransaction && !unit->outcome.ok() && connection_->ChangesSeen() != before) return false;
    }
    if (index + 1 == batches.size()) taken += TakeLateUnits(batches, taken);
  }
  return true;
}

// A savepoint costs a copy of every page its unit touches, and few units fail after they changed something.
Result<void> SqliteWriter::RunTogether(Batches& batches) {
  const bool clean = PL_TRY(RunUnits(batches, Undo::kTransaction));
  const bool alone = batches.size() == 1 && batches.front()->units.size() == 1;
  if (alone && !batches.front()->units.front()->outcome.ok()) {
    RollBackAll(*connection_);
    return {};
  }
  if (!clean) {
    RollBackAll(*connection_);
    PL_TRY(RunUnits(batches, Undo::kSavepoint));
  }
  const Duration begun = clock_.Monotonic();
  PL_TRY(connection_->Commit());
  const std::int64_t took = clock_.Monotonic().microseconds - begun.microseconds;
  commit_time_.microseconds = (commit_time_.microseconds * 7 + took) / 8;
  return {};
}

void SqliteWriter::RunUnit(Unit& unit, Undo undo) {
  const std::size_t mark = connection_->undoing().mark();
  unit.thrown = nullptr;
  unit.outcome = undo == Undo::kSavepoint ? connection_->Control(kSave) : Result<void>();
  if (!unit.outcome.ok()) return;
  try {
    unit.outcome = (*unit.work)(*connection_);
  } catch (...) {
    unit.thrown = std::current_exception();
    unit.outcome = Internal("the work of a unit threw" + WhatWasThrown());
  }
  if (!unit.outcome.ok()) connection_->undoing().RunFrom(mark);
  if (undo != Undo::kSavepoint || !connection_->InTransaction()) return;
  if (!unit.outcome.ok()) {
    const Result<void> undone = connection_->Control(kRollBackUnit);
    if (!undone.ok()) RollBackAll(*connection_);
  }
  if (!connection_->InTransaction()) return;
  const Result<void> released = connection_->Control(kRelease);
  if (!released.ok() && unit.outcome.ok()) {
    unit.outcome = released.error();
    RollBackAll(*connection_);
  }
}

void SqliteWriter::RunAlone(Unit& unit) {
  unit.outcome = connection_->Control(kBegin);
  if (!unit.outcome.ok()) return;
  RunUnit(unit, Undo::kTransaction);
  if (unit.outcome.ok()) unit.outcome = connection_->Commit();
  if (!unit.outcome.ok()) RollBackAll(*connection_);
}

void SqliteWriter::KeepLogShort() {
  const int frames = connection_->log_frames();
  if (frames < kCheckpointFrames) {
    ForgetMarks();
  } else if (frames >= next_restart_frames_) {
    const bool is_rest_short = frames - checkpointer_.copied_frames() <= kShortRestFrames;
    if (!is_rest_short && frames < forced_restart_frames_) checkpointer_.Ask();
    else if (!checkpointer_.IsCopying()) RestartLog(frames);
  } else if (frames >= next_checkpoint_frames_) {
    next_checkpoint_frames_ = frames + kCheckpointFrames;
    checkpointer_.Ask();
  }
}

void SqliteWriter::RestartLog(int frames) {
  const Result<CheckpointProgress> progress = connection_->Checkpoint(true, kRestartWaitMax);
  if (progress.ok() && connection_->log_frames() == 0) {
    checkpointer_.NoteRestart();
    ForgetMarks();
  } else {
    next_checkpoint_frames_ = next_restart_frames_ = forced_restart_frames_ = frames + kCheckpointFrames;
  }
}

void SqliteWriter::ForgetMarks() {
  next_checkpoint_frames_ = kCheckpointFrames;
  next_restart_frames_ = kRestartFrames;
  forced_restart_frames_ = kForcedRestartFrames;
}

}  // namespace porchlight::store::internal
