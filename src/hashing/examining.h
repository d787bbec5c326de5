#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/clock.h"
#include "evidence/hash_door.h"
#include "hashing/grouping.h"
#include "platform/media/media.h"
#include "platform/store/database.h"
#include "tipline/reported_pictures.h"

namespace porchlight::hashing {

// What decodes: media::MediaWorker, or a test's. Whatever the bytes are, the answer is an Examination; an Error is about this
// machine, and the same bytes should be tried again later.
struct Examiner {
  // None: nothing is examined.
  std::function<Result<media::Examination>(std::string_view bytes)> examine;
  fingerprint::PdqLoader loader = fingerprint::PdqLoader::kFullSize;   // How it scales.
  std::uint64_t bytes_max = 64ULL << 20;
};

// How many of a report were looked at, and how many of these needed no decoding.
struct Examined {
  int pictures = 0;
  int known = 0;
};

// Examines the pictures of reports. Thread-safe; all outlive this.
class Examining {
 public:
  Examining(store::Database& database, const evidence::HashDoor& door, Examiner examiner, const Clock& clock)
      : database_(database), door_(door), examiner_(std::move(examiner)), clock_(clock) {}

  // Every picture of the report, each in a unit of work of its own; what is done is not done again. A file whose content is gone
  // is passed over. Errors: the store's, the vault's and the machine's; the rest is done when it comes again.
  Result<Examined> ExamineReport(tipline::ReportId report);

 private:
  Result<void> ExamineFile(const tipline::ReportedPicture& file, Examined& examined);

  store::Database& database_;
  const evidence::HashDoor& door_;
  const Examiner examiner_;
  const Clock& clock_;
  Grouping grouping_;
};

}  // namespace porchlight::hashing
