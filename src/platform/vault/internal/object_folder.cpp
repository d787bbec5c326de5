#include "platform/vault/internal/object_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.h"
#include "platform/vault/internal/folder_listing.h"
#include "platform/vault/internal/object_format.h"
#include "platform/vault/internal/staging.h"

namespace porchlight::vault::internal {
namespace {

std::string FolderName(const std::string& name) { return name.substr(0, 2); }
// From the folder of all objects.
std::string PathOf(const std::string& name) { return FolderName(name) + "/" + name; }

bool IsObjectName(const std::string& name) { return name.size() == 64 && HexDecode(name).has_value(); }

// Where a link points, or nothing if it is no link of ours.
std::optional<Place> LinkTarget(const File& folder, const std::string& name) {
  std::array<char, 64> target{};
  const ::ssize_t size = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
  if (size <= 0) return std::nullopt;
  return ParsePlace(std::string_view(target.data(), static_cast<std::size_t>(size)));
}

// Between "this object is not needed" and "this object is gone" no writer may find and reuse it, in any process.
// Writers share the lock, a sweep has it alone. It is a lock of an open file, so each holder opens its own.
Result<File> LockSweep(const File& root, int operation) {
  File lock = PL_TRY(OpenAt(root.get(), "sweep.lock", O_RDWR | O_CREAT));
  int status = -1;
  do {
    status = ::flock(lock.get(), operation);
  } while (status != 0 && errno == EINTR);
  if (status != 0) return FromErrno("lock for sweeping");
  return lock;
}

}  // namespace

Result<File> ObjectFolder::FolderOf(const std::string& name) const {
  return OpenDirectory(objects_.get(), FolderName(name));
}

Result<File> ObjectFolder::MakeFolderOf(const std::string& name) const {
  return OpenOrMakeDirectory(objects_.get(), FolderName(name));
}

// Both: the folder may have been made a moment ago for a link that nobody flushed.
Result<void> ObjectFolder::Flush(const std::string& name) const {
  const File folder = PL_TRY(FolderOf(name));
  PL_TRY(SyncAll(folder));
  return SyncAll(objects_);
}

Result<Located> ObjectFolder::Locate(const std::string& name) const {
  if (!IsObjectName(name)) {
    return Error{ErrorCode::kNotFound, "No such object.", "vault: '" + name + "' is no object's name", {}, 0};
  }
  const File folder = PL_TRY(FolderOf(name));
  Result<File> own = OpenAt(folder.get(), name, O_RDONLY);
  if (own.ok()) return Located{*std::move(own), 0};
  const std::optional<Place> place = LinkTarget(folder, name);
  if (!place) return own.error();
  Result<File> pack = packs_.Open(place->pack, O_RDONLY);
  if (!pack.ok() && pack.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kCorrupt, "The stored object is damaged.",
                 "vault: object " + name + " lies in pack " + place->pack + ", which is missing", {}, 0};
  }
  if (!pack.ok()) return pack.error();
  return Located{*std::move(pack), place->offset};
}

Result<bool> ObjectFolder::Touch(const std::string& name) const {
  const std::string path = PathOf(name);
  if (::faccessat(objects_.get(), path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) return false;
  const File lock = PL_TRY(LockSweep(root_, LOCK_SH));
  if (::utimensat(objects_.get(), path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return FromErrno("touch object " + name);
}

Result<void> ObjectFolder::Link(const std::string& name, const Place& place) const {
  const std::string path = PathOf(name);
  int made = ::symlinkat(PlaceText(place).c_str(), objects_.get(), path.c_str());
  if (made != 0 && errno == ENOENT) {
    PL_TRY(MakeFolderOf(name));
    made = ::symlinkat(PlaceText(place).c_str(), objects_.get(), path.c_str());
  }
  if (made == 0) return {};
  if (errno == EEXIST) return Error{ErrorCode::kConflict, "Somebody else was first.", "vault: " + name + " exists", {}, 0};
  return FromErrno("link object " + name);
}

Result<void> ObjectFolder::Relink(const std::string& name, const Place& place) const {
  const File folder = PL_TRY(MakeFolderOf(name));
  const std::string temporary = HexEncode(random_.Bytes(16));
  if (::symlinkat(PlaceText(place).c_str(), temporary_.get(), temporary.c_str()) != 0) {
    return FromErrno("link object " + name);
  }
  return Adopt(name, temporary);
}

Result<void> ObjectFolder::Adopt(const std::string& name, const std::string& temporary_name) const {
  const File folder = PL_TRY(MakeFolderOf(name));
  if (::renameat(temporary_.get(), temporary_name.c_str(), folder.get(), name.c_str()) != 0) {
    return FromErrno("name object " + name);
  }
  Result<void> flushed = Flush(name);
  // What is not durable must not be found by the next writer of the same content.
  if (!flushed.ok()) ::unlinkat(folder.get(), name.c_str(), 0);
  return flushed;
}

Result<std::int64_t> ObjectFolder::Sweep(Instant before,
                                         const std::function<bool(const std::string&)>& is_referred_to) const {
  std::int64_t removed = PL_TRY(SweepStaged(temporary_, before));
  for (const std::string& folder_name : PL_TRY(ListFolder(objects_.get()))) {
    const File folder = PL_TRY(OpenDirectory(objects_.get(), folder_name));
    removed += PL_TRY(SweepFolder(folder, before, is_referred_to));
  }
  PL_TRY(packs_.DeleteEmpty());
  return removed;
}

Result<std::int64_t> ObjectFolder::SweepFolder(const File& folder, Instant before,
                                               const std::function<bool(const std::string&)>& is_referred_to) const {
  std::int64_t removed = 0;
  for (const std::string& name : PL_TRY(ListFolder(folder.get()))) {
    if (!IsObjectName(name) || IsOlder(folder, name, before) != true || is_referred_to(name)) continue;
    const File lock = PL_TRY(LockSweep(root_, LOCK_EX));
    if (IsOlder(folder, name, before) != true) continue;  // A writer has just found it and will refer to it.
    const Result<void> gone = Remove(folder, name);
    if (!gone.ok() && gone.error().field == kFormatField) continue;  // Left to the version that knows it.
    if (!gone.ok()) return gone.error();
    ++removed;
  }
  return removed;
}

// The key in the header goes first, so that an interrupted removal leaves nothing that can be read.
Result<void> ObjectFolder::Remove(const File& folder, const std::string& name) const {
  const Result<Located> located = Locate(name);
  std::string bytes;
  if (located.ok() && ReadAt(located->file, located->offset, static_cast<std::size_t>(kHeaderBytes), bytes).ok()) {
    const std::optional<Header> header = ParseHeader(bytes);
    if (!header && IsOfAnotherFormat(bytes)) return OfAnotherFormat("object " + name);
    const std::optional<Place> place = LinkTarget(folder, name);
    if (place && header && header->name == name) {
      PL_TRY(packs_.Remove(*place, ObjectBytes(header->plain_bytes)));
    } else if (!place) {
      const File file = PL_TRY(OpenAt(folder.get(), name, O_RDWR));
      PL_TRY(WriteAt(file, std::string(static_cast<std::size_t>(kHeaderBytes), '\0'), 0));
      PL_TRY(SyncData(file));
    }
  }
  if (::unlinkat(folder.get(), name.c_str(), 0) != 0 && errno != ENOENT) return FromErrno("remove object " + name);
  return {};
}

}  // namespace porchlight::vault::internal
