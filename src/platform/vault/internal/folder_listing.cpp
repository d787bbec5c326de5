#include "platform/vault/internal/folder_listing.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "platform/vault/internal/file.h"

namespace porchlight::vault::internal {

Result<std::vector<std::string>> ListFolder(int directory) {
  // A descriptor of its own: the position in a directory belongs to the descriptor.
  const int descriptor = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return FromErrno("list a folder");
  DIR* stream = ::fdopendir(descriptor);
  if (stream == nullptr) {
    const File closes(descriptor);
    return FromErrno("list a folder");
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
    errno = 0;
  }
  const int failed = errno;
  ::closedir(stream);
  if (failed != 0) {
    errno = failed;
    return FromErrno("list a folder");
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace porchlight::vault::internal
