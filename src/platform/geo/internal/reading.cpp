#include "platform/geo/internal/reading.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace porchlight::geo {

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 30;

Error FileError(const std::string& path, int problem) {
  ErrorCode code = ErrorCode::kInternal;
  if (problem == ENOENT || problem == ENOTDIR) code = ErrorCode::kNotFound;
  if (problem == EACCES || problem == EPERM) code = ErrorCode::kForbidden;
  return Error{code, path + " cannot be read: " + std::strerror(problem) + ".", {}, {}, 0};
}

Result<std::string> ReadOpen(int file, const std::string& path) {
  struct stat facts {};
  if (fstat(file, &facts) != 0) return FileError(path, errno);
  if (!S_ISREG(facts.st_mode)) return Error{ErrorCode::kInvalidArgument, path + " is not a file.", {}, {}, 0};
  const auto size = static_cast<std::size_t>(facts.st_size);
  if (size > kFileBytesMax) {
    return Error{ErrorCode::kTooLarge, path + " is larger than " + std::to_string(kFileBytesMax) + " bytes.", {}, {}, 0};
  }
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = read(file, bytes.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileError(path, errno);
    if (got == 0) break;  // Cut off meanwhile: the formats' own checks will tell.
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& path) {
  // Not blocking, so that a pipe in place of a file is refused and does not hold up the start.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return FileError(path, errno);
  Result<std::string> bytes = ReadOpen(file, path);
  close(file);
  return bytes;
}

}  // namespace porchlight::geo
