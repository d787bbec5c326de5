#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "platform/store/database.h"

// Fresh databases of either engine for the tests of every room.
//
//   class CaseTest : public testing::TestWithParam<store::Engine> {
//     void SetUp() override { PL_NEEDS_ENGINE(GetParam()); database_ = store::FreshDatabase(GetParam(), Migrations()); }
//     std::unique_ptr<store::Database> database_;
//   };
//   INSTANTIATE_TEST_SUITE_P(Engines, CaseTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());
//
// PostgreSQL is the server whose conninfo stands in PORCHLIGHT_TEST_POSTGRES (tools/with_postgres starts one).
namespace porchlight::store {

// Both, always: without a server the PostgreSQL tests are seen to be skipped, never silently absent.
std::vector<Engine> EnginesUnderTest();
bool IsAvailable(Engine engine);

struct EngineName {
  std::string operator()(const testing::TestParamInfo<Engine>& info) const { return NameOf(info.param); }
  static std::string NameOf(Engine engine) { return engine == Engine::kSqlite ? "Sqlite" : "Postgres"; }
};

// An empty database with the migrations applied, owned by this process alone: a file in a private directory, or a
// schema of its own on the server. It is removed when the database is destroyed. Ends the process when it cannot be
// made, and must not be asked for an engine that is not available.
std::unique_ptr<Database> FreshDatabase(Engine engine, const std::vector<Migration>& migrations);

// A place for a database that outlives one opening of it (restarts, crashes, second processes).
class DatabasePlace {
 public:
  explicit DatabasePlace(Engine engine);
  ~DatabasePlace();  // Removes it.
  DatabasePlace(const DatabasePlace&) = delete;
  DatabasePlace& operator=(const DatabasePlace&) = delete;

  Result<std::unique_ptr<Database>> Open() const;
  Engine engine() const { return engine_; }
  const std::string& directory() const { return directory_; }  // SQLite: private, empty but for the database.
  std::string sqlite_path() const { return directory_ + "/test.db"; }
  const std::string& conninfo() const { return conninfo_; }    // PostgreSQL: with the schema as search path.

 private:
  Engine engine_;
  std::string directory_;
  std::string schema_;
  std::string conninfo_;
};

}  // namespace porchlight::store

#define PL_NEEDS_ENGINE(engine)                                                                                     \
  do {                                                                                                              \
    if (!::porchlight::store::IsAvailable(engine)) {                                                                \
      GTEST_SKIP() << "NOT TESTED ON POSTGRESQL: set PORCHLIGHT_TEST_POSTGRES, or run under tools/with_postgres";   \
    }                                                                                                               \
  } while (false)
