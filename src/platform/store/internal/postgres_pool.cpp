#include "platform/store/internal/postgres_pool.h"

#include <algorithm>
#include <chrono>

#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {
constexpr Duration kTryAgainAfter = Duration::Milliseconds(500);
constexpr Duration kFirstPause = Duration::Milliseconds(20);
}  // namespace

PostgresPool::Lease::~Lease() {
  if (connection_ == nullptr) return;
  connection_->RollBack();
  owner_->GiveBack(std::move(connection_));
}

PostgresPool::PostgresPool(std::string conninfo, int connections_max, Duration wait_max)
    : conninfo_(std::move(conninfo)), connections_max_(connections_max), wait_max_(wait_max) {}

PostgresPool::~PostgresPool() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  ending_.notify_all();
  returned_.wait(lock, [&] { return lent_count_ == 0; });
}

Result<PostgresPool::Lease> PostgresPool::Take() {
  std::unique_ptr<PostgresConnection> connection;
  {
    std::unique_lock lock(mutex_);
    const auto wait = std::chrono::microseconds(wait_max_.microseconds);
    if (!returned_.wait_for(lock, wait, [&] { return lent_count_ < connections_max_; })) {
      return Unavailable("all " + std::to_string(connections_max_) + " connections to PostgreSQL were busy for too long");
    }
    ++lent_count_;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (connection == nullptr) {
    Result<std::unique_ptr<PostgresConnection>> connected = Connect();
    if (!connected.ok()) {
      GiveBack(nullptr);
      return std::move(connected).error();
    }
    connection = std::move(connected).value();
  }
  return Lease(*this, std::move(connection));
}

// A server that has been away for longer than anybody waits is asked by one caller per interval only.
bool PostgresPool::MayTryToConnect() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  const Duration now = Now();
  if (!away_since_ || now.microseconds - away_since_->microseconds <= wait_max_.microseconds) return true;
  if (now < next_try_) return false;
  next_try_ = {now.microseconds + kTryAgainAfter.microseconds};
  return true;
}

Result<std::unique_ptr<PostgresConnection>> PostgresPool::Connect() {
  const std::int64_t deadline = Now().microseconds + wait_max_.microseconds;
  Duration pause = kFirstPause;
  for (;;) {
    if (!MayTryToConnect()) return Unavailable("PostgreSQL has been away for some time");
    Result<std::unique_ptr<PostgresConnection>> connected = PostgresConnection::Open(conninfo_);
    bool long_away = false;
    {
      const std::lock_guard lock(mutex_);
      if (connected.ok()) {
        away_since_.reset();
        return connected;
      }
      if (!away_since_) away_since_ = Now();
      long_away = Now().microseconds - away_since_->microseconds > wait_max_.microseconds;
    }
    if (long_away || Now().microseconds + pause.microseconds >= deadline) return connected;
    Pause(pause);
    pause = std::min(Duration{pause.microseconds * 2}, kTryAgainAfter);
  }
}

void PostgresPool::Pause(Duration span) {
  std::unique_lock lock(mutex_);
  ending_.wait_for(lock, std::chrono::microseconds(span.microseconds), [&] { return stopping_; });
}

void PostgresPool::ForgetIdle() {
  std::vector<std::unique_ptr<PostgresConnection>> forgotten;
  const std::lock_guard lock(mutex_);
  forgotten.swap(idle_);
}

void PostgresPool::GiveBack(std::unique_ptr<PostgresConnection> connection) {
  if (connection != nullptr && !connection->IsIdle()) connection.reset();
  const std::lock_guard lock(mutex_);
  if (connection != nullptr) idle_.push_back(std::move(connection));
  --lent_count_;
  // Under the lock, because the destructor may be the one that waits.
  if (stopping_) returned_.notify_all();
  else returned_.notify_one();
}

}  // namespace porchlight::store::internal
