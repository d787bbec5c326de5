#include <algorithm>

#include "base/random.h"
#include "platform/store/database.h"
#include "platform/store/internal/doomed_transaction.h"
#include "platform/store/internal/failure.h"
#include "platform/store/internal/migrating.h"
#include "platform/store/internal/postgres_connection.h"
#include "platform/store/internal/postgres_pool.h"
#include "platform/store/internal/undoing.h"

namespace porchlight::store {

namespace {

using internal::PostgresConnection;
using internal::PostgresFailure;
using internal::PostgresMode;
using internal::PostgresPool;

constexpr int kRepeatsMax = 12;          // Of a unit, after serialisation failures and deadlocks.
constexpr int kLostMax = 4;              // Of a unit, after lost connections; each waits for the server first.
constexpr Duration kPauseMax = Duration::Milliseconds(200);
// One lock for all who migrate; any number nobody else uses will do.
constexpr Statement kLockMigrations{"store.lock_migrations", "SELECT CAST(pg_advisory_xact_lock(7016996765293437281) AS TEXT)"};
constexpr Statement kPing{"store.ping", "SELECT 1"};

class PostgresTransaction final : public internal::DoomedTransaction {
 public:
  explicit PostgresTransaction(PostgresConnection& connection) : connection_(connection) {}
  ~PostgresTransaction() override { undoing_.RunFrom(0); }
  PostgresTransaction(const PostgresTransaction&) = delete;
  PostgresTransaction& operator=(const PostgresTransaction&) = delete;
  Engine engine() const override { return Engine::kPostgres; }
  void IfUndone(std::function<void()> undo) override { undoing_.Add(std::move(undo)); }
  void NoteStored() { undoing_.Forget(); }

 protected:
  Result<std::int64_t> RunOnEngine(const Statement& statement, const std::vector<Value>& parameters,
                                   const std::function<bool(Row&&)>& visit) override {
    return connection_.Run(statement, parameters, visit);
  }

 private:
  PostgresConnection& connection_;
  internal::Undoing undoing_;
};

using Work = std::function<Result<void>(PostgresTransaction&, PostgresConnection&)>;

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options) : pool_(options.conninfo, options.connections_max, options.wait_max) {}

  Engine engine() const override { return Engine::kPostgres; }

  Result<void> Migrate(const std::vector<Migration>& migrations) override {
    const std::vector<Migration> sorted = PL_TRY(internal::SortedMigrations(migrations));
    for (;;) {
      bool more = false;
      PL_TRY(RunUnit(PostgresMode::kWrite, [&](PostgresTransaction& transaction, PostgresConnection& connection) {
        return ApplyNext(transaction, connection, sorted, more);
      }));
      if (!more) return {};
    }
  }

  Result<void> BackUpTo(const std::string&) override {
    return Error{ErrorCode::kUnsupported, "A PostgreSQL database is backed up with PostgreSQL's own tools.",
                 "use pg_basebackup with archived WAL, or pg_dump, on the database server", {}, 0};
  }

  Result<bool> HoldForThisProcess() override { return false; }

  Result<void> Ping() override {
    return RunUnit(PostgresMode::kRead, [](PostgresTransaction& transaction, PostgresConnection&) -> Result<void> {
      PL_TRY(transaction.First(kPing));
      return {};
    });
  }

 protected:
  Result<void> RunRead(const std::function<Result<void>(ReadTransaction&)>& work) override {
    return RunUnit(PostgresMode::kRead, [&](PostgresTransaction& transaction, PostgresConnection&) { return work(transaction); });
  }
  Result<void> RunWrite(const std::function<Result<void>(WriteTransaction&)>& work) override {
    return RunUnit(PostgresMode::kWrite, [&](PostgresTransaction& transaction, PostgresConnection&) { return work(transaction); });
  }

 private:
  static Result<void> ApplyNext(PostgresTransaction& transaction, PostgresConnection& connection, const std::vector<Migration>& sorted,
                                bool& more) {
    PL_TRY(transaction.First(kLockMigrations));
    PL_TRY(connection.Script("SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning; " + internal::MigrationTableSql(),
                             "creating store_migrations"));
    const std::vector<internal::AppliedMigration> applied = PL_TRY(internal::ListApplied(transaction));
    const std::vector<Migration> missing = PL_TRY(internal::MissingMigrations(sorted, applied));
    more = !missing.empty();
    if (!more) return {};
    const Migration& next = missing.front();
    PL_TRY(connection.Script(internal::SqlFor(Engine::kPostgres, next.sql),
                             "migration " + std::to_string(next.version) + " (" + std::string(next.name) + ")"));
    return internal::RecordMigration(transaction, next, SystemClock().Now());
  }

  // One run of a unit. `failure` tells whether another run makes sense.
  Result<void> RunOnce(PostgresMode mode, const Work& work, PostgresFailure& failure) {
    failure = PostgresFailure::kFinal;
    PostgresPool::Lease lease = PL_TRY(pool_.Take());
    PostgresConnection& connection = lease.connection();
    connection.Begin(mode);
    PostgresTransaction transaction(connection);
    Result<void> done = transaction.Conclude(work(transaction, connection));
    failure = connection.failure();
    if (!done.ok()) {
      // The work may have answered an error of its own to a statement that failed for a passing reason.
      const bool passing = failure == PostgresFailure::kRepeat || failure == PostgresFailure::kLost || failure == PostgresFailure::kStale;
      return passing && transaction.failed() ? Result<void>(*transaction.failed()) : done;
    }
    Result<void> committed = connection.Commit();
    failure = connection.failure();
    if (committed.ok()) {
      transaction.NoteStored();
      return committed;
    }
    if (failure == PostgresFailure::kLost) {
      if (mode == PostgresMode::kRead) return {};
      failure = PostgresFailure::kFinal;
      pool_.ForgetIdle();
      return internal::Unavailable("the connection to PostgreSQL died during COMMIT: the unit may or may not be stored");
    }
    return committed;
  }

  Result<void> RunUnit(PostgresMode mode, const Work& work) {
    int repeats = 0;
    int losses = 0;
    for (;;) {
      PostgresFailure failure = PostgresFailure::kNone;
      Result<void> done = RunOnce(mode, work, failure);
      if (done.ok()) return done;
      switch (failure) {
        case PostgresFailure::kNone: case PostgresFailure::kFinal: return done;
        case PostgresFailure::kLost:
          pool_.ForgetIdle();
          if (++losses > kLostMax) return done;
          break;
        case PostgresFailure::kStale: case PostgresFailure::kRepeat: {
          if (++repeats > kRepeatsMax) return done;
          const std::int64_t pause_us = std::min(kPauseMax.microseconds, std::int64_t{1000} << repeats);
          pool_.Pause({pause_us / 2 + static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(pause_us / 2 + 1)))});
          break;
        }
      }
    }
  }

  SystemRandom random_;  // For the pauses only.
  PostgresPool pool_;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options) {
  char* problem = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(options.conninfo.c_str(), &problem);
  PQfreemem(problem);  // It quotes the conninfo, which may hold a password.
  if (parsed == nullptr || options.connections_max < 1 || options.wait_max.microseconds < 0) {
    PQconninfoFree(parsed);
    return Error{ErrorCode::kInvalidArgument, "The database settings are wrong.",
                 "PostgreSQL options: the conninfo cannot be read (key=value pairs, or postgresql://...), or a limit is below 1", {}, 0};
  }
  PQconninfoFree(parsed);
  return std::unique_ptr<Database>(std::make_unique<PostgresDatabase>(options));
}

}  // namespace porchlight::store
