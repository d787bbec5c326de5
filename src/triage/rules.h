#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "platform/profile/dated_tables.h"
#include "triage/signals.h"
#include "triage/words.h"

// Dated, versioned tables of rules, and what they make of signals. Data of the profile (profiles/us/tables/triage), pure
// here: the same signals and the same table always give the same verdict. Format: docs/formats/triage_rules.md.
namespace porchlight::triage {

// 1 first: imminent danger or ongoing abuse; 2 an actionable referral; 3 informational or low.
inline constexpr int kLevelFirst = 1;
inline constexpr int kLevelLast = 3;
inline constexpr int kPointsMax = 1'999;

struct Rule {
  std::string code;                              // "danger_now"; words for people are in the table.
  std::map<std::string, std::string, std::less<>> labels;   // By language.
  std::vector<Signal> all;                       // Fires when all of these are there,
  std::vector<Signal> any;                       // and at least one of these, unless empty,
  std::vector<Signal> unless;                    // and none of these.
  int points = 0;
  std::optional<int> floor;                      // Not lower than this level, whatever else fires.
  bool urgent = false;
};

struct RuleTable {
  std::string version;
  std::string valid_from;                        // Date.
  int start = 0;                                 // Points of every report.
  std::map<int, int> level_from;                 // Points from which a level holds; the last level holds from 0.
  std::vector<Rule> rules;
  std::vector<Signal> never_bundled;             // What makes a copy of a viral item a report of its own.
  std::map<Item, int> weights;
  std::map<std::string, int, std::less<>> numbers;
  std::vector<Signal> phrase_signals;            // Signal of each list of the book.
  PhraseBook phrases;
  int Number(std::string_view name) const;       // Present after loading.
  std::string_view LabelOf(std::string_view rule, std::string_view language) const;
};

// Errors: kInvalidArgument naming what is wrong and where in the file.
Result<RuleTable> ReadRuleTable(std::string_view json);

struct FiredRule {
  std::string code;
  int points = 0;
  std::optional<int> floor;
  bool urgent = false;
  bool operator==(const FiredRule&) const = default;
};

struct Verdict {
  int level = kLevelLast;
  int points = 0;
  bool urgent = false;
  std::vector<FiredRule> fired;                  // In the order of the table.
  int completeness = 0;                          // 0 to 100.
  std::vector<Item> missing;                     // Heaviest first.
  bool operator==(const Verdict&) const = default;
};

Verdict Judge(const RuleTable& table, const Signals& signals, const Completeness& completeness);

// Whether a report with these signals may stand under a viral item at all.
bool MayBeBundled(const RuleTable& table, const Signals& signals);

// What of a verdict the order of the queue looks at.
struct Ranking {
  int level = kLevelLast;
  int points = 0;
  bool urgent = false;
  bool behind = false;                           // Of a throttled sender.
};

// Where a report stands in the queue, smallest first: urgent, then level, then points, then the longest waiting. What stands behind
// keeps its urgency and its level, and comes after all others of both.
std::int64_t RankOf(const Ranking& ranking, Instant received_at);

// The tables of a profile. At least one; the newest that is valid at a moment judges what comes in then.
class RuleBook : public profile::DatedTables<RuleTable> {
 public:
  // By any name, from the profile's folder. Errors: kInvalidArgument naming the file.
  static Result<RuleBook> Read(const std::map<std::string, std::string, std::less<>>& files);
};

}  // namespace porchlight::triage
