#include "platform/store/internal/sqlite_readers.h"

#include <chrono>

#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {
constexpr std::chrono::seconds kWaitMax{5};
}  // namespace

SqliteReaders::Lease::~Lease() {
  if (connection_ != nullptr) owner_->GiveBack(std::move(connection_));
}

SqliteReaders::~SqliteReaders() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return lent_count_ == 0; });
}

Result<SqliteReaders::Lease> SqliteReaders::Take() {
  std::unique_ptr<SqliteConnection> connection;
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, kWaitMax, [&] { return lent_count_ < readers_max_; })) {
      return Unavailable("all " + std::to_string(readers_max_) + " reading connections were busy for 5 seconds");
    }
    ++lent_count_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection == nullptr) {
    Result<std::unique_ptr<SqliteConnection>> opened = SqliteConnection::Open(path_, SqliteRole::kReader);
    if (!opened.ok()) {
      GiveBack(nullptr);
      return std::move(opened).error();
    }
    connection = std::move(opened).value();
  }
  return Lease(*this, std::move(connection));
}

void SqliteReaders::GiveBack(std::unique_ptr<SqliteConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (connection != nullptr && !connection->InTransaction()) idle_.push_back(std::move(connection));
  --lent_count_;
  // Under the lock, because the destructor may be the one that waits.
  returned_.notify_all();
}

}  // namespace porchlight::store::internal
