#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/record.h"
#include "base/result.h"
#include "platform/profile/dated_tables.h"

// How much each kind of evidence says about a place. Data of the profile (profiles/us/tables/routing), dated; format:
// docs/formats/routing.md.
namespace porchlight::referrals {

// What leads to a place. Stored as numbers: never renumber, never reuse.
enum class EvidenceKind : std::uint8_t {
  kUploadIp = 1,           // An upload near the time of the incident.
  kNearIp = 2,             // Any other use near it.
  kFarIp = 3,
  kRegistrationIp = 4,
  kBillingAddress = 5,
  kHomeAddress = 6,
  kOtherAddress = 7,
  kIncidentPlace = 8,
  kSchool = 9,
  kEstimate = 10,          // Where the platform thinks the person is.
  kEstimateVerified = 11,
  kPhone = 12,             // Country of the number.
};

// What lowers the weight of a piece of evidence, or why it leads nowhere. Stored as numbers.
enum class EvidenceNote : std::uint8_t {
  kPossibleProxy = 1,
  kUndated = 2,
  kCountryAssumed = 3,     // A region of the home country without its country.
  kNotVerified = 4,
  kCarrierNat = 5,         // Many customers behind one address: only the provider can tell, from the port.
  kNoPort = 6,             // ... and there is none, so nobody can.
  kPrivateAddress = 7,
  kNotAnAddress = 8,
  kNoPlaceKnown = 9,
  kUnknownCountry = 10,
};

struct RoutingTable {
  std::string version;
  std::string valid_from;                                // Date.
  std::string reason;
  std::string home_country;
  std::map<EvidenceKind, int> weights;                   // 1 to 99, of every kind.
  std::map<EvidenceNote, int> percent;                   // 1 to 100, of the notes that lower.
  int near_hours = 72;                                   // On both sides of the incident.
  int candidate_least = 10;                              // Below it a place is no candidate, if not a victim's.
  int also_least = 25;                                   // Of a suspect's place other than the first.
  int also_max = 5;                                      // Agencies besides the first; likewise.
  int region_least = 20;                                 // From here on a region stands for its country.
  int confidence_high = 60;
  int confidence_medium = 35;
  std::map<std::string, std::string, std::less<>> calling_codes;   // Digits of E.164 to country; the longest that fits counts.

  int Weight(EvidenceKind kind) const { return weights.at(kind); }
  // Country of a number as reported, or empty.
  std::string CountryOfPhone(std::string_view number) const;
};

// Errors: kInvalidArgument naming what is wrong and, in `field`, where in the file.
Result<RoutingTable> ReadRoutingTable(std::string_view json);

class RoutingBook : public profile::DatedTables<RoutingTable> {
 public:
  static Result<RoutingBook> Read(const std::map<std::string, std::string, std::less<>>& files);
};

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::EvidenceKind> {
  using E = referrals::EvidenceKind;
  static constexpr std::string_view kName = "PlaceEvidenceKind";
  static constexpr std::array kAll = {
      std::pair{E::kUploadIp, std::string_view("upload_ip")},
      std::pair{E::kNearIp, std::string_view("near_ip")},
      std::pair{E::kFarIp, std::string_view("far_ip")},
      std::pair{E::kRegistrationIp, std::string_view("registration_ip")},
      std::pair{E::kBillingAddress, std::string_view("billing_address")},
      std::pair{E::kHomeAddress, std::string_view("home_address")},
      std::pair{E::kOtherAddress, std::string_view("other_address")},
      std::pair{E::kIncidentPlace, std::string_view("incident_place")},
      std::pair{E::kSchool, std::string_view("school")},
      std::pair{E::kEstimate, std::string_view("estimate")},
      std::pair{E::kEstimateVerified, std::string_view("estimate_verified")},
      std::pair{E::kPhone, std::string_view("phone")}};
};

template <>
struct EnumNames<referrals::EvidenceNote> {
  using E = referrals::EvidenceNote;
  static constexpr std::string_view kName = "PlaceEvidenceNote";
  static constexpr std::array kAll = {
      std::pair{E::kPossibleProxy, std::string_view("possible_proxy")},
      std::pair{E::kUndated, std::string_view("undated")},
      std::pair{E::kCountryAssumed, std::string_view("country_assumed")},
      std::pair{E::kNotVerified, std::string_view("not_verified")},
      std::pair{E::kCarrierNat, std::string_view("carrier_nat")},
      std::pair{E::kNoPort, std::string_view("no_port")},
      std::pair{E::kPrivateAddress, std::string_view("private_address")},
      std::pair{E::kNotAnAddress, std::string_view("not_an_address")},
      std::pair{E::kNoPlaceKnown, std::string_view("no_place_known")},
      std::pair{E::kUnknownCountry, std::string_view("unknown_country")}};
};

}  // namespace porchlight
