// Goal: each enqueued job runs at least once, never twice at a time within its lease, and never vanishes. Method: both
// engines, a clock that only tests move, jobs run one by one on the test's thread; threads only where they are the point.
#include "platform/jobs/jobs.h"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "platform/jobs/internal/queue.h"
#include "platform/jobs/migrations.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::jobs {
namespace {

constexpr Instant kStart{1'700'000'000'000'000};

class JobsTest : public testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = store::FreshDatabase(GetParam(), Migrations());
    worker_ = MakeWorker();
    worker_->Register("test.note", [this](const Job& job) -> Result<void> {
      notes_.push_back(job.payload);
      tries_.push_back(job.tries);
      return {};
    });
    worker_->Register("test.fail", [](const Job&) -> Result<void> {
      return Error{ErrorCode::kUnavailable, "public", "the other side is away", "", 0};
    });
  }
  std::unique_ptr<Worker> MakeWorker(Worker::Options options = {}) {
    return std::make_unique<Worker>(*database_, clock_, random_, options);
  }
  Result<void> Add(const NewJob& job) {
    return database_->Write([&](store::WriteTransaction& transaction) { return Enqueue(transaction, job, clock_.Now()); });
  }
  Result<void> Add(std::string kind, std::string payload, Lane lane = Lane::kNormal) {
    return Add(NewJob{std::move(kind), std::move(payload), lane, {}, ""});
  }
  int RunAll(Lane lane_max = Lane::kBulk) {
    int count = 0;
    while (worker_->RunOne(lane_max).value()) ++count;
    return count;
  }
  LaneCount CountOf(std::size_t lane) {
    return database_->Read([](store::ReadTransaction& transaction) { return CountByLane(transaction); }).value().at(lane);
  }
  std::vector<Job> Dead() { return database_->Read([](store::ReadTransaction& transaction) { return DeadLetters(transaction, 100); }).value(); }
  std::vector<internal::ClaimedJob> ClaimNow(Lane lane, int count_max, std::int64_t token) {
    return database_->Write([&](store::WriteTransaction& transaction) {
      return internal::Claim(transaction, {lane, count_max, token}, RetryPolicy{}, clock_.Now());
    }).value();
  }
  void SettleNow(const internal::ClaimedJob& claimed, internal::Settlement::Outcome outcome) {
    ASSERT_TRUE(database_->Write([&](store::WriteTransaction& transaction) {
      return internal::Settle(transaction, {claimed, outcome, {}, 0}, RetryPolicy{}, clock_.Now());
    }).ok());
  }

  ManualClock clock_{kStart};
  SeededRandom random_{7};
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Worker> worker_;
  std::vector<std::string> notes_;
  std::vector<int> tries_;
};

INSTANTIATE_TEST_SUITE_P(Engines, JobsTest, testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

using Notes = std::vector<std::string>;

TEST_P(JobsTest, AJobRunsOnceWithWhatItWasGivenAndLeavesTheQueue) {
  EXPECT_FALSE(*worker_->RunOne());
  ASSERT_TRUE(Add("test.note", R"({"id":1})").ok());
  EXPECT_EQ(CountOf(1).waiting, 1);
  EXPECT_EQ(CountOf(1).oldest_due, kStart);
  EXPECT_TRUE(*worker_->RunOne());
  EXPECT_FALSE(*worker_->RunOne());
  EXPECT_EQ(notes_, Notes{R"({"id":1})"});
  EXPECT_EQ(tries_, std::vector<int>{1});
  EXPECT_EQ(CountOf(1).waiting + CountOf(1).leased + CountOf(1).dead, 0);
}

TEST_P(JobsTest, AJobOfARolledBackTransactionDoesNotExist) {
  ASSERT_FALSE(database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(Enqueue(transaction, {"test.note", "never", Lane::kUrgent, {}, ""}, clock_.Now()));
    return Error{ErrorCode::kForbidden, "", "", "", 0};
  }).ok());
  EXPECT_EQ(RunAll(), 0);
}

TEST_P(JobsTest, JobsRunInTheOrderTheyFellDueAndUrgentOnesFirst) {
  ASSERT_TRUE(Add("test.note", "bulk", Lane::kBulk).ok());
  ASSERT_TRUE(Add("test.note", "a").ok());
  clock_.Advance(Duration::Seconds(1));
  ASSERT_TRUE(Add("test.note", "b").ok());
  ASSERT_TRUE(Add("test.note", "urgent", Lane::kUrgent).ok());
  EXPECT_EQ(RunAll(), 4);
  EXPECT_EQ(notes_, (Notes{"urgent", "a", "b", "bulk"}));
}

TEST_P(JobsTest, ALaneBelowTheLimitIsNotTouched) {
  ASSERT_TRUE(Add("test.note", "bulk", Lane::kBulk).ok());
  EXPECT_EQ(RunAll(Lane::kNormal), 0);
  EXPECT_EQ(RunAll(Lane::kBulk), 1);
}

TEST_P(JobsTest, AJobWaitsForItsTime) {
  ASSERT_TRUE(Add(NewJob{"test.note", "later", Lane::kNormal, kStart + Duration::Seconds(10), ""}).ok());
  clock_.Advance({Duration::Seconds(10).microseconds - 1});
  EXPECT_EQ(RunAll(), 0);
  clock_.Advance({1});
  EXPECT_EQ(RunAll(), 1);
}

TEST_P(JobsTest, AFailedJobWaitsLongerEachTimeAndIsParkedAfterItsLastTry) {
  ASSERT_TRUE(Add("test.fail", "{}").ok());
  const RetryPolicy retry;
  std::int64_t delay = retry.first_delay.microseconds;
  for (int attempt = 1; attempt < retry.tries_max; ++attempt) {
    ASSERT_EQ(RunAll(), 1) << "try " << attempt;
    const std::int64_t wait = CountOf(1).oldest_due.microseconds - clock_.Now().microseconds;
    EXPECT_GE(wait, delay * 3 / 4);
    EXPECT_LE(wait, delay * 5 / 4);
    clock_.Advance({wait - 1});
    EXPECT_EQ(RunAll(), 0) << "not a moment earlier";
    clock_.Advance({1});
    delay *= 2;
  }
  ASSERT_EQ(RunAll(), 1);
  EXPECT_EQ(CountOf(1).dead, 1);
  clock_.Advance(Duration::Days(365));
  EXPECT_EQ(RunAll(), 0) << "a dead job stays dead";
  const std::vector<Job> dead = Dead();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].kind, "test.fail");
  EXPECT_EQ(dead[0].state, JobState::kDead);
  EXPECT_EQ(dead[0].tries, retry.tries_max);
  EXPECT_EQ(dead[0].last_error, "the other side is away");
}

TEST(RetryDelayTest, DoublesUpToTheMaximumWithAQuarterOfJitter) {
  RetryPolicy retry;
  retry.first_delay = Duration::Seconds(2);
  retry.delay_max = Duration::Seconds(60);
  SeededRandom random(1);
  for (int round = 0; round < 200; ++round) {
    EXPECT_GE(internal::RetryDelay(retry, 1, random.Next()), Duration::Milliseconds(1500));
    EXPECT_LE(internal::RetryDelay(retry, 1, random.Next()), Duration::Milliseconds(2500));
    EXPECT_GE(internal::RetryDelay(retry, 3, random.Next()), Duration::Milliseconds(6000));
    EXPECT_LE(internal::RetryDelay(retry, 3, random.Next()), Duration::Milliseconds(10000));
    EXPECT_GE(internal::RetryDelay(retry, 1000, random.Next()), Duration::Seconds(45));
    EXPECT_LE(internal::RetryDelay(retry, 1000, random.Next()), Duration::Seconds(60));
  }
}

TEST_P(JobsTest, AHandlerMayAskForALongerWait) {
  worker_->Register("test.busy", [](const Job&) -> Result<void> { return Error{ErrorCode::kTooManyRequests, "", "slow down", "", 600}; });
  ASSERT_TRUE(Add("test.busy", "{}").ok());
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(CountOf(1).oldest_due, kStart + Duration::Seconds(600));
}

TEST_P(JobsTest, AThrowingHandlerAndAnUnknownKindAreFailuresLikeOthers) {
  worker_->Register("test.throw", [](const Job&) -> Result<void> { throw std::runtime_error("broken"); });
  ASSERT_TRUE(Add("test.throw", "{}").ok());
  ASSERT_TRUE(Add("test.unheard_of", "{}").ok());
  for (int round = 0; round < 20; ++round) {
    RunAll();
    clock_.Advance(Duration::Hours(2));
  }
  ASSERT_EQ(Dead().size(), 2U);
  EXPECT_NE(Dead()[0].last_error.find("test.unheard_of"), std::string::npos);
  EXPECT_NE(Dead()[1].last_error.find("broken"), std::string::npos);
}

TEST_P(JobsTest, AnUnreadableOrEndlessErrorTextCannotKeepAJobFromBeingSettled) {
  worker_->Register("test.binary", [](const Job&) -> Result<void> { return Error{ErrorCode::kInternal, "", std::string("\xff\0", 2), "", 0}; });
  worker_->Register("test.long", [](const Job&) -> Result<void> {
    std::string text;
    for (int index = 0; index < 2000; ++index) text += "é";
    return Error{ErrorCode::kInternal, "", text, "", 0};
  });
  ASSERT_TRUE(Add("test.binary", "{}").ok());
  ASSERT_TRUE(Add("test.long", "{}").ok());
  EXPECT_EQ(RunAll(), 2);
  EXPECT_EQ(CountOf(1).waiting, 2);
}

TEST_P(JobsTest, AJobWhoseWorkerDiedIsTakenOverWhenTheLeaseRunsOut) {
  ASSERT_TRUE(Add("test.note", "survivor").ok());
  ASSERT_EQ(ClaimNow(Lane::kNormal, 5, 1).size(), 1U);  // And then it is killed.
  EXPECT_EQ(CountOf(1).leased, 1);
  clock_.Advance({RetryPolicy{}.lease.microseconds - 1});
  EXPECT_EQ(RunAll(), 0) << "the lease holds";
  clock_.Advance({1});
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(notes_, Notes{"survivor"});
  EXPECT_EQ(tries_, std::vector<int>{2});
}

TEST_P(JobsTest, AWorkerThatComesBackAfterItsLeaseChangesNothing) {
  ASSERT_TRUE(Add("test.note", "x").ok());
  const auto slow = ClaimNow(Lane::kNormal, 1, 1);
  ASSERT_EQ(slow.size(), 1U);
  clock_.Advance(RetryPolicy{}.lease);
  const auto fast = ClaimNow(Lane::kNormal, 1, 2);
  ASSERT_EQ(fast.size(), 1U);
  SettleNow(slow[0], internal::Settlement::Outcome::kDone);
  SettleNow(slow[0], internal::Settlement::Outcome::kFailed);
  SettleNow(slow[0], internal::Settlement::Outcome::kNotBegun);
  EXPECT_EQ(CountOf(1).leased, 1) << "it is the other's now";
  SettleNow(fast[0], internal::Settlement::Outcome::kDone);
  EXPECT_EQ(CountOf(1).leased, 0);
}

TEST_P(JobsTest, AJobThatKillsItsWorkerEachTimeIsParked) {
  ASSERT_TRUE(Add("test.note", "poison").ok());
  for (int attempt = 1; attempt <= RetryPolicy{}.tries_max; ++attempt) {
    ASSERT_EQ(ClaimNow(Lane::kNormal, 1, attempt).size(), 1U) << attempt;
    clock_.Advance(RetryPolicy{}.lease);
  }
  ASSERT_TRUE(Add("test.note", "healthy").ok());
  EXPECT_EQ(RunAll(), 1) << "and does not hold up the next";
  EXPECT_EQ(notes_, Notes{"healthy"});
  ASSERT_EQ(Dead().size(), 1U);
  EXPECT_NE(Dead()[0].last_error.find("lease"), std::string::npos);
}

TEST_P(JobsTest, AJobGivenBackUnbegunHasNotLostATry) {
  ASSERT_TRUE(Add("test.note", "x").ok());
  const auto claimed = ClaimNow(Lane::kNormal, 1, 1);
  SettleNow(claimed.at(0), internal::Settlement::Outcome::kNotBegun);
  EXPECT_EQ(RunAll(), 1);
  EXPECT_EQ(tries_, std::vector<int>{1});
}

TEST_P(JobsTest, ARevivedJobStartsAnew) {
  ASSERT_TRUE(Add("test.fail", "{}").ok());
  for (int attempt = 0; attempt < RetryPolicy{}.tries_max; ++attempt) {
    RunAll();
    clock_.Advance(Duration::Hours(2));
  }
  ASSERT_EQ(Dead().size(), 1U);
  const JobId id = Dead()[0].id;
  const auto revive = [&](JobId which) {
    return database_->Write([&](store::WriteTransaction& transaction) { return Revive(transaction, which, clock_.Now()); });
  };
  ASSERT_TRUE(revive(id).ok());
  EXPECT_TRUE(Dead().empty());
  EXPECT_EQ(revive(id).error().code, ErrorCode::kNotFound) << "it is not dead any more";
  EXPECT_EQ(revive({id.value + 1000}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(RunAll(), 1);
  EXPECT_TRUE(Dead().empty()) << "its tries were cleared";
}

TEST_P(JobsTest, AUniqueJobWaitsOnlyOnce) {
  const NewJob job{"test.note", "sum", Lane::kNormal, {}, "day 1"};
  ASSERT_TRUE(Add(job).ok());
  ASSERT_TRUE(Add(job).ok());
  ASSERT_TRUE(Add(NewJob{"test.note", "other", Lane::kNormal, {}, "day 2"}).ok());
  ASSERT_TRUE(Add("test.note", "free").ok());
  ASSERT_TRUE(Add("test.note", "free").ok());
  EXPECT_EQ(CountOf(1).waiting, 4);
  ASSERT_EQ(ClaimNow(Lane::kNormal, 1, 1).size(), 1U);
  ASSERT_TRUE(Add(job).ok());
  EXPECT_EQ(CountOf(1).waiting, 4) << "the one under way may have missed what is new, so another may wait";
}

TEST_P(JobsTest, AFailedUniqueJobMakesRoomForItsWaitingTwin) {
  const NewJob job{"test.fail", "{}", Lane::kNormal, {}, "key"};
  for (const auto outcome : {internal::Settlement::Outcome::kFailed, internal::Settlement::Outcome::kNotBegun}) {
    ASSERT_TRUE(Add(job).ok());
    const auto claimed = ClaimNow(Lane::kNormal, 1, 5);
    ASSERT_EQ(claimed.size(), 1U);
    ASSERT_TRUE(Add(job).ok());
    SettleNow(claimed[0], outcome);
    EXPECT_EQ(CountOf(1).waiting, 1);
    EXPECT_EQ(CountOf(1).leased, 0);
  }
}

TEST_P(JobsTest, AJobThatCannotBeStoredIsRefusedWhenEnqueued) {
  EXPECT_FALSE(Add("", "{}").ok());
  EXPECT_TRUE(Add("test.note", std::string(64 * 1024, ' ')).ok());
  EXPECT_FALSE(Add("test.note", std::string(64 * 1024 + 1, ' ')).ok());
}

TEST_P(JobsTest, WorkersNeverHoldOneJobTogether) {
  constexpr int kJobs = 120;
  std::vector<std::atomic<int>> runs(kJobs);
  std::atomic<int> done = 0;
  std::promise<void> all_done;
  for (int index = 0; index < kJobs; ++index) {
    ASSERT_TRUE(Add("test.count", std::to_string(index), index % 2 == 0 ? Lane::kNormal : Lane::kBulk).ok());
  }
  std::vector<std::unique_ptr<Worker>> workers;
  for (int index = 0; index < 2; ++index) {
    Worker::Options options;
    options.normal_threads = 3;
    workers.push_back(MakeWorker(options));
    workers.back()->Register("test.count", [&](const Job& job) -> Result<void> {
      ++runs[static_cast<std::size_t>(std::stoi(job.payload))];
      if (++done == kJobs) all_done.set_value();
      return {};
    });
    workers.back()->Start();
  }
  ASSERT_EQ(all_done.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  workers.clear();
  for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
  EXPECT_EQ(CountOf(1).leased + CountOf(1).waiting + CountOf(2).leased + CountOf(2).waiting, 0);
}

TEST_P(JobsTest, BulkWorkDoesNotHoldUpUrgentWork) {
  std::promise<void> bulk_runs;
  std::promise<void> urgent_ran;
  std::shared_future<void> urgent_done = urgent_ran.get_future().share();
  auto worker = MakeWorker();
  std::atomic<bool> is_first = true;
  worker->Register("test.bulk", [&](const Job&) -> Result<void> {
    if (is_first.exchange(false)) bulk_runs.set_value();
    urgent_done.wait();  // The normal thread is busy for as long as the urgent job has not run.
    return {};
  });
  worker->Register("test.urgent", [&](const Job&) -> Result<void> { urgent_ran.set_value(); return {}; });
  for (int index = 0; index < 40; ++index) ASSERT_TRUE(Add("test.bulk", "{}", Lane::kBulk).ok());
  worker->Start();
  bulk_runs.get_future().wait();
  ASSERT_TRUE(Add("test.urgent", "{}", Lane::kUrgent).ok());
  worker->Nudge();
  EXPECT_EQ(urgent_done.wait_for(std::chrono::seconds(60)), std::future_status::ready);
  worker->Stop();
}

TEST_P(JobsTest, StopEndsAfterTheJobUnderWayAndLeavesTheRestInTheQueue) {
  std::promise<void> begun;
  std::promise<void> may_end;
  std::atomic<int> begun_count = 0;
  std::atomic<int> done_count = 0;
  auto worker = MakeWorker();
  worker->Register("test.slow", [&](const Job&) -> Result<void> {
    if (++begun_count == 1) {
      begun.set_value();
      may_end.get_future().wait();
    }
    ++done_count;
    return {};
  });
  for (int index = 0; index < 5; ++index) ASSERT_TRUE(Add("test.slow", "{}", Lane::kBulk).ok());
  worker->Start();
  begun.get_future().wait();
  EXPECT_EQ(CountOf(2).leased, 5);
  std::thread stopper([&] { worker->Stop(); });
  may_end.set_value();
  stopper.join();
  EXPECT_EQ(done_count, begun_count) << "nothing is cut off";
  EXPECT_GE(done_count, 1);
  EXPECT_EQ(CountOf(2).leased, 0);
  EXPECT_EQ(CountOf(2).waiting, 5 - done_count);
}

}  // namespace
}  // namespace porchlight::jobs
