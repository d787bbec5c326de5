#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/profile/table_reading.h"
#include "triage/rules.h"

// Reading a table of rules; everything that is wrong with it is found here and not while a report waits.
namespace porchlight::triage {

namespace {

constexpr std::size_t kRulesMax = 200;
constexpr std::size_t kPhrasesMax = 5'000;
constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kViralReportsMax = 50;     // So many are judged again in one transaction when an item becomes viral.
constexpr std::array<std::string_view, 5> kNumbers = {"young_age_below", "old_incident_days", "viral_reports", "many_prior_reports",
                                                      "preservation_ending_days"};

using profile::table::IntegerOf;
using profile::table::KnowOnly;
using profile::table::Wrong;

Result<std::vector<Signal>> SignalsOf(const Json& object, std::string_view name, const std::string& where) {
  std::vector<Signal> signals;
  const Json* list = object.Find(name);
  if (list == nullptr) return signals;
  const std::string here = where + "/" + std::string(name);
  if (list->AsArray() == nullptr) return Wrong(here, "must be a list of signals.");
  for (const Json& one : *list->AsArray()) {
    const std::optional<Signal> signal = one.AsString() == nullptr ? std::nullopt : FromName<Signal>(*one.AsString());
    if (!signal) return Wrong(here, "names no signal: " + one.Serialize() + ".");
    signals.push_back(*signal);
  }
  return signals;
}

Result<Rule> ReadRule(const Json& json, const std::string& where) {
  PL_TRY(KnowOnly(json, where, {"code", "labels", "all", "any", "unless", "points", "floor", "urgent"}));
  Rule rule;
  rule.code = PL_TRY(profile::table::WordOf(json, where, "code"));
  rule.labels = PL_TRY(profile::table::LabelsOf(json, where));
  rule.all = PL_TRY(SignalsOf(json, "all", where));
  rule.any = PL_TRY(SignalsOf(json, "any", where));
  rule.unless = PL_TRY(SignalsOf(json, "unless", where));
  if (rule.all.empty() && rule.any.empty()) return Wrong(where, "asks for nothing: give \"all\" or \"any\".");
  if (const Json* points = json.Find("points")) rule.points = PL_TRY(IntegerOf(*points, where + "/points", -kPointsMax, kPointsMax));
  if (const Json* floor = json.Find("floor")) rule.floor = PL_TRY(IntegerOf(*floor, where + "/floor", kLevelFirst, kLevelLast - 1));
  if (const Json* urgent = json.Find("urgent")) {
    if (urgent->AsBool() == nullptr) return Wrong(where + "/urgent", "must be true or false.");
    rule.urgent = *urgent->AsBool();
  }
  if (rule.points < 0 && (rule.floor || rule.urgent)) return Wrong(where, "lowers and raises at once.");
  if ((rule.floor || rule.urgent) && !rule.unless.empty()) return Wrong(where + "/unless", "would take a floor away.");
  const auto names_model = [](const std::vector<Signal>& signals) {
    return std::find(signals.begin(), signals.end(), Signal::kGeneratedLabel) != signals.end();
  };
  const bool lowers = rule.points < 0 && (names_model(rule.all) || names_model(rule.any));
  if (lowers || names_model(rule.unless)) return Wrong(where, "lowers by a label of generated material, which must lower nothing.");
  return rule;
}

Result<void> ReadRules(const Json& json, RuleTable& table) {
  const Json* rules = json.Find("rules");
  if (rules == nullptr || rules->AsArray() == nullptr || rules->AsArray()->empty() || rules->AsArray()->size() > kRulesMax) {
    return Wrong("/rules", "must be a list of 1 to " + std::to_string(kRulesMax) + " rules.");
  }
  for (const Json& one : *rules->AsArray()) {
    const std::string where = "/rules/" + std::to_string(table.rules.size());
    Rule rule = PL_TRY(ReadRule(one, where));
    const bool twice = std::any_of(table.rules.begin(), table.rules.end(), [&](const Rule& other) { return other.code == rule.code; });
    if (twice) return Wrong(where + "/code", "is there twice.");
    table.rules.push_back(std::move(rule));
  }
  return {};
}

Result<void> ReadLevels(const Json& json, RuleTable& table) {
  const Json* levels = json.Find("levels");
  if (levels == nullptr) return Wrong("/levels", "is missing.");
  PL_TRY(KnowOnly(*levels, "/levels", {"1", "2"}));
  for (int level = kLevelFirst; level < kLevelLast; ++level) {
    const std::string name = std::to_string(level);
    const Json* from = levels->Find(name);
    if (from == nullptr) return Wrong("/levels/" + name, "is missing.");
    table.level_from[level] = PL_TRY(IntegerOf(*from, "/levels/" + name, 1, kPointsMax));
  }
  table.level_from[kLevelLast] = 0;
  if (table.level_from.at(1) <= table.level_from.at(2)) return Wrong("/levels", "must fall from 1 to 2.");
  return {};
}

Result<void> ReadNumbers(const Json& json, RuleTable& table) {
  const Json* numbers = json.Find("numbers");
  if (numbers == nullptr || numbers->AsObject() == nullptr) return Wrong("/numbers", "is missing.");
  for (const auto& [name, value] : *numbers->AsObject()) {
    if (std::find(kNumbers.begin(), kNumbers.end(), name) == kNumbers.end()) return Wrong("/numbers/" + name, "is not known here.");
    table.numbers[name] = PL_TRY(IntegerOf(value, "/numbers/" + name, 1, name == "viral_reports" ? kViralReportsMax : 100'000));
  }
  for (const std::string_view name : kNumbers) {
    if (!table.numbers.contains(name)) return Wrong("/numbers/" + std::string(name), "is missing.");
  }
  return {};
}

Result<void> ReadWeights(const Json& json, RuleTable& table) {
  const Json* weights = json.Find("completeness");
  if (weights == nullptr || weights->AsObject() == nullptr) return Wrong("/completeness", "is missing.");
  for (const auto& [name, value] : *weights->AsObject()) {
    const std::optional<Item> item = FromName<Item>(name);
    if (!item) return Wrong("/completeness/" + name, "is not an item.");
    table.weights[*item] = PL_TRY(IntegerOf(value, "/completeness/" + name, 0, 1'000));
  }
  return {};
}

Result<void> ReadPhrases(const Json& json, RuleTable& table) {
  const Json* phrases = json.Find("phrases");
  if (phrases == nullptr || phrases->AsObject() == nullptr) return Wrong("/phrases", "is missing.");
  std::size_t count = 0;
  for (const auto& [name, languages] : *phrases->AsObject()) {
    const std::optional<Signal> signal = FromName<Signal>(name);
    if (!signal || SourceOf(*signal) != SignalSource::kContent) return Wrong("/phrases/" + name, "is not a signal of content.");
    if (languages.AsObject() == nullptr) return Wrong("/phrases/" + name, "must hold lists by language.");
    const std::size_t list = table.phrase_signals.size();
    if (list >= 64) return Wrong("/phrases", "has more than 64 lists.");
    table.phrase_signals.push_back(*signal);
    for (const auto& [language, texts] : *languages.AsObject()) {
      const std::string where = "/phrases/" + name + "/" + language;
      if (texts.AsArray() == nullptr) return Wrong(where, "must be a list of texts.");
      for (const Json& text : *texts.AsArray()) {
        if (text.AsString() == nullptr || WordsOf(*text.AsString()).empty()) return Wrong(where, "holds something without words.");
        if (++count > kPhrasesMax) return Wrong("/phrases", "holds more than " + std::to_string(kPhrasesMax) + " phrases.");
        table.phrases.Add(*text.AsString(), list);
      }
    }
  }
  return {};
}

}  // namespace

Result<RuleTable> ReadRuleTable(std::string_view text) {
  const Json json = PL_TRY(ParseJson(text, {.bytes_max = 1 << 20, .depth_max = 8}));
  PL_TRY(KnowOnly(json, "", {"format", "version", "valid_from", "reason", "start", "levels", "numbers", "rules", "never_bundled",
                             "completeness", "phrases"}));
  const Json* format = json.Find("format");
  if (format == nullptr || format->AsInteger() == nullptr || *format->AsInteger() != kFormat) return Wrong("/format", "must be 1.");
  RuleTable table;
  table.version = json.Text("version");
  if (table.version.empty() || table.version.size() > 64) return Wrong("/version", "must be a word of at most 64 bytes.");
  table.valid_from = PL_TRY(profile::table::DateOf(json, "", "valid_from"));
  if (json.Text("reason").empty()) return Wrong("/reason", "must say why the table is as it is.");
  const Json* start = json.Find("start");
  if (start == nullptr) return Wrong("/start", "is missing.");
  table.start = PL_TRY(IntegerOf(*start, "/start", 0, kPointsMax));
  PL_TRY(ReadLevels(json, table));
  PL_TRY(ReadNumbers(json, table));
  PL_TRY(ReadRules(json, table));
  table.never_bundled = PL_TRY(SignalsOf(json, "never_bundled", ""));
  PL_TRY(ReadWeights(json, table));
  PL_TRY(ReadPhrases(json, table));
  return table;
}

}  // namespace porchlight::triage
