// Goal: a unit of work means the same on both engines. Method: one suite, run against SQLite and PostgreSQL, through
// the public interface only.
#include <atomic>
#include <limits>
#include <stdexcept>
#include <thread>

#include "platform/store/database.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

constexpr std::string_view kSchema =
    "CREATE TABLE store_test_people (id PL_IDENTITY, name TEXT NOT NULL UNIQUE, age BIGINT, weight PL_DOUBLE, face PL_BYTES);\n"
    "-- A comment with PL_BYTES and an integer; it is left alone.\n"
    "CREATE TABLE store_test_visits (id PL_IDENTITY, person BIGINT NOT NULL REFERENCES store_test_people (id),"
    " note TEXT NOT NULL DEFAULT 'PL_DOUBLE');\n"
    "CREATE TABLE store_test_keyed (id BIGINT PRIMARY KEY, name TEXT NOT NULL);";
const Migration kPeople{1, "people", kSchema};

constexpr Statement kInsert{"store_test.insert", "INSERT INTO store_test_people (name, age, weight, face) VALUES ($1, $2, $3, $4) RETURNING id"};
constexpr Statement kInsertName{"store_test.insert_name", "INSERT INTO store_test_people (name, age) VALUES ($1, 0)"};
constexpr Statement kFind{"store_test.find", "SELECT id, name, age, weight, face FROM store_test_people WHERE name = $1"};
constexpr Statement kCount{"store_test.count", "SELECT count(*) FROM store_test_people"};
constexpr Statement kNames{"store_test.names", "SELECT name FROM store_test_people ORDER BY id"};
constexpr Statement kVisit{"store_test.visit", "INSERT INTO store_test_visits (person) VALUES ($1)"};
constexpr Statement kOlder{"store_test.older", "UPDATE store_test_people SET age = age + $1 WHERE age >= $2"};

class StoreBehaviourTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = FreshDatabase(GetParam(), {kPeople});
  }
  std::int64_t Count() {
    return database_->Read([](ReadTransaction& transaction) -> Result<std::int64_t> {
      return PL_TRY(transaction.First(kCount))->Integer(0);
    }).value();
  }
  Result<std::int64_t> Insert(const std::string& name) {
    return database_->Write([&](WriteTransaction& transaction) { return transaction.Execute(kInsertName, name); });
  }
  Result<std::vector<Row>> All(const Statement& statement, const auto&... parameters) {
    return database_->Read([&](ReadTransaction& transaction) { return transaction.All(statement, parameters...); });
  }
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreBehaviourTest, testing::ValuesIn(EnginesUnderTest()), EngineName());

TEST_P(StoreBehaviourTest, EveryTypeComesBackAsItWent) {
  const std::string bytes("\x00\xff' --\x01", 7);
  const auto id = database_->Write([&](WriteTransaction& transaction) -> Result<std::int64_t> {
    return PL_TRY(transaction.First(kInsert, "Ünï ✓ '\"", std::numeric_limits<std::int64_t>::min(), 0.1, Blob{bytes}))->Integer(0);
  });
  ASSERT_TRUE(id.ok()) << id.error().operator_text;
  const auto rows = All(kFind, "Ünï ✓ '\"");
  ASSERT_TRUE(rows.ok()) << rows.error().operator_text;
  ASSERT_EQ(rows->size(), 1U);
  const Row& row = rows->front();
  EXPECT_EQ(row.Integer(0), *id);
  EXPECT_EQ(row.Text(1), "Ünï ✓ '\"");
  EXPECT_EQ(row.Integer(2), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row.Double(3), 0.1);
  EXPECT_EQ(row.Bytes(4), bytes);
}

// SQLite answers the first of these without RETURNING of its own.
TEST_P(StoreBehaviourTest, AnInsertAnswersTheIdOfItsRowHoweverItIsWritten) {
  static constexpr Statement kKeyed{"store_test.insert_keyed", "INSERT INTO store_test_keyed (id, name) VALUES ($1, $2) RETURNING id"};
  static constexpr Statement kTwo{"store_test.insert_two", "INSERT INTO store_test_people (name) VALUES ($1), ($2) RETURNING id"};
  static constexpr Statement kLower{"store_test.insert_lower", "INSERT INTO store_test_people (name) VALUES (lower($1)) RETURNING id"};
  static constexpr Statement kAgain{"store_test.insert_again",
                                    "INSERT INTO store_test_people (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id"};
  const auto done = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    const auto id_of = [&](const char* name) -> Result<std::int64_t> {
      static constexpr Statement kIdOf{"store_test.id_of", "SELECT id FROM store_test_people WHERE name = $1"};
      return PL_TRY(transaction.First(kIdOf, name))->Integer(0);
    };
    const std::int64_t first = PL_TRY(transaction.First(kInsert, "first", 1, 1.0, Blob{}))->Integer(0);
    EXPECT_EQ(first, PL_TRY(id_of("first")));
    EXPECT_EQ(PL_TRY(transaction.First(kKeyed, 4711, "keyed"))->Integer(0), 4711);
    EXPECT_EQ(PL_TRY(transaction.First(kKeyed, 12, "keyed too"))->Integer(0), 12);
    const std::int64_t second = PL_TRY(transaction.First(kLower, "SECOND"))->Integer(0);
    EXPECT_EQ(second, PL_TRY(id_of("second")));
    const std::vector<Row> two = PL_TRY(transaction.All(kTwo, "third", "fourth"));
    EXPECT_EQ(two.size(), 2U);
    EXPECT_EQ(two.back().Integer(0), PL_TRY(id_of("fourth")));
    EXPECT_FALSE(PL_TRY(transaction.First(kAgain, first, "again")).has_value());
    EXPECT_EQ(PL_TRY(transaction.Execute(kInsert, "fifth", 1, 1.0, Blob{})), 1);
    const std::int64_t sixth = PL_TRY(transaction.First(kInsert, "sixth", 1, 1.0, Blob{}))->Integer(0);
    EXPECT_EQ(sixth, PL_TRY(id_of("sixth")));
    return {};
  });
  EXPECT_TRUE(done.ok()) << done.error().operator_text;
}

TEST_P(StoreBehaviourTest, NullAndEmptyAreDifferent) {
  ASSERT_TRUE(database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kInsert, "", std::optional<std::int64_t>(), std::optional<double>(), std::optional<Blob>()));
    PL_TRY(transaction.Execute(kInsert, "full", std::optional<std::int64_t>(7), std::optional<double>(2), Blob{}));
    return {};
  }).ok());
  const auto empty = All(kFind, "");
  ASSERT_EQ(empty->size(), 1U);
  EXPECT_FALSE(empty->front().IsNull(1));
  EXPECT_TRUE(empty->front().IsNull(2) && empty->front().IsNull(3) && empty->front().IsNull(4));
  EXPECT_EQ(empty->front().OptionalInteger(2), std::nullopt);
  const auto full = All(kFind, "full");
  EXPECT_EQ(full->front().OptionalInteger(2), 7);
  EXPECT_EQ(full->front().Double(3), 2.0);
  EXPECT_FALSE(full->front().IsNull(4));
  EXPECT_EQ(full->front().Bytes(4), "");
}

TEST_P(StoreBehaviourTest, OneStatementTakesChangingTypesOfParameter) {
  static constexpr Statement kSet{"store_test.set", "UPDATE store_test_people SET weight = $1, age = $2 WHERE name = $3"};
  ASSERT_TRUE(Insert("Ada").ok());
  for (const Value& weight : {Value(std::int64_t{3}), Value(2.5), Value(), Value(std::int64_t{4}), Value(0.25)}) {
    for (const Value& age : {Value(), Value(std::int64_t{12})}) {
      const auto set = database_->Write([&](WriteTransaction& transaction) { return transaction.Execute(kSet, weight, age, "Ada"); });
      ASSERT_TRUE(set.ok()) << set.error().operator_text;
      EXPECT_EQ(*set, 1);
    }
  }
  const auto row = All(kFind, "Ada");
  EXPECT_EQ(row->front().Double(3), 0.25);
  EXPECT_EQ(row->front().Integer(2), 12);
}

TEST_P(StoreBehaviourTest, NumbersComputedByTheEngineAreNumbers) {
  static constexpr Statement kSums{"store_test.sums", "SELECT sum(age), avg(age), count(*), sum(weight), max(name), $1 + 1 FROM store_test_people"};
  for (const auto& [name, age] : {std::pair("a", 1), std::pair("b", 4)}) {
    ASSERT_TRUE(database_->Write([&](WriteTransaction& transaction) { return transaction.Execute(kInsert, name, age, 0.5, Blob{}); }).ok());
  }
  const auto rows = All(kSums, 41);
  ASSERT_TRUE(rows.ok()) << rows.error().operator_text;
  const Row& row = rows->front();
  EXPECT_EQ(row.Integer(0), 5);
  EXPECT_EQ(row.Double(1), 2.5);
  EXPECT_EQ(row.Integer(2), 2);
  EXPECT_EQ(row.Double(3), 1.0);
  EXPECT_EQ(row.Text(4), "b");
  EXPECT_EQ(row.Integer(5), 42);
}

TEST_P(StoreBehaviourTest, PlaceholdersGoByTheirNumberAndMayRepeat) {
  static constexpr Statement kTwice{"store_test.twice", "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)"};
  const auto rows = All(kTwice, "first", "second");
  ASSERT_TRUE(rows.ok()) << rows.error().operator_text;
  EXPECT_EQ(rows->front().Text(0), "second");
  EXPECT_EQ(rows->front().Text(1), "first");
  EXPECT_EQ(rows->front().Text(2), "second");
}

TEST_P(StoreBehaviourTest, AWrongNumberOfParametersIsRefused) {
  EXPECT_EQ(All(kFind).error().code, ErrorCode::kInternal);
  EXPECT_EQ(All(kFind, "a", "b").error().code, ErrorCode::kInternal);
  EXPECT_EQ(Count(), 0);
}

TEST_P(StoreBehaviourTest, BrokenSqlNamesItsStatement) {
  static constexpr Statement kBroken{"store_test.broken", "SELEKT 1"};
  static constexpr Statement kTwoStatements{"store_test.two", "SELECT 1; SELECT 2"};
  const auto broken = All(kBroken);
  EXPECT_EQ(broken.error().code, ErrorCode::kInternal);
  EXPECT_NE(broken.error().operator_text.find("store_test.broken"), std::string::npos);
  EXPECT_EQ(All(kTwoStatements).error().code, ErrorCode::kInternal);
  EXPECT_EQ(Count(), 0);
}

TEST_P(StoreBehaviourTest, TextWithNulOrBrokenUtf8IsRefused) {
  EXPECT_EQ(Insert(std::string("a\0b", 3)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Insert("\xc3(").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Count(), 0);
}

TEST_P(StoreBehaviourTest, ExecuteCountsTheRowsItChanged) {
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(*Insert(name), 1);
  const auto changed = database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kOlder, 5, 0); });
  EXPECT_EQ(*changed, 3);
  const auto none = database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kOlder, 5, 100); });
  EXPECT_EQ(*none, 0);
}

TEST_P(StoreBehaviourTest, AnErrorOfTheWorkRollsBackAllOfIt) {
  const auto refused = database_->Write([](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kInsertName, "Ada"));
    return Error{ErrorCode::kForbidden, "No.", "", "", 0};
  });
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(refused.error().public_text, "No.");
  EXPECT_EQ(Count(), 0);
}

class LastNames final : public LastChanges {
 public:
  std::vector<std::string> names;
  int* made = nullptr;
  std::optional<Error> refusal;
  std::string_view Table() const override { return "store_test_people"; }
  Result<void> Make(WriteTransaction& transaction) override {
    if (made != nullptr) ++*made;
    if (refusal) return *refusal;
    for (const std::string& name : names) PL_TRY(transaction.Execute(kInsertName, name));
    return {};
  }
};

TEST_P(StoreBehaviourTest, WhatAUnitChangesLastIsMadeAfterItsWork) {
  const auto seen = database_->Write([](WriteTransaction& transaction) -> Result<std::int64_t> {
    transaction.Last<LastNames>().names.emplace_back("gathered first");
    PL_TRY(transaction.Execute(kInsertName, "at once"));
    transaction.Last<LastNames>().names.emplace_back("gathered second");
    return PL_TRY(transaction.First(kCount))->Integer(0);
  });
  ASSERT_TRUE(seen.ok()) << seen.error().operator_text;
  EXPECT_EQ(*seen, 1);
  const std::vector<Row> rows = All(kNames).value();
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.Text(0));
  EXPECT_EQ(names, (std::vector<std::string>{"at once", "gathered first", "gathered second"}));
}

TEST_P(StoreBehaviourTest, AnErrorInWhatComesLastUndoesTheUnitAndAnErrorOfTheWorkIsNotFollowedByIt) {
  ASSERT_TRUE(Insert("there").ok());
  const auto refused = database_->Write([](WriteTransaction& transaction) -> Result<void> {
    transaction.Last<LastNames>().names = {"new", "there"};
    PL_TRY(transaction.Execute(kInsertName, "at once"));
    return {};
  });
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Count(), 1);
  int made = 0;
  const auto failed = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    transaction.Last<LastNames>().made = &made;
    return Error{ErrorCode::kForbidden, "no", {}, {}, 0};
  });
  EXPECT_EQ(failed.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(made, 0);
  const auto of_its_own = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    transaction.Last<LastNames>().made = &made;
    transaction.Last<LastNames>().refusal = Error{ErrorCode::kTooLarge, "no", {}, {}, 0};
    PL_TRY(transaction.Execute(kInsertName, "at once"));
    return {};
  });
  EXPECT_EQ(of_its_own.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(Count(), 1);
}

TEST_P(StoreBehaviourTest, AThrowingWorkRollsBackAndTheExceptionComesOut) {
  EXPECT_THROW(
      {
        const Result<void> never = database_->Write([](WriteTransaction& transaction) -> Result<void> {
          PL_TRY(transaction.Execute(kInsertName, "Ada"));
          throw std::runtime_error("broken");
        });
        EXPECT_TRUE(never.ok());
      },
      std::runtime_error);
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(Insert("Ada").ok());
}

TEST_P(StoreBehaviourTest, AThrowingReadLeavesTheDatabaseUsable) {
  for (int round = 0; round < 20; ++round) {
    EXPECT_THROW(
        {
          const Result<void> never = database_->Read([](ReadTransaction&) -> Result<void> { throw std::runtime_error("broken"); });
          EXPECT_TRUE(never.ok());
        },
        std::runtime_error);
  }
  EXPECT_EQ(Count(), 0);
}

TEST_P(StoreBehaviourTest, UniqueAndForeignKeyViolationsAreConflicts) {
  ASSERT_TRUE(Insert("Ada").ok());
  const auto again = Insert("Ada");
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(again.error().operator_text.find("Ada"), std::string::npos) << "operator texts hold no values";
  const auto orphan = database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kVisit, 4711); });
  EXPECT_EQ(orphan.error().code, ErrorCode::kConflict);
  EXPECT_EQ(orphan.error().operator_text.find("4711"), std::string::npos);
  EXPECT_EQ(Count(), 1);
}

TEST_P(StoreBehaviourTest, OtherConstraintsAreOurFault) {
  const auto missing = database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kInsertName, std::optional<std::string>()); });
  EXPECT_EQ(missing.error().code, ErrorCode::kInternal);
}

TEST_P(StoreBehaviourTest, AFailedStatementDoomsItsUnitEvenWhenTheWorkGoesOn) {
  ASSERT_TRUE(Insert("Ada").ok());
  const auto stubborn = database_->Write([](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kInsertName, "Grace"));
    [[maybe_unused]] const auto ignored = transaction.Execute(kInsertName, "Ada");
    EXPECT_EQ(transaction.Execute(kInsertName, "Edith").error().code, ErrorCode::kConflict);
    return {};
  });
  EXPECT_EQ(stubborn.error().code, ErrorCode::kConflict);
  EXPECT_EQ(Count(), 1);
}

TEST_P(StoreBehaviourTest, AReadMayNotWrite) {
  static constexpr Statement kDelete{"store_test.delete", "DELETE FROM store_test_people"};
  ASSERT_TRUE(Insert("Ada").ok());
  EXPECT_FALSE(All(kDelete).ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(StoreBehaviourTest, AReadKeepsItsSnapshotWhileOthersWrite) {
  ASSERT_TRUE(Insert("Ada").ok());
  const auto seen = database_->Read([&](ReadTransaction& transaction) -> Result<std::int64_t> {
    EXPECT_EQ(PL_TRY(transaction.First(kCount))->Integer(0), 1);
    EXPECT_TRUE(Insert("Grace").ok());
    return PL_TRY(transaction.First(kCount))->Integer(0);
  });
  EXPECT_EQ(*seen, 1);
  EXPECT_EQ(Count(), 2);
}

TEST_P(StoreBehaviourTest, AWriteSeesItsOwnRows) {
  const auto seen = database_->Write([](WriteTransaction& transaction) -> Result<std::int64_t> {
    PL_TRY(transaction.Execute(kInsertName, "Ada"));
    return PL_TRY(transaction.First(kCount))->Integer(0);
  });
  EXPECT_EQ(*seen, 1);
}

TEST_P(StoreBehaviourTest, EachStopsWhenToldAndTheTransactionGoesOn) {
  for (int index = 0; index < 50; ++index) ASSERT_TRUE(Insert("name " + std::to_string(index)).ok());
  const auto visited = database_->Read([](ReadTransaction& transaction) -> Result<int> {
    int count = 0;
    PL_TRY(transaction.Each(kNames, {}, [&](Row&&) { return ++count < 3; }));
    EXPECT_EQ(PL_TRY(transaction.First(kCount))->Integer(0), 50);
    return count;
  });
  EXPECT_EQ(*visited, 3);
}

TEST_P(StoreBehaviourTest, AVisitorMayRunStatementsAlsoTheSameOne) {
  for (int index = 0; index < 5; ++index) ASSERT_TRUE(Insert("name " + std::to_string(index)).ok());
  const auto pairs = database_->Write([](WriteTransaction& transaction) -> Result<int> {
    int count = 0;
    PL_TRY(transaction.Each(kNames, {}, [&](Row&& outer) {
      const auto inner = transaction.All(kNames);
      EXPECT_EQ(inner->size(), 5U);
      const auto found = transaction.First(kFind, outer.Text(0));
      EXPECT_TRUE(transaction.Execute(kVisit, (*found)->Integer(0)).ok());
      count += static_cast<int>(inner->size());
      return true;
    }));
    return count;
  });
  ASSERT_TRUE(pairs.ok()) << pairs.error().operator_text;
  EXPECT_EQ(*pairs, 25);
}

TEST_P(StoreBehaviourTest, AChangeWithReturningIsWholeEvenIfOnlyTheFirstRowIsRead) {
  static constexpr Statement kAgeAll{"store_test.age_all", "UPDATE store_test_people SET age = 9 WHERE age < 9 RETURNING id"};
  static constexpr Statement kAged{"store_test.aged", "SELECT count(*) FROM store_test_people WHERE age = 9"};
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(Insert(name).ok());
  ASSERT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.First(kAgeAll); }).ok());
  EXPECT_EQ(All(kAged)->front().Integer(0), 3);
}

TEST_P(StoreBehaviourTest, IdentitiesAreNeverReused) {
  static constexpr Statement kDeleteAll{"store_test.delete_all", "DELETE FROM store_test_people"};
  ASSERT_TRUE(Insert("a").ok());
  const std::int64_t first = All(kFind, "a")->front().Integer(0);
  ASSERT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kDeleteAll); }).ok());
  ASSERT_TRUE(Insert("a").ok());
  EXPECT_GT(All(kFind, "a")->front().Integer(0), first);
}

TEST_P(StoreBehaviourTest, UnitsOfManyThreadsAreAllDoneAndFailuresStayAlone) {
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int index = 0; index < kEach; ++index) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(index);
        EXPECT_TRUE(Insert(name).ok());
        const auto both = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
          PL_TRY(transaction.Execute(kInsertName, "half of " + name));
          PL_TRY(transaction.Execute(kInsertName, name));
          return {};
        });
        if (!both.ok() && both.error().code == ErrorCode::kConflict) ++conflicts;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(conflicts, kThreads * kEach);
  EXPECT_EQ(Count(), kThreads * kEach);
}

TEST_P(StoreBehaviourTest, ConcurrentIncrementsAreNotLost) {
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  ASSERT_TRUE(Insert("counter").ok());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int index = 0; index < kEach; ++index) {
        EXPECT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kOlder, 1, 0); }).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(All(kFind, "counter")->front().Integer(2), kThreads * kEach);
}

TEST_P(StoreBehaviourTest, AConstraintCheckedAtCommitFailsItsUnitAlone) {
  constexpr std::string_view kDeferred =
      "CREATE TABLE store_test_deferred (id BIGINT PRIMARY KEY, person BIGINT REFERENCES store_test_people (id) DEFERRABLE INITIALLY DEFERRED);";
  static constexpr Statement kPoint{"store_test.point", "INSERT INTO store_test_deferred (id, person) VALUES ($1, $2)"};
  ASSERT_TRUE(database_->Migrate({kPeople, {2, "deferred", kDeferred}}).ok());
  std::vector<std::thread> threads;
  std::atomic<int> stored = 0;
  for (int thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      for (int index = 0; index < 10; ++index) {
        const std::int64_t id = thread * 100 + index;
        const bool bad = index % 3 == 0;
        const auto done = database_->Write([&](WriteTransaction& transaction) {
          return transaction.Execute(kPoint, id, bad ? std::optional<std::int64_t>(99) : std::nullopt);
        });
        EXPECT_EQ(done.ok(), !bad);
        if (!done.ok()) {
          EXPECT_EQ(done.error().code, ErrorCode::kConflict);
        }
        stored += done.ok() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(stored, 36);
}

TEST_P(StoreBehaviourTest, MigratingAgainDoesNothingAndAddsOnlyWhatIsMissing) {
  ASSERT_TRUE(Insert("Ada").ok());
  ASSERT_TRUE(database_->Migrate({kPeople}).ok());
  const Migration later{7, "later", "CREATE TABLE store_test_later (id BIGINT PRIMARY KEY); CREATE INDEX store_test_later_by_id ON store_test_later (id)"};
  const Migration between{5, "between", "CREATE TABLE store_test_between (id BIGINT PRIMARY KEY)"};
  ASSERT_TRUE(database_->Migrate({later, kPeople}).ok());
  ASSERT_TRUE(database_->Migrate({between, later, kPeople}).ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(StoreBehaviourTest, ANewerDatabaseIsRefused) {
  const Migration newer{9000, "from_the_future", "CREATE TABLE store_test_future (id BIGINT PRIMARY KEY)"};
  ASSERT_TRUE(database_->Migrate({kPeople, newer}).ok());
  const auto refused = database_->Migrate({kPeople});
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(refused.error().operator_text.find("from_the_future"), std::string::npos);
  EXPECT_NE(refused.error().operator_text.find("newer"), std::string::npos);
}

TEST_P(StoreBehaviourTest, AnEditedMigrationIsRefused) {
  const std::string edited = std::string(kSchema) + " ";
  const auto refused = database_->Migrate({{1, "people", edited}});
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_NE(refused.error().operator_text.find("people"), std::string::npos);
}

TEST_P(StoreBehaviourTest, AFailingMigrationLeavesNothingAndCanBeRepaired) {
  const Migration broken{2, "broken", "CREATE TABLE store_test_half (id BIGINT PRIMARY KEY); CREATE TABLE store_test_half (id BIGINT)"};
  EXPECT_FALSE(database_->Migrate({kPeople, broken}).ok());
  const Migration repaired{2, "broken", "CREATE TABLE store_test_half (id BIGINT PRIMARY KEY)"};
  const auto done = database_->Migrate({kPeople, repaired});
  EXPECT_TRUE(done.ok()) << done.error().operator_text;
}

TEST_P(StoreBehaviourTest, TypesThatDifferBetweenTheEnginesAreRefused) {
  for (const char* type : {"INTEGER", "int", "REAL", "BLOB", "bytea", "boolean", "SERIAL", "TIMESTAMP"}) {
    const std::string sql = std::string("CREATE TABLE store_test_bad (id ") + type + ")";
    EXPECT_EQ(database_->Migrate({kPeople, {2, "bad", sql}}).error().code, ErrorCode::kInternal) << type;
  }
  EXPECT_EQ(database_->Migrate({kPeople, kPeople}).error().code, ErrorCode::kInternal) << "one version twice";
}

TEST_P(StoreBehaviourTest, ManyProcessesMayMigrateAtOnce) {
  const DatabasePlace place(GetParam());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      auto database = place.Open();
      ASSERT_TRUE(database.ok()) << database.error().operator_text;
      std::vector<Migration> migrations{kPeople};
      for (std::int64_t version = 2; version < 8; ++version) migrations.push_back({version, "empty", "CREATE TABLE store_test_x (id BIGINT); DROP TABLE store_test_x"});
      const auto done = (*database)->Migrate(migrations);
      EXPECT_TRUE(done.ok()) << done.error().operator_text;
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(StoreBehaviourTest, PingAnswers) { EXPECT_TRUE(database_->Ping().ok()); }

}  // namespace
}  // namespace porchlight::store
