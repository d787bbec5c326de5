// Goal: the log's gathering layer hands on every byte in its place before anything else is asked of the file, and says when it
// could not. Method: the layer's own file on a real disk, beside a second look at that file that knows nothing of the layer.
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/check.h"
#include "platform/store/internal/sqlite_log.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

class SqliteLogTest : public testing::Test {
 protected:
  SqliteLogTest() : path_(place_.directory() + "/one.db-wal") {
    std::ofstream(place_.directory() + "/one.db") << "";  // Whose mode the log takes.
    layer_ = sqlite3_vfs_find(internal::GatheringLayer());
    PL_CHECK(layer_ != nullptr);
    memory_.resize(static_cast<std::size_t>(layer_->szOsFile) / sizeof(std::int64_t) + 1);
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    PL_CHECK(layer_->xOpen(layer_, path_.c_str(), file(), kFlags, nullptr) == SQLITE_OK);
  }
  ~SqliteLogTest() override { file()->pMethods->xClose(file()); }

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  int Write(const std::string& bytes, std::int64_t at) {
    return file()->pMethods->xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), at);
  }
  int Sync() { return file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL); }
  std::string OnDisk() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  DatabasePlace place_{Engine::kSqlite};
  std::string path_;
  sqlite3_vfs* layer_ = nullptr;
  std::vector<std::int64_t> memory_;
};

TEST_F(SqliteLogTest, WhatFollowsIsGatheredAndThereOnceTheLogIsMadeDurable) {
  EXPECT_EQ(Write("head", 0), SQLITE_OK);
  EXPECT_EQ(Write("body", 4), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "");
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "headbody");
}

TEST_F(SqliteLogTest, WhatGoesBackIsWrittenOverWhatWasThere) {
  EXPECT_EQ(Write("aaaaaaaa", 0), SQLITE_OK);
  EXPECT_EQ(Write("bb", 2), SQLITE_OK);
  EXPECT_EQ(Write("c", 7), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "aabbaaac");
}

TEST_F(SqliteLogTest, WhateverElseIsAskedSeesAllThatWasWritten) {
  EXPECT_EQ(Write("abcdef", 0), SQLITE_OK);
  char read[3] = {};
  EXPECT_EQ(file()->pMethods->xRead(file(), read, 3, 2), SQLITE_OK);
  EXPECT_EQ(std::string(read, 3), "cde");
  EXPECT_EQ(Write("ghi", 6), SQLITE_OK);
  sqlite3_int64 size = 0;
  EXPECT_EQ(file()->pMethods->xFileSize(file(), &size), SQLITE_OK);
  EXPECT_EQ(size, 9);
  EXPECT_EQ(Write("jkl", 9), SQLITE_OK);
  EXPECT_EQ(file()->pMethods->xTruncate(file(), 4), SQLITE_OK);
  EXPECT_EQ(OnDisk(), "abcd");
}

// SQLite's layer for Unix takes a call of 131,072 bytes for one of none.
TEST_F(SqliteLogTest, BothSidesOfTheLongestCallArriveWhole) {
  for (const std::size_t size : {131'070U, 131'071U, 131'072U, 300'000U}) {
    std::string all;
    EXPECT_EQ(file()->pMethods->xTruncate(file(), 0), SQLITE_OK);
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
  ASSERT_TRUE(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit full = before;
  full.rlim_cur = 1'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  EXPECT_EQ(Write(std::string(900, 'a'), 0), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(Write(std::string(900, 'b'), 900), SQLITE_OK);
  const int refused = Sync();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_NE(refused, SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(Write("c", 900), SQLITE_OK);
  EXPECT_EQ(Sync(), SQLITE_OK);
  EXPECT_EQ(OnDisk().substr(0, 901), std::string(900, 'a') + "c");
}

}  // namespace
}  // namespace porchlight::store
