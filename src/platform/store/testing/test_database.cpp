#include "platform/store/testing/test_database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/check.h"
#include "base/random.h"
#include "base/text.h"

namespace porchlight::store {

namespace {

std::string ServerConninfo() {
  const char* conninfo = std::getenv("PORCHLIGHT_TEST_POSTGRES");
  return conninfo == nullptr ? "" : conninfo;
}

void RunOnServer(const std::string& sql) {
  PGconn* connection = PQconnectdb(ServerConninfo().c_str());
  PGresult* result = PQexec(connection, ("SET client_min_messages = warning; " + sql).c_str());
  const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
  if (!done) std::fprintf(stderr, "test server: %s\n", PQerrorMessage(connection));
  PQclear(result);
  PQfinish(connection);
  PL_CHECK(done);
}

// The place goes when the database goes.
class PlacedDatabase final : public Database {
 public:
  explicit PlacedDatabase(Engine engine) : place_(engine) {
    Result<std::unique_ptr<Database>> opened = place_.Open();
    if (!opened.ok()) std::fprintf(stderr, "test database: %s\n", opened.error().operator_text.c_str());
    inner_ = std::move(opened).value();
  }
  Engine engine() const override { return inner_->engine(); }
  Result<void> Migrate(const std::vector<Migration>& migrations) override { return inner_->Migrate(migrations); }
  Result<void> BackUpTo(const std::string& path) override { return inner_->BackUpTo(path); }
  Result<bool> HoldForThisProcess() override { return inner_->HoldForThisProcess(); }
  Result<void> Ping() override { return inner_->Ping(); }

 protected:
  Result<void> RunRead(const std::function<Result<void>(ReadTransaction&)>& work) override { return inner_->Read(work); }
  Result<void> RunWrite(const std::function<Result<void>(WriteTransaction&)>& work) override { return inner_->Write(work); }
  void RunWriteThen(std::shared_ptr<LeftUnit> unit) override {
    inner_->WriteThen([unit](WriteTransaction& transaction) { return unit->Run(transaction); },
                      [unit](Result<void> outcome) { unit->End(std::move(outcome)); });
  }

 private:
  DatabasePlace place_;
  std::unique_ptr<Database> inner_;
};

}  // namespace

std::vector<Engine> EnginesUnderTest() { return {Engine::kSqlite, Engine::kPostgres}; }

bool IsAvailable(Engine engine) { return engine == Engine::kSqlite || !ServerConninfo().empty(); }

std::unique_ptr<Database> FreshDatabase(Engine engine, const std::vector<Migration>& migrations) {
  auto database = std::make_unique<PlacedDatabase>(engine);
  const Result<void> migrated = database->Migrate(migrations);
  if (!migrated.ok()) std::fprintf(stderr, "test database: %s\n", migrated.error().operator_text.c_str());
  PL_CHECK(migrated.ok());
  return database;
}

DatabasePlace::DatabasePlace(Engine engine) : engine_(engine) {
  PL_CHECK(IsAvailable(engine));
  if (engine == Engine::kSqlite) {
    std::string pattern = (std::filesystem::temp_directory_path() / "porchlight-test-XXXXXX").string();
    PL_CHECK(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    return;
  }
  SystemRandom random;
  schema_ = "test_" + HexEncode(random.Bytes(10));
  RunOnServer("CREATE SCHEMA " + schema_);
  conninfo_ = ServerConninfo() + " options='-c search_path=" + schema_ + "'";
}

DatabasePlace::~DatabasePlace() {
  if (engine_ == Engine::kPostgres) {
    RunOnServer("DROP SCHEMA " + schema_ + " CASCADE");
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Result<std::unique_ptr<Database>> DatabasePlace::Open() const {
  if (engine_ == Engine::kSqlite) {
    SqliteOptions options;
    options.path = sqlite_path();
    return OpenSqlite(options);
  }
  PostgresOptions options;
  options.conninfo = conninfo_;
  return OpenPostgres(options);
}

}  // namespace porchlight::store
