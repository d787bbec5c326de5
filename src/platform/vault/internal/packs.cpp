#include "platform/vault/internal/packs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.h"
#include "platform/vault/internal/folder_listing.h"
#include "platform/vault/internal/object_format.h"

namespace porchlight::vault::internal {
namespace {

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
    if (::faccessat(packs_, (id + std::string(kCompleteSuffix)).c_str(), F_OK, 0) == 0) continue;
    const std::string name = id + std::string(kActiveSuffix);
    Result<File> file = OpenAt(packs_, name, O_RDWR | O_CREAT | O_EXCL | O_DIRECT);
    if (!file.ok() && IsForLackOfDirect(errno)) {  // A file system without that; it may have made the file all the same.
      ::unlinkat(packs_, name.c_str(), 0);
      file = OpenAt(packs_, name, O_RDWR | O_CREAT | O_EXCL);
    }
    if (!file.ok() && errno == EEXIST) continue;
    if (!file.ok()) return file.error();
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0 || ::fsync(file->get()) != 0 || ::fsync(packs_) != 0) {
      const Error error = FromErrno("make pack " + id);
      ::unlinkat(packs_, (id + std::string(kActiveSuffix)).c_str(), 0);
      return error;
    }
    return std::make_shared<ActivePack>(id, *std::move(file), root_, packs_, bytes_max_);
  }
}

Result<Placed> Packs::Reserve(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  for (;;) {
    if (active_ == nullptr) active_ = PL_TRY(NewPack());
    const std::optional<std::int64_t> offset = PL_TRY(active_->Reserve(bytes));
    if (offset) return Placed{Place{active_->id(), *offset}, active_};
    full_.push_back(std::move(active_));
  }
}

// Closing a pack flushes the file system, which the writer's thread must not wait for: so its last holder is one who comes to append, or
// the vault's end.
void Packs::CloseFull() {
  std::vector<std::shared_ptr<ActivePack>> unused;
  {
    const std::lock_guard lock(mutex_);
    const auto is_used = [](const std::shared_ptr<ActivePack>& pack) { return pack.use_count() > 1; };
    const auto first_unused = std::stable_partition(full_.begin(), full_.end(), is_used);
    std::move(first_unused, full_.end(), std::back_inserter(unused));
    full_.erase(first_unused, full_.end());
  }
}

void Packs::Append(AlignedBytes& object, std::function<void(Result<Placed>)> then) {
  CloseFull();
  Result<Placed> reserved = Reserve(static_cast<std::int64_t>(object.size()));
  if (!reserved.ok()) return then(reserved.error());
  const std::int64_t offset = reserved->place.offset;
  std::shared_ptr<ActivePack> pack = reserved->pack;
  writer_->Write({std::move(pack), {object.Padded(), offset},
                  [placed = *std::move(reserved), then = std::move(then)](const Result<void>& written) mutable {
                    if (written.ok()) then(std::move(placed));
                    else then(written.error());
                  }});
}

void Packs::EndWriting() { writer_.reset(); }

Result<File> Packs::Open(const std::string& pack, int flags) const {
  // A pack changes its name once, from active to complete: whoever missed both names finds the second now.
  for (const std::string_view suffix : {kCompleteSuffix, kActiveSuffix}) {
    Result<File> file = OpenAt(packs_, pack + std::string(suffix), flags);
    if (file.ok() || file.error().code != ErrorCode::kNotFound) return file;
  }
  return OpenAt(packs_, pack + std::string(kCompleteSuffix), flags);
}

Result<void> Packs::Remove(const Place& place, std::int64_t bytes) {
  const Result<File> file = Open(place.pack, O_RDWR);
  if (!file.ok() && file.error().code == ErrorCode::kNotFound) return {};
  if (!file.ok()) return file.error();
  return PunchHole(*file, place.offset, RoundUpInPack(bytes));
}

Result<void> Packs::Recover(const std::function<Result<void>(const std::string&, const Place&)>& link) {
  const Result<File> lock = Lock();
  // A read-only disk: nothing can be written, so nothing can be repaired either, but all that is linked can be read.
  if (!lock.ok() && lock.error().code == ErrorCode::kNoSpace) return {};
  if (!lock.ok()) return lock.error();
  for (const std::string& name : PL_TRY(ListFolder(packs_))) {
    if (!name.ends_with(kActiveSuffix)) continue;
    const Result<File> file = OpenAt(packs_, name, O_RDWR);
    if (!file.ok()) return file.error();
    if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) continue;  // Its writer lives.
    const std::string id = name.substr(0, name.size() - kActiveSuffix.size());
    PL_TRY(RecoverOne(id, *file, link));
    if (::syncfs(root_) != 0) return FromErrno("flush recovered objects");
    if (::renameat(packs_, name.c_str(), packs_, (id + std::string(kCompleteSuffix)).c_str()) != 0) {
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
      offset += RoundUpInPack(object_bytes);
    } else {
      offset += kPackAlignment;  // Torn by the crash, hence never acknowledged; or a removed or unused place.
    }
  }
  return {};
}

Result<void> Packs::DeleteEmpty() {
  const File lock = PL_TRY(Lock());
  for (const std::string& name : PL_TRY(ListFolder(packs_))) {
    if (!name.ends_with(kCompleteSuffix)) continue;
    const File file = PL_TRY(OpenAt(packs_, name, O_RDONLY));
    if (::lseek(file.get(), 0, SEEK_DATA) >= 0 || errno != ENXIO) continue;
    if (::unlinkat(packs_, name.c_str(), 0) != 0) return FromErrno("delete pack " + name);
  }
  return {};
}

}  // namespace porchlight::vault::internal
