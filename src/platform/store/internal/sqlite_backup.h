#pragma once

#include <string>

#include "base/result.h"
#include "platform/store/internal/sqlite_connection.h"

namespace porchlight::store::internal {

// Copies the snapshot that `source` reads into a new file, checks the copy, makes it durable, and only then gives it
// its name. Errors: kConflict (the file exists), kNoSpace, kUnavailable, kCorrupt (the copy fails its check).
Result<void> BackUpSqlite(SqliteConnection& source, const std::string& path);

}  // namespace porchlight::store::internal
