// Goal: what only a database server must stand: being away, dropping connections, refusing to serialise, changed tables.
// Method: functions on the server that fail a chosen number of times (sequences are not rolled back), and backends ended
// from another connection.
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/check.h"
#include "platform/store/database.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

const Migration kFaults{1, "faults", R"sql(
CREATE TABLE store_test_rows (id BIGINT PRIMARY KEY, value BIGINT NOT NULL);
CREATE SEQUENCE store_test_attempts;
CREATE FUNCTION store_test_fail(state TEXT, times BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
  BEGIN
    IF nextval('store_test_attempts') <= times THEN RAISE EXCEPTION 'told to fail' USING ERRCODE = state; END IF;
    RETURN 1;
  END $$;
CREATE FUNCTION store_test_hang_up() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.value = 666 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); END IF;
    RETURN NULL;
  END $$;
CREATE CONSTRAINT TRIGGER store_test_at_commit AFTER INSERT ON store_test_rows
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION store_test_hang_up();
)sql"};

constexpr Statement kInsert{"store_test.insert", "INSERT INTO store_test_rows (id, value) VALUES ($1, $2)"};
constexpr Statement kSet{"store_test.set", "UPDATE store_test_rows SET value = value + 1 WHERE id = $1"};
constexpr Statement kFail{"store_test.fail", "SELECT store_test_fail($1, $2)"};
constexpr Statement kSelect{"store_test.select", "SELECT id, value FROM store_test_rows ORDER BY id"};
constexpr Statement kEndOthers{"store_test.end_others",
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()"};
constexpr Statement kEndMyself{"store_test.end_myself", "SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS TEXT) FROM pg_sleep(0.001)"};

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(Engine::kPostgres);
    place_ = std::make_unique<DatabasePlace>(Engine::kPostgres);
    database_ = Open("porchlight-under-test");
    PL_CHECK(database_->Migrate({kFaults}).ok());
  }
  std::unique_ptr<Database> Open(const std::string& name, int connections_max = 8) {
    PostgresOptions options;
    options.conninfo = place_->conninfo() + " application_name=" + name + "-" + std::to_string(getpid());
    options.connections_max = connections_max;
    return OpenPostgres(options).value();
  }
  std::size_t CountRows() {
    return database_->Read([](ReadTransaction& transaction) { return transaction.All(kSelect); }).value().size();
  }
  std::unique_ptr<DatabasePlace> place_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresTest, SerialisationFailuresAndDeadlocksAreRepeatedUnseen) {
  std::int64_t fail_until = 3;
  for (const char* state : {"40001", "40P01"}) {
    int runs = 0;
    const auto done = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
      ++runs;
      PL_TRY(transaction.Execute(kInsert, fail_until, 1));
      PL_TRY(transaction.First(kFail, state, fail_until));
      return {};
    });
    EXPECT_TRUE(done.ok()) << done.error().operator_text;
    EXPECT_EQ(runs, 4);
    fail_until = 7;
  }
  EXPECT_EQ(CountRows(), 2U);
}

TEST_F(PostgresTest, RepeatingHasAnEnd) {
  int runs = 0;
  const auto done = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    ++runs;
    PL_TRY(transaction.First(kFail, "40001", 1'000'000));
    return {};
  });
  EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
  EXPECT_GT(runs, 5);
  EXPECT_LT(runs, 30);
}

TEST_F(PostgresTest, ARealDeadlockEndsWithBothUnitsDone) {
  ASSERT_TRUE(database_->Write([](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kInsert, 1, 0));
    PL_TRY(transaction.Execute(kInsert, 2, 0));
    return {};
  }).ok());
  std::atomic<int> locked = 0;
  const auto cross = [&](std::int64_t first, std::int64_t second) {
    bool met = false;
    return database_->Write([&](WriteTransaction& transaction) -> Result<void> {
      PL_TRY(transaction.Execute(kSet, first));
      if (!met) {
        met = true;
        ++locked;
        while (locked < 2) std::this_thread::yield();
      }
      PL_TRY(transaction.Execute(kSet, second));
      return {};
    });
  };
  std::thread other([&] { EXPECT_TRUE(cross(2, 1).ok()); });
  EXPECT_TRUE(cross(1, 2).ok());
  other.join();
  const auto rows = database_->Read([](ReadTransaction& transaction) { return transaction.All(kSelect); }).value();
  EXPECT_EQ(rows[0].Integer(1), 2);
  EXPECT_EQ(rows[1].Integer(1), 2);
}

class SetLast final : public LastChanges {
 public:
  int times = 1;
  std::string_view Table() const override { return "store_test_rows"; }
  Result<void> Make(WriteTransaction& transaction) override {
    for (int count = 0; count < times; ++count) PL_TRY(transaction.Execute(kSet, 1));
    return {};
  }
};

// Had the first unit changed the row already, the second would wait for it for ever.
TEST_F(PostgresTest, NobodyWaitsForWhatAnotherUnitWillChangeLast) {
  ASSERT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kInsert, 1, 0); }).ok());
  const auto done = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    transaction.Last<SetLast>();
    return database_->Write([](WriteTransaction& other) -> Result<void> {
      PL_TRY(other.Execute(kSet, 1));
      return {};
    });
  });
  ASSERT_TRUE(done.ok()) << done.error().operator_text;
  const auto rows = database_->Read([](ReadTransaction& transaction) { return transaction.All(kSelect); });
  EXPECT_EQ(rows->front().Integer(1), 2);
}

// What a unit that is run again has gathered before is not made twice.
TEST_F(PostgresTest, WhatComesLastBelongsToOneRunOfItsUnit) {
  ASSERT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kInsert, 1, 0); }).ok());
  const auto done = database_->Write([](WriteTransaction& transaction) -> Result<void> {
    ++transaction.Last<SetLast>().times;
    PL_TRY(transaction.First(kFail, "40001", 2));
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().operator_text;
  const auto rows = database_->Read([](ReadTransaction& transaction) { return transaction.All(kSelect); });
  EXPECT_EQ(rows->front().Integer(1), 2);
}

TEST_F(PostgresTest, AConnectionLostBeforeCommitIsReplacedUnseen) {
  int runs = 0;
  const auto done = database_->Write([&](WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kInsert, 1, 1));
    if (++runs == 1) PL_TRY(transaction.First(kEndMyself));
    return {};
  });
  EXPECT_TRUE(done.ok()) << done.error().operator_text;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(CountRows(), 1U);
}

TEST_F(PostgresTest, AConnectionLostDuringCommitIsToldAndNotRepeated) {
  int runs = 0;
  const auto done = database_->Write([&](WriteTransaction& transaction) {
    ++runs;
    return transaction.Execute(kInsert, 1, 666);
  });
  EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(done.error().operator_text.find("may or may not"), std::string::npos);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(CountRows(), 0U);
}

TEST_F(PostgresTest, IdleConnectionsThatDiedAreReplacedUnseen) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread) threads.emplace_back([&] { EXPECT_TRUE(database_->Ping().ok()); });
  for (std::thread& thread : threads) thread.join();
  const auto admin = Open("porchlight-admin");
  ASSERT_TRUE(admin->Read([](ReadTransaction& transaction) {
    return transaction.First(kEndOthers, "porchlight-under-test-" + std::to_string(getpid()));
  }).ok());
  EXPECT_TRUE(database_->Ping().ok());
  EXPECT_TRUE(database_->Write([](WriteTransaction& transaction) { return transaction.Execute(kInsert, 1, 1); }).ok());
}

TEST_F(PostgresTest, ChangedTablesDoNotBreakPreparedStatements) {
  static constexpr Statement kStar{"store_test.star", "SELECT * FROM store_test_rows"};
  const auto read = [&] { return database_->Read([](ReadTransaction& transaction) { return transaction.All(kStar); }); };
  ASSERT_TRUE(read().ok());
  ASSERT_TRUE(database_->Migrate({kFaults, {2, "wider", "ALTER TABLE store_test_rows ADD COLUMN note TEXT"}}).ok());
  const auto again = read();
  EXPECT_TRUE(again.ok()) << again.error().operator_text;
}

TEST_F(PostgresTest, MoreCallersThanConnectionsTakeTurns) {
  const auto narrow = Open("porchlight-narrow", 2);
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < 12; ++thread) {
    threads.emplace_back([&, thread] {
      EXPECT_TRUE(narrow->Write([&](WriteTransaction& transaction) { return transaction.Execute(kInsert, thread, 1); }).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(CountRows(), 12U);
}

TEST_F(PostgresTest, ABackupIsLeftToTheServersTools) {
  EXPECT_EQ(database_->BackUpTo("anywhere").error().code, ErrorCode::kUnsupported);
}

TEST(PostgresAwayTest, AServerThatIsAwayIsUnavailableAndItsPasswordStaysSecret) {
  PostgresOptions options;
  options.conninfo = "host=127.0.0.1 port=1 user=someone password=hunter2 dbname=nowhere connect_timeout=2";
  options.wait_max = Duration::Milliseconds(50);
  const auto opened = OpenPostgres(options);
  ASSERT_TRUE(opened.ok());
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto ping = (*opened)->Ping();
    ASSERT_EQ(ping.error().code, ErrorCode::kUnavailable);
    for (const char* secret : {"hunter2", "someone", "nowhere"}) {
      EXPECT_EQ(ping.error().operator_text.find(secret), std::string::npos) << ping.error().operator_text;
    }
    EXPECT_GT(ping.error().retry_after_seconds, 0);
  }
}

TEST(PostgresAwayTest, AConninfoThatCannotBeReadIsRefusedWithoutQuotingIt) {
  PostgresOptions options;
  options.conninfo = "host=127.0.0.1 hunter2";
  const auto opened = OpenPostgres(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(opened.error().operator_text.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace porchlight::store
