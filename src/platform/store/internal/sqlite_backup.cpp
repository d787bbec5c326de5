#include "platform/store/internal/sqlite_backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {

constexpr int kPagesPerStep = 4096;
constexpr Statement kBegin{"store.begin_backup", "BEGIN"};
constexpr Statement kTouch{"store.touch", "SELECT count(*) FROM sqlite_schema"};
constexpr Statement kEnd{"store.end_backup", "COMMIT"};
constexpr Statement kOneFile{"store.one_file", "PRAGMA journal_mode=DELETE"};
constexpr Statement kIntegrity{"store.integrity", "PRAGMA integrity_check(10)"};

bool SyncPath(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = fsync(file) == 0;
  close(file);
  return synced;
}

Result<void> CopyPages(SqliteConnection& source, SqliteConnection& copy) {
  sqlite3_backup* backup = sqlite3_backup_init(copy.raw(), "main", source.raw(), "main");
  if (backup == nullptr) return copy.LastError("starting the backup");
  int code = SQLITE_OK;
  while (code == SQLITE_OK) code = sqlite3_backup_step(backup, kPagesPerStep);
  const int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return copy.ErrorOf(code, "copying the database");
  if (finished != SQLITE_OK) return copy.ErrorOf(finished, "finishing the backup");
  return {};
}

// A backup nobody has checked is a hope.
Result<void> Check(SqliteConnection& copy) {
  std::string verdict;
  PL_TRY(copy.Run(kIntegrity, {}, [&](Row&& row) { verdict += (verdict.empty() ? "" : "; ") + row.Text(0); return true; }));
  if (verdict != "ok") return Corrupt("the copy fails its integrity check: " + verdict);
  return {};
}

Result<void> WriteCopy(SqliteConnection& source, const std::string& partial) {
  const std::unique_ptr<SqliteConnection> copy = PL_TRY(SqliteConnection::Open(partial, SqliteRole::kCheckpointer));
  // The open transaction pins one snapshot: writers go on and the copy does not start over.
  PL_TRY(source.Control(kBegin));
  Result<void> copied = source.Control(kTouch);
  if (copied.ok()) copied = CopyPages(source, *copy);
  const Result<void> ended = source.Control(kEnd);
  PL_TRY(std::move(copied));
  PL_TRY(Result<void>(ended));
  PL_TRY(copy->Control(kOneFile));
  return Check(*copy);
}

}  // namespace

Result<void> BackUpSqlite(SqliteConnection& source, const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) {
    return Error{ErrorCode::kConflict, "The backup file exists already.", "will not overwrite " + path + ": choose a new name", {}, 0};
  }
  const std::string partial = path + ".partial";
  unlink(partial.c_str());
  Result<void> written = WriteCopy(source, partial);
  if (written.ok() && !SyncPath(partial, O_RDWR)) written = NoSpace("cannot make the backup durable: " + partial);
  if (written.ok() && renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
    written = Unavailable("cannot name the backup " + path + ": " + std::strerror(errno));
  }
  if (!written.ok()) {
    for (const char* ending : {"", "-journal", "-wal", "-shm"}) unlink((partial + ending).c_str());
    return written;
  }
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (!SyncPath(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY)) {
    return NoSpace("cannot make the name of the backup durable: " + path);
  }
  return {};
}

}  // namespace porchlight::store::internal
