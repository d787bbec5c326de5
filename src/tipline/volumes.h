#pragma once

#include <cstdint>
#include <vector>

#include "platform/store/database.h"

// How much each reporter sends, by day (UTC), out of the counters; test traffic is not in it.
namespace porchlight::tipline {

struct DayVolume {
  std::int64_t organisation = 0;            // 0: the public.
  std::int64_t day = 0;                     // Since 1970.
  std::int64_t reports = 0;
};

// Of that day and later; by organisation, then by day. Reads a few rows for each reporter, kind and state of a day.
Result<std::vector<DayVolume>> VolumesSince(store::ReadTransaction& transaction, std::int64_t day);

}  // namespace porchlight::tipline
