#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "platform/store/database.h"

namespace porchlight::bench {

inline constexpr std::int64_t kTipsStart = 1'730'000'000;     // Received in that second of the epoch plus the row's number.

// Of every room that judging stands on.
std::vector<store::Migration> TriageMigrations();

// Without the indexes of a table of triage, which are made again afterwards: what fills it, and much faster.
void WithoutIndexes(store::Database& database, std::string_view table, const std::function<void()>& fill);

// Rows of triage_tips numbered [from, to]: seven of ten closed, the rest waiting, one in eight of all of one of `bundles`
// bundles, there one in a hundred as a lead if there are leads, the others folded.
void FillTips(store::Database& database, std::int64_t from, std::int64_t to, std::int64_t bundles, bool leads);

// Counts the rows, so that planners know what is there.
void Analyse(store::Database& database);

}  // namespace porchlight::bench
