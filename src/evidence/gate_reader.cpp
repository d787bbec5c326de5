#include <algorithm>

#include "evidence/gate.h"
#include "platform/profile/table_reading.h"

// Reading a table of the gate; everything that is wrong with it is found here and not when somebody wants to open a file.
namespace porchlight::evidence {

namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kRulesMax = 100;
constexpr std::size_t kJurisdictionsMax = 200;
using profile::table::KnowOnly;
using profile::table::LabelsOf;
using profile::table::TextOf;
using profile::table::WordOf;
using profile::table::Wrong;

// Law: only what somebody recorded may decide who opens a file, never what a label, a score or a model says of it. The
// list of words is closed, so that a table can not even ask.
Result<std::vector<Condition>> WhenOf(const Json& rule, const std::string& where) {
  const std::string here = where + "/when";
  const Json* when = rule.Find("when");
  if (when == nullptr || when->AsObject() == nullptr) return Wrong(here, "must be an object of stored facts.");
  if (when->AsObject()->empty()) return Wrong(here, "asks for nothing.");
  std::vector<Condition> conditions;
  for (const auto& [name, value] : *when->AsObject()) {
    const std::optional<Condition> condition = FromName<Condition>(name);
    if (!condition) {
      return Wrong(here + "/" + name, "is none of the stored facts that the gate may look at; no label, score or model ever is one.");
    }
    if (value.AsString() == nullptr || *value.AsString() != "yes") {
      return Wrong(here + "/" + name, "must be \"yes\": to the gate a missing answer and a \"no\" are the same.");
    }
    conditions.push_back(*condition);
  }
  return conditions;
}

Result<Rule> ReadRule(const Json& json, const std::string& where) {
  PL_TRY(KnowOnly(json, where, {"code", "labels", "citation", "when", "decision"}));
  Rule rule;
  rule.code = PL_TRY(WordOf(json, where, "code"));
  if (rule.code == kNoRule) return Wrong(where + "/code", "must not be \"none\", which says that no rule fits.");
  rule.labels = PL_TRY(LabelsOf(json, where));
  rule.citation = PL_TRY(TextOf(json, where, "citation", "on what the rule rests"));
  rule.when = PL_TRY(WhenOf(json, where));
  const std::optional<Outcome> decision = FromName<Outcome>(json.Text("decision"));
  if (!decision) return Wrong(where + "/decision", "must be \"open\" or \"blocked\".");
  rule.decision = *decision;
  return rule;
}

Result<Jurisdiction> ReadJurisdiction(const Json& json, const std::string& where) {
  PL_TRY(KnowOnly(json, where, {"labels", "note", "rules"}));
  Jurisdiction place;
  place.labels = PL_TRY(LabelsOf(json, where));
  place.note = PL_TRY(TextOf(json, where, "note", "how its courts stand"));
  const Json* rules = json.Find("rules");
  if (rules == nullptr || rules->AsArray() == nullptr || rules->AsArray()->empty() || rules->AsArray()->size() > kRulesMax) {
    return Wrong(where + "/rules", "must be a list of 1 to " + std::to_string(kRulesMax) + " rules.");
  }
  for (const Json& one : *rules->AsArray()) {
    const std::string here = where + "/rules/" + std::to_string(place.rules.size());
    Rule rule = PL_TRY(ReadRule(one, here));
    const bool twice = std::any_of(place.rules.begin(), place.rules.end(), [&](const Rule& other) { return other.code == rule.code; });
    if (twice) return Wrong(here + "/code", "is there twice.");
    place.rules.push_back(std::move(rule));
  }
  return place;
}

bool IsJurisdictionCode(std::string_view code) {
  return !code.empty() && code.size() <= 16 && std::all_of(code.begin(), code.end(), [](char one) {
    return (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '-';
  });
}

Result<void> ReadJurisdictions(const Json& json, GateTable& table) {
  const Json* places = json.Find("jurisdictions");
  if (places == nullptr || places->AsObject() == nullptr || places->AsObject()->size() > kJurisdictionsMax) {
    return Wrong("/jurisdictions", "must be an object of at most " + std::to_string(kJurisdictionsMax) + " jurisdictions.");
  }
  for (const auto& [code, place] : *places->AsObject()) {
    const std::string where = "/jurisdictions/" + code;
    if (!IsJurisdictionCode(code)) return Wrong(where, "must be 1 to 16 upper-case letters, digits and hyphens.");
    table.jurisdictions[code] = PL_TRY(ReadJurisdiction(place, where));
  }
  return {};
}

}  // namespace

Result<GateTable> ReadGateTable(std::string_view text) {
  const Json json = PL_TRY(ParseJson(text, {.bytes_max = 1 << 20, .depth_max = 8}));
  PL_TRY(KnowOnly(json, "", {"format", "version", "valid_from", "reason", "default_jurisdiction", "otherwise", "jurisdictions"}));
  const Json* format = json.Find("format");
  if (format == nullptr || format->AsInteger() == nullptr || *format->AsInteger() != kFormat) return Wrong("/format", "must be 1.");
  GateTable table;
  table.document = text;
  table.version = PL_TRY(WordOf(json, "", "version"));
  table.valid_from = PL_TRY(profile::table::DateOf(json, "", "valid_from"));
  table.reason = PL_TRY(TextOf(json, "", "reason", "why the table is as it is"));
  const Json* otherwise = json.Find("otherwise");
  if (otherwise == nullptr) return Wrong("/otherwise", "is missing.");
  PL_TRY(KnowOnly(*otherwise, "/otherwise", {"labels", "citation"}));
  table.otherwise.code = kNoRule;
  table.otherwise.labels = PL_TRY(LabelsOf(*otherwise, "/otherwise"));
  table.otherwise.citation = PL_TRY(TextOf(*otherwise, "/otherwise", "citation", "on what it rests"));
  PL_TRY(ReadJurisdictions(json, table));
  table.default_jurisdiction = json.Text("default_jurisdiction");
  if (!table.jurisdictions.contains(table.default_jurisdiction)) return Wrong("/default_jurisdiction", "must be one of the jurisdictions.");
  return table;
}

}  // namespace porchlight::evidence
