#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "platform/store/internal/postgres_connection.h"

namespace porchlight::store::internal {

// Connections, opened as they are needed. Thread-safe. While the server is away, callers wait for it up to `wait_max`
// from the moment it went; after that they are refused at once, and one of them tries again every half second.
class PostgresPool {
 public:
  PostgresPool(std::string conninfo, int connections_max, Duration wait_max);
  // Waits until all leases are back.
  ~PostgresPool();

  // Gives the connection back when it ends, rolled back; one that is not idle then is closed.
  class Lease {
   public:
    Lease(PostgresPool& owner, std::unique_ptr<PostgresConnection> connection) : owner_(&owner), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : owner_(other.owner_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    PostgresConnection& connection() { return *connection_; }

   private:
    PostgresPool* owner_;
    std::unique_ptr<PostgresConnection> connection_;
  };
  // Errors: kUnavailable.
  Result<Lease> Take();
  // After a connection was lost the idle ones are most likely dead too.
  void ForgetIdle();
  // Waits, unless the pool is being destroyed.
  void Pause(Duration span);
  Duration Now() const { return clock_.Monotonic(); }

 private:
  Result<std::unique_ptr<PostgresConnection>> Connect();
  bool MayTryToConnect();
  void GiveBack(std::unique_ptr<PostgresConnection> connection);

  const std::string conninfo_;
  const int connections_max_;
  const Duration wait_max_;
  SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::condition_variable ending_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
  int lent_count_ = 0;
  bool stopping_ = false;
  std::optional<Duration> away_since_;
  Duration next_try_{0};
};

}  // namespace porchlight::store::internal
