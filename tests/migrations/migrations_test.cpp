// Goal: a centre of any earlier version becomes exactly what a new one is. Method: for every number of migrations, that
// many are applied, then all of them, and the schema is compared with that of a fresh database, on both engines.
#include <gmock/gmock.h>

#include "app/centre.h"
#include "platform/store/testing/test_database.h"

namespace porchlight {
namespace {

constexpr store::Statement kSqliteSchema{
    "test.schema", "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1"};
constexpr store::Statement kPostgresSchema{
    "test.schema",
    "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') "
    "FROM information_schema.columns WHERE table_schema = current_schema() "
    "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"};

class MigrationsTest : public testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override { PL_NEEDS_ENGINE(GetParam()); }
  // One line per column and index, without the name of the place itself.
  std::vector<std::string> SchemaOf(store::Database& database) {
    std::vector<std::string> lines;
    const bool sqlite = GetParam() == store::Engine::kSqlite;
    const auto rows = database.Read(
        [&](store::ReadTransaction& transaction) { return transaction.All(sqlite ? kSqliteSchema : kPostgresSchema); });
    EXPECT_TRUE(rows.ok()) << rows.error().operator_text;
    for (const store::Row& row : *rows) {
      std::string line = row.Text(0);
      for (std::size_t at = line.find("test_"); at != std::string::npos; at = line.find("test_")) line.erase(at, 25);
      lines.push_back(line);
    }
    return lines;
  }
};

TEST_P(MigrationsTest, FromEveryEarlierVersionTheSchemaBecomesThatOfAFreshDatabase) {
  const std::vector<store::Migration> all = app::AllMigrations();
  ASSERT_GT(all.size(), 4U);
  const std::vector<std::string> fresh = SchemaOf(*store::FreshDatabase(GetParam(), all));
  ASSERT_GT(fresh.size(), 40U);
  for (std::size_t count = 0; count < all.size(); ++count) {
    const auto database = store::FreshDatabase(GetParam(), {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)});
    const Result<void> migrated = database->Migrate(all);
    ASSERT_TRUE(migrated.ok()) << "from " << count << " migrations: " << migrated.error().operator_text;
    EXPECT_EQ(SchemaOf(*database), fresh) << "from " << count << " migrations";
    EXPECT_TRUE(database->Migrate(all).ok()) << "once more";
  }
}

TEST_P(MigrationsTest, ADatabaseOfALaterVersionIsRefused) {
  std::vector<store::Migration> all = app::AllMigrations();
  const auto database = store::FreshDatabase(GetParam(), all);
  all.pop_back();
  const Result<void> migrated = database->Migrate(all);
  ASSERT_FALSE(migrated.ok());
  EXPECT_EQ(migrated.error().code, ErrorCode::kConflict);
}

INSTANTIATE_TEST_SUITE_P(Engines, MigrationsTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight
