#pragma once

#include "base/clock.h"
#include "platform/store/database.h"
#include "triage/queue.h"
#include "triage/views.h"

// What changed in the queue since a moment: for whoever begins a shift (domain 4.12, E3).
namespace porchlight::triage {

inline constexpr int kMovedMax = 50;             // Listed.
inline constexpr int kScoresLookedAtMax = 1'000; // The newest.

Result<ChangesView> ChangesSince(store::ReadTransaction& transaction, Instant since, Instant now);

std::vector<PlannedStatement> ChangesStatements();   // With the index each must walk, for tests.

}  // namespace porchlight::triage
