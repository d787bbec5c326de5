#include "platform/vault/internal/active_pack.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace porchlight::vault::internal {
namespace {

// Room is taken from the disk in steps, so that a full disk is met here and not in the middle of an object.
constexpr std::int64_t kAllocationBytes = 16 * 1024 * 1024;
constexpr int kRetrySeconds = 5;

std::int64_t EndOf(const PackEntry& entry) { return entry.offset + static_cast<std::int64_t>(entry.bytes.size()); }

}  // namespace

std::int64_t RoundUpInPack(std::int64_t bytes) { return (bytes + kPackAlignment - 1) / kPackAlignment * kPackAlignment; }

Result<void> PunchHole(const File& file, std::int64_t offset, std::int64_t bytes) {
  if (::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes) == 0) return {};
  if (errno != EOPNOTSUPP) return FromErrno("punch a hole");
  AlignedBytes zeros;
  std::memset(zeros.Extend(static_cast<std::size_t>(bytes)), 0, static_cast<std::size_t>(bytes));
  return WriteAt(file, zeros.view(), offset);
}

bool IsForLackOfDirect(int number) { return number == EINVAL || number == EOPNOTSUPP; }

ActivePack::ActivePack(std::string id, File file, int root, int packs, std::int64_t bytes_max)
    : id_(std::move(id)), file_(std::move(file)), root_(root), packs_(packs), bytes_max_(bytes_max) {}

// Failing here loses nothing: the pack stays marked as active, and the next start looks through it.
ActivePack::~ActivePack() {
  if (broken_) return;
  if (::ftruncate(file_.get(), used_) != 0) return;
  // The links, whichever folders they are in; and the pack's own length.
  if (::syncfs(root_) != 0) return;
  const std::string active = id_ + std::string(kActiveSuffix);
  const std::string complete = id_ + std::string(kCompleteSuffix);
  if (::renameat(packs_, active.c_str(), packs_, complete.c_str()) == 0) ::fsync(packs_);
}

Result<std::optional<std::int64_t>> ActivePack::Reserve(std::int64_t bytes) {
  const std::int64_t room = RoundUpInPack(bytes);
  const std::lock_guard lock(mutex_);
  if (broken_ || (used_ > 0 && used_ + room > bytes_max_)) return std::optional<std::int64_t>();
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

void ActivePack::WriteDurably(Entries entries) {
  if (broken()) {
    for (PackEntry* entry : entries) {
      entry->outcome = Error{ErrorCode::kUnavailable, "The evidence store does not answer. Try again later.",
                             "vault: the disk failed to flush pack " + id_ + "; look at the kernel's log", {}, kRetrySeconds};
    }
    return;
  }
  std::sort(entries.begin(), entries.end(), [](const PackEntry* one, const PackEntry* other) { return one->offset < other->offset; });
  for (auto begin = entries.begin(); begin != entries.end();) {
    auto end = begin + 1;
    while (end != entries.end() && (*end)->offset == EndOf(**(end - 1))) ++end;
    WriteRun(Entries(begin, end));
    begin = end;
  }
  const bool any = std::any_of(entries.begin(), entries.end(), [](const PackEntry* entry) { return entry->outcome.ok(); });
  const Result<void> flushed = any ? Flush() : Result<void>();
  for (PackEntry* entry : entries) {
    if (entry->outcome.ok()) entry->outcome = flushed;
    // Nobody will refer to it. Should this fail too, the room is lost until the pack is deleted.
    if (!entry->outcome.ok()) (void)PunchHole(file_, entry->offset, static_cast<std::int64_t>(entry->bytes.size()));
  }
}

// Those that lie side by side, with one system call. When that fails, each alone: what one cannot have need not be denied to the others.
void ActivePack::WriteRun(const Entries& run) {
  std::vector<std::string_view> parts;
  parts.reserve(run.size());
  for (const PackEntry* entry : run) parts.push_back(entry->bytes);
  const Result<void> done = Write(parts, run.front()->offset);
  for (PackEntry* entry : run) {
    entry->outcome = done.ok() || run.size() == 1 ? done : Write({entry->bytes}, entry->offset);
  }
}

// Past the system's cache: an object is read once or twice again, if at all, and its pages would drive out those of the database. A
// file system or disk that cannot do that, or wants larger pieces, is written through the cache.
Result<void> ActivePack::Write(const std::vector<std::string_view>& parts, std::int64_t offset) {
  Result<void> done = WriteAllAt(file_, parts, offset);
  if (done.ok() || !IsForLackOfDirect(errno)) return done;
  const int flags = ::fcntl(file_.get(), F_GETFL);
  if (flags < 0 || ::fcntl(file_.get(), F_SETFL, flags & ~O_DIRECT) != 0) return done;
  return WriteAllAt(file_, parts, offset);
}

bool ActivePack::broken() {
  const std::lock_guard lock(mutex_);
  return broken_;
}

// The kernel reports a lost write once and forgets it: the same file is never asked again.
Result<void> ActivePack::Flush() {
  Result<void> flushed = SyncData(file_);
  if (flushed.ok()) return flushed;
  const std::lock_guard lock(mutex_);
  broken_ = true;
  return flushed;
}

}  // namespace porchlight::vault::internal
