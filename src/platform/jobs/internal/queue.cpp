#include "platform/jobs/internal/queue.h"

#include <algorithm>

#include "base/text.h"

namespace porchlight::jobs::internal {

namespace {

using store::Statement;

constexpr std::size_t kErrorBytesMax = 1000;

constexpr Statement kClaimSqlite{"jobs.claim_sqlite",
    "UPDATE jobs_queue SET state = 2, tries = tries + 1, due_at = $1, lease_token = $2 WHERE id IN "
    "(SELECT id FROM jobs_queue WHERE lane = $3 AND due_at <= $4 ORDER BY due_at, id LIMIT $5) RETURNING " PL_JOB_COLUMNS};
// Materialized: a plain sub-select may be run again for each row, and then locks more than its limit.
constexpr Statement kClaimPostgres{"jobs.claim_postgres",
    "WITH due AS MATERIALIZED (SELECT id AS due_id FROM jobs_queue WHERE lane = $3 AND due_at <= $4 "
    "ORDER BY due_at, id LIMIT $5 FOR UPDATE SKIP LOCKED) "
    "UPDATE jobs_queue SET state = 2, tries = tries + 1, due_at = $1, lease_token = $2 FROM due WHERE id = due_id "
    "RETURNING " PL_JOB_COLUMNS};

constexpr Statement kFinish{"jobs.finish", "DELETE FROM jobs_queue WHERE id = $1 AND lease_token = $2 AND state = 2"};
constexpr Statement kPark{"jobs.park",
    "UPDATE jobs_queue SET state = 3, due_at = NULL, lease_token = NULL, last_error = $3 WHERE id = $1 AND lease_token = $2 AND state = 2"};
constexpr Statement kDelay{"jobs.delay",
    "UPDATE jobs_queue SET state = 1, not_before = $3, due_at = $3, lease_token = NULL, last_error = $4 "
    "WHERE id = $1 AND lease_token = $2 AND state = 2 AND NOT EXISTS (SELECT 1 FROM jobs_queue AS twin "
    "WHERE twin.state = 1 AND twin.kind = jobs_queue.kind AND twin.unique_key = jobs_queue.unique_key)"};
constexpr Statement kGiveBack{"jobs.give_back",
    "UPDATE jobs_queue SET state = 1, tries = tries - 1, due_at = not_before, lease_token = NULL "
    "WHERE id = $1 AND lease_token = $2 AND state = 2 AND NOT EXISTS (SELECT 1 FROM jobs_queue AS twin "
    "WHERE twin.state = 1 AND twin.kind = jobs_queue.kind AND twin.unique_key = jobs_queue.unique_key)"};

constexpr const char* kLostLeases = "its lease ran out on every try: the worker died or was too slow";

// What the table can hold, whatever a handler answers.
std::string Shown(const Error& error) {
  std::string text = error.operator_text.empty() ? error.public_text : error.operator_text;
  if (!IsUtf8(text) || text.find('\0') != std::string::npos) {
    text = "error code " + std::to_string(static_cast<int>(error.code)) + " with an unreadable text";
  }
  if (text.size() <= kErrorBytesMax) return text;
  std::size_t end = kErrorBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

// Its place in the queue was taken meanwhile by a waiting job of the same key, which will do the same work.
Result<void> YieldToTwin(store::WriteTransaction& transaction, const ClaimedJob& claimed, std::int64_t changed) {
  if (changed == 0) PL_TRY(transaction.Execute(kFinish, claimed.job.id, claimed.lease_token));
  return {};
}

}  // namespace

Job ReadJob(const store::Row& row) {
  Job job;
  job.id = {row.Integer(0)};
  job.kind = row.Text(1);
  job.payload = row.Text(2);
  job.lane = static_cast<Lane>(row.Integer(3));
  job.tries = static_cast<int>(row.Integer(4));
  job.state = static_cast<JobState>(row.Integer(5));
  job.enqueued_at = row.Time(6);
  job.not_before = row.Time(7);
  job.last_error = row.Text(8);
  return job;
}

Duration RetryDelay(const RetryPolicy& retry, int tries, std::uint64_t jitter) {
  std::int64_t delay = std::max<std::int64_t>(retry.first_delay.microseconds, 1);
  for (int done = 1; done < tries && delay < retry.delay_max.microseconds; ++done) delay *= 2;
  delay = std::min(delay, retry.delay_max.microseconds);
  const std::int64_t quarter = delay / 4;
  if (quarter > 0) delay += static_cast<std::int64_t>(jitter % static_cast<std::uint64_t>(2 * quarter + 1)) - quarter;
  return {std::min(delay, retry.delay_max.microseconds)};
}

Result<std::vector<ClaimedJob>> Claim(store::WriteTransaction& transaction, const ClaimOrder& order, const RetryPolicy& retry,
                                      Instant now) {
  const Statement& statement = transaction.engine() == store::Engine::kSqlite ? kClaimSqlite : kClaimPostgres;
  const Instant lease_until = now + retry.lease;
  for (;;) {
    const std::vector<store::Row> rows =
        PL_TRY(transaction.All(statement, lease_until, order.lease_token, order.lane, now, order.count_max));
    std::vector<ClaimedJob> claimed;
    for (const store::Row& row : rows) {
      ClaimedJob one{ReadJob(row), order.lease_token, lease_until};
      if (one.job.tries <= retry.tries_max) claimed.push_back(std::move(one));
      else PL_TRY(transaction.Execute(kPark, one.job.id, order.lease_token, kLostLeases));
    }
    std::sort(claimed.begin(), claimed.end(), [](const ClaimedJob& left, const ClaimedJob& right) {
      return std::pair(left.job.not_before, left.job.id) < std::pair(right.job.not_before, right.job.id);
    });
    if (!claimed.empty() || rows.empty()) return claimed;
  }
}

Result<void> Settle(store::WriteTransaction& transaction, const Settlement& settlement, const RetryPolicy& retry, Instant now) {
  const ClaimedJob& claimed = settlement.claimed;
  switch (settlement.outcome) {
    case Settlement::Outcome::kDone: {
      PL_TRY(transaction.Execute(kFinish, claimed.job.id, claimed.lease_token));
      return {};
    }
    case Settlement::Outcome::kNotBegun: {
      const std::int64_t changed = PL_TRY(transaction.Execute(kGiveBack, claimed.job.id, claimed.lease_token));
      return YieldToTwin(transaction, claimed, changed);
    }
    case Settlement::Outcome::kFailed: {
      const std::string error = Shown(settlement.error);
      if (claimed.job.tries >= retry.tries_max) {
        PL_TRY(transaction.Execute(kPark, claimed.job.id, claimed.lease_token, error));
        return {};
      }
      const Duration asked = Duration::Seconds(std::clamp<std::int64_t>(settlement.error.retry_after_seconds, 0, 86'400));
      const Instant again = now + std::max(RetryDelay(retry, claimed.job.tries, settlement.jitter), asked);
      const std::int64_t changed = PL_TRY(transaction.Execute(kDelay, claimed.job.id, claimed.lease_token, again, error));
      return YieldToTwin(transaction, claimed, changed);
    }
  }
  return {};
}

}  // namespace porchlight::jobs::internal
