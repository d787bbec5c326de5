#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "platform/vault/internal/aligned_bytes.h"
#include "platform/vault/internal/file.h"

// Small objects share files ("packs") so that objects stored at the same moment by many threads share one flush of the
// disk. A pack is written by one process, holds objects at multiples of kPackAlignment, and is never rewritten: removing
// an object punches a hole, which gives its space back and leaves zeros. docs/formats/vault.md has the whole picture.
namespace porchlight::vault::internal {

constexpr std::int64_t kPackAlignment = AlignedBytes::kAlignment;
constexpr std::int64_t kPackBytesMax = 256 * 1024 * 1024;

// Where an object lies. As text, "<pack>/<offset>", it is the target of the link that is the object's name.
struct Place {
  std::string pack;  // 16 hex digits.
  std::int64_t offset = 0;
};
std::string PlaceText(const Place& place);
std::optional<Place> ParsePlace(std::string_view text);

// One pack being written by this process. As long as somebody holds it, links to its newest objects may be missing from
// the disk; when the last holder lets go, the links are flushed and the pack is marked as complete.
class ActivePack {
 public:
  ActivePack(std::string id, File file, int root, int packs);
  ~ActivePack();
  ActivePack(const ActivePack&) = delete;
  ActivePack& operator=(const ActivePack&) = delete;

  const std::string& id() const { return id_; }
  // Sets aside room, or nothing when the pack is full or broken. Errors: kNoSpace, kUnavailable.
  Result<std::optional<std::int64_t>> Reserve(std::int64_t bytes);
  // Writes and waits until it is on stable storage; callers of the same moment share one flush.
  Result<void> WriteDurably(AlignedBytes& object, std::int64_t offset);

 private:
  Result<void> Write(AlignedBytes& object, std::int64_t offset);
  Result<void> FlushShared();

  const std::string id_;
  const File file_;
  const int root_;
  const int packs_;
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable flushed_;
  std::int64_t used_ = 0;
  std::int64_t allocated_ = 0;
  std::uint64_t flush_wanted_ = 0;  // Counts writers that want a flush; flush_done_ follows it.
  std::uint64_t flush_done_ = 0;
  bool flushing_ = false;
  bool broken_ = false;  // A flush failed: what the kernel still holds is unknown, so nothing more goes in here.
};

// A written object whose link is to be made next. Let go of it only after that.
struct Placed {
  Place place;
  std::shared_ptr<ActivePack> pack;
};

// All packs of one vault. Thread-safe; several processes may share the folder.
class Packs {
 public:
  // `root` is the vault's folder, `packs` the folder "packs" in it; both outlive this.
  Packs(int root, int packs, Random& random) : root_(root), packs_(packs), random_(random) {}

  // Looks through packs whose writer died, and hands each whole object to `link`; then marks them as complete. Only
  // then may objects be looked up. Errors: what `link` answers, kUnavailable.
  Result<void> Recover(const std::function<Result<void>(const std::string& name, const Place& place)>& link);

  Result<Placed> Append(AlignedBytes& object);
  // `flags` as for open(2). Errors: kNotFound (no such pack), kUnavailable.
  Result<File> Open(const std::string& pack, int flags) const;
  // Gives the object's space back. Its bytes are zeros afterwards.
  Result<void> Remove(const Place& place, std::int64_t bytes);
  // Deletes complete packs in which nothing is left.
  Result<void> DeleteEmpty();

 private:
  Result<std::shared_ptr<ActivePack>> NewPack();
  Result<void> RecoverOne(const std::string& id, const File& file,
                          const std::function<Result<void>(const std::string&, const Place&)>& link);
  Result<File> Lock() const;

  const int root_;
  const int packs_;
  Random& random_;
  std::mutex mutex_;  // Guards active_.
  std::shared_ptr<ActivePack> active_;
};

}  // namespace porchlight::vault::internal
