#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "hashing/look.h"
#include "platform/fingerprint/pdq_index.h"
#include "platform/jobs/jobs.h"

namespace porchlight::hashing {

// Tells every report of a group, in pieces: {"group":12}.
inline constexpr std::string_view kAnnounceGroup = "hashing.announce_group";

// All looks and how their groups joined, as the store had them at the last reading; the looks' neighbours are found here.
// Used under the lock of Grouping.
class Mirror {
 public:
  // Reads on from where it stood. Who adds looks holds LockGrouping, so that their numbers come in order.
  Result<void> CatchUp(store::ReadTransaction& transaction);
  // Groups that have a look within kPdqMatchDistance of the hash.
  std::set<GroupId> GroupsNear(const fingerprint::PdqHash& hash) const;

 private:
  GroupId RootOf(GroupId group) const;

  fingerprint::PdqIndex index_;                         // Its entries are numbers of looks.
  std::vector<std::pair<LookId, GroupId>> first_group_;  // By look, ascending: the group it first came to.
  std::map<GroupId, GroupId> parent_of_;
  std::int64_t last_join_ = 0;
};

// A file and what is known of its bytes.
struct Picture {
  tipline::FileId file;
  std::string sha256;                                   // Raw, 32 bytes.
  Content content;                                      // Its look is left to Grouping.
  std::optional<fingerprint::PdqHash> hash;             // Exactly when kHashed.
  fingerprint::PdqLoader loader = fingerprint::PdqLoader::kFullSize;
};

// Which pictures look alike. What stands together, its smallest hash and its counts are a function of the set of pictures: the
// order in which they come changes nothing. Thread-safe; several processes over one database may each have one.
class Grouping {
 public:
  // Keeps what came of a picture, and puts it to its group; again it does nothing. Tells the reports concerned. Errors: the
  // store's; the mirror is then read anew.
  Result<void> Record(store::Database& database, const Picture& picture, Instant now);
  // The same for bytes that were examined before. False when they were not.
  Result<bool> RecordKnown(store::Database& database, tipline::FileId file, std::string_view sha256, Instant now);

 private:
  Result<void> Put(store::WriteTransaction& transaction, const Picture& picture, Instant now);
  Result<std::optional<LookId>> LookOf(store::WriteTransaction& transaction, const Picture& picture, Instant now);
  Result<LookId> PlaceLook(store::WriteTransaction& transaction, const Picture& picture, Instant now);

  std::mutex mutex_;
  std::unique_ptr<Mirror> mirror_ = std::make_unique<Mirror>();
};

// Tells every report with a picture of the group.
Result<void> Announce(store::Database& database, GroupId group, Instant now);

}  // namespace porchlight::hashing
