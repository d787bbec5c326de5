#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "platform/store/database.h"

namespace porchlight::audit {

// How much there is and how much of it is sealed, at a glance and in constant time, for the status page.
struct Extent {
  std::int64_t entries = 0;            // The highest entry number; numbers of transactions that never committed count.
  std::int64_t sealed = 0;             // Entries under the newest signed head.
  std::optional<Instant> head_at;
};
Result<Extent> Measure(store::ReadTransaction& transaction);

}  // namespace porchlight::audit
