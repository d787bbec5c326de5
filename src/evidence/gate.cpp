#include "evidence/gate.h"

#include <algorithm>

#include "base/check.h"

namespace porchlight::evidence {

namespace {

using tipline::Answer;

bool Holds(const Facts& facts, Condition condition) {
  switch (condition) {
    case Condition::kViewedByEsp: return facts.viewed_by_esp == Answer::kYes;
    case Condition::kPubliclyAvailable: return facts.publicly_available == Answer::kYes;
    case Condition::kWarrant: return facts.warrant == Answer::kYes;
    case Condition::kConsent: return facts.consent == Answer::kYes;
    case Condition::kExigency: return facts.exigency == Answer::kYes;
    case Condition::kHashMatchOpened: return false;
  }
  PL_CHECK(false);
}

struct AnswerMember {
  std::string_view name;
  Answer Facts::*member;
};
constexpr std::array kAnswers = {
    AnswerMember{"viewed_by_esp", &Facts::viewed_by_esp}, AnswerMember{"publicly_available", &Facts::publicly_available},
    AnswerMember{"warrant", &Facts::warrant}, AnswerMember{"consent", &Facts::consent}, AnswerMember{"exigency", &Facts::exigency}};

Error NotFacts() { return Error{ErrorCode::kCorrupt, "The stored inputs of a decision cannot be read.", {}, "inputs", 0}; }

}  // namespace

Json ToJson(const Facts& facts) {
  Json json;
  for (const AnswerMember& one : kAnswers) json.Set(one.name, NameOf(facts.*one.member));
  Json authorities{Json::Array{}};
  for (const std::int64_t id : facts.authorities) authorities.Append(id);
  json.Set("authorities", std::move(authorities));
  return json;
}

Result<Facts> FactsFromJson(const Json& json) {
  Facts facts;
  for (const AnswerMember& one : kAnswers) {
    const std::optional<Answer> answer = FromName<Answer>(json.Text(one.name));
    if (!answer) return NotFacts();
    facts.*one.member = *answer;
  }
  const Json* authorities = json.Find("authorities");
  if (authorities == nullptr || authorities->AsArray() == nullptr) return NotFacts();
  for (const Json& id : *authorities->AsArray()) {
    if (id.AsInteger() == nullptr) return NotFacts();
    facts.authorities.push_back(*id.AsInteger());
  }
  return facts;
}

const Rule* GateTable::FindRule(std::string_view jurisdiction, std::string_view code) const {
  if (code == kNoRule) return &otherwise;
  const auto place = jurisdictions.find(jurisdiction);
  if (place == jurisdictions.end()) return nullptr;
  const std::vector<Rule>& rules = place->second.rules;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.code == code; });
  return rule == rules.end() ? nullptr : &*rule;
}

Decision Decide(const GateTable& table, std::string_view jurisdiction, const Facts& facts) {
  Decision decision;
  decision.table = table.version;
  decision.jurisdiction = jurisdiction;
  decision.facts = facts;
  const auto place = table.jurisdictions.find(jurisdiction);
  if (place == table.jurisdictions.end()) return decision;
  for (const Rule& rule : place->second.rules) {
    if (!std::all_of(rule.when.begin(), rule.when.end(), [&](Condition one) { return Holds(facts, one); })) continue;
    decision.outcome = rule.decision;
    decision.rule = rule.code;
    break;
  }
  return decision;
}

std::string_view LabelIn(const Labels& labels, std::string_view language) {
  const auto label = labels.find(language);
  if (label != labels.end()) return label->second;
  return labels.empty() ? std::string_view() : std::string_view(labels.begin()->second);
}

Result<GateBook> GateBook::Read(const std::map<std::string, std::string, std::less<>>& files) {
  GateBook book;
  PL_TRY(book.ReadAll(files, ReadGateTable, "the file gate"));
  return book;
}

}  // namespace porchlight::evidence
