#pragma once

#include <functional>

#include "lists/place.h"

// Fills tipline_reports and tipline_counters with as many rows as asked for, spread over the year that ends now.
namespace porchlight::bench {

inline constexpr std::int64_t kOrganisations = 300;

struct Filled {
  std::int64_t rows = 0;
  Instant begin;                 // The first row was received about here, the last one about a year later.
  Duration step;                 // Between two rows.
  Instant At(std::int64_t id) const { return begin + Duration{id * step.microseconds}; }
};

// Nine of ten reports are of one kind and finished; what is rare is as rare as in a year of a centre. On PostgreSQL the
// last tenth is younger than the last vacuum, as it would be. Errors: those of the store.
Result<Filled> Fill(const Place& place, std::int64_t rows, Instant now, const std::function<void(std::int64_t)>& progress);

// What an earlier run left in the place. Errors: kNotFound when there are no rows.
Result<Filled> FindFilled(const Place& place);

// ANALYZE, which the planner of SQLite knows nothing without; PostgreSQL runs it by itself.
Result<void> GatherStatistics(const Place& place);

}  // namespace porchlight::bench
