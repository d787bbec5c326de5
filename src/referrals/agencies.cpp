#include "referrals/agencies.h"

#include <algorithm>

#include "platform/mail/mail.h"
#include "platform/profile/table_reading.h"

namespace porchlight::referrals {

namespace {

using profile::table::KnowOnly;
using profile::table::TextOf;
using profile::table::WordOf;
using profile::table::Wrong;

constexpr std::size_t kAgenciesMax = 5'000;
constexpr std::size_t kPlacesMax = 500;
constexpr std::size_t kTextMax = 200;
constexpr std::size_t kCertificatesMax = 8;
constexpr std::size_t kNotifyMax = 5;

bool IsCountry(std::string_view code) {
  return code.size() == 2 && std::all_of(code.begin(), code.end(), [](char one) { return one >= 'A' && one <= 'Z'; });
}

bool IsRegion(std::string_view code) {
  return !code.empty() && code.size() <= 3 && std::all_of(code.begin(), code.end(), [](char one) {
    return (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
  });
}

Result<ServedPlace> ReadPlace(const Json& json, const std::string& where) {
  PL_TRY(KnowOnly(json, where, {"country", "region", "valid_from", "valid_to"}));
  ServedPlace served;
  served.place.country = json.Text("country");
  if (!IsCountry(served.place.country)) return Wrong(where + "/country", "must be two capital letters of ISO 3166-1.");
  if (json.Find("region") != nullptr) {
    served.place.region = json.Text("region");
    if (!IsRegion(served.place.region)) return Wrong(where + "/region", "must be the second part of an ISO 3166-2 code.");
  }
  if (json.Find("valid_from") != nullptr) served.valid_from = PL_TRY(profile::table::DateOf(json, where, "valid_from"));
  if (json.Find("valid_to") != nullptr) served.valid_to = PL_TRY(profile::table::DateOf(json, where, "valid_to"));
  return served;
}

Result<std::vector<crypto::Receiver>> ReadCertificates(const Json& json, const std::string& where) {
  std::vector<crypto::Receiver> receivers;
  if (json.Find("certificates") == nullptr) return receivers;
  for (const Json& one : *PL_TRY(profile::table::ArrayOf(json, where, "certificates", 1, kCertificatesMax))) {
    const std::string place = where + "/certificates/" + std::to_string(receivers.size());
    if (one.AsString() == nullptr) return Wrong(place, "must be a certificate as text.");
    Result<crypto::Receiver> receiver = crypto::Receiver::FromCertificate(*one.AsString());
    if (!receiver.ok()) return Wrong(place, "cannot be used. " + receiver.error().public_text);
    receivers.push_back(*std::move(receiver));
  }
  return receivers;
}

Result<std::vector<std::string>> ReadNotify(const Json& json, const std::string& where) {
  std::vector<std::string> addresses;
  if (json.Find("notify") == nullptr) return addresses;
  for (const Json& one : *PL_TRY(profile::table::ArrayOf(json, where, "notify", 1, kNotifyMax))) {
    const std::string place = where + "/notify/" + std::to_string(addresses.size());
    if (one.AsString() == nullptr) return Wrong(place, "must be an e-mail address.");
    const Result<void> address = mail::CheckAddress(*one.AsString());
    if (!address.ok()) return Wrong(place, "cannot be used. " + address.error().public_text);
    addresses.push_back(*one.AsString());
  }
  return addresses;
}

Result<Agency> ReadAgency(const Json& json, const std::string& where) {
  PL_TRY(KnowOnly(json, where, {"code", "name", "kind", "serves", "contact", "urgent_phone", "languages", "alternate", "certificates",
                               "notify"}));
  Agency agency;
  agency.code = PL_TRY(WordOf(json, where, "code"));
  agency.name = PL_TRY(TextOf(json, where, "name", "its name"));
  agency.kind = PL_TRY(WordOf(json, where, "kind"));
  agency.contact = PL_TRY(TextOf(json, where, "contact", "how it is reached"));
  agency.urgent_phone = json.Text("urgent_phone");
  agency.alternate = json.Text("alternate");
  for (const auto& [name, text] :
       {std::pair{"/name", &agency.name}, {"/contact", &agency.contact}, {"/urgent_phone", &agency.urgent_phone}}) {
    if (text->size() > kTextMax) return Wrong(where + name, "must be at most 200 bytes.");
  }
  for (const Json& one : *PL_TRY(profile::table::ArrayOf(json, where, "serves", 0, kPlacesMax))) {
    agency.serves.push_back(PL_TRY(ReadPlace(one, where + "/serves/" + std::to_string(agency.serves.size()))));
  }
  for (const Json& one : *PL_TRY(profile::table::ArrayOf(json, where, "languages", 1, 20))) {
    if (one.AsString() == nullptr || one.AsString()->empty()) return Wrong(where + "/languages", "must name languages.");
    agency.languages.push_back(*one.AsString());
  }
  agency.receivers = PL_TRY(ReadCertificates(json, where));
  agency.notify = PL_TRY(ReadNotify(json, where));
  return agency;
}

bool Overlap(const ServedPlace& left, const ServedPlace& right) {
  if (left.place != right.place) return false;
  const bool before = !left.valid_to.empty() && !right.valid_from.empty() && left.valid_to < right.valid_from;
  const bool after = !right.valid_to.empty() && !left.valid_from.empty() && right.valid_to < left.valid_from;
  return !before && !after;
}

// A place that two serve at one time would be decided by the order of a file.
Result<void> CheckPlaces(const AgencyTable& table) {
  std::map<std::pair<std::string, std::string>, std::vector<const ServedPlace*>> by_place;
  for (const Agency& agency : table.agencies) {
    for (const ServedPlace& served : agency.serves) {
      auto& there = by_place[{served.place.country, served.place.region}];
      for (const ServedPlace* other : there) {
        if (Overlap(*other, served)) {
          return Wrong("/agencies", "has two that serve " + served.place.country + (served.place.region.empty() ? "" : "-") +
                                        served.place.region + " at one time; the second is \"" + agency.code + "\".");
        }
      }
      there.push_back(&served);
    }
  }
  return {};
}

Result<void> CheckNames(const AgencyTable& table) {
  for (const auto& [where, code] : {std::pair{"/unknown_region", &table.unknown_region}, {"/fallback", &table.fallback}}) {
    if (table.Find(*code) == nullptr) return Wrong(where, "must be the code of an agency.");
  }
  for (std::size_t index = 0; index < table.agencies.size(); ++index) {
    const Agency& agency = table.agencies[index];
    const bool known = agency.alternate.empty() || (agency.alternate != agency.code && table.Find(agency.alternate) != nullptr);
    if (!known) return Wrong("/agencies/" + std::to_string(index) + "/alternate", "must be the code of another agency.");
  }
  return {};
}

}  // namespace

const Agency* AgencyTable::Find(std::string_view code) const {
  const auto found = by_code.find(code);
  return found == by_code.end() ? nullptr : &agencies[found->second];
}

const Agency* AgencyTable::For(const geo::Place& place, std::string_view day) const {
  if (place.country.empty()) return nullptr;
  const Agency* of_country = nullptr;
  for (const Agency& agency : agencies) {
    for (const ServedPlace& served : agency.serves) {
      if (served.place.country != place.country) continue;
      if ((!served.valid_from.empty() && day < served.valid_from) || (!served.valid_to.empty() && day > served.valid_to)) continue;
      if (!place.region.empty() && served.place.region == place.region) return &agency;
      if (served.place.region.empty() && of_country == nullptr) of_country = &agency;
    }
  }
  if (of_country != nullptr) return of_country;
  return Find(place.country == home_country ? unknown_region : fallback);
}

Result<AgencyTable> ReadAgencyTable(std::string_view text) {
  const Json json = PL_TRY(ParseJson(text, {.bytes_max = 8 << 20, .depth_max = 8}));
  PL_TRY(KnowOnly(json, "", {"version", "valid_from", "reason", "home_country", "unknown_region", "fallback", "agencies"}));
  AgencyTable table;
  table.version = PL_TRY(WordOf(json, "", "version"));
  table.valid_from = PL_TRY(profile::table::DateOf(json, "", "valid_from"));
  table.reason = PL_TRY(TextOf(json, "", "reason", "why the table is as it is"));
  table.home_country = json.Text("home_country");
  if (!IsCountry(table.home_country)) return Wrong("/home_country", "must be two capital letters of ISO 3166-1.");
  table.unknown_region = json.Text("unknown_region");
  table.fallback = json.Text("fallback");
  for (const Json& one : *PL_TRY(profile::table::ArrayOf(json, "", "agencies", 1, kAgenciesMax))) {
    const std::string where = "/agencies/" + std::to_string(table.agencies.size());
    Agency agency = PL_TRY(ReadAgency(one, where));
    if (!table.by_code.emplace(agency.code, table.agencies.size()).second) return Wrong(where + "/code", "is there twice.");
    table.agencies.push_back(std::move(agency));
  }
  PL_TRY(CheckPlaces(table));
  PL_TRY(CheckNames(table));
  return table;
}

const Agency* AgencyBook::LastListed(std::string_view code, Instant now) const {
  if (const Agency* listed = At(now).Find(code)) return listed;
  const std::string day = FormatDate(now);
  const Agency* last = nullptr;
  for (const std::string& version : Versions()) {
    const AgencyTable* table = Find(version);
    const Agency* listed = table->valid_from <= day ? table->Find(code) : nullptr;
    if (listed != nullptr) last = listed;
  }
  return last;
}

Result<AgencyBook> AgencyBook::Read(const std::map<std::string, std::string, std::less<>>& files) {
  AgencyBook book;
  PL_TRY(book.ReadAll(files, ReadAgencyTable, "agencies"));
  return book;
}

}  // namespace porchlight::referrals
