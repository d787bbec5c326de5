#include "platform/vault/internal/packs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/text.h"
#include "platform/vault/internal/folder_listing.h"
#include "platform/vault/internal/object_format.h"

namespace porchlight::vault::internal {
namespace {

// Room is taken from the disk in steps, so that a full disk is met here and not in the middle of an object.
constexpr std::int64_t kAllocationBytes = 16 * 1024 * 1024;
constexpr std::string_view kActive = ".active";  // Links to its objects may be missing from the disk.
constexpr std::string_view kComplete = ".pack";

std::int64_t RoundUp(std::int64_t bytes) { return (bytes + kPackAlignment - 1) / kPackAlignment * kPackAlignment; }

bool IsForLackOfDirect(int number) { return number == EINVAL || number == EOPNOTSUPP; }

Result<void> PunchHole(const File& file, std::int64_t offset, std::int64_t bytes) {
  if (::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes) == 0) return {};
  if (errno != EOPNOTSUPP) return FromErrno("punch a hole");
  AlignedBytes zeros;
  std::memset(zeros.Extend(static_cast<std::size_t>(bytes)), 0, static_cast<std::size_t>(bytes));
  return WriteAt(file, zeros.view(), offset);
}

// Whether all `bytes` of the object at `offset` are as its writer sealed them; needs no key.
bool IsWhole(const File& file, std::int64_t offset, const Header& header) {
  BodyCheck check(header.check_kind);
  std::string part;
  std::int64_t left = ObjectBytes(header.plain_bytes) - kHeaderBytes;
  for (offset += kHeaderBytes; left > 0;) {
    const std::int64_t size = std::min<std::int64_t>(left, static_cast<std::int64_t>(kChunkBytes));
    if (!ReadAt(file, offset, static_cast<std::size_t>(size), part).ok()) return false;
    check.Update(part);
    offset += size;
    left -= size;
  }
  return check.Finish() == header.body_check;
}

}  // namespace

std::string PlaceText(const Place& place) { return place.pack + "/" + std::to_string(place.offset); }

std::optional<Place> ParsePlace(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '/');
  if (parts.size() != 2 || parts[0].size() != 16 || !HexDecode(parts[0])) return std::nullopt;
  const std::optional<std::int64_t> offset = ParseInteger(parts[1]);
  if (!offset || *offset < 0 || *offset % kPackAlignment != 0) return std::nullopt;
  return Place{std::string(parts[0]), *offset};
}

ActivePack::ActivePack(std::string id, File file, int root, int packs)
    : id_(std::move(id)), file_(std::move(file)), root_(root), packs_(packs) {}

// Failing here loses nothing: the pack stays marked as active, and the next start looks through it.
ActivePack::~ActivePack() {
  if (broken_) return;
  if (::ftruncate(file_.get(), used_) != 0) return;
  // The links, whichever folders they are in; and the pack's own length.
  if (::syncfs(root_) != 0) return;
  const std::string active = id_ + std::string(kActive);
  const std::string complete = id_ + std::string(kComplete);
  if (::renameat(packs_, active.c_str(), packs_, complete.c_str()) == 0) ::fsync(packs_);
}

Result<std::optional<std::int64_t>> ActivePack::Reserve(std::int64_t bytes) {
  const std::int64_t room = RoundUp(bytes);
  const std::lock_guard lock(mutex_);
  if (broken_ || (used_ > 0 && used_ + room > kPackBytesMax)) return std::optional<std::int64_t>();
  if (used_ + room > allocated_) {
    std::int64_t wanted = std::max(allocated_ + kAllocationBytes, used_ + room);
    int status = ::fallocate(file_.get(), 0, allocated_, wanted - allocated_);
    if (status != 0 && errno == ENOSPC) {  // Nearly full: take what this object needs.
      wanted = used_ + room;
      status = ::fallocate(file_.get(), 0, allocated_, wanted - allocated_);
    }
    if (status != 0 && errno != EOPNOTSUPP) return FromErrno("make room in a pack");
    allocated_ = wanted;
  }
  const std::int64_t offset = used_;
  used_ += room;
  return std::optional<std::int64_t>(offset);
}

// Past the system's cache: an object is read once or twice again, if at all, and its pages would drive out those of the database. A
// file system or disk that cannot do that, or wants larger pieces, is written through the cache.
Result<void> ActivePack::Write(AlignedBytes& object, std::int64_t offset) {
  const std::string_view padded = object.Padded();
  Result<void> done = WriteAt(file_, padded, offset);
  if (done.ok() || !IsForLackOfDirect(errno)) return done;
  const int flags = ::fcntl(file_.get(), F_GETFL);
  if (flags < 0 || ::fcntl(file_.get(), F_SETFL, flags & ~O_DIRECT) != 0) return done;
  return WriteAt(file_, padded, offset);
}

Result<void> ActivePack::WriteDurably(AlignedBytes& object, std::int64_t offset) {
  Result<void> done = Write(object, offset);
  if (done.ok()) done = FlushShared();
  // Nobody will refer to it. Should this fail too, the room is lost until the pack is deleted.
  if (!done.ok()) (void)PunchHole(file_, offset, RoundUp(static_cast<std::int64_t>(object.size())));
  return done;
}

// The first to come flushes for all who have written before it began; the others wait for the flush that covers them.
Result<void> ActivePack::FlushShared() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++flush_wanted_;
  while (flush_done_ < mine && !broken_) {
    if (flushing_) {
      flushed_.wait(lock);
      continue;
    }
    flushing_ = true;
    const std::uint64_t covered = flush_wanted_;
    lock.unlock();
    const Result<void> synced = SyncData(file_);
    lock.lock();
    flushing_ = false;
    if (synced.ok()) flush_done_ = covered;
    else broken_ = true;  // The kernel reports a lost write once and forgets it: never ask the same file again.
    flushed_.notify_all();
    if (!synced.ok()) return synced.error();
  }
  if (flush_done_ < mine) {
    return Error{ErrorCode::kUnavailable, "The evidence store does not answer. Try again later.",
                 "vault: the disk failed to flush pack " + id_ + "; look at the kernel's log", {}, 0};
  }
  return {};
}

Result<File> Packs::Lock() const {
  File lock = PL_TRY(OpenAt(packs_, "lock", O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX) != 0) return FromErrno("lock the packs");
  return lock;
}

// Made and locked while the packs are locked, so that no starting process takes it for one whose writer died.
Result<std::shared_ptr<ActivePack>> Packs::NewPack() {
  const File lock = PL_TRY(Lock());
  for (;;) {
    const std::string id = HexEncode(random_.Bytes(8));
    if (::faccessat(packs_, (id + std::string(kComplete)).c_str(), F_OK, 0) == 0) continue;
    const std::string name = id + std::string(kActive);
    Result<File> file = OpenAt(packs_, name, O_RDWR | O_CREAT | O_EXCL | O_DIRECT);
    if (!file.ok() && IsForLackOfDirect(errno)) {  // A file system without that; it may have made the file all the same.
      ::unlinkat(packs_, name.c_str(), 0);
      file = OpenAt(packs_, name, O_RDWR | O_CREAT | O_EXCL);
    }
    if (!file.ok() && errno == EEXIST) continue;
    if (!file.ok()) return file.error();
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0 || ::fsync(file->get()) != 0 || ::fsync(packs_) != 0) {
      const Error error = FromErrno("make pack " + id);
      ::unlinkat(packs_, (id + std::string(kActive)).c_str(), 0);
      return error;
    }
    return std::make_shared<ActivePack>(id, *std::move(file), root_, packs_);
  }
}

Result<Placed> Packs::Append(AlignedBytes& object) {
  for (;;) {
    std::shared_ptr<ActivePack> pack;
    std::shared_ptr<ActivePack> full;  // Let go of outside the lock: closing a pack flushes the file system.
    std::optional<std::int64_t> offset;
    {
      const std::lock_guard lock(mutex_);
      if (active_ == nullptr) active_ = PL_TRY(NewPack());
      offset = PL_TRY(active_->Reserve(static_cast<std::int64_t>(object.size())));
      if (offset) pack = active_;
      else full = std::exchange(active_, nullptr);
    }
    if (!offset) continue;
    PL_TRY(pack->WriteDurably(object, *offset));
    Place place{pack->id(), *offset};
    return Placed{std::move(place), std::move(pack)};
  }
}

Result<File> Packs::Open(const std::string& pack, int flags) const {
  // A pack changes its name once, from active to complete: whoever missed both names finds the second now.
  for (const std::string_view suffix : {kComplete, kActive}) {
    Result<File> file = OpenAt(packs_, pack + std::string(suffix), flags);
    if (file.ok() || file.error().code != ErrorCode::kNotFound) return file;
  }
  return OpenAt(packs_, pack + std::string(kComplete), flags);
}

Result<void> Packs::Remove(const Place& place, std::int64_t bytes) {
  const Result<File> file = Open(place.pack, O_RDWR);
  if (!file.ok() && file.error().code == ErrorCode::kNotFound) return {};
  if (!file.ok()) return file.error();
  return PunchHole(*file, place.offset, RoundUp(bytes));
}

Result<void> Packs::Recover(const std::function<Result<void>(const std::string&, const Place&)>& link) {
  const Result<File> lock = Lock();
  // A read-only disk: nothing can be written, so nothing can be repaired either, but all that is linked can be read.
  if (!lock.ok() && lock.error().code == ErrorCode::kNoSpace) return {};
  if (!lock.ok()) return lock.error();
  for (const std::string& name : PL_TRY(ListFolder(packs_))) {
    if (!name.ends_with(kActive)) continue;
    const Result<File> file = OpenAt(packs_, name, O_RDWR);
    if (!file.ok()) return file.error();
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) continue;  // Its writer lives.
    const std::string id = name.substr(0, name.size() - kActive.size());
    PL_TRY(RecoverOne(id, *file, link));
    if (::syncfs(root_) != 0) return FromErrno("flush recovered objects");
    if (::renameat(packs_, name.c_str(), packs_, (id + std::string(kComplete)).c_str()) != 0) {
      return FromErrno("complete pack " + id);
    }
  }
  if (::fsync(packs_) != 0) return FromErrno("flush the packs' folder");
  return {};
}

Result<void> Packs::RecoverOne(const std::string& id, const File& file,
                               const std::function<Result<void>(const std::string&, const Place&)>& link) {
  const std::int64_t size = SizeOf(file);
  std::string bytes;
  for (std::int64_t offset = 0; offset + kHeaderBytes <= size;) {
    const ::off_t data = ::lseek(file.get(), offset, SEEK_DATA);
    if (data < 0) break;  // Only a hole is left.
    offset = std::max(offset, static_cast<std::int64_t>(data) / kPackAlignment * kPackAlignment);
    if (offset + kHeaderBytes > size) break;
    PL_TRY(ReadAt(file, offset, static_cast<std::size_t>(kHeaderBytes), bytes));
    const std::optional<Header> header = ParseHeader(bytes);
    if (!header && IsOfAnotherFormat(bytes)) {
      return OfAnotherFormat("what lies at " + std::to_string(offset) + " in pack " + id);
    }
    const std::int64_t object_bytes = header ? ObjectBytes(header->plain_bytes) : 0;
    if (header && offset + object_bytes <= size && IsWhole(file, offset, *header)) {
      PL_TRY(link(header->name, Place{id, offset}));
      offset += RoundUp(object_bytes);
    } else {
      offset += kPackAlignment;  // Torn by the crash, hence never acknowledged; or a removed or unused place.
    }
  }
  return {};
}

Result<void> Packs::DeleteEmpty() {
  const File lock = PL_TRY(Lock());
  for (const std::string& name : PL_TRY(ListFolder(packs_))) {
    if (!name.ends_with(kComplete)) continue;
    const File file = PL_TRY(OpenAt(packs_, name, O_RDONLY));
    if (::lseek(file.get(), 0, SEEK_DATA) >= 0 || errno != ENXIO) continue;
    if (::unlinkat(packs_, name.c_str(), 0) != 0) return FromErrno("delete pack " + name);
  }
  return {};
}

}  // namespace porchlight::vault::internal
