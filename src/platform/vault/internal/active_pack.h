#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/vault/internal/aligned_bytes.h"
#include "platform/vault/internal/file.h"

// The pack that a process is writing; packs.h says what packs are.
namespace porchlight::vault::internal {

constexpr std::int64_t kPackAlignment = AlignedBytes::kAlignment;
constexpr std::int64_t kPackBytesMax = 256 * 1024 * 1024;
constexpr std::string_view kActiveSuffix = ".active";  // Links to its objects may be missing from the disk.
constexpr std::string_view kCompleteSuffix = ".pack";

// What an object takes of a pack.
std::int64_t RoundUpInPack(std::int64_t bytes);
// Gives the space back and leaves zeros.
Result<void> PunchHole(const File& file, std::int64_t offset, std::int64_t bytes);
// Whether that errno says that a file system or disk cannot be written past the system's cache, or wants larger pieces.
bool IsForLackOfDirect(int number);

// One object on its way to its place.
struct PackEntry {
  PackEntry(std::string_view padded, std::int64_t place) : bytes(padded), offset(place) {}
  std::string_view bytes;       // As AlignedBytes::Padded; somebody else's.
  std::int64_t offset = 0;
  Result<void> outcome = Error{ErrorCode::kInternal, "Something went wrong here.", "vault: an object was not written", {}, 0};
};

// One pack being written by this process. As long as somebody holds it, links to its newest objects may be missing from
// the disk; when the last holder lets go, the links are flushed and the pack is marked as complete.
class ActivePack {
 public:
  // The folders outlive this.
  ActivePack(std::string id, File file, int root, int packs, std::int64_t bytes_max);
  ~ActivePack();
  ActivePack(const ActivePack&) = delete;
  ActivePack& operator=(const ActivePack&) = delete;

  const std::string& id() const { return id_; }
  // Sets aside room, or nothing when the pack is full or broken. Thread-safe. Errors: kNoSpace, kUnavailable.
  Result<std::optional<std::int64_t>> Reserve(std::int64_t bytes);
  // Writes all of them, in an order of its own, and waits until they are on stable storage: one flush for all. Each learns its own
  // outcome; the room of one that failed is given back. One thread at a time.
  void WriteDurably(std::vector<PackEntry*> entries);

 private:
  using Entries = std::vector<PackEntry*>;
  void WriteRun(const Entries& run);
  Result<void> Write(const std::vector<std::string_view>& parts, std::int64_t offset);
  Result<void> Flush();
  bool broken();

  const std::string id_;
  const File file_;
  const int root_;
  const int packs_;
  const std::int64_t bytes_max_;
  std::mutex mutex_;  // Guards what follows.
  std::int64_t used_ = 0;
  std::int64_t allocated_ = 0;
  bool broken_ = false;  // A flush failed: what the kernel still holds is unknown, so nothing more goes in here.
};

}  // namespace porchlight::vault::internal
