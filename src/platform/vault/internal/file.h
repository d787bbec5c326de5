#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Files as the vault needs them: every descriptor closes on exec and follows no symbolic link, every directory is made
// with mode 0700 and every file with 0600.
namespace porchlight::vault::internal {

// Owns one file descriptor.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { Close(); }
  File(File&& other) noexcept : descriptor_(other.Release()) {}
  File& operator=(File&& other) noexcept {
    if (this != &other) {
      Close();
      descriptor_ = other.Release();
    }
    return *this;
  }

  int get() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }
  void Close();

 private:
  int Release() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return descriptor;
  }

  int descriptor_ = -1;
};

// The error for errno as the last call left it. kNoSpace: full, over quota or read-only. kNotFound: absent.
// kUnavailable: anything else, above all a failing disk.
Error FromErrno(const std::string& doing);

// `directory` is a descriptor or AT_FDCWD. Errors: as FromErrno, which keeps errno.
Result<File> OpenAt(int directory, const std::string& name, int flags);
Result<File> OpenDirectory(int directory, const std::string& name);
// Makes the directory when it is absent; `made` says whether it was.
Result<File> OpenOrMakeDirectory(int directory, const std::string& name, bool* made = nullptr);

Result<void> WriteAt(const File& file, std::string_view bytes, std::int64_t offset);
// The parts one behind the other, with one system call where that is enough. At most IOV_MAX (1,024) parts.
Result<void> WriteAllAt(const File& file, const std::vector<std::string_view>& parts, std::int64_t offset);
// Replaces `bytes` by `size` bytes at `offset`. Errors: kCorrupt (the file ends before), kUnavailable.
Result<void> ReadAt(const File& file, std::int64_t offset, std::size_t size, std::string& bytes);
Result<void> SyncData(const File& file);   // fdatasync
Result<void> SyncAll(const File& file);    // fsync; for directories, too
std::int64_t SizeOf(const File& file);     // -1 if it cannot be told.

}  // namespace porchlight::vault::internal
