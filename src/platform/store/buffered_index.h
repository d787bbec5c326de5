#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/database.h"

namespace porchlight::store {

// An index from a 64-bit key to a 64-bit number, for keys that come in no order, such as digests. Each of their rows lies in a page of its
// own, and SQLite writes whole pages, into its log and later into its file: 8 KB for 16 bytes. So on SQLite the newest entries are held
// in memory and go into the table side by side, many to a page: a change buffer. It gains as long as the table has fewer pages than there
// are entries in memory, some ten million entries. On PostgreSQL, where other processes look into the same table, every entry goes there
// at once, and so it does on SQLite in a process that is not the first to hold entries (Database::HoldForThisProcess): such a process
// does not know what the first one holds, nor later what it held.
//
// Memory is gone after a crash. So numbers rise from entry to entry, a companion of the table knows up to which number all entries stand
// in it or are forgotten, and who owns the index puts those after it again when it starts, out of rows that hold the same.
//
// The tables, made by the owner's migrations: <table> (id PL_KEY, <column> BIGINT NOT NULL) and
// <table>_merged (id PL_KEY, number BIGINT NOT NULL), with one row, whose id is 1.
//
// FindOrPut and Forget are for units of work, which SQLite runs one at a time; Begin and NoteForgotten for whoever starts the owner,
// before there are such units. It outlives them all, and is the only one of its table in the process.
class BufferedIndex {
 public:
  struct Bounds {
    std::size_t held = 65'536;          // Entries in memory, some 64 bytes each.
    std::size_t merged_at_once = 512;   // Go into the table together, for every half as many new ones.
  };

  BufferedIndex(const std::string& table, const std::string& column);
  BufferedIndex(const std::string& table, const std::string& column, Bounds bounds);
  ~BufferedIndex();
  BufferedIndex(const BufferedIndex&) = delete;
  BufferedIndex& operator=(const BufferedIndex&) = delete;

  // Begins to hold entries in memory, with none; before it, and on PostgreSQL always, all go into the table. Answers the number after
  // which entries are to be put again, in the order of their numbers and before any new one; nothing where none are held. An owner that
  // cannot put them again does not go on. Errors: what the store answers; kInternal when the companion's row is gone.
  Result<std::optional<std::int64_t>> Begin(Database& database);
  // Entries up to that number need not be put again: their time is over.
  Result<void> NoteForgotten(Database& database, std::int64_t number);

  // The number under `key`. When there is none, `number` is put there, and the answer is the one under `older_key`, if any.
  Result<std::optional<std::int64_t>> FindOrPut(WriteTransaction& transaction, std::int64_t key, std::int64_t older_key,
                                                std::int64_t number);

  // Forgets entries whose keys are below `first` or not below `end`: of each at most `count_max` that stand in the table, and all that
  // are held. Answers how many.
  Result<std::int64_t> Forget(WriteTransaction& transaction, std::int64_t first, std::int64_t end, int count_max);

 private:
  struct Statements;
  using Entries = std::map<std::int64_t, std::int64_t>;

  Result<std::optional<std::int64_t>> FindOrPutInTable(WriteTransaction& transaction, std::int64_t key, std::int64_t older_key,
                                                       std::int64_t number);
  std::optional<std::int64_t> FindHeld(std::int64_t key) const;
  Result<void> Merge(WriteTransaction& transaction, std::int64_t newest);
  Result<void> NoteMerged(WriteTransaction& transaction, std::int64_t otherwise);

  const Bounds bounds_;
  const std::unique_ptr<const Statements> statements_;
  std::atomic<bool> is_holding_{false};
  // Within units only.
  Entries held_;
  std::int64_t next_key_ = std::numeric_limits<std::int64_t>::min();  // Merging goes through the keys from first to last, again and again.
  std::size_t put_since_merge_ = 0;  // Also by units that were undone: it only says when to look.
};

}  // namespace porchlight::store
