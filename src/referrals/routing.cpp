#include "referrals/routing.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace porchlight::referrals {

namespace {

// The chance that at least one of them is right, if they were independent: one strong piece is not drowned by weak ones, and
// weak ones add up without ever being certain.
class Weight {
 public:
  void Add(EvidenceKind kind, int weight) {
    int& strongest = of_kind_[kind];
    strongest = std::max(strongest, weight);
  }
  int Sum() const {
    double wrong = 1;
    for (const auto& [kind, weight] : of_kind_) wrong *= 1 - weight / 100.0;
    return std::clamp(static_cast<int>((1 - wrong) * 100 + 0.5), 1, 99);
  }

 private:
  std::map<EvidenceKind, int> of_kind_;
};

constexpr std::size_t kAgenciesMax = 20;

using PlaceKey = std::tuple<std::string, Whose, std::string>;   // Country, whose, region: regions follow their country.

bool Before(const Candidate& left, const Candidate& right) {
  if (left.weight != right.weight) return left.weight > right.weight;
  return std::tie(left.whose, left.place.country, left.place.region) < std::tie(right.whose, right.place.country, right.place.region);
}

Confidence ConfidenceOf(int weight, const RoutingTable& table) {
  if (weight >= table.confidence_high) return Confidence::kHigh;
  return weight >= table.confidence_medium ? Confidence::kMedium : Confidence::kLow;
}

Error Unreadable(const char* what) {
  return Error{ErrorCode::kCorrupt, std::string("A stored ") + what + " cannot be read.", {}, what, 0};
}

Json NumbersToJson(const std::vector<std::size_t>& numbers) {
  Json list{Json::Array{}};
  for (const std::size_t number : numbers) list.Append(static_cast<std::int64_t>(number));
  return list;
}

std::vector<std::size_t> NumbersFrom(const Json* list) {
  std::vector<std::size_t> numbers;
  if (list == nullptr || list->AsArray() == nullptr) return numbers;
  for (const Json& one : *list->AsArray()) {
    if (one.AsInteger() != nullptr && *one.AsInteger() >= 0) numbers.push_back(static_cast<std::size_t>(*one.AsInteger()));
  }
  return numbers;
}

}  // namespace

std::vector<Candidate> Weigh(const std::vector<PlaceEvidence>& evidence, const RoutingTable& table) {
  std::map<PlaceKey, Weight> weights;
  std::map<PlaceKey, std::vector<std::size_t>> reasons;
  for (std::size_t index = 0; index < evidence.size(); ++index) {
    const PlaceEvidence& one = evidence[index];
    if (one.weight == 0) continue;
    std::set<PlaceKey> keys = {{one.place.country, one.whose, ""}, {one.place.country, one.whose, one.place.region}};
    for (const PlaceKey& key : keys) {
      weights[key].Add(one.kind, one.weight);
      reasons[key].push_back(index);
    }
  }
  std::vector<Candidate> all;
  std::set<std::pair<std::string, Whose>> placed;   // Countries for which regions stand.
  for (const auto& [key, weight] : weights) {
    const auto& [country, whose, region] = key;
    if (!region.empty() && weight.Sum() >= table.region_least) placed.insert({country, whose});
  }
  for (const auto& [key, weight] : weights) {
    const auto& [country, whose, region] = key;
    const int sum = weight.Sum();
    const bool stands = region.empty() ? !placed.contains({country, whose}) : sum >= table.region_least;
    if (stands && (sum >= table.candidate_least || whose == Whose::kVictim)) all.push_back({{country, region}, whose, sum, reasons[key]});
  }
  std::sort(all.begin(), all.end(), Before);
  return all;
}

Proposal Propose(const std::vector<Candidate>& candidates, const RoutingTable& table, const AgencyTable& agencies, std::string_view day) {
  Proposal proposal;
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    const Candidate& one = candidates[index];
    const Agency* agency = agencies.For(one.place, day);
    if (agency == nullptr) continue;
    const auto there = std::find_if(proposal.choices.begin(), proposal.choices.end(),
                                    [&](const Choice& choice) { return choice.agency == agency->code; });
    if (there != proposal.choices.end()) {
      there->candidates.push_back(index);
      continue;
    }
    const bool first = proposal.choices.empty();
    // Where a victim may be, somebody must know, however little says so.
    const bool matters = first || one.whose == Whose::kVictim || one.weight >= table.also_least;
    const std::size_t most = one.whose == Whose::kVictim ? kAgenciesMax : static_cast<std::size_t>(table.also_max) + 1;
    if (!matters || proposal.choices.size() >= most) continue;
    proposal.choices.push_back({agency->code, first, {index}});
    if (first) proposal.confidence = ConfidenceOf(one.weight, table);
  }
  return proposal;
}

Json ToJson(const Candidate& candidate) {
  return Json()
      .Set("country", candidate.place.country)
      .Set("region", candidate.place.region)
      .Set("whose", NameOf(candidate.whose))
      .Set("weight", candidate.weight)
      .Set("evidence", NumbersToJson(candidate.evidence));
}

Result<Candidate> CandidateFromJson(const Json& json) {
  const std::optional<Whose> whose = FromName<Whose>(json.Text("whose"));
  const Json* weight = json.Find("weight");
  if (!whose || weight == nullptr || weight->AsInteger() == nullptr) return Unreadable("candidate");
  Candidate candidate;
  candidate.place = {std::string(json.Text("country")), std::string(json.Text("region"))};
  candidate.whose = *whose;
  candidate.weight = static_cast<int>(*weight->AsInteger());
  candidate.evidence = NumbersFrom(json.Find("evidence"));
  return candidate;
}

bool Holds(const std::vector<Choice>& choices, std::string_view agency) {
  return std::any_of(choices.begin(), choices.end(), [&](const Choice& one) { return one.agency == agency; });
}

std::vector<std::string> CodesOf(const std::vector<Choice>& choices) {
  std::vector<std::string> codes;
  for (const Choice& one : choices) codes.push_back(one.agency);
  return codes;
}

Json ToJson(const Choice& choice) {
  return Json().Set("agency", choice.agency).Set("primary", choice.primary).Set("candidates", NumbersToJson(choice.candidates));
}

Result<Choice> ChoiceFromJson(const Json& json) {
  const Json* primary = json.Find("primary");
  if (json.Text("agency").empty() || primary == nullptr || primary->AsBool() == nullptr) return Unreadable("choice");
  return Choice{std::string(json.Text("agency")), *primary->AsBool(), NumbersFrom(json.Find("candidates"))};
}

}  // namespace porchlight::referrals
