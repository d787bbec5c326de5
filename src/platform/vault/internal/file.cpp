#include "platform/vault/internal/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace porchlight::vault::internal {

void File::Close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

namespace {

Error ErrorOf(int number, const std::string& doing) {
  const std::string detail = "vault: " + doing + ": " + std::generic_category().message(number);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case EFBIG:
      return Error{ErrorCode::kNoSpace, "There is no room to store this. Nothing was accepted; try again later.",
                   detail + "; free or extend the disk, writing goes on by itself", {}, 60};
    case ENOENT:
      return Error{ErrorCode::kNotFound, "No such object.", detail, {}, 0};
    default:
      return Error{ErrorCode::kUnavailable, "The evidence store does not answer. Try again later.", detail, {}, 5};
  }
}

}  // namespace

Error FromErrno(const std::string& doing) {
  const int number = errno;
  Error error = ErrorOf(number, doing);
  errno = number;
  return error;
}

Result<File> OpenAt(int directory, const std::string& name, int flags) {
  int descriptor = -1;
  do {
    descriptor = ::openat(directory, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return FromErrno("open " + name);
  return File(descriptor);
}

Result<File> OpenDirectory(int directory, const std::string& name) {
  return OpenAt(directory, name, O_RDONLY | O_DIRECTORY);
}

Result<File> OpenOrMakeDirectory(int directory, const std::string& name, bool* made) {
  if (made != nullptr) *made = false;
  Result<File> there = OpenDirectory(directory, name);
  if (there.ok() || there.error().code != ErrorCode::kNotFound) return there;
  if (::mkdirat(directory, name.c_str(), 0700) == 0) {
    if (made != nullptr) *made = true;
  } else if (errno != EEXIST) {
    return FromErrno("make directory " + name);
  }
  return OpenDirectory(directory, name);
}

Result<void> WriteAt(const File& file, std::string_view bytes, std::int64_t offset) { return WriteAllAt(file, {bytes}, offset); }

Result<void> WriteAllAt(const File& file, const std::vector<std::string_view>& parts, std::int64_t offset) {
  std::vector<::iovec> left;
  left.reserve(parts.size());
  for (const std::string_view part : parts) {
    if (!part.empty()) left.push_back({const_cast<char*>(part.data()), part.size()});
  }
  for (std::size_t at = 0; at < left.size();) {
    const ::ssize_t written = ::pwritev(file.get(), left.data() + at, static_cast<int>(left.size() - at), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno("write");
    if (written == 0) {
      errno = ENOSPC;
      return FromErrno("write");
    }
    offset += written;
    auto done = static_cast<std::size_t>(written);
    while (at < left.size() && done >= left[at].iov_len) done -= left[at++].iov_len;
    if (at == left.size()) break;
    left[at].iov_base = static_cast<char*>(left[at].iov_base) + done;
    left[at].iov_len -= done;
  }
  return {};
}

Result<void> ReadAt(const File& file, std::int64_t offset, std::size_t size, std::string& bytes) {
  bytes.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ::ssize_t got =
        ::pread(file.get(), bytes.data() + done, size - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("read");
    if (got == 0) {
      return Error{ErrorCode::kCorrupt, "Stored data is damaged.", "vault: a file ends too early", {}, 0};
    }
    done += static_cast<std::size_t>(got);
  }
  return {};
}

Result<void> SyncData(const File& file) {
  if (::fdatasync(file.get()) != 0) return FromErrno("fdatasync");
  return {};
}

Result<void> SyncAll(const File& file) {
  if (::fsync(file.get()) != 0) return FromErrno("fsync");
  return {};
}

std::int64_t SizeOf(const File& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? status.st_size : -1;
}

}  // namespace porchlight::vault::internal
