#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "platform/crypto/envelope.h"
#include "platform/geo/geo.h"
#include "platform/profile/dated_tables.h"

// The directory of agencies and units: who receives reports that lead to a place. Data of the profile
// (profiles/us/tables/agencies), dated; format: docs/formats/agencies.md.
namespace porchlight::referrals {

// A place that an agency serves; without dates, always. `region` empty: the country, where its region is not known or has
// nobody of its own.
struct ServedPlace {
  geo::Place place;
  std::string valid_from;                  // Date, or empty.
  std::string valid_to;                    // Last day, or empty.
};

struct Agency {
  std::string code;
  std::string name;
  std::string kind;                        // Code of the profile's list "organisation_kinds".
  std::vector<ServedPlace> serves;
  std::string contact;
  std::string urgent_phone;                // Where somebody answers at any hour; may be empty.
  std::vector<std::string> languages;      // BCP 47.
  std::vector<std::string> notify;         // E-mail addresses that hear of what waits for it; at most 5, may be none.
  std::string alternate;                   // Code of the one that is asked when this one does not answer; may be empty.
  std::vector<crypto::Receiver> receivers; // Each can open packages made for it; empty: those go out as plain ZIPs.
};

struct AgencyTable {
  std::string version;
  std::string valid_from;                  // Date.
  std::string reason;
  std::string home_country;
  std::string unknown_region;              // Agency for the home country where its region is not known or not served.
  std::string fallback;                    // Agency for a country that nobody serves.
  std::vector<Agency> agencies;            // In the order of the file.
  std::map<std::string, std::size_t, std::less<>> by_code;

  const Agency* Find(std::string_view code) const;
  // Who serves the place on that day ("2026-01-31"): its region's agency, else its country's, else the one for what nobody
  // serves. Never null for a place with a country.
  const Agency* For(const geo::Place& place, std::string_view day) const;
};

// Errors: kInvalidArgument naming what is wrong and, in `field`, where in the file.
Result<AgencyTable> ReadAgencyTable(std::string_view json);

class AgencyBook : public profile::DatedTables<AgencyTable> {
 public:
  // As the newest directory up to `now` says that lists it: an agency keeps what it was given also when it is listed no longer.
  // Null when none does.
  const Agency* LastListed(std::string_view code, Instant now) const;
  static Result<AgencyBook> Read(const std::map<std::string, std::string, std::less<>>& files);
};

}  // namespace porchlight::referrals
