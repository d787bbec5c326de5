#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "base/nice.h"
#include "platform/jobs/internal/queue.h"
#include "platform/jobs/jobs.h"

namespace porchlight::jobs {

namespace {

using internal::ClaimedJob;
using internal::Settlement;

// Bulk jobs are small and many: claimed by the dozen, one commit for all. The others are claimed one by one, so that
// none waits behind another on the same thread while a thread is free.
constexpr int kBulkClaimMax = 16;
constexpr int kSettleAttemptsMax = 3;

}  // namespace

struct Worker::Inner {
  store::Database& database;
  const Clock& clock;
  Random& random;
  const Options options;
  std::map<std::string, JobHandler, std::less<>> handlers;
  std::mutex mutex;
  std::condition_variable nudged;
  std::uint64_t nudge_count = 0;
  bool stopping = false;
  bool started = false;
  std::vector<std::thread> threads;

  Inner(store::Database& the_database, const Clock& the_clock, Random& the_random, Options the_options)
      : database(the_database), clock(the_clock), random(the_random), options(the_options) {}

  bool Stopping() {
    const std::lock_guard lock(mutex);
    return stopping;
  }

  // One commit: what is finished goes, what is next comes. A conflict means that a twin of a failed job was enqueued
  // at the same moment; the next attempt sees it.
  Result<std::vector<ClaimedJob>> Turn(const std::vector<Settlement>& settlements, std::vector<internal::ClaimOrder> orders) {
    for (int attempt = 1;; ++attempt) {
      const Instant now = clock.Now();
      auto turned = database.Write([&](store::WriteTransaction& transaction) -> Result<std::vector<ClaimedJob>> {
        for (const Settlement& settlement : settlements) PL_TRY(internal::Settle(transaction, settlement, options.retry, now));
        std::vector<ClaimedJob> claimed;
        for (const internal::ClaimOrder& order : orders) {
          claimed = PL_TRY(internal::Claim(transaction, order, options.retry, now));
          if (!claimed.empty()) break;
        }
        return claimed;
      });
      if (turned.ok() || turned.error().code != ErrorCode::kConflict || attempt >= kSettleAttemptsMax) return turned;
    }
  }

  internal::ClaimOrder Order(Lane lane, int count_max) {
    return {lane, count_max, static_cast<std::int64_t>(random.Next() >> 1U)};
  }

  Settlement RunJob(ClaimedJob claimed) {
    Settlement settlement;
    settlement.jitter = random.Next();
    // Claimed with others and waited behind them: with the lease gone somebody else may be running it.
    if (clock.Now() >= claimed.lease_until) {
      settlement.claimed = std::move(claimed);
      settlement.outcome = Settlement::Outcome::kNotBegun;
      return settlement;
    }
    const auto handler = handlers.find(claimed.job.kind);
    Result<void> done;
    if (handler == handlers.end()) {
      done = Error{ErrorCode::kUnsupported, "", "no handler for jobs of kind " + claimed.job.kind, {}, 0};
    } else {
      try {
        done = handler->second(claimed.job);
      } catch (const std::exception& thrown) {
        done = Error{ErrorCode::kInternal, "", std::string("the handler threw: ") + thrown.what(), {}, 0};
      } catch (...) {
        done = Error{ErrorCode::kInternal, "", "the handler threw something that is no exception", {}, 0};
      }
    }
    settlement.claimed = std::move(claimed);
    settlement.outcome = done.ok() ? Settlement::Outcome::kDone : Settlement::Outcome::kFailed;
    if (!done.ok()) settlement.error = std::move(done).error();
    return settlement;
  }

  void Loop(Lane first) {
    pthread_setname_np(pthread_self(), first == Lane::kUrgent ? "pl-job-urgent" : first == Lane::kOutside ? "pl-job-outside" : "pl-job");
    if (first != Lane::kUrgent) StepBack();
    std::vector<Settlement> settlements;
    for (;;) {
      std::uint64_t seen_nudges = 0;
      bool leaving = false;
      {
        const std::lock_guard lock(mutex);
        seen_nudges = nudge_count;
        leaving = stopping;
      }
      std::vector<internal::ClaimOrder> orders;
      if (!leaving) orders = {Order(first, 1)};
      if (!leaving && first == Lane::kNormal) orders.push_back(Order(Lane::kBulk, kBulkClaimMax));
      if (leaving && settlements.empty()) return;
      Result<std::vector<ClaimedJob>> turned = Turn(settlements, std::move(orders));
      // What cannot be settled now (database gone) is settled by a later turn, or its lease runs out and it is repeated.
      if (turned.ok()) settlements.clear();
      if (leaving) return;
      if (!turned.ok() || turned->empty()) {
        std::unique_lock lock(mutex);
        nudged.wait_for(lock, std::chrono::microseconds(options.idle_poll.microseconds),
                        [&] { return stopping || (turned.ok() && nudge_count != seen_nudges); });
        continue;
      }
      for (ClaimedJob& claimed : *turned) {
        if (Stopping()) settlements.push_back({std::move(claimed), Settlement::Outcome::kNotBegun, {}, 0});
        else settlements.push_back(RunJob(std::move(claimed)));
      }
    }
  }
};

Worker::Worker(store::Database& database, const Clock& clock, Random& random, Options options)
    : inner_(std::make_unique<Inner>(database, clock, random, options)) {
  PL_CHECK(options.urgent_threads >= 0 && options.normal_threads >= 0 && options.outside_threads >= 0 && options.retry.tries_max >= 1);
}

Worker::~Worker() { Stop(); }

void Worker::Register(std::string kind, JobHandler handler) {
  PL_CHECK(!inner_->started);
  PL_CHECK(inner_->handlers.emplace(std::move(kind), std::move(handler)).second);
}

void Worker::Start() {
  PL_CHECK(!inner_->started);
  inner_->started = true;
  const Options& options = inner_->options;
  for (const auto& [lane, count] : {std::pair{Lane::kUrgent, options.urgent_threads}, std::pair{Lane::kNormal, options.normal_threads},
                                    std::pair{Lane::kOutside, options.outside_threads}}) {
    for (int index = 0; index < count; ++index) inner_->threads.emplace_back([this, lane = lane] { inner_->Loop(lane); });
  }
}

void Worker::Stop() {
  {
    const std::lock_guard lock(inner_->mutex);
    inner_->stopping = true;
  }
  inner_->nudged.notify_all();
  for (std::thread& thread : inner_->threads) thread.join();
  inner_->threads.clear();
}

void Worker::Nudge() {
  {
    const std::lock_guard lock(inner_->mutex);
    ++inner_->nudge_count;
  }
  inner_->nudged.notify_all();
}

Result<bool> Worker::RunOne(Lane lane_max) {
  std::vector<internal::ClaimOrder> orders;
  for (const Lane lane : {Lane::kUrgent, Lane::kNormal, Lane::kBulk, Lane::kOutside}) {
    if (lane <= lane_max) orders.push_back(inner_->Order(lane, 1));
  }
  std::vector<ClaimedJob> claimed = PL_TRY(inner_->Turn({}, std::move(orders)));
  if (claimed.empty()) return false;
  const Settlement settlement = inner_->RunJob(std::move(claimed.front()));
  PL_TRY(inner_->Turn({settlement}, {}));
  return true;
}

}  // namespace porchlight::jobs
