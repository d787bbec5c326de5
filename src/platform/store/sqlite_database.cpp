#include <filesystem>
#include <system_error>

#include "base/clock.h"
#include "platform/store/database.h"
#include "platform/store/internal/doomed_transaction.h"
#include "platform/store/internal/failure.h"
#include "platform/store/internal/file_lock.h"
#include "platform/store/internal/migrating.h"
#include "platform/store/internal/sqlite_backup.h"
#include "platform/store/internal/sqlite_connection.h"
#include "platform/store/internal/sqlite_readers.h"
#include "platform/store/internal/sqlite_writer.h"

namespace porchlight::store {

namespace {

using internal::SqliteConnection;

constexpr Statement kBeginRead{"store.begin_read", "BEGIN"};
constexpr Statement kEndRead{"store.end_read", "COMMIT"};
constexpr Statement kPing{"store.ping", "SELECT count(*) FROM sqlite_schema"};

class SqliteTransaction final : public internal::DoomedTransaction {
 public:
  explicit SqliteTransaction(SqliteConnection& connection) : connection_(connection) {}
  Engine engine() const override { return Engine::kSqlite; }
  void IfUndone(std::function<void()> undo) override { connection_.undoing().Add(std::move(undo)); }

 protected:
  Result<std::int64_t> RunOnEngine(const Statement& statement, const std::vector<Value>& parameters,
                                   const std::function<bool(Row&&)>& visit) override {
    return connection_.Run(statement, parameters, visit);
  }

 private:
  SqliteConnection& connection_;
};

// Beside the file itself, also when it is opened by another name.
std::string LockPath(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::canonical(path, ignored);
  return (ignored ? path : real.string()) + "-holding";
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const SqliteOptions& options, std::unique_ptr<SqliteConnection> writer, std::unique_ptr<SqliteConnection> checkpoints)
      : holding_(LockPath(options.path)), readers_(options.path, options.readers_max),
        writer_(std::move(writer), std::move(checkpoints), {options.write_queue_max, options.batch_max}) {}

  Engine engine() const override { return Engine::kSqlite; }

  Result<void> Migrate(const std::vector<Migration>& migrations) override {
    const std::vector<Migration> sorted = PL_TRY(internal::SortedMigrations(migrations));
    for (;;) {
      bool more = false;
      PL_TRY(writer_.Submit([&](SqliteConnection& connection) { return ApplyNext(connection, sorted, more); }));
      if (!more) return {};
    }
  }

  Result<void> BackUpTo(const std::string& path) override {
    internal::SqliteReaders::Lease lease = PL_TRY(readers_.Take());
    return internal::BackUpSqlite(lease.connection(), path);
  }

  Result<bool> HoldForThisProcess() override { return holding_.Take(); }

  Result<void> Ping() override {
    internal::SqliteReaders::Lease lease = PL_TRY(readers_.Take());
    return lease.connection().Control(kPing);
  }

 protected:
  Result<void> RunRead(const std::function<Result<void>(ReadTransaction&)>& work) override {
    internal::SqliteReaders::Lease lease = PL_TRY(readers_.Take());
    SqliteConnection& connection = lease.connection();
    PL_TRY(connection.Control(kBeginRead));
    // Ends the snapshot also when the work throws: a forgotten one would let the log grow.
    struct Ending {
      SqliteConnection& one;
      ~Ending() { [[maybe_unused]] const Result<void> ignored = one.Control(kEndRead); }
    } ending{connection};
    SqliteTransaction transaction(connection);
    return transaction.Conclude(work(transaction));
  }

  Result<void> RunWrite(const std::function<Result<void>(WriteTransaction&)>& work) override {
    return writer_.Submit([&](SqliteConnection& connection) {
      SqliteTransaction transaction(connection);
      return transaction.Conclude(work(transaction));
    });
  }

  void RunWriteThen(std::shared_ptr<LeftUnit> unit) override {
    const auto work = [unit](SqliteConnection& connection) {
      SqliteTransaction transaction(connection);
      return transaction.Conclude(unit->Run(transaction));
    };
    writer_.SubmitThen(work, [unit](Result<void> outcome) { unit->End(std::move(outcome)); });
  }

 private:
  // Each migration looks again what is applied, inside its own transaction: another process may be migrating too.
  static Result<void> ApplyNext(SqliteConnection& connection, const std::vector<Migration>& sorted, bool& more) {
    SqliteTransaction transaction(connection);
    PL_TRY(connection.Script(internal::MigrationTableSql(), "creating store_migrations"));
    const std::vector<internal::AppliedMigration> applied = PL_TRY(internal::ListApplied(transaction));
    const std::vector<Migration> missing = PL_TRY(internal::MissingMigrations(sorted, applied));
    more = !missing.empty();
    if (!more) return {};
    const Migration& next = missing.front();
    PL_TRY(connection.Script(internal::SqlFor(Engine::kSqlite, next.sql),
                             "migration " + std::to_string(next.version) + " (" + std::string(next.name) + ")"));
    return internal::RecordMigration(transaction, next, SystemClock().Now());
  }

  internal::FileLock holding_;
  internal::SqliteReaders readers_;
  internal::SqliteWriter writer_;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  if (options.path.empty() || options.readers_max < 1 || options.write_queue_max < 1 || options.batch_max < 1) {
    return internal::Internal("SQLite options: the path must be given and every limit must be at least 1");
  }
  std::unique_ptr<SqliteConnection> writer = PL_TRY(SqliteConnection::Open(options.path, internal::SqliteRole::kWriter));
  PL_TRY(writer->Control(kPing));
  std::unique_ptr<SqliteConnection> checkpoints = PL_TRY(SqliteConnection::Open(options.path, internal::SqliteRole::kCheckpointer));
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(options, std::move(writer), std::move(checkpoints)));
}

}  // namespace porchlight::store
