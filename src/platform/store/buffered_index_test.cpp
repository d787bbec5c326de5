// Goal: an index answers the same whether its newest entries are held in memory or not, a unit that is undone takes its entry along, and
// after a crash at any moment nothing is missing once the owner has put again what it is asked for. Method: against a map in memory, over
// both engines, with bounds small enough that entries are merged all the time; a crash is a database that is closed and opened anew.
#include "platform/store/buffered_index.h"

#include <algorithm>
#include <map>
#include <thread>

#include "base/random.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

const Migration kIndex{1, "index",
                       "CREATE TABLE store_test_index (id PL_KEY, number BIGINT NOT NULL);"
                       "CREATE TABLE store_test_index_merged (id PL_KEY, number BIGINT NOT NULL);"
                       "INSERT INTO store_test_index_merged (id, number) VALUES (1, 0);"};
constexpr Statement kCount{"store_test.count_index", "SELECT count(*) FROM store_test_index"};
constexpr Statement kUpTo{"store_test.count_up_to", "SELECT count(*) FROM store_test_index WHERE number <= $1"};
constexpr Statement kMerged{"store_test.merged", "SELECT number FROM store_test_index_merged"};
constexpr BufferedIndex::Bounds kSmall{.held = 40, .merged_at_once = 8};
constexpr std::int64_t kNoKey = -1'000'000;

// What an owner of the index does: rows of its own with all that the index holds, of which it puts again those that it is asked for.
class Owner {
 public:
  void Keep(std::int64_t number, std::int64_t key) {
    rows_[number] = key;
    newest_ = number;
  }
  std::int64_t next_number() const { return newest_ + 1; }
  void Forget(std::int64_t first, std::int64_t end) {
    std::erase_if(rows_, [&](const auto& row) { return row.second < first || row.second >= end; });
  }

  void PutAgain(Database& database, BufferedIndex& index) const {
    const auto after = index.Begin(database);
    ASSERT_TRUE(after.ok()) << after.error().operator_text;
    if (!*after) return;
    const auto put = database.Write([&](WriteTransaction& unit) -> Result<bool> {
      for (auto row = rows_.upper_bound(**after); row != rows_.end(); ++row) {
        PL_TRY(index.FindOrPut(unit, row->second, kNoKey, row->first));
      }
      return true;
    });
    ASSERT_TRUE(put.ok());
  }

 private:
  std::map<std::int64_t, std::int64_t> rows_;
  std::int64_t newest_ = 0;
};

class BufferedIndexTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    place_ = std::make_unique<DatabasePlace>(GetParam());
    Open();
    ASSERT_TRUE(database_->Migrate({kIndex}).ok());
  }

  void Open() {
    database_.reset();
    database_ = place_->Open().value();
    index_ = std::make_unique<BufferedIndex>("store_test_index", "number", kSmall);
  }

  std::optional<std::int64_t> FindOrPut(std::int64_t key, std::int64_t older, std::int64_t number) {
    const auto found = database_->Write([&](WriteTransaction& unit) { return index_->FindOrPut(unit, key, older, number); });
    EXPECT_TRUE(found.ok()) << found.error().operator_text;
    return found.ok() ? *found : std::nullopt;
  }

  // Keys at either end, in a unit that may fail.
  void Forget(SeededRandom& random, Owner& owner, std::map<std::int64_t, std::int64_t>& expected) {
    const std::int64_t first = static_cast<std::int64_t>(random.Below(300)) - 2'000;
    const std::int64_t end = 2'000 - static_cast<std::int64_t>(random.Below(300));
    const bool fails = random.Below(3) == 0;
    const auto forgotten = database_->Write([&](WriteTransaction& unit) -> Result<std::int64_t> {
      const std::int64_t count = PL_TRY(index_->Forget(unit, first, end, 10'000));
      if (fails) return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
      return count;
    });
    if (fails) return;
    const std::size_t before = expected.size();
    owner.Forget(first, end);
    std::erase_if(expected, [&](const auto& entry) { return entry.first < first || entry.first >= end; });
    EXPECT_EQ(*forgotten, static_cast<std::int64_t>(before - expected.size()));
  }

  std::int64_t Ask(const Statement& statement, const auto&... parameters) {
    return database_->Read([&](ReadTransaction& reading) -> Result<std::int64_t> {
      return PL_TRY(reading.First(statement, parameters...))->Integer(0);
    }).value();
  }

  std::unique_ptr<DatabasePlace> place_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<BufferedIndex> index_;
};
INSTANTIATE_TEST_SUITE_P(Engines, BufferedIndexTest, testing::ValuesIn(EnginesUnderTest()), EngineName());

TEST_P(BufferedIndexTest, TheFirstNumberUnderAKeyStaysAndAnOlderKeyAnswersForOneThatIsNew) {
  for (const bool is_held : {false, true}) {
    if (is_held) {
      ASSERT_TRUE(index_->Begin(*database_).ok());
    }
    const std::int64_t base = is_held ? 100 : 0;
    EXPECT_EQ(FindOrPut(base + 7, kNoKey, base + 1), std::nullopt);
    EXPECT_EQ(FindOrPut(base + 7, kNoKey, base + 2), base + 1);
    EXPECT_EQ(FindOrPut(base + 8, base + 7, base + 3), base + 1);
    EXPECT_EQ(FindOrPut(base + 8, base + 7, base + 4), base + 3);  // Its own key goes before the older one.
    EXPECT_EQ(FindOrPut(base + 9, kNoKey, base + 5), std::nullopt);
  }
  // What stood in the table before is found beside what is held, in either place.
  EXPECT_EQ(FindOrPut(9, kNoKey, 200), 5);
  EXPECT_EQ(FindOrPut(300, 9, 201), 5);
}

TEST_P(BufferedIndexTest, OnSqliteTheNewestAreHeldAndOnPostgresEveryOneIsInTheTable) {
  const auto after = index_->Begin(*database_);
  ASSERT_TRUE(after.ok()) << after.error().operator_text;
  const bool is_sqlite = GetParam() == Engine::kSqlite;
  EXPECT_EQ(*after, is_sqlite ? std::optional<std::int64_t>(0) : std::nullopt);
  const auto held_max = static_cast<std::int64_t>(kSmall.held);
  const auto at_once = static_cast<std::int64_t>(kSmall.merged_at_once);
  for (std::int64_t number = 1; number <= held_max; ++number) FindOrPut(number * 31 % 997, kNoKey, number);
  EXPECT_EQ(Ask(kCount), is_sqlite ? 0 : held_max);
  for (std::int64_t number = held_max + 1; number <= 500; ++number) FindOrPut(number * 31 % 997, kNoKey, number);
  const std::int64_t held = 500 - Ask(kCount);
  EXPECT_GE(held, is_sqlite ? held_max - at_once : 0);
  EXPECT_LE(held, is_sqlite ? held_max + at_once : 0);
}

TEST_P(BufferedIndexTest, AUnitThatIsUndoneTakesItsEntryAlong) {
  ASSERT_TRUE(index_->Begin(*database_).ok());
  const auto undone = database_->Write([&](WriteTransaction& unit) -> Result<std::optional<std::int64_t>> {
    PL_TRY(index_->FindOrPut(unit, 7, kNoKey, 1));
    return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
  });
  EXPECT_FALSE(undone.ok());
  EXPECT_EQ(FindOrPut(7, kNoKey, 2), std::nullopt);
  EXPECT_EQ(FindOrPut(7, kNoKey, 3), 2);
}

TEST_P(BufferedIndexTest, AnIndexWithoutItsRowOfWhatIsMergedIsRefusedAtTheStart) {
  static constexpr Statement kRemove{"store_test.remove_merged", "DELETE FROM store_test_index_merged"};
  ASSERT_TRUE(database_->Write([](WriteTransaction& unit) { return unit.Execute(kRemove); }).ok());
  const auto begun = index_->Begin(*database_);
  EXPECT_EQ(begun.ok(), GetParam() == Engine::kPostgres);  // There it needs no such row.
  EXPECT_TRUE(begun.ok() || begun.error().code == ErrorCode::kInternal);
  EXPECT_EQ(FindOrPut(7, kNoKey, 1), std::nullopt);  // It goes on without holding anything.
  EXPECT_EQ(Ask(kCount), 1);
}

TEST_P(BufferedIndexTest, NothingIsMissingAfterACrashAtAnyMoment) {
  SeededRandom random(20261130);
  std::map<std::int64_t, std::int64_t> expected;
  Owner owner;
  std::int64_t merged_seen = 0;
  for (int crash = 0; crash < 12; ++crash) {
    owner.PutAgain(*database_, *index_);
    const std::uint64_t units = random.Below(220);
    for (std::uint64_t unit = 0; unit < units; ++unit) {
      const auto key = static_cast<std::int64_t>(random.Below(4'000)) - 2'000;
      const std::int64_t number = owner.next_number();
      const bool fails = random.Below(8) == 0;
      const auto found = database_->Write([&](WriteTransaction& transaction) -> Result<std::optional<std::int64_t>> {
        const auto answer = PL_TRY(index_->FindOrPut(transaction, key, kNoKey, number));
        if (fails) return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
        return answer;
      });
      if (fails) continue;
      ASSERT_TRUE(found.ok());
      const auto known = expected.find(key);
      ASSERT_EQ(*found, known == expected.end() ? std::nullopt : std::optional(known->second)) << "key " << key;
      expected.emplace(key, number);
      owner.Keep(number, key);
      if (random.Below(50) == 0) Forget(random, owner, expected);
    }
    Open();
    // Of each key the first number stands in the table, as far as it says that it is complete.
    const std::int64_t merged = Ask(kMerged);
    merged_seen = std::max(merged_seen, merged);
    const auto complete = std::count_if(expected.begin(), expected.end(), [&](const auto& entry) { return entry.second <= merged; });
    EXPECT_EQ(Ask(kUpTo, merged), complete);
  }
  owner.PutAgain(*database_, *index_);
  for (const auto& [key, number] : expected) EXPECT_EQ(FindOrPut(key, kNoKey, owner.next_number()), number) << "key " << key;
  EXPECT_EQ(merged_seen > 200, GetParam() == Engine::kSqlite);
}

TEST_P(BufferedIndexTest, BeginningAnewHoldsOnlyWhatIsPutAgain) {
  ASSERT_TRUE(index_->Begin(*database_).ok());
  FindOrPut(7, kNoKey, 1);
  ASSERT_TRUE(index_->Begin(*database_).ok());
  const bool is_sqlite = GetParam() == Engine::kSqlite;
  EXPECT_EQ(FindOrPut(7, kNoKey, 2), is_sqlite ? std::nullopt : std::optional<std::int64_t>(1));
}

TEST_P(BufferedIndexTest, WhatIsForgottenIsGoneFromTheTableAndFromMemoryAndNeedNotBePutAgain) {
  ASSERT_TRUE(index_->Begin(*database_).ok());
  for (std::int64_t number = 1; number <= 100; ++number) FindOrPut(number * 31 % 101, kNoKey, number);
  const auto forget = [&](bool fails) {
    return database_->Write([&](WriteTransaction& unit) -> Result<std::int64_t> {
      const std::int64_t forgotten = PL_TRY(index_->Forget(unit, 20, 80, 1'000));
      if (fails) return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
      return forgotten;
    });
  };
  EXPECT_FALSE(forget(true).ok());
  EXPECT_EQ(*forget(false), 40);  // 1 to 19 and 80 to 100.
  EXPECT_EQ(*forget(false), 0);
  // What it says is settled stands in the table, but for what is forgotten.
  std::int64_t settled = 0;
  const std::int64_t merged = Ask(kMerged);
  for (std::int64_t number = 1; number <= merged; ++number) {
    const std::int64_t key = number * 31 % 101;
    if (key >= 20 && key < 80) ++settled;
  }
  EXPECT_EQ(Ask(kUpTo, merged), GetParam() == Engine::kSqlite ? settled : 0);
  EXPECT_EQ(FindOrPut(3, kNoKey, 101), std::nullopt);
  EXPECT_EQ(FindOrPut(85, kNoKey, 102), std::nullopt);
  for (std::int64_t number = 1; number <= 100; ++number) {
    const std::int64_t key = number * 31 % 101;
    if (key < 20 || key >= 80) continue;
    EXPECT_EQ(FindOrPut(key, kNoKey, 103), number);
  }
  if (GetParam() == Engine::kPostgres) return;
  // With nothing held, all that were put are settled.
  ASSERT_TRUE(database_->Write([&](WriteTransaction& unit) { return index_->Forget(unit, 200, 300, 1'000); }).ok());
  EXPECT_EQ(Ask(kMerged), 102);
  ASSERT_TRUE(index_->NoteForgotten(*database_, 150).ok());
  EXPECT_EQ(Ask(kMerged), 150);
  ASSERT_TRUE(index_->NoteForgotten(*database_, 120).ok());
  EXPECT_EQ(Ask(kMerged), 150);  // It never goes back.
  EXPECT_EQ(*index_->Begin(*database_), 150);
}

TEST_P(BufferedIndexTest, OfTwoThatHaveTheFileOnlyTheFirstHoldsEntries) {
  ASSERT_TRUE(index_->Begin(*database_).ok());
  std::unique_ptr<Database> second = place_->Open().value();
  BufferedIndex index("store_test_index", "number", kSmall);
  EXPECT_EQ(*index.Begin(*second), std::nullopt);
  ASSERT_TRUE(second->Write([&](WriteTransaction& unit) { return index.FindOrPut(unit, 7, kNoKey, 1); }).ok());
  EXPECT_EQ(Ask(kCount), 1);
  EXPECT_EQ(FindOrPut(7, kNoKey, 2), 1);
  index_.reset();
  database_.reset();
  EXPECT_EQ(index.Begin(*second)->has_value(), GetParam() == Engine::kSqlite);
}

// Units that share commits, and are undone alone or with all others, while entries are merged in the midst of them.
TEST_P(BufferedIndexTest, BesideUnitsThatFailNothingIsLostOrKept) {
  static constexpr Statement kKeep{"store_test.keep", "INSERT INTO store_test_owner (key) VALUES ($1) RETURNING id"};
  static constexpr Statement kAll{"store_test.all_kept", "SELECT id, key FROM store_test_owner ORDER BY id"};
  ASSERT_TRUE(database_->Migrate({kIndex, {2, "owner", "CREATE TABLE store_test_owner (id PL_IDENTITY, key BIGINT NOT NULL);"}}).ok());
  ASSERT_TRUE(index_->Begin(*database_).ok());
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t i = 0; i < 80; ++i) {
        const std::int64_t key = (thread * 80 + i) * 31 % 997;
        (void)database_->Write([&](WriteTransaction& unit) -> Result<bool> {
          const std::int64_t number = PL_TRY(unit.First(kKeep, key))->Integer(0);
          if (PL_TRY(index_->FindOrPut(unit, key, kNoKey, number))) return Error{ErrorCode::kInternal, "Found already.", {}, {}, 0};
          if (i % 6 == 5) return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
          return true;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto kept = database_->Read([&](ReadTransaction& reading) { return reading.All(kAll); }).value();
  EXPECT_EQ(kept.size(), 6U * (80 - 80 / 6));
  for (std::int64_t thread = 0; thread < 6; ++thread) {
    const auto undone = database_->Write([&](WriteTransaction& unit) -> Result<bool> {
      const auto found = PL_TRY(index_->FindOrPut(unit, (thread * 80 + 5) * 31 % 997, kNoKey, 20'000));
      EXPECT_EQ(found, std::nullopt);
      return Error{ErrorCode::kNotFound, "No.", {}, {}, 0};
    });
    EXPECT_FALSE(undone.ok());
  }
  for (const bool is_crash_over : {false, true}) {
    if (is_crash_over) {
      Open();
      Owner owner;
      for (const Row& row : kept) owner.Keep(row.Integer(0), row.Integer(1));
      owner.PutAgain(*database_, *index_);
    }
    for (const Row& row : kept) EXPECT_EQ(FindOrPut(row.Integer(1), kNoKey, 10'000), row.Integer(0));
  }
}

}  // namespace
}  // namespace porchlight::store
