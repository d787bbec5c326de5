#include "platform/jobs/outbox.h"

#include <algorithm>

namespace porchlight::jobs {

namespace {

using store::Engine;
using store::Statement;

constexpr int kCountMax = 10'000;
constexpr int kSweptMax = 10'000;

constexpr Statement kPublishSqlite{"jobs.publish_sqlite",
    "INSERT INTO jobs_outbox (kind, subject, detail, at) VALUES ($1, $2, $3, $4)"};

// A transaction's events are numbered within its own range of 65,536, and ranges lie in the order of transaction
// numbers: see docs/formats/outbox.md for why a plain sequence would lose events.
constexpr Statement kPublishPostgres{"jobs.publish_postgres",
    "INSERT INTO jobs_outbox (sequence, kind, subject, detail, at) "
    "SELECT taken.last + 1, $1, $2, $3, $4 FROM "
    "(SELECT start.base, COALESCE((SELECT max(sequence) FROM jobs_outbox "
    "   WHERE sequence >= start.base AND sequence < start.base + 65536), start.base - 1) AS last FROM "
    " (SELECT (CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) + transaction_offset) * 65536 AS base "
    "    FROM jobs_outbox_origin WHERE id = 1) AS start) AS taken "
    "WHERE taken.last + 1 < taken.base + 65536"};

constexpr Statement kReadSqlite{"jobs.read_after_sqlite",
    "SELECT sequence, kind, subject, detail, at FROM jobs_outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2"};
constexpr Statement kReadPostgres{"jobs.read_after_postgres",
    "SELECT sequence, kind, subject, detail, at FROM jobs_outbox WHERE sequence > $1 AND sequence < "
    "(SELECT (CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) + transaction_offset) * 65536 "
    "FROM jobs_outbox_origin WHERE id = 1) ORDER BY sequence LIMIT $2"};

constexpr Statement kNewestSqlite{"jobs.newest_sqlite", "SELECT COALESCE(max(sequence), 0) FROM jobs_outbox"};
constexpr Statement kNewestPostgres{"jobs.newest_postgres",
    "SELECT COALESCE(max(sequence), 0) FROM jobs_outbox WHERE sequence < "
    "(SELECT (CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) + transaction_offset) * 65536 "
    "FROM jobs_outbox_origin WHERE id = 1)"};

constexpr Statement kFindBookmark{"jobs.find_bookmark", "SELECT sequence FROM jobs_bookmarks WHERE reader = $1"};
constexpr Statement kSaveBookmark{"jobs.save_bookmark",
    "INSERT INTO jobs_bookmarks (reader, sequence) VALUES ($1, $2) ON CONFLICT (reader) DO UPDATE SET sequence = excluded.sequence"};

// Looks at no more than the oldest rows, so that a sweep that finds nothing is cheap however long the table is.
constexpr Statement kSweep{"jobs.sweep",
    "DELETE FROM jobs_outbox WHERE sequence IN (SELECT oldest.sequence FROM "
    "(SELECT sequence, at FROM jobs_outbox ORDER BY sequence LIMIT $1) AS oldest "
    "WHERE oldest.at < $2 AND oldest.sequence <= COALESCE((SELECT min(sequence) FROM jobs_bookmarks), 9223372036854775807))"};

constexpr Statement kAdvanceOrigin{"jobs.advance_origin",
    "UPDATE jobs_outbox_origin SET transaction_offset = "
    "  (SELECT max(known.sequence) FROM (SELECT COALESCE(max(sequence), 0) AS sequence FROM jobs_outbox "
    "     UNION ALL SELECT COALESCE(max(sequence), 0) FROM jobs_bookmarks) AS known) / 65536 + 1 "
    "WHERE id = 1 AND (SELECT max(known.sequence) FROM (SELECT COALESCE(max(sequence), 0) AS sequence FROM jobs_outbox "
    "     UNION ALL SELECT COALESCE(max(sequence), 0) FROM jobs_bookmarks) AS known) / 65536 "
    "  >= CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT) + transaction_offset"};

const Statement& For(Engine engine, const Statement& sqlite, const Statement& postgres) {
  return engine == Engine::kSqlite ? sqlite : postgres;
}

}  // namespace

Result<void> Publish(store::WriteTransaction& transaction, std::string_view kind, std::int64_t subject,
                     std::string_view detail, Instant now) {
  const Statement& statement = For(transaction.engine(), kPublishSqlite, kPublishPostgres);
  const std::int64_t count = PL_TRY(transaction.Execute(statement, kind, subject, detail, now));
  if (count != 1) {
    return Error{ErrorCode::kTooLarge, "Too many changes at once.",
                 "one transaction publishes more than 65,536 events; split it (" + std::string(kind) + ")", {}, 0};
  }
  return {};
}

Result<std::vector<Event>> ReadAfter(store::ReadTransaction& transaction, std::int64_t bookmark, int count_max) {
  const Statement& statement = For(transaction.engine(), kReadSqlite, kReadPostgres);
  std::vector<Event> events;
  PL_TRY(transaction.Each(statement, {bookmark, std::int64_t{std::clamp(count_max, 0, kCountMax)}}, [&](store::Row&& row) {
    events.push_back({row.Integer(0), row.Text(1), row.Integer(2), row.Text(3), row.Time(4)});
    return true;
  }));
  return events;
}

Result<std::int64_t> Newest(store::ReadTransaction& transaction) {
  const auto row = PL_TRY(transaction.First(For(transaction.engine(), kNewestSqlite, kNewestPostgres)));
  return row->Integer(0);
}

Result<std::int64_t> FindBookmark(store::ReadTransaction& transaction, std::string_view reader) {
  const auto row = PL_TRY(transaction.First(kFindBookmark, reader));
  return row.has_value() ? row->Integer(0) : 0;
}

Result<void> SaveBookmark(store::WriteTransaction& transaction, std::string_view reader, std::int64_t sequence) {
  PL_TRY(transaction.Execute(kSaveBookmark, reader, sequence));
  return {};
}

Result<std::int64_t> Sweep(store::WriteTransaction& transaction, Instant before) {
  return transaction.Execute(kSweep, kSweptMax, before);
}

Result<void> PrepareOutbox(store::Database& database) {
  if (database.engine() == Engine::kSqlite) return {};
  return database.Write([](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kAdvanceOrigin));
    return {};
  });
}

}  // namespace porchlight::jobs
