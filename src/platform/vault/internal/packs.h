#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "platform/vault/internal/active_pack.h"
#include "platform/vault/internal/aligned_bytes.h"
#include "platform/vault/internal/file.h"
#include "platform/vault/internal/pack_writer.h"

// Small objects share files ("packs") so that objects stored at the same moment share one write and one flush of the
// disk. A pack is written by one process, holds objects at multiples of kPackAlignment, and is never rewritten: removing
// an object punches a hole, which gives its space back and leaves zeros. docs/formats/vault.md has the whole picture.
namespace porchlight::vault::internal {

// Where an object lies. As text, "<pack>/<offset>", it is the target of the link that is the object's name.
struct Place {
  std::string pack;  // 16 hex digits.
  std::int64_t offset = 0;
};
std::string PlaceText(const Place& place);
std::optional<Place> ParsePlace(std::string_view text);

// An object with a place, whose link is to be made next once it is written. Let go of it only after that.
struct Placed {
  Place place;
  std::shared_ptr<ActivePack> pack;
};

// All packs of one vault. Thread-safe; several processes may share the folder.
class Packs {
 public:
  // `root` is the vault's folder, `packs` the folder "packs" in it; both outlive this. A pack is full at `bytes_max`.
  Packs(int root, int packs, Random& random, std::int64_t bytes_max = kPackBytesMax)
      : root_(root), packs_(packs), random_(random), bytes_max_(bytes_max) {}

  // Looks through packs whose writer died, and hands each whole object to `link`; then marks them as complete. Only
  // then may objects be looked up. Errors: what `link` answers, kUnavailable.
  Result<void> Recover(const std::function<Result<void>(const std::string& name, const Place& place)>& link);

  // Returns without waiting for the disk, unless too much waits for it already (PackWriter::Write), or a pack is full: then for its end and
  // for the next one's beginning. `then` hears when the object is on
  // stable storage, on the writer's thread or, when it is refused, on this one; it neither waits nor throws. Until then `object` stays as
  // it is. An exception means that it was not taken. Errors: kNoSpace, kUnavailable.
  void Append(AlignedBytes& object, std::function<void(Result<Placed>)> then);
  // Waits for all that was handed over; nothing is from then on.
  void EndWriting();
  // `flags` as for open(2). Errors: kNotFound (no such pack), kUnavailable.
  Result<File> Open(const std::string& pack, int flags) const;
  // Gives the object's space back. Its bytes are zeros afterwards.
  Result<void> Remove(const Place& place, std::int64_t bytes);
  // Deletes complete packs in which nothing is left.
  Result<void> DeleteEmpty();

 private:
  Result<std::shared_ptr<ActivePack>> NewPack();
  Result<Placed> Reserve(std::int64_t bytes);
  void CloseFull();
  Result<void> RecoverOne(const std::string& id, const File& file,
                          const std::function<Result<void>(const std::string&, const Place&)>& link);
  Result<File> Lock() const;

  const int root_;
  const int packs_;
  Random& random_;
  const std::int64_t bytes_max_;
  std::mutex mutex_;  // Guards what follows.
  std::shared_ptr<ActivePack> active_;
  std::vector<std::shared_ptr<ActivePack>> full_;  // To be closed once nothing is written to them or linked any more.
  std::unique_ptr<PackWriter> writer_ = std::make_unique<PackWriter>();
};

}  // namespace porchlight::vault::internal
