// Goal: every reader hears every committed event once and in order, whatever commits around it. Method: both engines;
// on PostgreSQL transactions are held open at chosen points.
#include "platform/jobs/outbox.h"

#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "platform/jobs/migrations.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::jobs {
namespace {

constexpr Instant kNow{1'700'000'000'000'000};

class OutboxTest : public testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = store::FreshDatabase(GetParam(), Migrations());
    ASSERT_TRUE(PrepareOutbox(*database_).ok());
  }
  Result<void> PublishOne(std::int64_t subject, Instant at = kNow) {
    return database_->Write([&](store::WriteTransaction& transaction) { return Publish(transaction, "test.happened", subject, "{}", at); });
  }
  std::vector<Event> Read(std::int64_t bookmark, int count_max = 1000) {
    return database_->Read([&](store::ReadTransaction& transaction) { return ReadAfter(transaction, bookmark, count_max); }).value();
  }
  std::vector<std::int64_t> Subjects(std::int64_t bookmark, int count_max = 1000) {
    std::vector<std::int64_t> subjects;
    for (const Event& event : Read(bookmark, count_max)) subjects.push_back(event.subject);
    return subjects;
  }
  std::int64_t NewestNow() { return database_->Read([](store::ReadTransaction& transaction) { return Newest(transaction); }).value(); }
  std::unique_ptr<store::Database> database_;
};

INSTANTIATE_TEST_SUITE_P(Engines, OutboxTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

// SQLite has one writer, so that its order of events is its order of commits, and its file carries its own counter.
class OutboxOrderTest : public OutboxTest {};
INSTANTIATE_TEST_SUITE_P(Engines, OutboxOrderTest, testing::Values(store::Engine::kPostgres), store::EngineName());

TEST_P(OutboxTest, AnEventComesBackWhole) {
  EXPECT_EQ(NewestNow(), 0);
  ASSERT_TRUE(database_->Write([](store::WriteTransaction& transaction) {
    return Publish(transaction, "tipline.report_finished", 42, R"({"code":"a"})", kNow);
  }).ok());
  const std::vector<Event> events = Read(0);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_GT(events[0].sequence, 0);
  EXPECT_EQ(events[0].kind, "tipline.report_finished");
  EXPECT_EQ(events[0].subject, 42);
  EXPECT_EQ(events[0].detail, R"({"code":"a"})");
  EXPECT_EQ(events[0].at, kNow);
  EXPECT_EQ(NewestNow(), events[0].sequence);
  EXPECT_TRUE(Read(events[0].sequence).empty());
}

TEST_P(OutboxTest, EventsOfOneAndOfManyTransactionsComeInOrderAndInPages) {
  for (std::int64_t first = 0; first < 9; first += 3) {
    ASSERT_TRUE(database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      for (std::int64_t subject = first; subject < first + 3; ++subject) PL_TRY(Publish(transaction, "test.happened", subject, "", kNow));
      return {};
    }).ok());
  }
  EXPECT_EQ(Subjects(0), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  std::vector<std::int64_t> paged;
  std::int64_t bookmark = 0;
  for (std::vector<Event> page = Read(bookmark, 4); !page.empty(); page = Read(bookmark, 4)) {
    EXPECT_LE(page.size(), 4U);
    for (const Event& event : page) paged.push_back(event.subject);
    bookmark = page.back().sequence;
  }
  EXPECT_EQ(paged, Subjects(0));
  EXPECT_TRUE(Read(0, 0).empty());
}

TEST_P(OutboxTest, AnEventOfAFailedTransactionIsNeverHeard) {
  ASSERT_FALSE(database_->Write([](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(Publish(transaction, "test.happened", 1, "", kNow));
    return Error{ErrorCode::kForbidden, "", "", "", 0};
  }).ok());
  ASSERT_TRUE(PublishOne(2).ok());
  EXPECT_EQ(Subjects(0), std::vector<std::int64_t>{2});
}

// The trap of PostgreSQL: the later transaction commits first. A reader must not pass the hole the earlier one leaves.
TEST_P(OutboxOrderTest, AReaderWaitsForAnEarlierTransactionThatIsStillOpen) {
  std::promise<void> published;
  std::promise<void> may_commit;
  std::thread slow([&] {
    EXPECT_TRUE(database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      PL_TRY(Publish(transaction, "test.happened", 1, "", kNow));
      published.set_value();
      may_commit.get_future().wait();
      return Publish(transaction, "test.happened", 2, "", kNow);
    }).ok());
  });
  published.get_future().wait();
  EXPECT_TRUE(PublishOne(3).ok());
  EXPECT_TRUE(Subjects(0).empty()) << "3 is committed, but 1 may still come before it";
  EXPECT_EQ(NewestNow(), 0);
  may_commit.set_value();
  slow.join();
  EXPECT_EQ(Subjects(0), (std::vector<std::int64_t>{1, 2, 3}));
}

// The other half of the trap: an older transaction that publishes late must not be numbered behind the reader's back.
TEST_P(OutboxOrderTest, AnOlderTransactionThatPublishesLateIsNotMissed) {
  std::promise<void> young_published;
  std::promise<void> young_may_commit;
  std::thread young;
  EXPECT_TRUE(database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(SaveBookmark(transaction, "takes a transaction number", 0));
    young = std::thread([&] {
      EXPECT_TRUE(database_->Write([&](store::WriteTransaction& inner) -> Result<void> {
        PL_TRY(Publish(inner, "test.happened", 1, "", kNow));
        young_published.set_value();
        young_may_commit.get_future().wait();
        return {};
      }).ok());
    });
    young_published.get_future().wait();
    return Publish(transaction, "test.happened", 2, "", kNow);
  }).ok());
  std::vector<std::int64_t> heard;
  std::int64_t bookmark = 0;
  const auto listen = [&] {
    for (const Event& event : Read(bookmark)) {
      heard.push_back(event.subject);
      bookmark = event.sequence;
    }
  };
  listen();
  young_may_commit.set_value();
  young.join();
  listen();
  EXPECT_EQ(std::set<std::int64_t>(heard.begin(), heard.end()), (std::set<std::int64_t>{1, 2}));
  EXPECT_EQ(heard.size(), 2U);
}

TEST_P(OutboxTest, AReaderAmongManyWritersMissesNothing) {
  constexpr int kThreads = 6;
  constexpr int kEach = 40;
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int index = 0; index < kEach; ++index) EXPECT_TRUE(PublishOne(thread * 1000 + index).ok());
      --running;
    });
  }
  std::vector<std::int64_t> heard;
  std::int64_t bookmark = 0;
  for (bool last = false;;) {
    last = running == 0;
    for (const Event& event : Read(bookmark, 7)) {
      EXPECT_GT(event.sequence, bookmark);
      bookmark = event.sequence;
      heard.push_back(event.subject);
    }
    if (last && Read(bookmark, 1).empty()) break;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(heard.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(std::set<std::int64_t>(heard.begin(), heard.end()).size(), heard.size());
}

TEST_P(OutboxTest, BookmarksAreKeptByNameAndMayGoBack) {
  const auto find = [&](std::string_view reader) {
    return database_->Read([&](store::ReadTransaction& transaction) { return FindBookmark(transaction, reader); }).value();
  };
  const auto save = [&](std::string_view reader, std::int64_t sequence) {
    return database_->Write([&](store::WriteTransaction& transaction) { return SaveBookmark(transaction, reader, sequence); });
  };
  EXPECT_EQ(find("index"), 0);
  ASSERT_TRUE(save("index", 7).ok());
  ASSERT_TRUE(save("feed", 9).ok());
  EXPECT_EQ(find("index"), 7);
  ASSERT_TRUE(save("index", 3).ok());
  EXPECT_EQ(find("index"), 3);
  EXPECT_EQ(find("feed"), 9);
}

TEST_P(OutboxTest, SweepTakesWhatIsOldAndPassedByAll) {
  for (std::int64_t subject = 1; subject <= 4; ++subject) ASSERT_TRUE(PublishOne(subject, kNow + Duration::Seconds(subject)).ok());
  const std::vector<Event> events = Read(0);
  const auto sweep = [&](Instant before) {
    return database_->Write([&](store::WriteTransaction& transaction) { return Sweep(transaction, before); }).value();
  };
  const auto save = [&](std::string_view reader, std::int64_t sequence) {
    ASSERT_TRUE(database_->Write([&](store::WriteTransaction& transaction) { return SaveBookmark(transaction, reader, sequence); }).ok());
  };
  save("fast", events[3].sequence);
  save("slow", events[1].sequence);
  EXPECT_EQ(sweep(kNow + Duration::Seconds(1)), 0) << "exactly as old is not older";
  EXPECT_EQ(sweep(kNow + Duration::Hours(1)), 2) << "the slow reader needs the rest";
  EXPECT_EQ(Subjects(0), (std::vector<std::int64_t>{3, 4}));
  save("slow", events[3].sequence);
  EXPECT_EQ(sweep(kNow + Duration::Seconds(4)), 1);
  EXPECT_EQ(sweep(kNow + Duration::Hours(1)), 1);
  EXPECT_EQ(NewestNow(), 0);
  ASSERT_TRUE(PublishOne(5).ok());
  EXPECT_GT(Read(0).at(0).sequence, events[3].sequence) << "numbers are not reused after a sweep";
}

TEST_P(OutboxOrderTest, ARestoredDatabaseGoesOnBehindItsReaders) {
  static constexpr store::Statement kFromElsewhere{"test.from_elsewhere",
      "INSERT INTO jobs_outbox (sequence, kind, subject, detail, at) VALUES ($1, 'test.happened', 1, '', 0)"};
  const std::int64_t foreign = std::int64_t{1} << 50;
  ASSERT_TRUE(database_->Write([&](store::WriteTransaction& transaction) { return transaction.Execute(kFromElsewhere, foreign); }).ok());
  ASSERT_TRUE(PrepareOutbox(*database_).ok());
  ASSERT_TRUE(PrepareOutbox(*database_).ok());
  ASSERT_TRUE(PublishOne(2).ok());
  EXPECT_EQ(Subjects(0), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(Subjects(foreign), std::vector<std::int64_t>{2});
}

}  // namespace
}  // namespace porchlight::jobs
