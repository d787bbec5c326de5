#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "platform/store/database.h"

// What is remembered of the centre as a whole, one value a name. Errors: the store's.
namespace porchlight::app {

inline constexpr std::string_view kLastBackup = "last_backup";   // Where it went, and when it was finished.
inline constexpr std::string_view kMasterKeys = "master_keys";   // The most master keys that the centre has ever been opened with.

struct Fact {
  std::string value;
  Instant at;
};
Result<std::optional<Fact>> FindFact(store::ReadTransaction& transaction, std::string_view name);
Result<void> SaveFact(store::WriteTransaction& transaction, std::string_view name, std::string_view value, Instant now);

// Of a number; 0 when it is not known.
Result<std::int64_t> FindNumber(store::ReadTransaction& transaction, std::string_view name);
// Saved only where it is more than what is known.
Result<void> RaiseNumber(store::Database& database, std::string_view name, std::int64_t number, Instant now);

}  // namespace porchlight::app
