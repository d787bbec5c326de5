#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "common/load_client.h"
#include "floors/floors.h"

namespace porchlight::bench {
namespace {

constexpr std::size_t kRowBytes = 4096;
constexpr int kGroup = 64;

Error Failed(const std::string& what) { return {ErrorCode::kInternal, what, what, "", 0}; }

Duration Since(Duration start) { return {MonotonicNow().microseconds - start.microseconds}; }

struct CloseSqlite {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// One group in one transaction. An empty text: done.
std::string InsertGroup(sqlite3* database, sqlite3_stmt* insert, std::int64_t first, const std::string& row) {
  if (sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite3_errmsg(database);
  for (std::int64_t key = first; key < first + kGroup; ++key) {
    sqlite3_bind_int64(insert, 1, key);
    sqlite3_bind_blob(insert, 2, row.data(), static_cast<int>(row.size()), SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) return sqlite3_errmsg(database);
    sqlite3_reset(insert);
  }
  if (sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite3_errmsg(database);
  return {};
}

}  // namespace

Result<Measurement> MeasureSync(const std::string& directory, double seconds) {
  const std::string path = directory + "/floor.append";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return Failed("Cannot write in " + directory + ": " + std::strerror(errno));
  const std::string row(kRowBytes, 'x');
  Measurement measurement;
  measurement.name = "append 4 KB and fdatasync";
  const Duration start = MonotonicNow();
  const double cpu = OwnCpuSeconds();
  bool good = true;
  while (good && static_cast<double>(Since(start).microseconds) < seconds * 1e6) {
    const Duration begun = MonotonicNow();
    good = write(file, row.data(), row.size()) == static_cast<ssize_t>(row.size()) && fdatasync(file) == 0;
    measurement.latencies.Add(Since(begun));
    ++measurement.count;
  }
  measurement.seconds = static_cast<double>(Since(start).microseconds) / 1e6;
  measurement.own_cpu_seconds = OwnCpuSeconds() - cpu;
  close(file);
  unlink(path.c_str());
  if (!good) return Failed("Cannot append to " + path + ": " + std::strerror(errno));
  return measurement;
}

Result<Measurement> MeasureSqliteGroups(const std::string& directory, double seconds) {
  const std::string path = directory + "/floor.sqlite";
  sqlite3* opened = nullptr;
  if (sqlite3_open(path.c_str(), &opened) != SQLITE_OK) return Failed("Cannot open " + path);
  std::unique_ptr<sqlite3, CloseSqlite> database(opened);
  const char* setup =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE floor(id INTEGER PRIMARY KEY, content BLOB NOT NULL)";
  if (sqlite3_exec(opened, setup, nullptr, nullptr, nullptr) != SQLITE_OK) return Failed(sqlite3_errmsg(opened));
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(opened, "INSERT INTO floor(id, content) VALUES(?1, ?2)", -1, &prepared, nullptr);
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> insert(prepared);
  const std::string row(kRowBytes, 'x');
  Measurement measurement;
  measurement.name = "SQLite, 4 KB rows, 64 a commit";
  measurement.note = "times are of one commit of 64 rows";
  const Duration start = MonotonicNow();
  const double cpu = OwnCpuSeconds();
  std::string problem;
  while (problem.empty() && static_cast<double>(Since(start).microseconds) < seconds * 1e6) {
    const Duration begun = MonotonicNow();
    problem = InsertGroup(opened, prepared, static_cast<std::int64_t>(measurement.count), row);
    measurement.latencies.Add(Since(begun));
    measurement.count += kGroup;
  }
  measurement.seconds = static_cast<double>(Since(start).microseconds) / 1e6;
  measurement.own_cpu_seconds = OwnCpuSeconds() - cpu;
  insert.reset();
  database.reset();
  for (const char* ending : {"", "-wal", "-shm"}) unlink((path + ending).c_str());
  if (!problem.empty()) return Failed(problem);
  return measurement;
}

}  // namespace porchlight::bench
