#pragma once

#include <cstdint>
#include <string_view>

namespace porchlight::store {

// One forward-only step of the schema, shipped in the binary (src/<room>/migrations/NNNN_name.sql, NNNN unique over
// all rooms). The SQL is portable; five words are replaced per engine before it runs:
//   PL_IDENTITY  a 64-bit primary key that the engine counts up and never reuses
//   PL_KEY       a 64-bit primary key that we give
//   PL_BYTES     the type of bytes
//   PL_DOUBLE    the type of a double
//   PL_CLUSTERED after a table's closing parenthesis: its rows lie in the order of the primary key, where the engine can
struct Migration {
  std::int64_t version;
  std::string_view name;
  std::string_view sql;
};

}  // namespace porchlight::store
