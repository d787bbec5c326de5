#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/store/internal/sqlite_connection.h"

namespace porchlight::store::internal {

// Connections for reads, opened as they are needed. Thread-safe.
class SqliteReaders {
 public:
  SqliteReaders(std::string path, int readers_max) : path_(std::move(path)), readers_max_(readers_max) {}
  // Waits until all leases are back.
  ~SqliteReaders();

  // Gives the connection back when it ends.
  class Lease {
   public:
    Lease(SqliteReaders& owner, std::unique_ptr<SqliteConnection> connection) : owner_(&owner), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : owner_(other.owner_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    SqliteConnection& connection() { return *connection_; }

   private:
    SqliteReaders* owner_;
    std::unique_ptr<SqliteConnection> connection_;
  };
  // Errors: kUnavailable when none comes free in time.
  Result<Lease> Take();

 private:
  void GiveBack(std::unique_ptr<SqliteConnection> connection);

  const std::string path_;
  const int readers_max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;  // The last one back goes out first: its cache is warm.
  int lent_count_ = 0;
};

}  // namespace porchlight::store::internal
