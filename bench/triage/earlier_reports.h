#pragma once

#include <cstdint>
#include <vector>

#include "platform/store/database.h"

// What judging finds of reports that came before: rows put into triage's tables in SQL, as many as millions of reports would have
// left there.
namespace porchlight::bench {

// Keys that many share, of reports judged already: identifiers and viral items that the new reports meet again.
struct SharedKeys {
  std::vector<std::int64_t> links;
  std::vector<std::int64_t> items;
  std::int64_t bundles = 0;
};
SharedKeys FindSharedKeys(store::Database& database);

// Reports numbered [from, to], far above those that are filed: each with a row of the queue, three identifiers and an item of its
// own; one in a hundred has one of the shared identifiers too, one in ten one of the shared items.
void AddEarlierReports(store::Database& database, const SharedKeys& shared, std::int64_t from, std::int64_t to);

}  // namespace porchlight::bench
