#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "platform/store/database.h"

// What happened, for everyone who must hear of it: one table, many readers, each with its own bookmark. Events carry
// ids and codes, never personal text.
namespace porchlight::jobs {

struct Event {
  std::int64_t sequence = 0;  // Grows; readers use it as bookmark.
  std::string kind;           // "tipline.report_finished"
  std::int64_t subject = 0;   // Id of the record.
  std::string detail;         // Small JSON object of ids and codes, or empty.
  Instant at;
};

// Appends in the transaction of the change. Errors: kTooLarge after 65,536 events in one transaction (PostgreSQL).
Result<void> Publish(store::WriteTransaction& transaction, std::string_view kind, std::int64_t subject,
                     std::string_view detail, Instant now);

// Events after the bookmark, oldest first, at most `count_max` (and never more than 10,000), and never past an event
// whose earlier neighbours may still be uncommitted (PostgreSQL hands out sequence numbers before commit), so that a
// reader misses nothing.
Result<std::vector<Event>> ReadAfter(store::ReadTransaction& transaction, std::int64_t bookmark, int count_max);

// The newest sequence that ReadAfter would return, or 0: where a new reader that wants only the future starts.
Result<std::int64_t> Newest(store::ReadTransaction& transaction);

// Bookmarks of durable readers, by name. An unknown reader stands at 0; saving may also go back, to read again.
Result<std::int64_t> FindBookmark(store::ReadTransaction& transaction, std::string_view reader);
Result<void> SaveBookmark(store::WriteTransaction& transaction, std::string_view reader, std::int64_t sequence);

// Deletes events older than `before` that every durable reader has passed, at most 10,000 of them, so that no sweep
// holds up the writers. Answers how many: come back while it is 10,000.
Result<std::int64_t> Sweep(store::WriteTransaction& transaction, Instant before);

// To be called once after migrating, before the first event: in a PostgreSQL cluster restored from a dump transaction
// numbers start low again, and this moves the sequence past what readers have seen. Nothing to do anywhere else.
Result<void> PrepareOutbox(store::Database& database);

}  // namespace porchlight::jobs
