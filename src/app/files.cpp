#include "app/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace porchlight::app {
namespace {

Error FileError(const std::string& what, const std::string& path, int problem) {
  ErrorCode code = ErrorCode::kInternal;
  if (problem == ENOSPC || problem == EROFS || problem == EDQUOT) code = ErrorCode::kNoSpace;
  if (problem == EACCES || problem == EPERM) code = ErrorCode::kForbidden;
  if (problem == ENOENT) code = ErrorCode::kNotFound;
  return Error{code, path + " cannot be " + what + ": " + std::strerror(problem) + ".", {}, {}, 0};
}

Result<void> SyncFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return FileError("opened", path, errno);
  const bool synced = fsync(folder) == 0;
  const int problem = errno;
  close(folder);
  if (!synced) return FileError("made durable", path, problem);
  return {};
}

}  // namespace

Result<std::string> ReadSmallFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return FileError("read", path, errno);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

Result<void> WriteSmallFile(const std::string& path, std::string_view content) {
  const std::string aside = path + ".new";
  const int file = open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return FileError("written", path, errno);
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int problem = errno;
      close(file);
      return FileError("written", path, problem);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool durable = fsync(file) == 0;
  const int problem = errno;
  close(file);
  if (!durable) return FileError("made durable", path, problem);
  if (rename(aside.c_str(), path.c_str()) != 0) return FileError("replaced", path, errno);
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return SyncFolder(parent.empty() ? "." : parent);
}

Result<void> MakeFolder(const std::string& path) {
  std::error_code problem;
  const std::filesystem::path folder(path);
  if (std::filesystem::is_directory(folder, problem)) return {};
  const std::string parent = folder.parent_path().string();
  if (!parent.empty() && parent != path) PL_TRY(MakeFolder(parent));
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return FileError("made", path, errno);
  return {};
}

}  // namespace porchlight::app
