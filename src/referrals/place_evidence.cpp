#include "referrals/place_evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "base/text.h"

namespace porchlight::referrals {

namespace {

using tipline::NetworkEvent;
using tipline::Party;
using tipline::PlaceKind;

constexpr std::int64_t kHour = 3'600'000'000;

std::optional<Whose> WhoseIs(Party party) {
  switch (party) {
    case Party::kNobody:
    case Party::kReported: return Whose::kSuspect;
    case Party::kVictim:
    case Party::kRecipient: return Whose::kVictim;
    case Party::kAssociated:
    case Party::kReporter: return std::nullopt;
  }
  return std::nullopt;
}

// What the evidence of one report is made with.
struct Finder {
  const tipline::FiledReport& report;
  const RoutingTable& table;
  const geo::Database& geo;
  const PlaceNames& names;
  std::vector<PlaceEvidence> found;
  std::set<std::tuple<EvidenceKind, Whose, std::string, std::string, std::vector<EvidenceNote>>> seen;

  void Keep(PlaceEvidence evidence) {
    int weight = table.Weight(evidence.kind);
    for (const EvidenceNote note : evidence.notes) {
      const auto lowers = table.percent.find(note);
      if (lowers != table.percent.end()) weight = weight * lowers->second / 100;
    }
    evidence.weight = evidence.place.country.empty() ? 0 : std::max(1, weight);
    const auto key = std::make_tuple(evidence.kind, evidence.whose, evidence.place.country, evidence.place.region, evidence.notes);
    if (seen.insert(key).second) found.push_back(std::move(evidence));
  }

  EvidenceKind KindOf(const tipline::NetworkUse& use) const {
    if (use.event == NetworkEvent::kRegistration) return EvidenceKind::kRegistrationIp;
    if (!use.at) return use.event == NetworkEvent::kUpload ? EvidenceKind::kUploadIp : EvidenceKind::kFarIp;
    const std::int64_t apart = std::abs(use.at->instant.microseconds - report.content.incident_at.instant.microseconds);
    if (apart > table.near_hours * kHour) return EvidenceKind::kFarIp;
    return use.event == NetworkEvent::kUpload ? EvidenceKind::kUploadIp : EvidenceKind::kNearIp;
  }

  // Law of the network: behind carrier-grade NAT (RFC 6598) many customers share an address; with port and time the
  // provider can tell them apart, without a port nobody can.
  void AddNetwork(const tipline::NetworkUse& use, std::string where) {
    const std::optional<Whose> whose = WhoseIs(use.party);
    if (!whose) return;
    PlaceEvidence evidence;
    evidence.kind = KindOf(use);
    evidence.whose = *whose;
    evidence.where = std::move(where);
    if (use.at) evidence.at = use.at->instant;
    else evidence.notes.push_back(EvidenceNote::kUndated);
    if (use.possible_proxy == tipline::Answer::kYes) evidence.notes.push_back(EvidenceNote::kPossibleProxy);
    const Result<geo::Address> address = geo::Address::Parse(use.address);
    if (!address.ok()) {
      evidence.notes.push_back(EvidenceNote::kNotAnAddress);
      return Keep(std::move(evidence));
    }
    const geo::Answer answer = geo.Lookup(*address);
    if (answer.address_class == geo::AddressClass::kCarrierNat) {
      evidence.notes.push_back(EvidenceNote::kCarrierNat);
      if (use.port == 0) evidence.notes.push_back(EvidenceNote::kNoPort);
    }
    if (answer.place) {
      evidence.place = *answer.place;
      evidence.layer = answer.layer + " " + answer.version;
    } else if (answer.address_class == geo::AddressClass::kPrivate || answer.address_class == geo::AddressClass::kLoopback ||
               answer.address_class == geo::AddressClass::kLinkLocal) {
      evidence.notes.push_back(EvidenceNote::kPrivateAddress);
    } else {
      evidence.notes.push_back(EvidenceNote::kNoPlaceKnown);
    }
    Keep(std::move(evidence));
  }

  static EvidenceKind KindOf(const tipline::StatedPlace& place) {
    switch (place.kind) {
      case PlaceKind::kEstimated: return place.verified ? EvidenceKind::kEstimateVerified : EvidenceKind::kEstimate;
      case PlaceKind::kBilling: return EvidenceKind::kBillingAddress;
      case PlaceKind::kHome: return EvidenceKind::kHomeAddress;
      case PlaceKind::kOtherAddress: return EvidenceKind::kOtherAddress;
      case PlaceKind::kIncident: return EvidenceKind::kIncidentPlace;
      case PlaceKind::kSchool: return EvidenceKind::kSchool;
    }
    return EvidenceKind::kOtherAddress;
  }

  void AddStated(const tipline::StatedPlace& stated, std::string where) {
    const std::optional<Whose> whose = WhoseIs(stated.party);
    if (!whose || (stated.country.empty() && stated.region.empty())) return;
    PlaceEvidence evidence;
    evidence.kind = KindOf(stated);
    evidence.whose = *whose;
    evidence.where = std::move(where);
    const std::string region = names.Region(stated.region);
    evidence.place.country = names.Country(stated.country);
    if (stated.country.empty() && !region.empty()) {
      evidence.place.country = table.home_country;
      evidence.notes.push_back(EvidenceNote::kCountryAssumed);
    } else if (evidence.place.country.empty()) {
      evidence.notes.push_back(EvidenceNote::kUnknownCountry);
    }
    if (evidence.place.country == table.home_country) evidence.place.region = region;
    Keep(std::move(evidence));
  }

  void AddPhone(const tipline::Identifier& phone, std::string where) {
    const std::optional<Whose> whose = WhoseIs(phone.party);
    // The wire gives the country's code beside the number.
    const bool international = phone.value.find('+') != std::string::npos;
    const std::string prefix = international || phone.scope.empty() ? "" : (phone.scope.front() == '+' ? "" : "+") + phone.scope;
    const std::string country = table.CountryOfPhone(prefix + phone.value);
    if (!whose || country.empty()) return;
    PlaceEvidence evidence;
    evidence.kind = EvidenceKind::kPhone;
    evidence.whose = *whose;
    evidence.place.country = country;
    evidence.where = std::move(where);
    if (!phone.verified) evidence.notes.push_back(EvidenceNote::kNotVerified);
    Keep(std::move(evidence));
  }
};

// The places in the list of those that are kept, in their order.
std::vector<std::size_t> Strongest(const std::vector<PlaceEvidence>& found) {
  std::vector<std::size_t> by_weight(found.size());
  std::iota(by_weight.begin(), by_weight.end(), std::size_t{0});
  std::stable_sort(by_weight.begin(), by_weight.end(),
                   [&](std::size_t left, std::size_t right) { return found[left].weight > found[right].weight; });
  std::size_t victims = 0;
  std::stable_partition(by_weight.begin(), by_weight.end(), [&](std::size_t index) {
    const bool is_victims = found[index].whose == Whose::kVictim && found[index].weight > 0;
    return is_victims && victims++ < kVictimsEvidenceMin;
  });
  by_weight.resize(std::min(by_weight.size(), kEvidenceMax));
  std::sort(by_weight.begin(), by_weight.end());
  return by_weight;
}

void AddLabels(const std::vector<profile::Code>& list, std::map<std::string, std::string, std::less<>>& names) {
  for (const profile::Code& code : list) {
    names[LowerAscii(code.code)] = code.code;
    for (const auto& [language, label] : code.labels) names.emplace(LowerAscii(label), code.code);
  }
}

std::string Found(const std::map<std::string, std::string, std::less<>>& names, std::string_view written) {
  const auto found = names.find(LowerAscii(Trim(written)));
  return found == names.end() ? std::string() : found->second;
}

}  // namespace

PlaceNames::PlaceNames(const profile::Profile& profile) {
  AddLabels(profile.List("countries"), countries_);
  const auto states = profile.code_lists.find("states");
  if (states != profile.code_lists.end()) AddLabels(states->second, regions_);
}

std::string PlaceNames::Country(std::string_view written) const { return Found(countries_, written); }
std::string PlaceNames::Region(std::string_view written) const { return Found(regions_, written); }

FoundPlaces FindPlaces(const tipline::FiledReport& report, const RoutingTable& table, const geo::Database& geo, const PlaceNames& names) {
  Finder finder{report, table, geo, names, {}, {}};
  const auto each = [](const auto& list, const std::string& what, auto&& add) {
    for (std::size_t index = 0; index < list.size(); ++index) add(list[index], what + " " + std::to_string(index + 1));
  };
  const auto add_network = [&](const tipline::NetworkUse& use, std::string where) { finder.AddNetwork(use, std::move(where)); };
  each(report.content.network, "network use", add_network);
  for (const tipline::FiledFile& file : report.files) {
    each(file.content.network, "file " + std::to_string(file.facts.id.value) + " network use", add_network);
  }
  each(report.content.places, "place",
       [&](const tipline::StatedPlace& place, std::string where) { finder.AddStated(place, std::move(where)); });
  std::vector<tipline::Identifier> phones;
  std::copy_if(report.content.identifiers.begin(), report.content.identifiers.end(), std::back_inserter(phones),
               [](const tipline::Identifier& one) { return one.kind == tipline::IdentifierKind::kPhone; });
  each(phones, "phone", [&](const tipline::Identifier& phone, std::string where) { finder.AddPhone(phone, std::move(where)); });
  FoundPlaces places;
  for (const std::size_t index : Strongest(finder.found)) places.evidence.push_back(std::move(finder.found[index]));
  places.left_out = static_cast<int>(finder.found.size() - places.evidence.size());
  return places;
}

Json ToJson(const PlaceEvidence& evidence) {
  Json notes{Json::Array{}};
  for (const EvidenceNote note : evidence.notes) notes.Append(NameOf(note));
  Json json = Json()
                  .Set("kind", NameOf(evidence.kind))
                  .Set("whose", NameOf(evidence.whose))
                  .Set("country", evidence.place.country)
                  .Set("region", evidence.place.region)
                  .Set("weight", evidence.weight)
                  .Set("notes", std::move(notes))
                  .Set("where", evidence.where)
                  .Set("layer", evidence.layer);
  if (evidence.at) json.Set("at", evidence.at->microseconds);
  return json;
}

Result<PlaceEvidence> EvidenceFromJson(const Json& json) {
  const std::optional<EvidenceKind> kind = FromName<EvidenceKind>(json.Text("kind"));
  const std::optional<Whose> whose = FromName<Whose>(json.Text("whose"));
  const Json* weight = json.Find("weight");
  const Json* notes = json.Find("notes");
  if (!kind || !whose || weight == nullptr || weight->AsInteger() == nullptr || notes == nullptr || notes->AsArray() == nullptr) {
    return Error{ErrorCode::kCorrupt, "A piece of evidence cannot be read.", {}, "evidence", 0};
  }
  PlaceEvidence evidence;
  evidence.kind = *kind;
  evidence.whose = *whose;
  evidence.place = {std::string(json.Text("country")), std::string(json.Text("region"))};
  evidence.weight = static_cast<int>(*weight->AsInteger());
  for (const Json& note : *notes->AsArray()) {
    const std::optional<EvidenceNote> known = note.AsString() == nullptr ? std::nullopt : FromName<EvidenceNote>(*note.AsString());
    if (known) evidence.notes.push_back(*known);
  }
  evidence.where = json.Text("where");
  evidence.layer = json.Text("layer");
  const Json* at = json.Find("at");
  if (at != nullptr && at->AsInteger() != nullptr) evidence.at = Instant{*at->AsInteger()};
  return evidence;
}

}  // namespace porchlight::referrals
