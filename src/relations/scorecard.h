#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/result.h"
#include "triage/judged_walk.h"
#include "triage/rules.h"

// What one platform's reports of one month were worth, and what would make the next ones worth more. Pure; source: domain
// guide 4.15 and the finding that platforms are never told which fields were missing (Stanford Internet Observatory, 2024).
namespace porchlight::relations {

struct ItemCount {
  std::int64_t asked = 0;                          // Reports for which the item makes sense.
  std::int64_t missing = 0;
};

struct Scorecard {
  std::string month;                               // "2026-11"
  std::int64_t organisation = 0;
  Instant made_at;
  std::int64_t reports = 0;
  std::int64_t incidents = 0;
  std::int64_t completeness_sum = 0;               // Of 0 to 100 each.
  std::int64_t referred = 0;                       // Themselves or with their bundle.
  std::int64_t informational = 0;
  std::int64_t not_exploitation = 0;
  std::int64_t spam = 0;
  std::int64_t repeats = 0;                        // The same document again.
  std::int64_t viral = 0;                          // Copies of a viral item.
  std::int64_t viral_labelled = 0;                 // Of those, said to be by the platform.
  std::int64_t escalated = 0;                      // The platform asked for high priority,
  std::int64_t escalated_rightly = 0;              // and something besides its asking put the report at the first level.
  std::map<triage::Item, ItemCount> items;
  std::map<std::string, std::int64_t, std::less<>> answers;   // What agencies said: "usefulness:not_useful", "gap:no_port", ...
  std::vector<triage::Item> would_help;            // The three items that would help most, the most first.
};

void Count(Scorecard& card, const triage::JudgedReport& report);

// Missing items, heaviest in the table of rules first, and more so what agencies said was missing.
std::vector<triage::Item> WouldHelp(const Scorecard& card, const triage::RuleTable& table);

Json ToJson(const Scorecard& card);
Result<Scorecard> ScorecardFromJson(const Json& json);   // Errors: kCorrupt.

}  // namespace porchlight::relations
