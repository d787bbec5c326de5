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
#include "triage/rules.h"
#include "triage/supervision.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

constexpr std::int64_t kDay = 86'400'000'000;

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

Error Refused(std::string_view field, std::string text) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::string(field), 0};
}

bool IsShortText(std::string_view text) { return !Trim(text).empty() && text.size() <= Throttles::kTextBytesMax; }

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

// Now, and once more when all that was under way beside this unit of work is stored.
Result<void> EnqueueFollow(store::WriteTransaction& transaction, std::int64_t organisation, Instant now) {
  for (const Duration pause : {Duration::Seconds(0), Duration::Minutes(1)}) {
    jobs::NewJob job;
    job.kind = kFollowThrottle;
    job.payload = Json().Set("organisation", organisation).Serialize();
    job.not_before = now + pause;
    job.unique_key = std::to_string(organisation) + (pause.microseconds == 0 ? "" : "@" + std::to_string(job.not_before.microseconds));
    PL_TRY(jobs::Enqueue(transaction, job, now));
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

Result<bool> IsThrottled(store::ReadTransaction& transaction, std::int64_t organisation, Instant now) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kHolds, organisation, now));
  return row.has_value();
}

bool MayStandBehind(const Tip& tip, const Inputs& inputs) {
  return !tip.bundle && !tip.pulled && inputs.person.all().empty() && !inputs.context.Has(Signal::kLinkedAcrossPlatforms);
}

Result<Throttle> Throttles::Begin(const auth::Caller& caller, std::int64_t organisation, const NewThrottle& wanted,
                                  std::string_view request_id) {
  if (organisation == 0) return Refused("/organisation", "The public is not one sender; it cannot be throttled.");
  if (!IsShortText(wanted.reason)) return Refused("/reason", "Say why: 1 to 500 bytes.");
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
  if (!IsShortText(note)) return Refused("/note", "Say why it may end: 1 to 500 bytes.");
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

// Whether it moved. What cannot be read stays where it is: erring on that side costs a look.
Result<bool> Throttles::Place(store::WriteTransaction& transaction, const Tip& seen, bool throttled) const {
  if (seen.behind == throttled) return false;
  std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, seen.id));
  if (!tip) return false;
  bool behind = throttled;
  if (behind) {
    const Result<Score> score = rows::FindScore(transaction, tip->id, tip->scores);
    if (!score.ok() && (score.error().code == ErrorCode::kUnavailable || score.error().code == ErrorCode::kNoSpace)) return score.error();
    behind = score.ok() && MayStandBehind(*tip, score->inputs);
  }
  if (tip->behind == behind) return false;
  tip->behind = behind;
  Rank(*tip);
  PL_TRY(rows::SetBehind(transaction, *tip));
  return true;
}

Result<std::optional<QueueCursor>> Throttles::Follow(std::int64_t organisation, const QueueCursor& at, int count_max) {
  const Instant now = clock_.Now();
  const auto follow = [&](store::WriteTransaction& transaction) -> Result<std::optional<QueueCursor>> {
    const bool throttled = PL_TRY(IsThrottled(transaction, organisation, now));
    const std::vector<store::Row> waiting = PL_TRY(transaction.All(kWaitingOf, organisation, at.rank, at.id, count_max));
    for (const store::Row& row : waiting) PL_TRY(Place(transaction, rows::ReadTip(row), throttled));
    if (waiting.size() < static_cast<std::size_t>(count_max)) return std::optional<QueueCursor>();
    // Where the last one stood: those that moved behind come again and stay.
    const Tip last = rows::ReadTip(waiting.back());
    return std::optional(QueueCursor{last.rank, last.id.value});
  };
  return database_.Write(follow);
}

Result<void> Throttles::FollowAll(std::int64_t organisation) {
  std::optional<QueueCursor> at = QueueCursor{-1, 0};
  while (at) at = PL_TRY(Follow(organisation, *at));
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const bool behind = PL_TRY(IsThrottled(transaction, organisation, now));
    return jobs::Publish(transaction, events::kSenderFollowed, organisation, Json().Set("behind", behind).Serialize(), now);
  });
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
