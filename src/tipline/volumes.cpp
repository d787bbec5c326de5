#include "tipline/volumes.h"

namespace porchlight::tipline {

namespace {

constexpr store::Statement kVolumes{
    "tipline.volumes_since",
    "SELECT organisation, day, CAST(SUM(reports) AS BIGINT) FROM tipline_counters WHERE day >= $1 AND counted = 1 "
    "GROUP BY organisation, day ORDER BY organisation, day"};

}  // namespace

Result<std::vector<DayVolume>> VolumesSince(store::ReadTransaction& transaction, std::int64_t day) {
  std::vector<DayVolume> volumes;
  for (const store::Row& row : PL_TRY(transaction.All(kVolumes, day))) {
    if (row.Integer(2) > 0) volumes.push_back({row.Integer(0), row.Integer(1), row.Integer(2)});
  }
  return volumes;
}

}  // namespace porchlight::tipline
