#pragma once

#include <string>

#include "base/result.h"
#include "common/measurement.h"

// What the machine itself can do at most, so that the server's rates have something to be compared with. Each runs
// for about `seconds` in `directory`, or against the named server, and leaves nothing behind.
namespace porchlight::bench {

// 4 KB appended and fdatasync, one after the other.
Result<Measurement> MeasureSync(const std::string& directory, double seconds);
// 4 KB rows in groups of 64 per commit; WAL, synchronous FULL: every commit reaches the disk.
Result<Measurement> MeasureSqliteGroups(const std::string& directory, double seconds);
// Where the 4 KB of a row come from: over the wire, or made of digests by the server, which takes longer.
enum class PostgresRows { kSent, kMade };
// 4 KB rows, one per transaction, prepared, from that many connections at once.
Result<Measurement> MeasurePostgresRows(const std::string& conninfo, PostgresRows rows, int connections, double seconds);

}  // namespace porchlight::bench
