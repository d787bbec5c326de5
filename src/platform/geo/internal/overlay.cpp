#include "platform/geo/internal/overlay.h"

#include <algorithm>
#include <initializer_list>

namespace porchlight::geo {

namespace {

constexpr JsonLimits kLimits{16 << 20, 8};
constexpr std::size_t kRowsMax = 100'000;
constexpr std::size_t kVersionBytesMax = 64;
constexpr std::size_t kNoteBytesMax = 1000;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsVersion(std::string_view text) {
  return !text.empty() && text.size() <= kVersionBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
    return IsUpper(c) || IsDigit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
  });
}

Error Wrong(const std::string& name, const std::string& pointer, std::string_view what) {
  return Error{ErrorCode::kInvalidArgument, name + (pointer.empty() ? "" : " at " + pointer) + ": " + std::string(what), {}, pointer, 0};
}

Result<void> RequireOnly(const Json& json, std::initializer_list<std::string_view> members, const std::string& name,
                         const std::string& pointer) {
  if (json.AsObject() == nullptr) return Wrong(name, pointer, "must be an object");
  for (const Json::Member& member : *json.AsObject()) {
    if (std::find(members.begin(), members.end(), member.first) != members.end()) continue;
    return Wrong(name, pointer + "/" + member.first, "is not known here; check the spelling");
  }
  return {};
}

}  // namespace

bool IsCountryCode(std::string_view text) {
  // Registries have used these for "somewhere in Asia or the Pacific", "somewhere in Europe" and "unknown".
  for (const std::string_view no_country : {"AP", "EU", "XX", "ZZ"}) {
    if (text == no_country) return false;
  }
  return text.size() == 2 && IsUpper(text[0]) && IsUpper(text[1]);
}

bool IsRegionCode(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), [](char c) { return IsUpper(c) || IsDigit(c); });
}

Result<Overlay> Overlay::Parse(std::string_view text, const std::string& name) {
  const Result<Json> json = ParseJson(text, kLimits);
  if (!json.ok() && json.error().code == ErrorCode::kTooLarge) {
    return Error{ErrorCode::kTooLarge, name + ": " + json.error().public_text, {}, {}, 0};
  }
  if (!json.ok()) return Wrong(name, "", json.error().public_text);
  PL_TRY(RequireOnly(*json, {"version", "networks"}, name, ""));
  Overlay overlay;
  overlay.version_ = json->Text("version");
  if (!IsVersion(overlay.version_)) {
    return Wrong(name, "/version", "must be 1 to 64 letters, digits, dots, hyphens and underscores, such as \"2026-11\"");
  }
  const Json* networks = json->Find("networks");
  if (networks == nullptr || networks->AsArray() == nullptr) return Wrong(name, "/networks", "must be a list");
  if (networks->AsArray()->size() > kRowsMax) {
    return Wrong(name, "/networks", "must not have more than " + std::to_string(kRowsMax) + " rows");
  }
  std::size_t index = 0;
  for (const Json& row : *networks->AsArray()) {
    PL_TRY(overlay.Add(row, name, "/networks/" + std::to_string(index)));
    ++index;
  }
  return overlay;
}

Result<void> Overlay::Add(const Json& row, const std::string& name, const std::string& pointer) {
  PL_TRY(RequireOnly(row, {"network", "country", "region", "note"}, name, pointer));
  const Result<Network> network = Network::Parse(row.Text("network"));
  if (!network.ok()) return Wrong(name, pointer + "/network", network.error().public_text);

  // Null, unlike a member that is missing, is a decision: nobody knows where this leads.
  const Json* country = row.Find("country");
  const Json* region = row.Find("region");
  std::optional<Place> place;
  if (country == nullptr || !country->IsNull()) {
    place = Place{std::string(row.Text("country")), std::string(row.Text("region"))};
    if (!IsCountryCode(place->country)) {
      return Wrong(name, pointer + "/country", "must be the two letters of a country such as \"US\", or null");
    }
  }
  if (region != nullptr && (!place || !IsRegionCode(place->region))) {
    return Wrong(name, pointer + "/region", "must be 1 to 3 letters and digits such as \"OH\", beside a country");
  }
  const Json* note = row.Find("note");
  if (note != nullptr && (note->AsString() == nullptr || note->AsString()->size() > kNoteBytesMax)) {
    return Wrong(name, pointer + "/note", "must be text of at most " + std::to_string(kNoteBytesMax) + " bytes");
  }
  if (!rows_.emplace(*network, std::move(place)).second) return Wrong(name, pointer + "/network", "is in the table twice");
  (network->address.IsIpv4() ? ipv4_lengths_ : ipv6_lengths_).insert(network->length);
  return {};
}

const std::optional<Place>* Overlay::Find(const Address& address) const {
  for (const int length : address.IsIpv4() ? ipv4_lengths_ : ipv6_lengths_) {
    const auto row = rows_.find(Network{Masked(address, length), length});
    if (row != rows_.end()) return &row->second;
  }
  return nullptr;
}

}  // namespace porchlight::geo
