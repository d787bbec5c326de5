// Goal: a unit whose caller has gone on means what one means that is waited for: done whole or not at all, told of once, beside units
// of those who wait, and before the database is gone. Method: one suite over both engines; what only the one writer of SQLite can get
// wrong, with that writer held up by a unit of the test.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "platform/store/database.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::store {
namespace {

const Migration kNotes{1, "notes", "CREATE TABLE store_test_notes (id PL_IDENTITY, name TEXT NOT NULL UNIQUE);"};
constexpr Statement kInsert{"store_test.insert_note", "INSERT INTO store_test_notes (name) VALUES ($1) RETURNING id"};
constexpr Statement kCount{"store_test.count_notes", "SELECT count(*) FROM store_test_notes"};

Result<std::int64_t> Insert(WriteTransaction& transaction, const std::string& name) {
  return PL_TRY(transaction.First(kInsert, name))->Integer(0);
}

std::int64_t CountIn(Database& database) {
  return database.Read([](ReadTransaction& transaction) -> Result<std::int64_t> {
    return PL_TRY(transaction.First(kCount))->Integer(0);
  }).value();
}

// What units were told to say, in the order in which they said it.
template <class Answer>
class Told {
 public:
  std::function<void(Answer)> Listener() {
    return [this](Answer answer) {
      const std::lock_guard lock(mutex_);
      answers_.push_back(std::move(answer));
      changed_.notify_all();
    };
  }
  const std::vector<Answer>& WaitFor(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_.size() >= count; });
    return answers_;
  }
  const std::vector<Answer>& all() const { return answers_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Answer> answers_;
};
using Ids = Told<Result<std::int64_t>>;

class LeftUnitsTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = FreshDatabase(GetParam(), {kNotes});
  }
  std::unique_ptr<Database> database_;
};
INSTANTIATE_TEST_SUITE_P(Engines, LeftUnitsTest, testing::ValuesIn(EnginesUnderTest()), EngineName());

TEST_P(LeftUnitsTest, ItHearsWhatItsWorkAnsweredOnceThatIsThere) {
  Ids told;
  database_->WriteThen([](WriteTransaction& transaction) { return Insert(transaction, "one"); }, told.Listener());
  const Result<std::int64_t> answer = told.WaitFor(1).front();
  ASSERT_TRUE(answer.ok()) << answer.error().operator_text;
  EXPECT_GT(*answer, 0);
  EXPECT_EQ(CountIn(*database_), 1);
}

TEST_P(LeftUnitsTest, AnErrorAConflictAndAnExceptionUndoItAlone) {
  Ids told;
  const Error refused{ErrorCode::kNotFound, "There is none.", {}, "note", 0};
  database_->WriteThen([](WriteTransaction& transaction) { return Insert(transaction, "kept"); }, told.Listener());
  told.WaitFor(1);
  database_->WriteThen([&](WriteTransaction& transaction) -> Result<std::int64_t> {
    PL_TRY(Insert(transaction, "refused"));
    return refused;
  }, told.Listener());
  EXPECT_EQ(told.WaitFor(2)[1].error().field, "note");
  database_->WriteThen([](WriteTransaction& transaction) { return Insert(transaction, "kept"); }, told.Listener());
  EXPECT_EQ(told.WaitFor(3)[2].error().code, ErrorCode::kConflict);
  database_->WriteThen([](WriteTransaction& transaction) -> Result<std::int64_t> {
    PL_TRY(Insert(transaction, "thrown"));
    throw std::runtime_error("secret");
  }, told.Listener());
  const Error thrown = told.WaitFor(4)[3].error();
  EXPECT_EQ(thrown.code, ErrorCode::kInternal);
  EXPECT_EQ(thrown.public_text.find("secret"), std::string::npos);
  EXPECT_EQ(CountIn(*database_), 1);
}

TEST_P(LeftUnitsTest, ManyOfThemBesideThoseWhoWaitAreAllDoneAndFailuresStayAlone) {
  constexpr int kEach = 60;
  Ids told;
  std::atomic<int> waited_ok = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(i);
        // Every third is there already when its twin, of one who waits, comes.
        database_->WriteThen([name](WriteTransaction& transaction) { return Insert(transaction, name); }, told.Listener());
        const auto work = [&](WriteTransaction& transaction) { return Insert(transaction, name + (i % 3 == 0 ? "" : "'")); };
        if (database_->Write(work).ok()) ++waited_ok;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int left_ok = 0;
  for (const auto& answer : told.WaitFor(4 * kEach)) left_ok += answer.ok() ? 1 : 0;
  // Of two twins one is done, whichever came first.
  EXPECT_EQ(left_ok + waited_ok, 4 * kEach + 4 * (kEach - kEach / 3));
  EXPECT_EQ(CountIn(*database_), left_ok + waited_ok);
}

TEST_P(LeftUnitsTest, WhatTheyOwnIsGoneOnceTheyHaveBeenTold) {
  Ids told;
  const auto owned = std::make_shared<int>(1);
  database_->WriteThen([owned](WriteTransaction& transaction) { return Insert(transaction, "one"); }, told.Listener());
  told.WaitFor(1);
  database_ = nullptr;
  EXPECT_EQ(owned.use_count(), 1);
}

// Holds SQLite's one writer up until told to go on.
class HeldWriter {
 public:
  explicit HeldWriter(Database& database) {
    database.WriteThen([state = state_](WriteTransaction&) -> Result<void> {
      state->begun = true;
      while (!state->may_end) std::this_thread::yield();
      return {};
    }, [](const Result<void>& ended) { EXPECT_TRUE(ended.ok()); });
    while (!state_->begun) std::this_thread::yield();
  }
  ~HeldWriter() { LetGo(); }
  void LetGo() { state_->may_end = true; }

 private:
  struct State {
    std::atomic<bool> begun = false;
    std::atomic<bool> may_end = false;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

std::unique_ptr<Database> OpenAt(const DatabasePlace& place, int write_queue_max) {
  SqliteOptions options;
  options.path = place.sqlite_path();
  options.write_queue_max = write_queue_max;
  auto database = OpenSqlite(options).value();
  EXPECT_TRUE(database->Migrate({kNotes}).ok());
  return database;
}

TEST(SqliteLeftUnitsTest, NobodyHearsBeforeTheCommitAndAFullQueueSaysSoAtOnce) {
  const DatabasePlace place(Engine::kSqlite);
  const auto database = OpenAt(place, 2);
  Ids told;
  {
    HeldWriter held(*database);
    for (const std::string name : {"one", "two", "three"}) {
      database->WriteThen([name](WriteTransaction& transaction) { return Insert(transaction, name); }, told.Listener());
    }
    ASSERT_EQ(told.WaitFor(1).size(), 1U);
    EXPECT_EQ(told.all().front().error().code, ErrorCode::kUnavailable);
  }
  for (std::size_t index : {1U, 2U}) EXPECT_TRUE(told.WaitFor(3)[index].ok());
  EXPECT_EQ(CountIn(*database), 2);
}

TEST(SqliteLeftUnitsTest, ClosingRunsWhatIsQueuedAndTellsIt) {
  const DatabasePlace place(Engine::kSqlite);
  auto database = OpenAt(place, 100);
  Ids told;
  HeldWriter held(*database);
  for (int i = 0; i < 10; ++i) {
    const std::string name = std::to_string(i);
    database->WriteThen([name](WriteTransaction& transaction) { return Insert(transaction, name); }, told.Listener());
  }
  // They are queued still: before the first of them is told, the unit that held the writer up must be durable.
  held.LetGo();
  database = nullptr;
  ASSERT_EQ(told.all().size(), 10U);
  for (const auto& answer : told.all()) EXPECT_TRUE(answer.ok());
  EXPECT_EQ(CountIn(*OpenAt(place, 100)), 10);
}

}  // namespace
}  // namespace porchlight::store
