// Goal: the layer before SQLite's page cache forgets exactly what SQLite's own would: after a truncation no page behind the end is
// found, every page before it is, and a page under its lent number goes too. Method: random calls beside a map, on the cache itself;
// and a real database that grows, shrinks and is taken back, checked by SQLite.
#include <sqlite3.h>

#include <map>

#include "base/check.h"
#include "base/random.h"
#include "platform/store/internal/sqlite_connection.h"
#include "platform/store/internal/sqlite_log.h"
#include "platform/store/internal/sqlite_page_cache.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

constexpr int kPageBytes = 4096;
constexpr unsigned kLent = 0x40000000U / kPageBytes + 1;
constexpr int kCreate = 2;

// The methods that connections of this process get, taken while SQLite is out of use.
class SqlitePageCacheTest : public testing::Test {
 protected:
  SqlitePageCacheTest() {
    PL_CHECK(internal::GatheringLayer() != nullptr);
    PL_CHECK(sqlite3_shutdown() == SQLITE_OK);
    PL_CHECK(internal::WalksAreSpared());
    PL_CHECK(sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &methods_) == SQLITE_OK);
    PL_CHECK(sqlite3_initialize() == SQLITE_OK);
    cache_ = methods_.xCreate(kPageBytes, 128, 1);
    PL_CHECK(cache_ != nullptr);
    methods_.xCachesize(cache_, 10'000);
  }
  ~SqlitePageCacheTest() override { methods_.xDestroy(cache_); }

  // Adds the page if it is new, and lets go of it, so that it stays by the cache's leave.
  void Add(unsigned number) {
    sqlite3_pcache_page* page = methods_.xFetch(cache_, number, kCreate);
    PL_CHECK(page != nullptr);
    methods_.xUnpin(cache_, page, 0);
  }
  void Rename(unsigned before, unsigned after) {
    sqlite3_pcache_page* page = methods_.xFetch(cache_, before, 0);
    PL_CHECK(page != nullptr);
    methods_.xRekey(cache_, page, before, after);
    methods_.xUnpin(cache_, page, 0);
  }
  bool Has(unsigned number) {
    sqlite3_pcache_page* page = methods_.xFetch(cache_, number, 0);
    if (page != nullptr) methods_.xUnpin(cache_, page, 0);
    return page != nullptr;
  }

  sqlite3_pcache_methods2 methods_{};
  sqlite3_pcache* cache_ = nullptr;
};

TEST_F(SqlitePageCacheTest, TruncationDropsWhatLiesBehindAndNothingElse) {
  for (unsigned number = 1; number <= 20; ++number) Add(number);
  methods_.xTruncate(cache_, 11);
  for (unsigned number = 1; number <= 20; ++number) EXPECT_EQ(Has(number), number <= 10) << number;
  EXPECT_EQ(methods_.xPagecount(cache_), 10);
}

TEST_F(SqlitePageCacheTest, APageThatGaveItsLentNumberBackStays) {
  for (unsigned number = 1; number <= 5; ++number) Add(number);
  Rename(3, kLent);
  Rename(5, 3);
  Rename(kLent, 5);
  methods_.xTruncate(cache_, 6);
  for (unsigned number = 1; number <= 5; ++number) EXPECT_TRUE(Has(number)) << number;
  methods_.xTruncate(cache_, 5);
  EXPECT_FALSE(Has(5));
  EXPECT_TRUE(Has(4));
}

TEST_F(SqlitePageCacheTest, APageUnderItsLentNumberGoes) {
  Add(1);
  Add(2);
  Rename(2, kLent);
  methods_.xTruncate(cache_, 10);
  EXPECT_FALSE(Has(kLent));
  EXPECT_TRUE(Has(1));
}

TEST_F(SqlitePageCacheTest, APageRenamedBehindTheEndGoes) {
  Add(1);
  Add(2);
  Rename(2, 900);
  methods_.xTruncate(cache_, 10);
  EXPECT_FALSE(Has(900));
  EXPECT_TRUE(Has(1));
}

TEST_F(SqlitePageCacheTest, HoldsWhatAMapHoldsUnderRandomCalls) {
  SeededRandom random(4711);
  std::map<unsigned, bool> expected;
  for (int step = 0; step < 20'000; ++step) {
    const auto number = static_cast<unsigned>(1 + random.Below(200));
    const std::uint64_t what = random.Below(20);
    if (what < 12) {
      Add(number);
      expected[number] = true;
    } else if (what < 18 && expected.contains(number)) {
      const unsigned after = random.Below(3) == 0 ? kLent : static_cast<unsigned>(1 + random.Below(200));
      if (expected.contains(after)) continue;
      Rename(number, after);
      expected.erase(number);
      expected[after] = true;
    } else if (what == 18) {
      methods_.xTruncate(cache_, number);
      expected.erase(expected.lower_bound(number), expected.end());
    } else if (expected.contains(kLent) && !expected.contains(number)) {
      Rename(kLent, number);
      expected.erase(kLent);
      expected[number] = true;
    }
    ASSERT_EQ(Has(number), expected.contains(number)) << step;
    ASSERT_EQ(methods_.xPagecount(cache_), static_cast<int>(expected.size())) << step;
  }
}

// Keys at random places, so that trees are balanced all the time; units that are taken back; and a file that is made shorter.
TEST(SqlitePageCacheDatabaseTest, ARealDatabaseStaysWholeWhileItGrowsShrinksAndIsTakenBack) {
  DatabasePlace place(Engine::kSqlite);
  const std::string path = place.directory() + "/one.db";
  auto opened = internal::SqliteConnection::Open(path, internal::SqliteRole::kWriter);
  ASSERT_TRUE(opened.ok());
  internal::SqliteConnection& connection = **opened;
  const auto run = [&](const std::string& sql) { ASSERT_TRUE(connection.Script(sql, "test").ok()) << sql; };
  run("PRAGMA auto_vacuum=INCREMENTAL; VACUUM; CREATE TABLE one (id INTEGER PRIMARY KEY, body BLOB)");
  SeededRandom random(815);
  std::map<std::uint64_t, std::size_t> expected;
  for (int unit = 0; unit < 300; ++unit) {
    std::map<std::uint64_t, std::size_t> changed = expected;
    run("BEGIN IMMEDIATE");
    for (int row = 0; row < 20; ++row) {
      const std::uint64_t id = random.Below(1'000'000);
      const std::uint64_t bytes = random.Below(3000);
      run("INSERT OR REPLACE INTO one VALUES (" + std::to_string(id) + ", zeroblob(" + std::to_string(bytes) + "))");
      changed[id] = bytes;
    }
    if (unit % 10 == 9) {
      run("DELETE FROM one WHERE id < 300000");
      changed.erase(changed.begin(), changed.lower_bound(300'000));
    }
    const bool kept = random.Below(4) != 0;
    run(kept ? "COMMIT" : "ROLLBACK");
    if (kept) expected = std::move(changed);
    if (unit % 50 == 49) run("PRAGMA incremental_vacuum");
  }
  std::map<std::uint64_t, std::size_t> found;
  static constexpr Statement kAll{"test.all", "SELECT id, length(body) FROM one"};
  ASSERT_TRUE(connection.Run(kAll, {}, [&](Row&& row) {
    found[static_cast<std::uint64_t>(row.Integer(0))] = static_cast<std::size_t>(row.Integer(1));
    return true;
  }).ok());
  EXPECT_EQ(found, expected);
  static constexpr Statement kCheck{"test.check", "PRAGMA integrity_check"};
  std::string verdict;
  ASSERT_TRUE(connection.Run(kCheck, {}, [&](Row&& row) {
    verdict = row.Text(0);
    return true;
  }).ok());
  EXPECT_EQ(verdict, "ok");
}

}  // namespace
}  // namespace porchlight::store
