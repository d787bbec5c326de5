#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/record.h"
#include "platform/geo/geo.h"
#include "platform/profile/profile.h"
#include "referrals/routing_table.h"
#include "tipline/content.h"

// What a report says about where its people are. Pure: the same report, table and layers always give the same evidence.
namespace porchlight::referrals {

// Stored as numbers: never renumber, never reuse.
enum class Whose : std::uint8_t { kSuspect = 1, kVictim = 2 };

// One thing that leads to a place, or would if it could. It names where in the report it stands, never what it says.
struct PlaceEvidence {
  EvidenceKind kind = EvidenceKind::kUploadIp;
  Whose whose = Whose::kSuspect;
  geo::Place place;                          // Without a country it leads nowhere; the notes say why.
  int weight = 0;                            // 1 to 99, after what lowers it; 0 when it leads nowhere.
  std::optional<Instant> at;
  std::vector<EvidenceNote> notes;
  std::string where;                         // "network use 2", "file 65537 network use 1", "place 1", "phone 1"
  std::string layer;                         // Of an address: "NAME VERSION" of the layer that placed it.
  bool operator==(const PlaceEvidence&) const = default;
};

// Countries and regions of the home country as people write them, to codes.
class PlaceNames {
 public:
  // From the lists "countries" and "states".
  explicit PlaceNames(const profile::Profile& profile);
  // The code for a code or a name in any of the profile's languages, in any case of letters; or empty.
  std::string Country(std::string_view written) const;
  std::string Region(std::string_view written) const;

 private:
  std::map<std::string, std::string, std::less<>> countries_;   // By what is written, in lower case.
  std::map<std::string, std::string, std::less<>> regions_;
};

struct FoundPlaces {
  std::vector<PlaceEvidence> evidence;
  int left_out = 0;                          // Weaker ones, beyond kEvidenceMax.
};

// In the order of the report; the first of each kind, place and person. Where there are more than kEvidenceMax the strongest are kept,
// among them at least kVictimsEvidenceMin of the victim's: somebody must know where a victim may be, however little says so.
inline constexpr std::size_t kEvidenceMax = 60;
inline constexpr std::size_t kVictimsEvidenceMin = 20;
FoundPlaces FindPlaces(const tipline::FiledReport& report, const RoutingTable& table, const geo::Database& geo, const PlaceNames& names);

Json ToJson(const PlaceEvidence& evidence);
Result<PlaceEvidence> EvidenceFromJson(const Json& json);   // Errors: kCorrupt.

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::Whose> {
  using E = referrals::Whose;
  static constexpr std::string_view kName = "PlaceOf";
  static constexpr std::array kAll = {std::pair{E::kSuspect, std::string_view("suspect")},
                                      std::pair{E::kVictim, std::string_view("victim")}};
};

}  // namespace porchlight
