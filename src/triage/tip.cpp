#include "triage/tip.h"

namespace porchlight::triage {

namespace {

Error Broken(std::string_view what) {
  return Error{ErrorCode::kCorrupt, "A stored score cannot be read.", "triage inputs: " + std::string(what), {}, 0};
}

template <class E>
Json NamesOf(const std::set<E>& values) {
  Json list{Json::Array{}};
  for (const E value : values) list.Append(NameOf(value));
  return list;
}

Result<std::set<Item>> ItemsFrom(const Json* list) {
  std::set<Item> items;
  if (list == nullptr || list->AsArray() == nullptr) return Broken("completeness");
  for (const Json& one : *list->AsArray()) {
    const std::optional<Item> item = one.AsString() == nullptr ? std::nullopt : FromName<Item>(*one.AsString());
    if (!item) return Broken("item " + one.Serialize());
    items.insert(*item);
  }
  return items;
}

bool IsTrue(const Json& json, std::string_view name) {
  const Json* flag = json.Find(name);
  return flag != nullptr && flag->AsBool() != nullptr && *flag->AsBool();
}

Result<Signals> SignalsIn(const Json& json, std::string_view name) {
  const Json* found = json.Find(name);
  if (found == nullptr) return Signals();
  return SignalsFromJson(*found);
}

Result<void> ReadItems(const Json& json, Inputs& inputs) {
  const Json* items = json.Find("items");
  if (items == nullptr) return {};
  if (items->AsArray() == nullptr) return Broken("items");
  for (const Json& one : *items->AsArray()) {
    const Json* keys = one.Find("keys");
    if (keys == nullptr || keys->AsArray() == nullptr) return Broken("keys");
    ItemKeys& item = inputs.items.emplace_back();
    for (const Json& key : *keys->AsArray()) {
      if (key.AsInteger() == nullptr) return Broken("key");
      item.keys.push_back(*key.AsInteger());
    }
    item.labelled_viral = IsTrue(one, "viral");
    item.classified = IsTrue(one, "classified");
    const Json* look = one.Find("look");
    if (look != nullptr && look->AsInteger() == nullptr) return Broken("look");
    if (look != nullptr) item.look = *look->AsInteger();
  }
  return {};
}

}  // namespace

Signals Inputs::All() const {
  Signals all = content;
  all.Join(context);
  all.Join(person);
  return all;
}

bool Tip::IsUndecided() const {
  return state == tipline::ReportState::kTriaged || state == tipline::ReportState::kInReview ||
         state == tipline::ReportState::kPausedDeconfliction;
}

void Rank(Tip& tip) { tip.rank = RankOf({tip.level, tip.points, tip.urgent, tip.behind}, tip.received_at); }

bool Tip::Waits() const { return IsUndecided() && !folded && !test; }

Json ToJson(const Inputs& inputs) {
  Json json;
  json.Set("content", ToJson(inputs.content));
  if (!inputs.context.all().empty()) json.Set("context", ToJson(inputs.context));
  if (!inputs.person.all().empty()) json.Set("person", ToJson(inputs.person));
  json.Set("asked", NamesOf(inputs.completeness.asked)).Set("present", NamesOf(inputs.completeness.present));
  if (inputs.items.empty()) return json;
  Json items{Json::Array{}};
  for (const ItemKeys& item : inputs.items) {
    Json keys{Json::Array{}};
    for (const std::int64_t key : item.keys) keys.Append(key);
    Json one;
    one.Set("keys", std::move(keys));
    if (item.labelled_viral) one.Set("viral", true);
    if (item.classified) one.Set("classified", true);
    if (item.look) one.Set("look", *item.look);
    items.Append(std::move(one));
  }
  json.Set("items", std::move(items));
  return json;
}

Result<Inputs> InputsFromJson(const Json& json) {
  Inputs inputs;
  inputs.content = PL_TRY(SignalsIn(json, "content"));
  inputs.context = PL_TRY(SignalsIn(json, "context"));
  inputs.person = PL_TRY(SignalsIn(json, "person"));
  inputs.completeness.asked = PL_TRY(ItemsFrom(json.Find("asked")));
  inputs.completeness.present = PL_TRY(ItemsFrom(json.Find("present")));
  PL_TRY(ReadItems(json, inputs));
  return inputs;
}

Json ToJson(const std::vector<FiredRule>& fired) {
  Json list{Json::Array{}};
  for (const FiredRule& rule : fired) {
    Json one;
    one.Set("rule", rule.code).Set("points", rule.points);
    if (rule.floor) one.Set("floor", *rule.floor);
    if (rule.urgent) one.Set("urgent", true);
    list.Append(std::move(one));
  }
  return list;
}

Result<std::vector<FiredRule>> FiredFromJson(const Json& json) {
  std::vector<FiredRule> fired;
  if (json.AsArray() == nullptr) return Broken("fired");
  for (const Json& one : *json.AsArray()) {
    const Json* points = one.Find("points");
    const Json* floor = one.Find("floor");
    FiredRule rule;
    rule.code = one.Text("rule");
    if (points != nullptr && points->AsInteger() != nullptr) rule.points = static_cast<int>(*points->AsInteger());
    if (floor != nullptr && floor->AsInteger() != nullptr) rule.floor = static_cast<int>(*floor->AsInteger());
    rule.urgent = IsTrue(one, "urgent");
    fired.push_back(std::move(rule));
  }
  return fired;
}

}  // namespace porchlight::triage
