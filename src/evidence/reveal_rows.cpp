#include "evidence/reveal_rows.h"

namespace porchlight::evidence::rows {

namespace {

using tipline::FileId;

constexpr store::Statement kInsert{
    "evidence.insert_reveal",
    "INSERT INTO evidence_reveals (account, day, file, at, blur, shown) VALUES ($1, $2, $3, $4, $5, 1) RETURNING id"};
// Nobody looks at two at once, and one that was left open is over after its time.
constexpr store::Statement kEndOthers{
    "evidence.end_other_reveals",
    "UPDATE evidence_reveals SET ended_at = CASE WHEN at + $1 < $2 THEN at + $1 ELSE $2 END "
    "WHERE day >= $3 AND account = $4 AND ended_at IS NULL"};
// The number alone could be somebody else's by now, had the unit of work that made it come to nothing.
constexpr store::Statement kNotShown{
    "evidence.reveal_not_shown", "UPDATE evidence_reveals SET shown = 0 WHERE id = $1 AND account = $2 AND file = $3 AND at = $4"};
constexpr store::Statement kFind{"evidence.find_reveal", "SELECT id FROM evidence_reveals WHERE id = $1 AND account = $2"};
constexpr store::Statement kEnd{
    "evidence.end_reveal",
    "UPDATE evidence_reveals SET ended_at = CASE WHEN at + $1 < $2 THEN at + $1 ELSE $2 END WHERE id = $3 AND ended_at IS NULL"};

// $1: the longest time of one; $2: now.
#define PL_EVIDENCE_EXPOSURE \
  "COUNT(*), COUNT(DISTINCT file), CAST(COALESCE(SUM(CASE WHEN blur = 3 THEN 1 ELSE 0 END), 0) AS BIGINT), " \
  "CAST(COALESCE(SUM(CASE WHEN ended_at IS NOT NULL THEN ended_at - at WHEN at + $1 < $2 THEN $1 ELSE $2 - at END), 0) AS BIGINT)"
constexpr store::Statement kSince{
    "evidence.exposure_since", "SELECT " PL_EVIDENCE_EXPOSURE
    ", day, account FROM evidence_reveals WHERE day >= $3 AND shown = 1 GROUP BY day, account ORDER BY day DESC, account"};
constexpr store::Statement kOf{
    "evidence.exposure_of",
    "SELECT " PL_EVIDENCE_EXPOSURE " FROM evidence_reveals WHERE day = $3 AND account = $4 AND shown = 1"};
constexpr store::Statement kWas{
    "evidence.was_revealed",
    "SELECT id FROM evidence_reveals WHERE day = $1 AND account = $2 AND file = $3 AND shown = 1 LIMIT 1"};
constexpr store::Statement kByFile{
    "evidence.reveals_of",
    "SELECT file, COUNT(*) FROM evidence_reveals WHERE file >= $1 AND file < $2 AND shown = 1 GROUP BY file ORDER BY file"};

static_assert(static_cast<int>(media::PreviewBlur::kNone) == 3, "kSince and kOf name it by its number");

Exposure ReadExposure(const store::Row& row) { return {row.Integer(0), row.Integer(1), row.Integer(2), {row.Integer(3)}}; }

}  // namespace

Result<RevealId> InsertReveal(store::WriteTransaction& transaction, const RevealRow& row, Duration once) {
  const std::int64_t day = DayOf(row.at);
  PL_TRY(transaction.Execute(kEndOthers, once.microseconds, row.at, day - 1, row.account));
  const auto inserted = PL_TRY(transaction.First(kInsert, row.account, day, row.file, row.at, static_cast<std::int64_t>(row.blur)));
  if (!inserted) return Error{ErrorCode::kInternal, "The reveal was not counted.", {}, {}, 0};
  return RevealId{inserted->Integer(0)};
}

Result<void> MarkNotShown(store::WriteTransaction& transaction, RevealId id, const RevealRow& row) {
  PL_TRY(transaction.Execute(kNotShown, id, row.account, row.file, row.at));
  return {};
}

Result<bool> EndReveal(store::WriteTransaction& transaction, RevealId id, std::int64_t account, Duration once, Instant now) {
  const auto found = PL_TRY(transaction.First(kFind, id, account));
  if (!found) return false;
  PL_TRY(transaction.Execute(kEnd, once.microseconds, now, id));
  return true;
}

Result<std::vector<PersonDay>> ExposureSince(store::ReadTransaction& transaction, std::int64_t day, Duration once, Instant now) {
  std::vector<PersonDay> all;
  for (const store::Row& row : PL_TRY(transaction.All(kSince, once.microseconds, now, day))) {
    all.push_back({row.Integer(4), row.Integer(5), ReadExposure(row)});
  }
  return all;
}

Result<Exposure> ExposureOf(store::ReadTransaction& transaction, std::int64_t day, std::int64_t account, Duration once, Instant now) {
  const auto row = PL_TRY(transaction.First(kOf, once.microseconds, now, day, account));
  return row ? ReadExposure(*row) : Exposure();
}

Result<bool> WasRevealed(store::ReadTransaction& transaction, std::int64_t day, std::int64_t account, FileId file) {
  const auto row = PL_TRY(transaction.First(kWas, day, account, file));
  return row.has_value();
}

Result<std::map<FileId, std::int64_t>> RevealsOf(store::ReadTransaction& transaction, FileId from, FileId end) {
  std::map<FileId, std::int64_t> counts;
  for (const store::Row& row : PL_TRY(transaction.All(kByFile, from, end))) counts[{row.Integer(0)}] = row.Integer(1);
  return counts;
}

}  // namespace porchlight::evidence::rows
