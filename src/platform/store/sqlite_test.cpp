// Goal: what only an embedded database must stand: being killed, a full disk, a second process, a long reader, a copy
// made while others write. Method: real files in a private directory; child processes are ended by their id.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include "base/check.h"
#include "base/random.h"
#include "platform/store/database.h"
#include "platform/store/internal/sqlite_connection.h"
#include "platform/store/testing/length_limit.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

const Migration kPairs{1, "pairs",
                       "CREATE TABLE store_test_left (id BIGINT PRIMARY KEY, bytes PL_BYTES NOT NULL);"
                       "CREATE TABLE store_test_right (id BIGINT PRIMARY KEY)"};
constexpr Statement kLeft{"store_test.left", "INSERT INTO store_test_left (id, bytes) VALUES ($1, $2)"};
constexpr Statement kRight{"store_test.right", "INSERT INTO store_test_right (id) VALUES ($1)"};
constexpr Statement kLeftIds{"store_test.left_ids", "SELECT id FROM store_test_left ORDER BY id"};
constexpr Statement kRightIds{"store_test.right_ids", "SELECT id FROM store_test_right ORDER BY id"};

// A unit is a row in each of the two tables; half of it must never be seen.
Result<void> InsertPair(Database& database, std::int64_t id, std::size_t bytes = 300) {
  return database.Write([&](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kLeft, id, Blob{std::string(bytes, 'x')}));
    PL_TRY(transaction.Execute(kRight, id));
    return {};
  });
}

std::set<std::int64_t> Ids(Database& database, const Statement& statement) {
  std::set<std::int64_t> ids;
  const auto rows = database.Read([&](ReadTransaction& transaction) { return transaction.All(statement); });
  for (const Row& row : rows.value()) ids.insert(row.Integer(0));
  return ids;
}

class SqliteTest : public testing::Test {
 protected:
  std::unique_ptr<Database> Open() { return place_.Open().value(); }
  std::unique_ptr<Database> OpenMigrated() {
    auto database = Open();
    PL_CHECK(database->Migrate({kPairs}).ok());
    return database;
  }
  DatabasePlace place_{Engine::kSqlite};
};

// Runs `body` in a child process whose end of the pipe it gets; answers the child's id and our end.
template <class Body>
std::pair<pid_t, int> Fork(Body body) {
  int ends[2];
  PL_CHECK(pipe(ends) == 0);
  const pid_t child = fork();
  PL_CHECK(child >= 0);
  if (child == 0) {
    close(ends[0]);
    body(ends[1]);
    _exit(0);
  }
  close(ends[1]);
  return {child, ends[0]};
}

// Writes from four threads until it is killed, reporting each id only after it was acknowledged.
void WriteUntilKilled(const DatabasePlace& place, int report, std::int64_t first_id) {
  auto database = place.Open().value();
  std::atomic<std::int64_t> next = first_id;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (;;) {
        const std::int64_t id = next++;
        if (!InsertPair(*database, id).ok()) _exit(1);
        if (write(report, &id, sizeof id) != sizeof id) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(SqliteTest, NothingAcknowledgedIsLostAndNothingIsHalfThereWhenTheProcessIsKilled) {
  OpenMigrated().reset();
  SeededRandom random(20260101);
  std::set<std::int64_t> acknowledged;
  for (int round = 0; round < 12; ++round) {
    const auto [child, reports] = Fork([&](int report) { WriteUntilKilled(place_, report, round * 1'000'000); });
    // Killed after a random number of reports: no clock is needed to hit every moment of a commit.
    const std::uint64_t reports_max = 1 + random.Below(120);
    std::int64_t id = 0;
    for (std::uint64_t count = 0; count < reports_max; ++count) {
      ASSERT_EQ(read(reports, &id, sizeof id), static_cast<ssize_t>(sizeof id));
      acknowledged.insert(id);
    }
    ASSERT_EQ(kill(child, SIGKILL), 0);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    while (read(reports, &id, sizeof id) == static_cast<ssize_t>(sizeof id)) acknowledged.insert(id);
    close(reports);
    const auto database = Open();
    const std::set<std::int64_t> left = Ids(*database, kLeftIds);
    EXPECT_EQ(left, Ids(*database, kRightIds)) << "half a unit is visible in round " << round;
    for (const std::int64_t one : acknowledged) ASSERT_TRUE(left.contains(one)) << "lost " << one << " in round " << round;
  }
  EXPECT_GT(acknowledged.size(), 100U);
}

TEST_F(SqliteTest, AFullDiskRefusesWritesKeepsReadsAndRecoversByItself) {
  const auto database = OpenMigrated();
  ASSERT_TRUE(InsertPair(*database, 1).ok());
  std::optional<LengthLimit> full(std::in_place, std::filesystem::file_size(place_.sqlite_path() + "-wal") + 4096);
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      const auto result = InsertPair(*database, 100 + thread, 50'000);
      if (!result.ok() && result.error().code == ErrorCode::kNoSpace) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::set<std::int64_t> while_full = Ids(*database, kLeftIds);
  full.reset();
  EXPECT_EQ(refused, 6);
  EXPECT_EQ(while_full, std::set<std::int64_t>{1});
  EXPECT_TRUE(InsertPair(*database, 200, 50'000).ok());
  EXPECT_EQ(Ids(*database, kLeftIds), (std::set<std::int64_t>{1, 200}));
  EXPECT_EQ(Ids(*database, kRightIds), (std::set<std::int64_t>{1, 200}));
}

// What outgrows the writer's cache of 64 MB is in the log before its unit ends, and is written again where it changes.
TEST_F(SqliteTest, AUnitBeyondTheWritersMemoryIsWholeOrGone) {
  constexpr Statement kChange{"store_test.change", "UPDATE store_test_left SET bytes = $1 WHERE id = $2"};
  constexpr std::int64_t kRows = 80;
  const auto fill = [&](WriteTransaction& transaction) -> Result<void> {
    for (std::int64_t id = 1; id <= kRows; ++id) PL_TRY(transaction.Execute(kLeft, id, Blob{std::string(1'000'000, 'x')}));
    for (std::int64_t id = 1; id <= kRows; id += 9) PL_TRY(transaction.Execute(kChange, Blob{std::string(1'000'000, 'y')}, id));
    return {};
  };
  auto database = OpenMigrated();
  const Result<void> gone = database->Write([&](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(fill(transaction));
    return transaction.Execute(kLeft, 1, Blob{}).error();
  });
  EXPECT_EQ(gone.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Ids(*database, kLeftIds).empty());
  EXPECT_TRUE(InsertPair(*database, kRows + 1).ok());
  EXPECT_TRUE(database->Write(fill).ok());
  EXPECT_EQ(Ids(*database, kLeftIds).size(), static_cast<std::size_t>(kRows + 1));
  database.reset();
  database = Open();
  EXPECT_EQ(Ids(*database, kLeftIds).size(), static_cast<std::size_t>(kRows + 1));
  EXPECT_TRUE(database->BackUpTo(place_.directory() + "/copy.db").ok());  // Which checks every page.
}

TEST_F(SqliteTest, ASecondProcessReadsAndWritesBesideABusyOne) {
  OpenMigrated().reset();
  int gate[2];
  ASSERT_EQ(pipe(gate), 0);
  // Forked while this process has neither threads nor the database open; let go once both are there.
  const auto [child, reports] = Fork([&](int report) {
    char verdict = 'o';
    if (read(gate[0], &verdict, 1) != 1) _exit(1);
    auto other = place_.Open();
    if (!other.ok() || !(*other)->Migrate({kPairs}).ok()) verdict = 'm';
    for (std::int64_t id = 0; verdict == 'o' && id < 5; ++id) {
      if (!InsertPair(**other, 1'000'000 + id).ok()) verdict = 'w';
      if (!Ids(**other, kLeftIds).contains(1'000'000 + id)) verdict = 'r';
    }
    _exit(write(report, &verdict, 1) == 1 ? 0 : 1);
  });
  const auto database = Open();
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> next = 1;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&] {
      while (!stop) EXPECT_TRUE(InsertPair(*database, next++).ok());
    });
  }
  while (next < 20) std::this_thread::yield();
  ASSERT_EQ(write(gate[1], "o", 1), 1);
  char verdict = '?';
  EXPECT_EQ(read(reports, &verdict, 1), 1);
  EXPECT_EQ(verdict, 'o') << "m: open or migrate, w: write, r: read";
  stop = true;
  for (std::thread& thread : threads) thread.join();
  for (const int end : {reports, gate[0], gate[1]}) close(end);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  const std::set<std::int64_t> ids = Ids(*database, kLeftIds);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(next - 1) + 5);
}

TEST_F(SqliteTest, TheLogStaysShortUnderLoadAlsoAfterALongReader) {
  const auto database = OpenMigrated();
  const std::string log = place_.sqlite_path() + "-wal";
  std::int64_t id = 0;
  const auto write_megabytes = [&](int megabytes) {
    for (int index = 0; index < megabytes; ++index) ASSERT_TRUE(InsertPair(*database, ++id, 1'000'000).ok());
  };
  write_megabytes(250);
  EXPECT_LT(std::filesystem::file_size(log), 190U << 20U);
  ASSERT_TRUE(database->Read([&](ReadTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.First(kLeftIds));
    write_megabytes(150);
    return {};
  }).ok());
  const std::uintmax_t while_reading = std::filesystem::file_size(log);
  write_megabytes(150);
  EXPECT_LT(std::filesystem::file_size(log), while_reading + (20U << 20U)) << "it starts over once the reader is gone";
  EXPECT_EQ(Ids(*database, kLeftIds).size(), 550U);
}

TEST_F(SqliteTest, ABackupIsWholeCheckedPrivateAndNeverOverwrites) {
  const auto database = OpenMigrated();
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> acknowledged = 0;
  std::thread writer([&] {
    for (std::int64_t id = 1; !stop; ++id) {
      EXPECT_TRUE(InsertPair(*database, id, 20'000).ok());
      acknowledged = id;
    }
  });
  while (acknowledged < 50) std::this_thread::yield();
  const std::int64_t before = acknowledged;
  const std::string path = place_.directory() + "/copy.db";
  const Result<void> copied = database->BackUpTo(path);
  EXPECT_TRUE(copied.ok()) << copied.error().operator_text;
  stop = true;
  writer.join();
  EXPECT_EQ(database->BackUpTo(path).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(database->BackUpTo(place_.directory() + "/no/such/folder.db").ok());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
  SqliteOptions options;
  options.path = path;
  const auto copy = OpenSqlite(options).value();
  const std::set<std::int64_t> ids = Ids(*copy, kLeftIds);
  EXPECT_EQ(ids, Ids(*copy, kRightIds));
  EXPECT_GE(ids.size(), static_cast<std::size_t>(before));
  EXPECT_TRUE(copy->Migrate({kPairs}).ok());
}

TEST_F(SqliteTest, TheFilesAreForTheirOwnerOnly) {
  const auto database = OpenMigrated();
  for (const char* ending : {"", "-wal", "-shm"}) {
    struct stat info {};
    ASSERT_EQ(stat((place_.sqlite_path() + ending).c_str(), &info), 0) << ending;
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << ending;
  }
}

TEST_F(SqliteTest, AFileOpenToOthersIsClosedToThem) {
  OpenMigrated().reset();
  ASSERT_EQ(chmod(place_.sqlite_path().c_str(), 0644), 0);
  const auto database = Open();
  struct stat info {};
  ASSERT_EQ(stat(place_.sqlite_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(SqliteTest, WhatIsNoDatabaseIsRefused) {
  std::ofstream(place_.sqlite_path()) << std::string(5000, 'n');
  const auto opened = place_.Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

TEST_F(SqliteTest, APlaceThatCannotBeWrittenIsRefused) {
  SqliteOptions options;
  options.path = place_.directory() + "/no/such/folder/x.db";
  EXPECT_EQ(OpenSqlite(options).error().code, ErrorCode::kUnavailable);
  options.path = "";
  EXPECT_EQ(OpenSqlite(options).error().code, ErrorCode::kInternal);
}

TEST_F(SqliteTest, CommitsAreFlushedInFull) {
  OpenMigrated().reset();
  const auto connection = internal::SqliteConnection::Open(place_.sqlite_path(), internal::SqliteRole::kWriter).value();
  static constexpr Statement kSynchronous{"store_test.synchronous", "PRAGMA synchronous"};
  static constexpr Statement kJournal{"store_test.journal", "PRAGMA journal_mode"};
  static constexpr Statement kForeignKeys{"store_test.foreign_keys", "PRAGMA foreign_keys"};
  const auto answer = [&](const Statement& statement) {
    std::optional<Row> found;
    EXPECT_TRUE(connection->Run(statement, {}, [&](Row&& row) { found = std::move(row); return true; }).ok());
    return *found;
  };
  EXPECT_EQ(answer(kSynchronous).Integer(0), 2);
  EXPECT_EQ(answer(kJournal).Text(0), "wal");
  EXPECT_EQ(answer(kForeignKeys).Integer(0), 1);
}

TEST_F(SqliteTest, AFullQueueRefusesAtOnce) {
  SqliteOptions options;
  options.path = place_.sqlite_path();
  options.write_queue_max = 2;
  const auto database = OpenSqlite(options).value();
  ASSERT_TRUE(database->Migrate({kPairs}).ok());
  std::atomic<bool> may_end = false;
  std::atomic<bool> begun = false;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    EXPECT_TRUE(database->Write([&](WriteTransaction&) -> Result<void> {
      begun = true;
      while (!may_end) std::this_thread::yield();
      return {};
    }).ok());
  });
  while (!begun) std::this_thread::yield();
  for (std::int64_t id = 0; id < 5; ++id) {
    threads.emplace_back([&, id] {
      const auto done = InsertPair(*database, id);
      if (!done.ok() && done.error().code == ErrorCode::kUnavailable) ++refused;
    });
  }
  while (refused < 3) std::this_thread::yield();
  may_end = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(Ids(*database, kLeftIds).size(), 2U);
}

TEST_F(SqliteTest, ClosingRunsWhatIsQueued) {
  auto database = OpenMigrated();
  std::atomic<bool> begun = false;
  std::atomic<bool> may_end = false;
  std::atomic<int> submitted = 0;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    EXPECT_TRUE(database->Write([&](WriteTransaction&) -> Result<void> {
      begun = true;
      while (!may_end) std::this_thread::yield();
      return {};
    }).ok());
  });
  while (!begun) std::this_thread::yield();
  for (std::int64_t id = 0; id < 3; ++id) {
    threads.emplace_back([&, id] {
      ++submitted;
      [[maybe_unused]] const auto either = InsertPair(*database, id);
    });
  }
  while (submitted < 3) std::this_thread::yield();
  may_end = true;
  for (std::thread& thread : threads) thread.join();
  database.reset();
  const auto again = Open();
  EXPECT_EQ(Ids(*again, kLeftIds), Ids(*again, kRightIds));
  EXPECT_EQ(Ids(*again, kLeftIds).size(), 3U);
}

}  // namespace
}  // namespace porchlight::store
