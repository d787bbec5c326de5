#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/record.h"
#include "platform/store/database.h"

// Durable background work: enqueued in the transaction of the change, run at least once, so every job is safe to
// repeat. A job is leased; a worker that dies loses the lease and another takes over. A failed run waits longer each
// time; after the last try the job is parked as a dead letter that the status page shows.
namespace porchlight::jobs {

using JobId = Id<struct JobTag>;

// Urgent jobs have a lane of their own that bulk work cannot fill; so has what waits for servers of others, which may be slow or away.
enum class Lane : std::uint8_t { kUrgent = 1, kNormal = 2, kBulk = 3, kOutside = 4 };
enum class JobState : std::uint8_t { kWaiting = 1, kLeased = 2, kDead = 3 };  // A finished job leaves the table.

struct NewJob {
  std::string kind;                  // "tipline.expire_report"
  std::string payload;               // Small JSON object of ids and codes.
  Lane lane = Lane::kNormal;
  Instant not_before;                // Zero: at once.
  std::string unique_key;            // Not empty: a waiting job with the same kind and key is not enqueued again.
};

Result<void> Enqueue(store::WriteTransaction& transaction, const NewJob& job, Instant now);

struct Job {
  JobId id;
  std::string kind;
  std::string payload;
  Lane lane = Lane::kNormal;
  int tries = 0;                     // Including this one.
  JobState state = JobState::kWaiting;
  Instant enqueued_at;
  Instant not_before;
  std::string last_error;            // Operator text of the last failure.
};

struct RetryPolicy {
  int tries_max = 8;
  Duration first_delay = Duration::Seconds(2);   // Doubles each time, with jitter of a quarter.
  Duration delay_max = Duration::Hours(1);
  Duration lease = Duration::Minutes(2);
};

// A whole number of the payload. Errors: kInternal when it does not say.
Result<std::int64_t> NumberIn(const Job& job, std::string_view name);

// What a job does. Returning an error means: try again later.
using JobHandler = std::function<Result<void>(const Job&)>;

// Runs jobs on its own threads. Handlers are registered before Start.
class Worker {
 public:
  struct Options {
    RetryPolicy retry;
    int urgent_threads = 1;
    int normal_threads = 1;                        // Take kNormal, then kBulk.
    int outside_threads = 1;
    Duration idle_poll = Duration::Milliseconds(500);
  };
  Worker(store::Database& database, const Clock& clock, Random& random, Options options);
  ~Worker();  // Stops.

  void Register(std::string kind, JobHandler handler);
  void Start();
  // Ends after the jobs under way; what was not begun stays in the queue.
  void Stop();
  // Wakes the threads now instead of at the next poll.
  void Nudge();
  // Claims and runs one due job of any lane up to `lane_max` on the calling thread; false when there is none.
  // For tests, the simulator and scripts.
  Result<bool> RunOne(Lane lane_max = Lane::kOutside);

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

struct LaneCount {
  std::string lane;
  std::int64_t waiting = 0;
  std::int64_t leased = 0;
  std::int64_t dead = 0;
  Instant oldest_due;
};
Result<std::vector<LaneCount>> CountByLane(store::ReadTransaction& transaction);
// Newest first.
Result<std::vector<Job>> DeadLetters(store::ReadTransaction& transaction, int count_max);
// Puts a dead job back as waiting, with its tries cleared. Errors: kNotFound.
Result<void> Revive(store::WriteTransaction& transaction, JobId id, Instant now);

}  // namespace porchlight::jobs
