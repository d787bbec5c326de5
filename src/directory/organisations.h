#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"

namespace porchlight::directory {

// Another organisation. The centre itself is number 0 and has no row.
struct Organisation {
  auth::OrganisationId id;
  std::string name;
  std::string kind;                        // Code of the profile's list "organisation_kinds".
  std::string country;                     // Code of the list "countries".
  std::string contact;                     // How to reach them about a report; may be empty.
  bool test = false;                       // All its accounts file test traffic.
  Instant created_at;
};

// The codes are the profile's, name 1 to 200 bytes, contact at most 500; both without control characters. Errors:
// kInvalidArgument.
Result<void> CheckOrganisation(const profile::Profile& profile, const Organisation& organisation);

// Errors: kConflict (the name is taken, in any case of letters).
Result<auth::OrganisationId> InsertOrganisation(store::WriteTransaction& transaction, const Organisation& organisation);
// Errors: kNotFound.
Result<Organisation> FindOrganisation(store::ReadTransaction& transaction, auth::OrganisationId id);
// The one an outsider may see is their own; every other answers exactly as one that does not exist.
Result<Organisation> FindOrganisationFor(store::ReadTransaction& transaction, const auth::Caller& caller, auth::OrganisationId id);
// By id, ascending, above `after`; an outsider's list is their own organisation.
Result<std::vector<Organisation>> ListOrganisationsFor(store::ReadTransaction& transaction, const auth::Caller& caller,
                                                       auth::OrganisationId after, int count_max);

// Names by number for lists of many rows, kept for ten seconds. 0 is the public or the centre: an empty name, as for a
// number that is not known. Thread-safe.
class OrganisationNames {
 public:
  OrganisationNames(store::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  std::string Of(auth::OrganisationId id);

 private:
  store::Database& database_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::int64_t, std::string> names_;
  std::optional<Duration> read_at_;
};

}  // namespace porchlight::directory
