// Goal: what a unit changed in memory is taken back exactly when the unit is not stored, the last change first, and before its work runs
// again. Method: one suite over both engines, with a number in memory that must always be that of the rows; beside units that fail, and
// with a constraint that is found at COMMIT only.
#include <atomic>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "platform/store/database.h"
#include "platform/store/testing/length_limit.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

const Migration kTables{1, "undoing",
                        "CREATE TABLE store_test_parents (id PL_KEY);"
                        "CREATE TABLE store_test_rows (id PL_IDENTITY, name TEXT NOT NULL UNIQUE, "
                        "parent BIGINT REFERENCES store_test_parents (id) DEFERRABLE INITIALLY DEFERRED);"};
constexpr Statement kInsert{"store_test.insert_row", "INSERT INTO store_test_rows (name, parent) VALUES ($1, $2)"};
constexpr Statement kCount{"store_test.count_rows", "SELECT count(*) FROM store_test_rows"};
const std::optional<std::int64_t> kNoParent;

class UndoingTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = FreshDatabase(GetParam(), {kTables});
  }

  // A row, and its number in memory.
  Result<bool> Insert(WriteTransaction& unit, const std::string& name, std::optional<std::int64_t> parent = kNoParent) {
    ++rows_;
    unit.IfUndone([this] { --rows_; });
    PL_TRY(unit.Execute(kInsert, name, parent));
    return true;
  }

  std::int64_t RowsStored() {
    return database_->Read([](ReadTransaction& reading) -> Result<std::int64_t> {
      return PL_TRY(reading.First(kCount))->Integer(0);
    }).value();
  }

  std::unique_ptr<Database> database_;
  std::atomic<std::int64_t> rows_{0};
};
INSTANTIATE_TEST_SUITE_P(Engines, UndoingTest, testing::ValuesIn(EnginesUnderTest()), EngineName());

TEST_P(UndoingTest, WhatIsStoredIsNotTakenBackAndWhatFailsIsInTheReverseOrder) {
  std::vector<int> taken_back;
  const auto note = [&](WriteTransaction& unit, int number) { unit.IfUndone([&taken_back, number] { taken_back.push_back(number); }); };
  ASSERT_TRUE(database_->Write([&](WriteTransaction& unit) { note(unit, 1); return Insert(unit, "stored"); }).ok());
  EXPECT_TRUE(taken_back.empty());
  const auto failed = database_->Write([&](WriteTransaction& unit) -> Result<bool> {
    note(unit, 2);
    PL_TRY(Insert(unit, "undone"));
    note(unit, 3);
    return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(taken_back, (std::vector<int>{3, 2}));
  EXPECT_EQ(rows_, 1);
}

TEST_P(UndoingTest, AlsoWhenTheUnitChangedNoRowItThrewOrAStatementWasRefused) {
  ASSERT_TRUE(database_->Write([&](WriteTransaction& unit) { return Insert(unit, "one"); }).ok());
  EXPECT_FALSE(database_->Write([&](WriteTransaction& unit) -> Result<bool> {
    ++rows_;
    unit.IfUndone([this] { --rows_; });
    return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
  }).ok());
  EXPECT_EQ(rows_, 1);
  EXPECT_THROW((void)database_->Write([&](WriteTransaction& unit) -> Result<bool> {
    PL_TRY(Insert(unit, "two"));
    throw std::runtime_error("the work broke");
  }), std::runtime_error);
  EXPECT_EQ(rows_, 1);
  EXPECT_EQ(database_->Write([&](WriteTransaction& unit) { return Insert(unit, "one"); }).error().code, ErrorCode::kConflict);
  EXPECT_EQ(rows_, 1);
  EXPECT_EQ(RowsStored(), 1);
}

TEST_P(UndoingTest, AConstraintThatIsFoundAtTheCommitUndoesItsUnit) {
  ASSERT_TRUE(database_->Write([&](WriteTransaction& unit) { return Insert(unit, "one"); }).ok());
  EXPECT_EQ(database_->Write([&](WriteTransaction& unit) { return Insert(unit, "orphan", 7); }).error().code, ErrorCode::kConflict);
  EXPECT_EQ(rows_, 1);
  EXPECT_EQ(RowsStored(), 1);
}

TEST_P(UndoingTest, AUnitWhoseCallerHasGoneOnTakesBackBeforeItIsToldOf) {
  std::promise<std::int64_t> rows_when_told;
  database_->WriteThen(
      [&](WriteTransaction& unit) -> Result<bool> {
        PL_TRY(Insert(unit, "undone"));
        return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
      },
      [&](const Result<bool>&) { rows_when_told.set_value(rows_); });
  EXPECT_EQ(rows_when_told.get_future().get(), 0);
}

class UndoingOnSqliteTest : public UndoingTest {};
INSTANTIATE_TEST_SUITE_P(Engines, UndoingOnSqliteTest, testing::Values(Engine::kSqlite), EngineName());

TEST_P(UndoingOnSqliteTest, AlsoWhenTheDiskIsFull) {
  database_.reset();
  DatabasePlace place(Engine::kSqlite);
  database_ = place.Open().value();
  ASSERT_TRUE(database_->Migrate({kTables}).ok());
  // Once at the commit, and once in the midst of the work, because it outgrows the writer's cache.
  for (const std::size_t bytes : {std::size_t{100'000}, std::size_t{90'000'000}}) {
    const LengthLimit limit(std::filesystem::file_size(place.sqlite_path() + "-wal") + 4096);
    bool was_at_its_end = false;
    const auto failed = database_->Write([&](WriteTransaction& unit) -> Result<bool> {
      PL_TRY(Insert(unit, std::string(bytes, 'x')));
      was_at_its_end = true;
      return true;
    });
    EXPECT_EQ(failed.error().code, ErrorCode::kNoSpace);
    EXPECT_EQ(was_at_its_end, bytes == 100'000);
    EXPECT_EQ(rows_, 0);
  }
  EXPECT_TRUE(database_->Write([&](WriteTransaction& unit) { return Insert(unit, "stored"); }).ok());
  EXPECT_EQ(rows_, RowsStored());
  database_.reset();
}

// On SQLite they share commits: what is rolled back with a neighbour and run again must not be counted twice.
TEST_P(UndoingTest, BesideUnitsThatFailTheNumberInMemoryStaysThatOfTheRows) {
  constexpr int kThreads = 8;
  constexpr int kUnits = 60;
  std::vector<std::thread> threads;
  std::atomic<std::int64_t> stored{0};
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kUnits; ++i) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(i);
        const auto done = database_->Write([&](WriteTransaction& unit) -> Result<bool> {
          PL_TRY(Insert(unit, name, i % 7 == 3 ? std::optional<std::int64_t>(9) : kNoParent));
          if (i % 5 == 2) return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
          return Insert(unit, name + (i % 4 == 1 ? "" : "'"));
        });
        if (done.ok()) ++stored;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(stored, 0);
  EXPECT_LT(stored, kThreads * kUnits);
  EXPECT_EQ(rows_, RowsStored());
  EXPECT_EQ(rows_, 2 * stored);
}

}  // namespace
}  // namespace porchlight::store
