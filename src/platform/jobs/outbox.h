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

// Appends in the transaction of the change.
Result<void> Publish(store::WriteTransaction& transaction, std::string_view kind, std::int64_t subject,
                     std::string_view detail, Instant now);

// Events after the bookmark, oldest first, at most `count_max`, and never past an event whose earlier neighbours may
// still be uncommitted (PostgreSQL hands out sequence numbers before commit), so that a reader misses nothing.
Result<std::vector<Event>> ReadAfter(store::ReadTransaction& transaction, std::int64_t bookmark, int count_max);

// The newest sequence that ReadAfter would return, or 0: where a new reader that wants only the future starts.
Result<std::int64_t> Newest(store::ReadTransaction& transaction);

// Bookmarks of durable readers, by name.
Result<std::int64_t> FindBookmark(store::ReadTransaction& transaction, std::string_view reader);
Result<void> SaveBookmark(store::WriteTransaction& transaction, std::string_view reader, std::int64_t sequence);

// Deletes events older than `before` that every durable reader has passed. Answers how many.
Result<std::int64_t> Sweep(store::WriteTransaction& transaction, Instant before);

}  // namespace porchlight::jobs
