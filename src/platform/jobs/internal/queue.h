#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/jobs/jobs.h"

// Claiming and settling of jobs, each in a caller's transaction.
namespace porchlight::jobs::internal {

// A job that is ours until `lease_until`; the token proves it when settling.
struct ClaimedJob {
  Job job;
  std::int64_t lease_token = 0;
  Instant lease_until;
};

// What became of a claimed job.
struct Settlement {
  enum class Outcome : std::uint8_t { kDone = 1, kFailed = 2, kNotBegun = 3 };
  ClaimedJob claimed;
  Outcome outcome = Outcome::kDone;
  Error error;                // Of kFailed.
  std::uint64_t jitter = 0;   // Any number; drawn outside the transaction, which may run twice.
};

struct ClaimOrder {
  Lane lane = Lane::kNormal;
  int count_max = 1;
  std::int64_t lease_token = 0;
};

// Takes due jobs of the lane, the longest due first, also those whose lease ran out. One that has had all its tries
// (its worker died each time) is parked instead of handed out.
Result<std::vector<ClaimedJob>> Claim(store::WriteTransaction& transaction, const ClaimOrder& order, const RetryPolicy& retry, Instant now);

// Deletes the finished, delays or parks the failed, gives back the not begun. A job whose lease another has taken over
// is left alone.
Result<void> Settle(store::WriteTransaction& transaction, const Settlement& settlement, const RetryPolicy& retry, Instant now);

// The wait after the given number of tries: doubled each time, up to a quarter more or less, never over the maximum.
Duration RetryDelay(const RetryPolicy& retry, int tries, std::uint64_t jitter);

// Columns of a Job in the order of ReadJob.
#define PL_JOB_COLUMNS "id, kind, payload, lane, tries, state, enqueued_at, not_before, last_error"
Job ReadJob(const store::Row& row);

}  // namespace porchlight::jobs::internal
