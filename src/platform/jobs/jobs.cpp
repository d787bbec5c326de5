#include "platform/jobs/jobs.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "platform/jobs/internal/queue.h"

namespace porchlight::jobs {

namespace {

using store::Statement;

constexpr std::size_t kPayloadBytesMax = 64 * 1024;
constexpr int kDeadLettersMax = 1000;

constexpr Statement kEnqueue{"jobs.enqueue",
    "INSERT INTO jobs_queue (kind, payload, lane, state, unique_key, tries, enqueued_at, not_before, due_at, last_error) "
    "VALUES ($1, $2, $3, 1, $4, 0, $5, $6, $6, '') ON CONFLICT DO NOTHING"};
constexpr Statement kCount{"jobs.count_by_lane",
    "SELECT lane, state, count(*), min(due_at) FROM jobs_queue GROUP BY lane, state"};
constexpr Statement kDead{"jobs.dead_letters",
    "SELECT " PL_JOB_COLUMNS " FROM jobs_queue WHERE state = 3 ORDER BY id DESC LIMIT $1"};
constexpr Statement kRevive{"jobs.revive",
    "UPDATE jobs_queue SET state = 1, tries = 0, not_before = $2, due_at = $2 WHERE id = $1 AND state = 3 "
    "AND NOT EXISTS (SELECT 1 FROM jobs_queue AS twin WHERE twin.state = 1 AND twin.kind = jobs_queue.kind "
    "AND twin.unique_key = jobs_queue.unique_key)"};
constexpr Statement kDropDead{"jobs.drop_dead", "DELETE FROM jobs_queue WHERE id = $1 AND state = 3"};

const char* NameOf(Lane lane) {
  switch (lane) {
    case Lane::kUrgent: return "urgent";
    case Lane::kNormal: return "normal";
    case Lane::kBulk: return "bulk";
    case Lane::kOutside: return "outside";
  }
  PL_CHECK(false);
}

}  // namespace

Result<void> Enqueue(store::WriteTransaction& transaction, const NewJob& job, Instant now) {
  if (job.kind.empty() || job.payload.size() > kPayloadBytesMax) {
    return Error{ErrorCode::kInternal, "The work could not be queued.",
                 "job '" + job.kind + "' has no kind, or a payload of " + std::to_string(job.payload.size()) + " bytes (at most " +
                     std::to_string(kPayloadBytesMax) + ")", {}, 0};
  }
  const std::optional<std::string> unique_key = job.unique_key.empty() ? std::nullopt : std::optional(job.unique_key);
  const Instant not_before = std::max(job.not_before, now);
  PL_TRY(transaction.Execute(kEnqueue, job.kind, job.payload, job.lane, unique_key, now, not_before));
  return {};
}

Result<std::vector<LaneCount>> CountByLane(store::ReadTransaction& transaction) {
  std::map<Lane, LaneCount> lanes;
  for (const Lane lane : {Lane::kUrgent, Lane::kNormal, Lane::kBulk, Lane::kOutside}) lanes[lane].lane = NameOf(lane);
  for (const store::Row& row : PL_TRY(transaction.All(kCount))) {
    LaneCount& lane = lanes[static_cast<Lane>(row.Integer(0))];
    switch (static_cast<JobState>(row.Integer(1))) {
      case JobState::kWaiting:
        lane.waiting = row.Integer(2);
        lane.oldest_due = row.Time(3);
        break;
      case JobState::kLeased: lane.leased = row.Integer(2); break;
      case JobState::kDead: lane.dead = row.Integer(2); break;
    }
  }
  std::vector<LaneCount> counts;
  for (auto& [lane, count] : lanes) counts.push_back(std::move(count));
  return counts;
}

Result<std::int64_t> NumberIn(const Job& job, std::string_view name) {
  const Json payload = PL_TRY(ParseJson(job.payload));
  const Json* number = payload.Find(name);
  if (number == nullptr || number->AsInteger() == nullptr) {
    return Error{ErrorCode::kInternal, "The job does not say what it is about.", job.payload, {}, 0};
  }
  return *number->AsInteger();
}

Result<std::vector<Job>> DeadLetters(store::ReadTransaction& transaction, int count_max) {
  std::vector<Job> jobs;
  for (const store::Row& row : PL_TRY(transaction.All(kDead, std::clamp(count_max, 0, kDeadLettersMax)))) {
    jobs.push_back(internal::ReadJob(row));
  }
  return jobs;
}

Result<void> Revive(store::WriteTransaction& transaction, JobId id, Instant now) {
  if (PL_TRY(transaction.Execute(kRevive, id, now)) == 1) return {};
  // A waiting job of the same key does the same work already.
  if (PL_TRY(transaction.Execute(kDropDead, id)) == 1) return {};
  return Error{ErrorCode::kNotFound, "No such dead job.", "job " + std::to_string(id.value) + " is not dead", {}, 0};
}

}  // namespace porchlight::jobs
