#include "relations/scorecard.h"

#include <algorithm>
#include <array>
#include <utility>

namespace porchlight::relations {

namespace {

using triage::Item;
using triage::Signal;

constexpr std::size_t kHelpMax = 3;

// What an agency calls missing, as the item that a platform would fill in.
constexpr std::array kGapItems = {
    std::pair{std::string_view("gap:no_ip"), Item::kOtherAddress},
    std::pair{std::string_view("gap:no_upload_ip"), Item::kUploadAddress},
    std::pair{std::string_view("gap:no_time_or_zone"), Item::kUploadAddress},
    std::pair{std::string_view("gap:no_port"), Item::kUploadAddress},
    std::pair{std::string_view("gap:no_account_identifier"), Item::kAccount},
    std::pair{std::string_view("gap:no_file"), Item::kFile},
    std::pair{std::string_view("gap:file_not_viewed"), Item::kFileViewed},
    std::pair{std::string_view("gap:no_chat_context"), Item::kConversation},
    std::pair{std::string_view("gap:no_victim_data"), Item::kVictim},
    std::pair{std::string_view("gap:wrong_place"), Item::kPlace}};

std::array<std::pair<std::string_view, std::int64_t Scorecard::*>, 12> Numbers() {
  return {{{"reports", &Scorecard::reports},
           {"incidents", &Scorecard::incidents},
           {"completeness_sum", &Scorecard::completeness_sum},
           {"referred", &Scorecard::referred},
           {"informational", &Scorecard::informational},
           {"not_exploitation", &Scorecard::not_exploitation},
           {"spam", &Scorecard::spam},
           {"repeats", &Scorecard::repeats},
           {"viral", &Scorecard::viral},
           {"viral_labelled", &Scorecard::viral_labelled},
           {"escalated", &Scorecard::escalated},
           {"escalated_rightly", &Scorecard::escalated_rightly}}};
}

// A floor of the first level that does not come from the platform's own asking.
bool HasOwnReason(const triage::Verdict& verdict) {
  return std::any_of(verdict.fired.begin(), verdict.fired.end(),
                     [](const triage::FiredRule& rule) { return rule.floor == triage::kLevelFirst && rule.code != "escalated"; });
}

void CountDisposition(Scorecard& card, const triage::Tip& tip) {
  using triage::Disposition;
  const bool given = tip.state == tipline::ReportState::kMadeAvailable || tip.state == tipline::ReportState::kFeedbackReceived;
  if (tip.disposition == Disposition::kReferral || given) ++card.referred;
  else if (tip.disposition == Disposition::kInformational) ++card.informational;
  else if (tip.disposition == Disposition::kNotExploitation) ++card.not_exploitation;
  else if (tip.disposition == Disposition::kSpam) ++card.spam;
}

std::int64_t NumberIn(const Json& json, std::string_view name) {
  const Json* number = json.Find(name);
  return number != nullptr && number->AsInteger() != nullptr ? *number->AsInteger() : 0;
}

}  // namespace

void Count(Scorecard& card, const triage::JudgedReport& report) {
  ++card.reports;
  card.incidents += report.tip.incidents;
  card.completeness_sum += report.score.verdict.completeness;
  CountDisposition(card, report.tip);
  if (report.tip.repeats) ++card.repeats;
  const triage::Inputs& inputs = report.score.inputs;
  if (report.tip.bundle) {
    ++card.viral;
    const bool labelled =
        std::any_of(inputs.items.begin(), inputs.items.end(), [](const triage::ItemKeys& one) { return one.labelled_viral; });
    if (labelled) ++card.viral_labelled;
  }
  if (inputs.content.Has(Signal::kEscalated)) {
    ++card.escalated;
    if (HasOwnReason(report.score.verdict)) ++card.escalated_rightly;
  }
  for (const Item item : inputs.completeness.asked) {
    ItemCount& count = card.items[item];
    ++count.asked;
    if (!inputs.completeness.present.contains(item)) ++count.missing;
  }
}

std::vector<Item> WouldHelp(const Scorecard& card, const triage::RuleTable& table) {
  std::map<Item, std::int64_t> worth;
  for (const auto& [item, count] : card.items) {
    const auto weight = table.weights.find(item);
    if (weight != table.weights.end() && count.asked > 0) worth[item] = weight->second * 1'000 * count.missing / count.asked;
  }
  const auto answered = card.answers.find("feedback");
  const std::int64_t feedback = answered == card.answers.end() ? 0 : answered->second;
  for (const auto& [gap, item] : kGapItems) {
    const auto said = card.answers.find(gap);
    const auto weight = table.weights.find(item);
    if (said == card.answers.end() || weight == table.weights.end() || feedback == 0) continue;
    // What an officer could not go on without counts as if it were missing twice.
    worth[item] += 2 * weight->second * 1'000 * std::min(said->second, feedback) / feedback;
  }
  std::vector<std::pair<std::int64_t, Item>> order;
  for (const auto& [item, value] : worth) {
    if (value > 0) order.emplace_back(-value, item);
  }
  std::sort(order.begin(), order.end());
  std::vector<Item> items;
  for (const auto& [value, item] : order) {
    if (items.size() < kHelpMax) items.push_back(item);
  }
  return items;
}

Json ToJson(const Scorecard& card) {
  Json json;
  for (const auto& [name, member] : Numbers()) json.Set(name, card.*member);
  Json items{Json::Object{}};
  for (const auto& [item, count] : card.items) items.Set(NameOf(item), Json().Set("asked", count.asked).Set("missing", count.missing));
  Json answers{Json::Object{}};
  for (const auto& [what, count] : card.answers) answers.Set(what, count);
  Json help{Json::Array{}};
  for (const Item item : card.would_help) help.Append(NameOf(item));
  return json.Set("items", std::move(items)).Set("answers", std::move(answers)).Set("would_help", std::move(help));
}

Result<Scorecard> ScorecardFromJson(const Json& json) {
  const Json* items = json.Find("items");
  const Json* answers = json.Find("answers");
  const Json* help = json.Find("would_help");
  if (items == nullptr || items->AsObject() == nullptr || answers == nullptr || answers->AsObject() == nullptr || help == nullptr ||
      help->AsArray() == nullptr) {
    return Error{ErrorCode::kCorrupt, "A stored scorecard cannot be read.", {}, "card", 0};
  }
  Scorecard card;
  for (const auto& [name, member] : Numbers()) card.*member = NumberIn(json, name);
  for (const auto& [name, value] : *items->AsObject()) {
    const std::optional<Item> item = FromName<Item>(name);
    if (item) card.items[*item] = {NumberIn(value, "asked"), NumberIn(value, "missing")};
  }
  for (const auto& [what, value] : *answers->AsObject()) card.answers[what] = value.AsInteger() == nullptr ? 0 : *value.AsInteger();
  for (const Json& name : *help->AsArray()) {
    const std::optional<Item> item = name.AsString() == nullptr ? std::nullopt : FromName<Item>(*name.AsString());
    if (item) card.would_help.push_back(*item);
  }
  return card;
}

}  // namespace porchlight::relations
