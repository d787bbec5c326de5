#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "platform/store/internal/undoing.h"
#include "platform/store/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace porchlight::store::internal {

enum class SqliteRole : std::uint8_t { kWriter = 1, kReader = 2, kCheckpointer = 3 };

// How far a checkpoint came, in frames of the write-ahead log.
struct CheckpointProgress {
  int log_frames = 0;
  int copied_frames = 0;
};

// One connection with its prepared statements. Used by one thread at a time.
class SqliteConnection {
 public:
  // Creates the file with mode 0600 when it is absent. Errors: kCorrupt, kNoSpace, kUnavailable.
  static Result<std::unique_ptr<SqliteConnection>> Open(const std::string& path, SqliteRole role);
  SqliteConnection();  // Not open yet; Open is the way to get one.
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Answers the number of rows changed. A visitor may run further statements on the same connection.
  Result<std::int64_t> Run(const Statement& statement, const std::vector<Value>& parameters,
                           const std::function<bool(Row&&)>& visit);
  // Runs one control statement (BEGIN and its kin).
  Result<void> Control(const Statement& statement);
  // Ends the transaction of a writer. After an error only ROLLBACK follows.
  Result<void> Commit();
  // Runs any number of statements of a text; for migrations and pragmas.
  Result<void> Script(const std::string& sql, const std::string& what);

  // Of the units of the transaction; whoever rolls it back runs it.
  Undoing& undoing() { return undoing_; }

  bool InTransaction() const;
  // Grows with every row changed and every statement that is about more than rows: equal before and after means that
  // there is nothing to undo.
  std::int64_t ChangesSeen() const;
  // What the last failed call on this connection means, with `what` in the operator text.
  Error LastError(const std::string& what) const;
  Error ErrorOf(int code, const std::string& what) const;
  // True when the failure is a constraint found only at COMMIT.
  static bool IsConstraint(const Error& error) { return error.code == ErrorCode::kConflict; }

  // Frames in the log after the last commit of this connection.
  int log_frames() const { return log_frames_; }
  Result<CheckpointProgress> Checkpoint(bool restart_log, Duration wait_max);
  sqlite3* raw() const { return raw_; }

 private:
  struct Prepared;
  Result<void> Configure(SqliteRole role);
  Result<Prepared*> Acquire(const Statement& statement, std::unique_ptr<Prepared>& temporary);
  Result<std::unique_ptr<Prepared>> Prepare(const Statement& statement);
  Result<void> Bind(Prepared& prepared, const Statement& statement, const std::vector<Value>& parameters);
  int SystemReason() const;
  Row ReadRow(sqlite3_stmt* statement) const;
  static int OnBusy(void* self, int count);
  static int OnCommitted(void* self, sqlite3* raw, const char* database, int frames);

  sqlite3* raw_ = nullptr;
  std::int64_t busy_wait_ms_max_;
  int log_frames_ = 0;
  std::int64_t beyond_rows_ = 0;
  Undoing undoing_;
  std::unordered_map<const Statement*, std::unique_ptr<Prepared>> prepared_;
};

}  // namespace porchlight::store::internal
