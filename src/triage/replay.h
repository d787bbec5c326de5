#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/tip.h"

// Judging a stored period again by another table, without changing anything: what would have moved, and by which rules.
// The words of the reports are read anew; what was known of a report when it was last judged (links, viral items, what
// people said) is taken as it was. The same table over the same period always gives the same answer.
namespace porchlight::triage {

struct ReplayOptions {
  std::string rules;                              // Version of the table.
  std::optional<Instant> from;                    // Of receipt.
  std::optional<Instant> to;
  std::size_t moved_max = 1'000;                  // Kept one by one; all are counted.
};

struct Standing {
  int level = kLevelLast;
  int points = 0;
  bool urgent = false;
  bool operator==(const Standing&) const = default;
};

struct Moved {
  tipline::ReportId report;
  Standing before;
  Standing after;
  std::vector<std::string> rules_gone;
  std::vector<std::string> rules_new;
  bool operator==(const Moved&) const = default;
};

struct Replayed {
  std::string rules;
  std::int64_t reports = 0;
  std::int64_t unreadable = 0;                    // Their content is gone: judged by the signals that were stored.
  std::int64_t moved = 0;                         // To another level, or into or out of urgency.
  std::int64_t reordered = 0;                     // Other points within their level.
  std::array<std::array<std::int64_t, kLevelLast>, kLevelLast> levels{};   // [before - 1][after - 1]
  std::int64_t urgent_gained = 0;
  std::int64_t urgent_lost = 0;
  std::vector<Moved> examples;                    // By number, the first `moved_max`.
  bool operator==(const Replayed&) const = default;
};

// `progress` hears how many are done, of about how many. Errors: kNotFound when there is no such table, naming those
// there are.
Result<Replayed> Replay(store::Database& database, const vault::Sealer& sealer, const RuleBook& rules, const ReplayOptions& options,
                        const std::function<void(std::int64_t done, std::int64_t total)>& progress);

}  // namespace porchlight::triage
