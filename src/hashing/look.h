#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "platform/fingerprint/pdq_hash.h"
#include "platform/media/media.h"
#include "platform/store/database.h"
#include "tipline/report.h"

// The words of hashing, and what other rooms may read.
namespace porchlight::hashing {

using LookId = Id<struct LookTag>;     // One distinct hash of good quality.
using GroupId = Id<struct GroupTag>;   // Looks that are joined by neighbours.

// How a content came out. The numbers are there exactly when `outcome` is kHashed.
struct Content {
  media::MediaOutcome outcome = media::MediaOutcome::kCrashed;
  std::optional<media::MediaFormat> format;
  std::uint32_t width = 0;             // Pixels.
  std::uint32_t height = 0;
  bool complete = true;
  int quality = 0;
  std::optional<LookId> look;          // None below kPdqQualityMin.
};

struct Group {
  GroupId id;
  fingerprint::PdqHash least;          // Its smallest hash: does not depend on who came first.
  std::int64_t looks = 0;
  std::int64_t contents = 0;           // By SHA-256: what differs in more than its name.
  std::int64_t files = 0;
  tipline::FileId first_file;          // The smallest number.
  // Says more than that the bytes are the same.
  bool IsOfSeveral() const { return contents > 1; }
  bool operator==(const Group&) const = default;
};

// Of one file, as it stands in this transaction.
struct FileLook {
  tipline::FileId file;
  std::string sha256;                  // Raw, 32 bytes.
  Group group;
};

// Pictures of the report that stand in a group of several contents, by file.
Result<std::vector<FileLook>> LooksAlike(store::ReadTransaction& transaction, tipline::ReportId report);

// The group that this one is part of now. Errors: kInternal when there never was one.
Result<Group> GroupNow(store::ReadTransaction& transaction, GroupId id);

}  // namespace porchlight::hashing
