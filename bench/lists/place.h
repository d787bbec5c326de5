#pragma once

#include <memory>
#include <string>

#include "platform/store/database.h"

// Where the rows of the measurement lie: a file of its own, or a database of its own on a PostgreSQL server, so that
// nothing else is touched and all of it can be removed again.
namespace porchlight::bench {

enum class Rows { kNew, kKept };

class Place {
 public:
  // SQLite: a file in `folder`. Errors: kConflict when it should be new and is not, kNotFound when it should be there.
  static Result<Place> OnDisk(const std::string& folder, Rows rows);
  // PostgreSQL: a database on the server of `conninfo` (key=value pairs). `data`: the server's data folder, or empty when
  // it is not at hand; then nothing can be made cold.
  static Result<Place> OnServer(const std::string& conninfo, const std::string& data, Rows rows);

  store::Engine engine() const { return engine_; }
  // With empty caches of its own.
  Result<std::unique_ptr<store::Database>> Open() const;
  // What autovacuum would have done by now; nothing on SQLite.
  Result<void> Vacuum() const;
  Result<void> Remove() const;
  std::int64_t Bytes() const;                   // 0 when it cannot be told.
  bool CanBeCold() const { return !files_.empty(); }
  // Writes everything out and drops it from the operating system's cache. PostgreSQL keeps its shared buffers.
  Result<void> MakeCold() const;
  // Reads every file once.
  void MakeWarm() const;

 private:
  Result<void> OnServerDo(const std::string& conninfo, const std::string& sql) const;

  store::Engine engine_ = store::Engine::kSqlite;
  std::string files_;                           // The folder.
  std::string server_;
  std::string conninfo_;
};

}  // namespace porchlight::bench
