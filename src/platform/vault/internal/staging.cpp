#include "platform/vault/internal/staging.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "base/text.h"
#include "platform/vault/internal/folder_listing.h"
#include "platform/vault/internal/object_format.h"

namespace porchlight::vault::internal {
namespace {

constexpr std::size_t kInMemoryBytesMax = 1024 * 1024;  // Header included.

}  // namespace

Staging::Staging(const File& folder, Random& random) : folder_(folder), random_(random) {
  std::memset(bytes_.Extend(static_cast<std::size_t>(kHeaderBytes)), 0, static_cast<std::size_t>(kHeaderBytes));
}

Staging::~Staging() {
  if (file_.open()) ::unlinkat(folder_.get(), file_name_.c_str(), 0);
}

Result<void> Staging::Settle() {
  if (!file_.open() && bytes_.size() <= kInMemoryBytesMax) return {};
  return Spill();
}

Result<void> Staging::Spill() {
  if (!file_.open()) {
    file_name_ = HexEncode(random_.Bytes(16));
    file_ = PL_TRY(OpenAt(folder_.get(), file_name_, O_RDWR | O_CREAT | O_EXCL));
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) return FromErrno("lock a temporary file");
  }
  PL_TRY(WriteAt(file_, bytes_.view(), end_));
  end_ += static_cast<std::int64_t>(bytes_.size());
  bytes_.Clear();
  return {};
}

Result<void> Staging::PutHeader(std::string_view header) {
  PL_CHECK(header.size() == static_cast<std::size_t>(kHeaderBytes));
  if (!file_.open()) {
    std::memcpy(bytes_.data(), header.data(), header.size());
    return {};
  }
  PL_TRY(Spill());
  return WriteAt(file_, header, 0);
}

Result<std::int64_t> SweepStaged(const File& folder, Instant before) {
  std::int64_t removed = 0;
  for (const std::string& name : PL_TRY(ListFolder(folder.get()))) {
    if (IsOlder(folder, name, before) != true) continue;
    const Result<File> file = OpenAt(folder.get(), name, O_RDONLY);
    // What does not open is a link, which nobody keeps for long.
    if (file.ok() && ::flock(file->get(), LOCK_EX | LOCK_NB) != 0) continue;
    if (::unlinkat(folder.get(), name.c_str(), 0) == 0) ++removed;
    else if (errno != ENOENT) return FromErrno("remove a temporary file");
  }
  return removed;
}

std::optional<bool> IsOlder(const File& folder, const std::string& name, Instant before) {
  struct stat status {};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return Instant{status.st_mtim.tv_sec * 1'000'000 + status.st_mtim.tv_nsec / 1'000} < before;
}

}  // namespace porchlight::vault::internal
