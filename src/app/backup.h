#pragma once

#include <cstdint>
#include <string>

#include "app/centre.h"

// Backups of a centre with embedded storage, made while it runs. Format: docs/formats/backup.md. Centres on PostgreSQL
// back up their database with its own tools and call this for the vault alone.
namespace porchlight::app {

struct BackupSummary {
  std::int64_t objects = 0;
  std::int64_t bytes = 0;
  bool database = false;
};

// Writes a backup into the new folder `target`, checks it, and remembers the time for the status page. Keys are not
// in it unless `with_keys`: a backup alone then opens nothing. Errors: kConflict (the folder exists), kNoSpace, kCorrupt.
Result<BackupSummary> BackUp(Centre& centre, const std::string& target, bool with_keys);

// Checks every file of the backup against its digests, then lays it into the folder `data`, which must not hold a
// centre. `keys`: folder with master.key and audit.key, when they are not in the backup. Errors: kCorrupt (naming the
// file), kConflict, kNotFound (keys), kNoSpace.
Result<BackupSummary> Restore(const std::string& source, const std::string& data, const std::string& keys);

}  // namespace porchlight::app
