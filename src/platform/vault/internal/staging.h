#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "platform/vault/internal/aligned_bytes.h"
#include "platform/vault/internal/file.h"

namespace porchlight::vault::internal {

// An object on its way in: in memory while it is small, then in a temporary file; in both it starts with room for its
// header. The file is locked while this lives, which tells a sweep to leave it alone, and is removed with this unless it
// was kept. One thread.
class Staging {
 public:
  // `folder` outlives this.
  Staging(const File& folder, Random& random);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // Append the next bytes of the body here, then call Settle. As long as nothing is in a file, this is the whole object.
  AlignedBytes& bytes() { return bytes_; }
  // Moves them to the file when they are too many for memory. Errors: kNoSpace, kUnavailable.
  Result<void> Settle();
  // Completes the object. Afterwards it is whole: in bytes() or in file().
  Result<void> PutHeader(std::string_view header);

  bool in_file() const { return file_.open(); }
  const File& file() const { return file_; }
  const std::string& file_name() const { return file_name_; }
  void Keep() { file_.Close(); }  // The file has another name now.

 private:
  Result<void> Spill();

  const File& folder_;
  Random& random_;
  AlignedBytes bytes_;
  File file_;
  std::string file_name_;
  std::int64_t end_ = 0;
};

// Removes staged files that were last written before `before` and whose writer does not live. Answers how many.
Result<std::int64_t> SweepStaged(const File& folder, Instant before);

// Last written or touched before `before`, by the file system's clock. Nothing when it is not there.
std::optional<bool> IsOlder(const File& folder, const std::string& name, Instant before);

}  // namespace porchlight::vault::internal
