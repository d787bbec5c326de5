// Goal: while a commit runs, every byte of the log is handed on in its place before anything else is asked of the file; outside of
// one nothing waits, and what a failed one leaves never reaches the file. Method: the log of a real database through the layer,
// beside a second look at the file that knows nothing of it; and two writing connections, one of which takes back a long unit.
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/check.h"
#include "platform/store/internal/sqlite_connection.h"
#include "platform/store/internal/sqlite_log.h"
#include "platform/store/testing/length_limit.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

// The log of a database of its own, without SQLite's own writes in it.
class SqliteLogTest : public testing::Test {
 protected:
  SqliteLogTest() : path_(place_.directory() + "/one.db") {
    const char* layer = internal::GatheringLayer();
    PL_CHECK(layer != nullptr);
    PL_CHECK(sqlite3_open_v2(path_.c_str(), &connection_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layer) == SQLITE_OK);
    PL_CHECK(sqlite3_exec(connection_, "PRAGMA journal_mode=WAL; CREATE TABLE one (id)", nullptr, nullptr, nullptr) == SQLITE_OK);
    PL_CHECK(sqlite3_file_control(connection_, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&file_)) == SQLITE_OK);
    PL_CHECK(file_->pMethods->xTruncate(file_, 0) == SQLITE_OK);
  }
  ~SqliteLogTest() override { sqlite3_close(connection_); }

  int Write(const std::string& bytes, std::int64_t at) {
    return file_->pMethods->xWrite(file_, bytes.data(), static_cast<int>(bytes.size()), at);
  }
  int Sync() { return file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL); }
  std::string OnDisk() const {
    std::ifstream stream(path_ + "-wal", std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  DatabasePlace place_{Engine::kSqlite};
  std::string path_;
  sqlite3* connection_ = nullptr;
  sqlite3_file* file_ = nullptr;
};

TEST_F(SqliteLogTest, OutsideOfACommitNothingWaits) {
  EXPECT_EQ(Write("head", 0), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "head");
}

TEST_F(SqliteLogTest, WhatIsLeftOfAFailedCommitIsForgotten) {
  {
    const internal::CommitGathering gathering(connection_);
    EXPECT_EQ(Write("head", 0), SQLITE_OK);
  }
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "");
}

TEST_F(SqliteLogTest, WhatIsReadBesideTheGatheredOnesLeavesThemWhereTheyAre) {
  EXPECT_EQ(Write("abcd", 0), SQLITE_OK);
  const internal::CommitGathering gathering(connection_);
  EXPECT_EQ(Write("efgh", 4), SQLITE_OK);
  char read[2] = {};
  EXPECT_EQ(file_->pMethods->xRead(file_, read, 2, 2), SQLITE_OK);
  EXPECT_EQ(std::string(read, 2), "cd");
  EXPECT_EQ(OnDisk(), "abcd");
  EXPECT_EQ(file_->pMethods->xRead(file_, read, 2, 3), SQLITE_OK);
  EXPECT_EQ(std::string(read, 2), "de");
}

TEST_F(SqliteLogTest, MemoryIsNotCounted) { EXPECT_EQ(sqlite3_memory_used(), 0); }

TEST_F(SqliteLogTest, WhatFollowsIsGatheredAndThereOnceTheLogIsMadeDurable) {
  const internal::CommitGathering gathering(connection_);
  EXPECT_EQ(Write("head", 0), SQLITE_OK);
  EXPECT_EQ(Write("body", 4), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "");
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "headbody");
}

TEST_F(SqliteLogTest, WhatGoesBackIsWrittenOverWhatWasThere) {
  const internal::CommitGathering gathering(connection_);
  EXPECT_EQ(Write("aaaaaaaa", 0), SQLITE_OK);
  EXPECT_EQ(Write("bb", 2), SQLITE_OK);
  EXPECT_EQ(Write("c", 7), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "aabbaaac");
}

TEST_F(SqliteLogTest, WhateverElseIsAskedSeesAllThatWasWritten) {
  const internal::CommitGathering gathering(connection_);
  EXPECT_EQ(Write("abcdef", 0), SQLITE_OK);
  char read[3] = {};
  EXPECT_EQ(file_->pMethods->xRead(file_, read, 3, 2), SQLITE_OK);
  EXPECT_EQ(std::string(read, 3), "cde");
  EXPECT_EQ(Write("ghi", 6), SQLITE_OK);
  sqlite3_int64 size = 0;
  EXPECT_EQ(file_->pMethods->xFileSize(file_, &size), SQLITE_OK);
  EXPECT_EQ(size, 9);
  EXPECT_EQ(Write("jkl", 9), SQLITE_OK);
  EXPECT_EQ(file_->pMethods->xTruncate(file_, 4), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "abcd");
}

// SQLite's layer for Unix takes a call of 131,072 bytes for one of none.
TEST_F(SqliteLogTest, BothSidesOfTheLongestCallArriveWhole) {
  const internal::CommitGathering gathering(connection_);
  for (const std::size_t size : {131'070U, 131'071U, 131'072U, 300'000U}) {
    std::string all;
    EXPECT_EQ(file_->pMethods->xTruncate(file_, 0), SQLITE_OK);
    for (int piece = 0; all.size() < size; ++piece) {
      const std::string next(std::min<std::size_t>(piece % 2 == 0 ? 24 : 4096, size - all.size()), static_cast<char>('a' + piece % 26));
      EXPECT_EQ(Write(next, static_cast<std::int64_t>(all.size())), SQLITE_OK);
      all += next;
    }
    EXPECT_EQ(Sync(), SQLITE_OK);
    EXPECT_TRUE(OnDisk() == all) << size;
  }
}

TEST_F(SqliteLogTest, WhatDoesNotFitIsSaidAndForgotten) {
  const internal::CommitGathering gathering(connection_);
  std::optional<LengthLimit> full(std::in_place, 1'000);  // Less than the database's own file, which nobody writes here.
  EXPECT_EQ(Write(std::string(900, 'a'), 0), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(Write(std::string(900, 'b'), 900), SQLITE_OK);
  const int refused = Sync();
  full.reset();
  EXPECT_NE(refused, SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(Write("c", 900), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk().substr(0, 901), std::string(900, 'a') + "c");
}

constexpr Statement kBegin{"test.begin", "BEGIN IMMEDIATE"};
constexpr Statement kRollBack{"test.roll_back", "ROLLBACK"};
constexpr Statement kScramble{"test.scramble", "UPDATE two SET bytes = randomblob(1000)"};
constexpr Statement kClear{"test.clear", "UPDATE two SET bytes = zeroblob(1000)"};
constexpr Statement kCheck{"test.check", "PRAGMA integrity_check"};
constexpr Statement kSum{"test.sum", "SELECT group_concat(hex(substr(bytes, 1, 2)), '') FROM (SELECT bytes FROM two ORDER BY id)"};
constexpr Statement kCleared{"test.cleared", "SELECT COUNT(*) || ' rows' FROM two WHERE bytes = zeroblob(1000)"};

std::string Answer(internal::SqliteConnection& connection, const Statement& statement) {
  std::string answer;
  const auto keep = [&](Row&& row) {
    answer = row.Text(0);
    return true;
  };
  const Result<std::int64_t> run = connection.Run(statement, {}, keep);
  return run.ok() ? answer : run.error().operator_text;
}

// A unit that outgrows the cache of its connection is in the log before it ends; SQLite then gives its place to whoever writes next.
TEST(SqliteTwoWritersTest, WhatALongUnitLeavesInTheLogNeverComesOverWhatAnotherCommitted) {
  const DatabasePlace place(Engine::kSqlite);
  const auto first = internal::SqliteConnection::Open(place.sqlite_path(), internal::SqliteRole::kWriter).value();
  ASSERT_TRUE(first->Script("CREATE TABLE two (id INTEGER PRIMARY KEY, bytes BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                            "SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO two SELECT i, randomblob(1000) FROM n; "
                            "PRAGMA cache_size=-256", "filling").ok());
  const auto second = internal::SqliteConnection::Open(place.sqlite_path(), internal::SqliteRole::kWriter).value();
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(first->Checkpoint(true, Duration::Seconds(1)).ok());
    ASSERT_TRUE(first->Control(kBegin).ok());
    ASSERT_TRUE(first->Control(kScramble).ok());
    ASSERT_TRUE(first->Control(kRollBack).ok());
    ASSERT_TRUE(second->Control(kBegin).ok());
    ASSERT_TRUE(second->Control(kClear).ok());
    ASSERT_TRUE(second->Commit().ok());
    EXPECT_EQ(Answer(*first, kCleared), "2000 rows");
    const auto third = internal::SqliteConnection::Open(place.sqlite_path(), internal::SqliteRole::kReader).value();
    EXPECT_EQ(Answer(*third, kCleared), "2000 rows");
    EXPECT_EQ(Answer(*third, kCheck), "ok");
    // Twice: what is in the log already is changed there, and the sums of all that follows it with it.
    ASSERT_TRUE(first->Control(kBegin).ok());
    ASSERT_TRUE(first->Control(kScramble).ok());
    ASSERT_TRUE(first->Control(kScramble).ok());
    ASSERT_TRUE(first->Commit().ok());
    EXPECT_EQ(Answer(*third, kCleared), "0 rows");
    // Without the memory they share, a connection goes by the log's own sums, as after a crash.
    const std::string crashed = place.directory() + "/crashed-" + std::to_string(round);
    std::filesystem::copy_file(place.sqlite_path(), crashed);
    std::filesystem::copy_file(place.sqlite_path() + "-wal", crashed + "-wal");
    const auto after = internal::SqliteConnection::Open(crashed, internal::SqliteRole::kWriter).value();
    EXPECT_EQ(Answer(*after, kCleared), "0 rows");
    EXPECT_EQ(Answer(*after, kSum), Answer(*first, kSum));
    EXPECT_EQ(Answer(*after, kCheck), "ok");
  }
}

}  // namespace
}  // namespace porchlight::store
