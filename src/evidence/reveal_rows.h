#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "evidence/exposure.h"
#include "platform/media/media.h"
#include "platform/store/database.h"
#include "tipline/report.h"

// The only SQL for evidence_reveals.
namespace porchlight::evidence {

using RevealId = Id<struct RevealTag>;

struct RevealRow {
  std::int64_t account = 0;
  tipline::FileId file;
  Instant at;
  media::PreviewBlur blur = media::PreviewBlur::kStrong;
};

struct PersonDay {
  std::int64_t day = 0;
  std::int64_t account = 0;
  Exposure exposure;
};

namespace rows {

// As shown; what the same person still had open ends now.
Result<RevealId> InsertReveal(store::WriteTransaction& transaction, const RevealRow& row, Duration once);
// It counts no more: nothing was there to be seen.
Result<void> MarkNotShown(store::WriteTransaction& transaction, RevealId id, const RevealRow& row);
// False when this person has no such reveal. Ended once; a repeat changes nothing.
Result<bool> EndReveal(store::WriteTransaction& transaction, RevealId id, std::int64_t account, Duration once, Instant now);

// Everybody's since that day, the newest day first.
Result<std::vector<PersonDay>> ExposureSince(store::ReadTransaction& transaction, std::int64_t day, Duration once, Instant now);
Result<Exposure> ExposureOf(store::ReadTransaction& transaction, std::int64_t day, std::int64_t account, Duration once, Instant now);
Result<bool> WasRevealed(store::ReadTransaction& transaction, std::int64_t day, std::int64_t account, tipline::FileId file);
// How often each file with `from` <= id < `end` was revealed, by whomever; files never revealed are not in it.
Result<std::map<tipline::FileId, std::int64_t>> RevealsOf(store::ReadTransaction& transaction, tipline::FileId from, tipline::FileId end);

}  // namespace rows

}  // namespace porchlight::evidence
