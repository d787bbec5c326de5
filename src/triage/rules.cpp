#include "triage/rules.h"

#include <algorithm>

namespace porchlight::triage {

namespace {

constexpr std::int64_t kSecond = 1'000'000;

bool Fires(const Rule& rule, const Signals& signals) {
  const auto has = [&](Signal signal) { return signals.Has(signal); };
  return std::all_of(rule.all.begin(), rule.all.end(), has) &&
         (rule.any.empty() || std::any_of(rule.any.begin(), rule.any.end(), has)) &&
         std::none_of(rule.unless.begin(), rule.unless.end(), has);
}

int LevelOf(const RuleTable& table, int points) {
  for (const auto& [level, from] : table.level_from) {
    if (points >= from) return level;
  }
  return kLevelLast;
}

void JudgeCompleteness(const RuleTable& table, const Completeness& completeness, Verdict& verdict) {
  int asked = 0;
  int present = 0;
  for (const Item item : completeness.asked) {
    const auto weight = table.weights.find(item);
    if (weight == table.weights.end()) continue;
    asked += weight->second;
    if (completeness.present.contains(item)) present += weight->second;
    else verdict.missing.push_back(item);
  }
  verdict.completeness = asked == 0 ? 100 : (present * 200 + asked) / (asked * 2);
  std::stable_sort(verdict.missing.begin(), verdict.missing.end(),
                   [&](Item left, Item right) { return table.weights.at(left) > table.weights.at(right); });
}

}  // namespace

Verdict Judge(const RuleTable& table, const Signals& signals, const Completeness& completeness) {
  Verdict verdict;
  int points = table.start;
  int floor = kLevelLast;
  for (const Rule& rule : table.rules) {
    if (!Fires(rule, signals)) continue;
    verdict.fired.push_back({rule.code, rule.points, rule.floor, rule.urgent});
    points += rule.points;
    floor = std::min(floor, rule.floor.value_or(kLevelLast));
    verdict.urgent = verdict.urgent || rule.urgent;
  }
  verdict.points = std::clamp(points, 0, kPointsMax);
  verdict.level = LevelOf(table, verdict.points);
  // A floor holds whatever lowers; the points follow, so that the order of the queue agrees with the level.
  if (floor < verdict.level) {
    verdict.level = floor;
    verdict.points = std::max(verdict.points, table.level_from.at(floor));
  }
  JudgeCompleteness(table, completeness, verdict);
  return verdict;
}

bool MayBeBundled(const RuleTable& table, const Signals& signals) {
  return std::none_of(table.never_bundled.begin(), table.never_bundled.end(), [&](Signal one) { return signals.Has(one); });
}

std::int64_t RankOf(const Ranking& ranking, Instant received_at) {
  // Fourteen bits above forty of seconds: years on either side of ours keep their order.
  const std::int64_t first = (ranking.urgent ? 0 : 1) * 4 + ranking.level;
  const std::int64_t less = kPointsMax - ranking.points;
  // The places that no points take, for what stands behind: coarser, in the same order.
  constexpr std::int64_t kPlaces = 2048;
  constexpr std::int64_t kBehindFrom = kPointsMax + 1;
  const std::int64_t place = ranking.behind ? kBehindFrom + less * (kPlaces - kBehindFrom) / kBehindFrom : less;
  const std::int64_t seconds = std::clamp<std::int64_t>(received_at.microseconds / kSecond, 0, (std::int64_t{1} << 40) - 1);
  return (first * kPlaces + place) << 40 | seconds;
}

int RuleTable::Number(std::string_view name) const {
  const auto found = numbers.find(name);
  PL_CHECK(found != numbers.end());
  return found->second;
}

std::string_view RuleTable::LabelOf(std::string_view rule, std::string_view language) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.code == rule; });
  if (found == rules.end() || found->labels.empty()) return rule;
  const auto label = found->labels.find(language);
  return label != found->labels.end() ? label->second : found->labels.begin()->second;
}

Result<RuleBook> RuleBook::Read(const std::map<std::string, std::string, std::less<>>& files) {
  RuleBook book;
  PL_TRY(book.ReadAll(files, ReadRuleTable, "triage rules"));
  return book;
}

}  // namespace porchlight::triage
