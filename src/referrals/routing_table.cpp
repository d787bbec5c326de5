#include "referrals/routing_table.h"

#include <algorithm>
#include <array>

#include "platform/profile/table_reading.h"

namespace porchlight::referrals {

namespace {

using profile::table::IntegerOf;
using profile::table::KnowOnly;
using profile::table::Wrong;

constexpr std::size_t kCallingCodesMax = 2'000;
constexpr std::size_t kCallingDigitsMax = 8;
constexpr std::array kLowering = {EvidenceNote::kPossibleProxy, EvidenceNote::kUndated, EvidenceNote::kCountryAssumed,
                                  EvidenceNote::kNotVerified};

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char one) { return one >= '0' && one <= '9'; });
}

Result<const Json*> ObjectOf(const Json& json, const std::string& name) {
  const Json* object = json.Find(name);
  if (object == nullptr || object->AsObject() == nullptr) return Wrong("/" + name, "must be an object.");
  return object;
}

Result<int> NumberOf(const Json& object, const std::string& where, std::string_view name, int least, int most) {
  const Json* number = object.Find(name);
  if (number == nullptr) return Wrong(where + "/" + std::string(name), "is missing.");
  return IntegerOf(*number, where + "/" + std::string(name), least, most);
}

Result<void> ReadWeights(const Json& json, RoutingTable& table) {
  const Json* weights = PL_TRY(ObjectOf(json, "weights"));
  for (const auto& [name, value] : *weights->AsObject()) {
    if (!FromName<EvidenceKind>(name)) return Wrong("/weights/" + name, "is no kind of evidence.");
  }
  for (const auto& [kind, name] : EnumNames<EvidenceKind>::kAll) table.weights[kind] = PL_TRY(NumberOf(*weights, "/weights", name, 1, 99));
  const Json* percent = PL_TRY(ObjectOf(json, "percent"));
  for (const auto& [name, value] : *percent->AsObject()) {
    const std::optional<EvidenceNote> note = FromName<EvidenceNote>(name);
    if (!note || std::find(kLowering.begin(), kLowering.end(), *note) == kLowering.end()) {
      return Wrong("/percent/" + name, "is nothing that lowers a weight.");
    }
  }
  for (const EvidenceNote note : kLowering) table.percent[note] = PL_TRY(NumberOf(*percent, "/percent", NameOf(note), 1, 100));
  return {};
}

Result<void> ReadThresholds(const Json& json, RoutingTable& table) {
  table.near_hours = PL_TRY(NumberOf(json, "", "near_hours", 1, 24 * 365));
  table.candidate_least = PL_TRY(NumberOf(json, "", "candidate_least", 1, 99));
  table.also_least = PL_TRY(NumberOf(json, "", "also_least", 1, 99));
  table.also_max = PL_TRY(NumberOf(json, "", "also_max", 0, 20));
  table.region_least = PL_TRY(NumberOf(json, "", "region_least", 1, 99));
  const Json* confidence = PL_TRY(ObjectOf(json, "confidence"));
  PL_TRY(KnowOnly(*confidence, "/confidence", {"high", "medium"}));
  table.confidence_high = PL_TRY(NumberOf(*confidence, "/confidence", "high", 1, 100));
  table.confidence_medium = PL_TRY(NumberOf(*confidence, "/confidence", "medium", 1, 100));
  if (table.confidence_medium >= table.confidence_high) return Wrong("/confidence", "must fall from high to medium.");
  return {};
}

Result<void> ReadCallingCodes(const Json& json, RoutingTable& table) {
  const Json* codes = PL_TRY(ObjectOf(json, "calling_codes"));
  if (codes->AsObject()->size() > kCallingCodesMax) return Wrong("/calling_codes", "has too many members.");
  for (const auto& [digits, country] : *codes->AsObject()) {
    const bool fits =
        IsDigits(digits) && digits.size() <= kCallingDigitsMax && country.AsString() != nullptr && country.AsString()->size() == 2;
    if (!fits) return Wrong("/calling_codes/" + digits, "must be digits of E.164 with the country they belong to.");
    table.calling_codes[digits] = *country.AsString();
  }
  return {};
}

}  // namespace

std::string RoutingTable::CountryOfPhone(std::string_view number) const {
  std::string digits;
  bool international = false;
  for (const char one : number) {
    if (one >= '0' && one <= '9') digits.push_back(one);
    else if (one == '+' && digits.empty()) international = true;
  }
  // Without its country a number is one of whichever country it was typed in.
  if (!international) return {};
  for (std::size_t length = std::min(kCallingDigitsMax, digits.size()); length > 0; --length) {
    const auto found = calling_codes.find(std::string_view(digits).substr(0, length));
    if (found != calling_codes.end()) return found->second;
  }
  return {};
}

Result<RoutingTable> ReadRoutingTable(std::string_view text) {
  const Json json = PL_TRY(ParseJson(text, {.bytes_max = 1 << 20, .depth_max = 4}));
  PL_TRY(KnowOnly(json, "", {"version", "valid_from", "reason", "home_country", "weights", "percent", "near_hours", "candidate_least",
                             "also_least", "also_max", "region_least", "confidence", "calling_codes"}));
  RoutingTable table;
  table.version = PL_TRY(profile::table::WordOf(json, "", "version"));
  table.valid_from = PL_TRY(profile::table::DateOf(json, "", "valid_from"));
  table.reason = PL_TRY(profile::table::TextOf(json, "", "reason", "why the table is as it is"));
  table.home_country = PL_TRY(profile::table::WordOf(json, "", "home_country"));
  PL_TRY(ReadWeights(json, table));
  PL_TRY(ReadThresholds(json, table));
  PL_TRY(ReadCallingCodes(json, table));
  return table;
}

Result<RoutingBook> RoutingBook::Read(const std::map<std::string, std::string, std::less<>>& files) {
  RoutingBook book;
  PL_TRY(book.ReadAll(files, ReadRoutingTable, "routing"));
  return book;
}

}  // namespace porchlight::referrals
