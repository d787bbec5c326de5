#include "triage/throttling.h"

#include <algorithm>
#include <limits>

#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"
#include "tipline/volumes.h"
#include "triage/events.h"
#include "triage/internal/staff_text.h"
#include "triage/rules.h"
#include "triage/supervision.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

constexpr std::int64_t kDay = 86'400'000'000;
constexpr QueueCursor kFirst{-1, 0};
constexpr int kSharedLooked = 100;                // First and last reports of an identifier that are looked at.
constexpr int kSpokenFor = 1'000;                 // Newest of an identifier that are brought back.

#define PL_FROM_THROTTLES "SELECT id, organisation, at, account, reason, until, ended_at, ended_by, note FROM triage_throttles "
constexpr store::Statement kHolds{"triage.throttle_holds",
                                  "SELECT 1 FROM triage_throttles WHERE organisation = $1 AND ended_at IS NULL AND until > $2"};
constexpr store::Statement kInsert{
    "triage.insert_throttle",
    "INSERT INTO triage_throttles (organisation, at, account, reason, until, note) VALUES ($1, $2, $3, $4, $5, '') "
    "ON CONFLICT DO NOTHING RETURNING id"};
constexpr store::Statement kFind{"triage.find_throttle", PL_FROM_THROTTLES "WHERE id = $1"};
constexpr store::Statement kEnd{
    "triage.end_throttle",
    "UPDATE triage_throttles SET ended_at = $1, ended_by = $2, note = $3 WHERE id = $4 AND ended_at IS NULL"};
constexpr store::Statement kOverdue{"triage.overdue_throttles", PL_FROM_THROTTLES "WHERE ended_at IS NULL AND until <= $1 ORDER BY id"};
constexpr store::Statement kList{
    "triage.list_throttles",
    PL_FROM_THROTTLES "ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, COALESCE(ended_at, at) DESC, id DESC LIMIT $1"};
constexpr store::Statement kWaitingOf{
    "triage.waiting_of_sender",
    "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE waiting = 1 AND organisation = $1 AND (rank, id) > ($2, $3) "
    "ORDER BY rank, id LIMIT $4"};
constexpr store::Statement kAnyHolds{"triage.any_throttle", "SELECT 1 FROM triage_throttles WHERE ended_at IS NULL AND until > $1 LIMIT 1"};
constexpr store::Statement kByPerson{
    "triage.judged_by_person", "SELECT 1 FROM triage_scores WHERE id >= $1 AND id < $2 AND account <> 0 LIMIT 1"};
constexpr store::Statement kElsewhere{
    "triage.linked_elsewhere",
    "SELECT 1 FROM (SELECT organisation FROM triage_links WHERE key = $1 ORDER BY report LIMIT $3) AS first_ones "
    "WHERE organisation <> $2 UNION ALL "
    "SELECT 1 FROM (SELECT organisation FROM triage_links WHERE key = $1 ORDER BY report DESC LIMIT $3) AS last_ones "
    "WHERE organisation <> $2 LIMIT 1"};
constexpr store::Statement kCountRange{
    "triage.count_behind",
    "SELECT COUNT(*) FROM (SELECT 1 FROM triage_tips WHERE waiting = 1 AND organisation = $1 AND rank >= $2 AND rank < $3 LIMIT $4) "
    "AS counted"};

Throttle ReadThrottle(const store::Row& row) {
  Throttle throttle;
  throttle.id = {row.Integer(0)};
  throttle.organisation = row.Integer(1);
  throttle.at = row.Time(2);
  throttle.account = {row.Integer(3)};
  throttle.reason = row.Text(4);
  throttle.until = row.Time(5);
  throttle.ended_at = row.OptionalTime(6);
  if (const auto account = row.OptionalInteger(7); account && *account != 0) throttle.ended_by = auth::AccountId{*account};
  throttle.note = row.Text(8);
  return throttle;
}

Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action, std::int64_t organisation,
                    const Json& detail, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "organisation";
  entry.subject = organisation;
  entry.detail = detail.Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

Result<void> EnqueueStep(store::WriteTransaction& transaction, std::int64_t organisation, const QueueCursor& at, std::string key,
                         Instant not_before, Instant now) {
  jobs::NewJob job;
  job.kind = kFollowThrottle;
  job.payload = Json().Set("organisation", organisation).Set("rank", at.rank).Set("report", at.id).Serialize();
  // Not behind the pictures of the flood that it is about; a step is short.
  job.lane = jobs::Lane::kNormal;
  job.not_before = not_before;
  job.unique_key = std::to_string(organisation) + std::move(key);
  return jobs::Enqueue(transaction, job, now);
}

// From the first report on, now, and once more when all that was under way beside this unit of work is stored.
Result<void> EnqueueFollow(store::WriteTransaction& transaction, std::int64_t organisation, Instant now) {
  for (const Duration pause : {Duration::Seconds(0), Duration::Minutes(1)}) {
    const Instant at = now + pause;
    PL_TRY(EnqueueStep(transaction, organisation, kFirst, "@" + std::to_string(at.microseconds), at, now));
  }
  return {};
}

Result<bool> Reports(store::ReadTransaction& transaction, std::int64_t organisation, Instant now) {
  for (const tipline::DayVolume& one : PL_TRY(tipline::VolumesSince(transaction, now.microseconds / kDay - kVolumeDays + 1))) {
    if (one.organisation == organisation) return true;
  }
  return false;
}

Result<void> EndOne(store::WriteTransaction& transaction, const auth::Caller& caller, const Throttle& throttle, std::string_view note,
                    std::string_view request_id, Instant now) {
  if (PL_TRY(transaction.Execute(kEnd, now, caller.account, note, throttle.id)) == 0) {
    return Error{ErrorCode::kConflict, "It is over already.", {}, "throttle", 0};
  }
  const Json detail = Json().Set("throttle", throttle.id.value);
  PL_TRY(Record(transaction, caller, "triage.throttle.end", throttle.organisation, detail, request_id, now));
  return EnqueueFollow(transaction, throttle.organisation, now);
}

}  // namespace

namespace {

Result<bool> IsThrottled(store::ReadTransaction& transaction, std::int64_t organisation, Instant now) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kHolds, organisation, now));
  return row.has_value();
}

Result<bool> SomebodySpeaks(store::ReadTransaction& transaction, const Tip& tip) {
  if (tip.bundle || tip.pulled) return true;
  const std::int64_t first = tip.id.value * rows::kScoresMax;
  const std::optional<store::Row> person = PL_TRY(transaction.First(kByPerson, first, first + rows::kScoresMax));
  if (person) return true;
  for (const std::int64_t key : PL_TRY(rows::LinkKeysOf(transaction, tip.id))) {
    const std::optional<store::Row> other = PL_TRY(transaction.First(kElsewhere, key, tip.organisation, kSharedLooked));
    if (other) return true;
  }
  return false;
}

Result<void> StandByNow(store::WriteTransaction& transaction, Tip& tip, Instant now) {
  const bool behind = PL_TRY(StandsBehind(transaction, tip, now));
  if (tip.behind == behind) return {};
  tip.behind = behind;
  Rank(tip);
  return rows::SetBehind(transaction, tip);
}

}  // namespace

Result<bool> StandsBehind(store::ReadTransaction& transaction, const Tip& tip, Instant now) {
  if (!PL_TRY(IsThrottled(transaction, tip.organisation, now))) return false;
  return !PL_TRY(SomebodySpeaks(transaction, tip));
}

Result<void> StandByNow(store::WriteTransaction& transaction, ReportId report, Instant now) {
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, report));
  return tip ? StandByNow(transaction, *tip, now) : Result<void>();
}

Result<void> SpeakFor(store::WriteTransaction& transaction, const std::vector<std::int64_t>& link_keys, std::int64_t organisation,
                      Instant now) {
  const std::optional<store::Row> any = PL_TRY(transaction.First(kAnyHolds, now));
  if (!any) return {};
  for (const std::int64_t key : link_keys) {
    for (const rows::Linked& linked : PL_TRY(rows::LinkedBy(transaction, key, kSpokenFor))) {
      if (linked.organisation == organisation) continue;
      const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, linked.report));
      if (tip && tip->behind) PL_TRY(StandByNow(transaction, linked.report, now));
    }
  }
  return {};
}

Result<Throttle> Throttles::Begin(const auth::Caller& caller, std::int64_t organisation, const NewThrottle& wanted,
                                  std::string_view request_id) {
  if (organisation == 0) return Refused("/organisation", "The public is not one sender; it cannot be throttled.");
  if (!IsStaffText(wanted.reason)) return Refused("/reason", "Say why: 1 to 500 bytes.");
  if (wanted.days < 1 || wanted.days > kDaysMax) return Refused("/days", "It must be 1 to 30 days.");
  const Instant now = clock_.Now();
  const Instant until = now + Duration::Days(wanted.days);
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Throttle> {
    if (!PL_TRY(Reports(transaction, organisation, now))) {
      return Error{ErrorCode::kNotFound, "No such organisation has reported anything in fourteen days.", {}, "organisation", 0};
    }
    // One whose time is over, and that no sweep has ended yet, is in nobody's way.
    for (const store::Row& row : PL_TRY(transaction.All(kOverdue, now))) {
      const Throttle over = ReadThrottle(row);
      if (over.organisation == organisation) PL_TRY(EndOne(transaction, auth::SystemCaller("triage"), over, "", {}, now));
    }
    const std::string reason(Trim(wanted.reason));
    const std::optional<store::Row> made = PL_TRY(transaction.First(kInsert, organisation, now, caller.account, reason, until));
    if (!made) return Error{ErrorCode::kConflict, "This organisation is throttled already.", {}, "organisation", 0};
    const Json detail = Json().Set("throttle", made->Integer(0)).Set("until", FormatInstant(until));
    PL_TRY(Record(transaction, caller, "triage.throttle.begin", organisation, detail, request_id, now));
    PL_TRY(EnqueueFollow(transaction, organisation, now));
    return Throttle{{made->Integer(0)}, organisation, now, caller.account, reason, until, {}, {}, {}};
  });
}

Result<Throttle> Throttles::End(const auth::Caller& caller, ThrottleId id, std::string_view note, std::string_view request_id) {
  if (!IsStaffText(note)) return Refused("/note", "Say why it may end: 1 to 500 bytes.");
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Throttle> {
    const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
    if (!row) return Error{ErrorCode::kNotFound, "There is no such throttle.", {}, "throttle", 0};
    Throttle throttle = ReadThrottle(*row);
    throttle.note = Trim(note);
    PL_TRY(EndOne(transaction, caller, throttle, throttle.note, request_id, now));
    throttle.ended_at = now;
    throttle.ended_by = caller.account;
    return throttle;
  });
}

Result<int> Throttles::EndOverdue() {
  const Instant now = clock_.Now();
  // Mostly there is nothing to do: no writer is asked for that.
  const auto none = [&](store::ReadTransaction& transaction) -> Result<bool> { return PL_TRY(transaction.All(kOverdue, now)).empty(); };
  if (PL_TRY(database_.Read(none))) return 0;
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<int> {
    const std::vector<store::Row> overdue = PL_TRY(transaction.All(kOverdue, now));
    for (const store::Row& row : overdue) {
      PL_TRY(EndOne(transaction, auth::SystemCaller("triage"), ReadThrottle(row), "", {}, now));
    }
    return static_cast<int>(overdue.size());
  });
}

Result<std::optional<QueueCursor>> Throttles::Follow(std::int64_t organisation, const QueueCursor& at, int count_max) {
  const Instant now = clock_.Now();
  const auto follow = [&](store::WriteTransaction& transaction) -> Result<std::optional<QueueCursor>> {
    const bool throttled = PL_TRY(IsThrottled(transaction, organisation, now));
    const std::vector<store::Row> waiting = PL_TRY(transaction.All(kWaitingOf, organisation, at.rank, at.id, count_max));
    for (const store::Row& row : waiting) {
      const Tip seen = rows::ReadTip(row);
      if (seen.behind != throttled) PL_TRY(StandByNow(transaction, seen.id, now));
    }
    if (waiting.size() < static_cast<std::size_t>(count_max)) {
      PL_TRY(jobs::Publish(transaction, events::kSenderFollowed, organisation, Json().Set("behind", throttled).Serialize(), now));
      return std::optional<QueueCursor>();
    }
    // Where the last one stood: those that moved behind come again and stay.
    const Tip last = rows::ReadTip(waiting.back());
    const QueueCursor next{last.rank, last.id.value};
    PL_TRY(EnqueueStep(transaction, organisation, next, ":" + CursorText(next), now, now));
    return std::optional(next);
  };
  return database_.Write(follow);
}

Result<std::vector<Throttle>> ListThrottles(store::ReadTransaction& transaction, int count_max) {
  std::vector<Throttle> throttles;
  for (const store::Row& row : PL_TRY(transaction.All(kList, count_max))) throttles.push_back(ReadThrottle(row));
  return throttles;
}

Result<BehindCount> CountBehind(store::ReadTransaction& transaction, std::int64_t organisation) {
  BehindCount count;
  for (const bool urgent : {true, false}) {
    for (int level = kLevelFirst; level <= kLevelLast; ++level) {
      const std::int64_t from = RankOf({level, kPointsMax, urgent, true}, Instant{0});
      const std::int64_t to = RankOf({level, 0, urgent, true}, Instant{std::numeric_limits<std::int64_t>::max()}) + 1;
      const std::optional<store::Row> row = PL_TRY(transaction.First(kCountRange, organisation, from, to, kCountMax));
      (urgent ? count.urgent : count.others) += row ? row->Integer(0) : 0;
    }
  }
  count.urgent = std::min(count.urgent, kCountMax);
  count.others = std::min(count.others, kCountMax);
  return count;
}

std::vector<PlannedStatement> ThrottleStatements() {
  return {{kWaitingOf, "triage_tips_organisation"}, {kCountRange, "triage_tips_organisation"}};
}

}  // namespace porchlight::triage
