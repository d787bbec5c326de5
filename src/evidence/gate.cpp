#include "evidence/gate.h"

#include <algorithm>
#include <mutex>

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

Result<void> GateBook::ProfileTables::Read(const std::map<std::string, std::string, std::less<>>& files) {
  return ReadAll(files, ReadGateTable, "the file gate");
}

Result<GateBook> GateBook::Read(const std::map<std::string, std::string, std::less<>>& files) {
  GateBook book;
  PL_TRY(book.profile_.Read(files));
  return book;
}

const GateTable& GateBook::At(Instant moment) const {
  const std::string day = FormatDate(moment);
  const GateTable* valid = &profile_.At(moment);
  const std::shared_lock lock(added_->mutex);
  for (const auto& table : added_->tables) {
    if (profile_.Find(table->version) != nullptr) continue;
    // Before its first date the first table of the profile holds for want of another.
    const bool later = table->valid_from >= valid->valid_from || valid->valid_from > day;
    if (table->valid_from <= day && later) valid = table.get();
  }
  return *valid;
}

const GateTable* GateBook::Find(std::string_view version) const {
  if (const GateTable* table = profile_.Find(version)) return table;
  const std::shared_lock lock(added_->mutex);
  for (const auto& table : added_->tables) {
    if (table->version == version) return table.get();
  }
  return nullptr;
}

std::vector<std::string> GateBook::Versions() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& version : profile_.Versions()) all.emplace_back(profile_.Find(version)->valid_from, version);
  const std::shared_lock lock(added_->mutex);
  for (const auto& table : added_->tables) {
    if (profile_.Find(table->version) == nullptr) all.emplace_back(table->valid_from, table->version);
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  std::vector<std::string> versions;
  for (auto& [from, version] : all) versions.push_back(std::move(version));
  return versions;
}

std::int64_t GateBook::last_added() const {
  const std::shared_lock lock(added_->mutex);
  return added_->last;
}

void GateBook::Add(std::int64_t number, GateTable table) const {
  const std::unique_lock lock(added_->mutex);
  if (number <= added_->last) return;
  added_->last = number;
  added_->tables.push_back(std::make_unique<const GateTable>(std::move(table)));
}

}  // namespace porchlight::evidence
