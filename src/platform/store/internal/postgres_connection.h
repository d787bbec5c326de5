#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "platform/store/internal/postgres_values.h"
#include "platform/store/value.h"

namespace porchlight::store::internal {

enum class PostgresMode : std::uint8_t { kRead = 1, kWrite = 2 };

// Why the last unit on a connection failed, as far as it decides what to do next.
enum class PostgresFailure : std::uint8_t {
  kNone = 0,
  kFinal = 1,      // Running it again would end the same way.
  kRepeat = 2,     // Serialisation failure or deadlock: run the unit again.
  kLost = 3,       // The connection died or the server is going away.
  kStale = 4,      // A prepared statement no longer fits the tables: forget them and run again.
};

// One connection with its prepared statements. Used by one thread at a time.
class PostgresConnection {
 public:
  // Errors: kUnavailable. Neither the conninfo nor any part of it appears in an error.
  static Result<std::unique_ptr<PostgresConnection>> Open(const std::string& conninfo);
  // Takes ownership; Open is the way to get one.
  explicit PostgresConnection(PGconn* raw) : raw_(raw) {}
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // Begins a unit; the server hears of it with the first statement, so a unit costs one round trip less.
  void Begin(PostgresMode mode);
  Result<std::int64_t> Run(const Statement& statement, const std::vector<Value>& parameters,
                           const std::function<bool(Row&&)>& visit);
  // Any number of statements without parameters.
  Result<void> Script(const std::string& sql, const std::string& what);
  Result<void> Commit();
  void RollBack();

  PostgresFailure failure() const { return failure_; }
  bool IsIdle() const { return PQstatus(raw_) == CONNECTION_OK && PQtransactionStatus(raw_) == PQTRANS_IDLE; }

 private:
  struct Prepared {
    std::string name;
    std::vector<Oid> types;
  };
  struct PreparedSet {
    std::string sql;
    std::vector<Prepared> variants;  // One statement may be run with an integer here and a double there.
  };
  class Stream;

  Result<Prepared> Acquire(const Statement& statement, const std::vector<Value>& parameters);
  Result<Prepared> Prepare(const Statement& statement, const std::vector<Value>& parameters);
  Result<void> Send(const Statement& statement, const Prepared& prepared, const WireParameters& parameters, Stream& stream);
  const char* BeginSql() const;
  Error ErrorOf(const PGresult* result, const std::string& what);

  PGconn* raw_;
  PostgresMode mode_ = PostgresMode::kRead;
  bool begun_ = false;
  PostgresFailure failure_ = PostgresFailure::kNone;
  Stream* stream_ = nullptr;  // Of the statement whose visitor is running.
  std::int64_t prepared_count_ = 0;
  std::unordered_map<const Statement*, PreparedSet> prepared_;
};

}  // namespace porchlight::store::internal
