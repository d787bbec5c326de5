#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "platform/vault/internal/file.h"
#include "platform/vault/internal/packs.h"
#include "platform/vault/vault.h"

// The names of a folder vault: objects/ab/<name> is the object itself, or a link into a pack.
namespace porchlight::vault::internal {

// An object found by its name.
struct Located {
  File file;
  std::int64_t offset = 0;  // Where in the file its header begins.
};

// Thread-safe; several processes may share the folder.
class ObjectFolder {
 public:
  // All outlive this.
  ObjectFolder(const File& root, const File& objects, const File& temporary, Packs& packs, Random& random)
      : root_(root), objects_(objects), temporary_(temporary), packs_(packs), random_(random) {}

  // Errors: kNotFound, kCorrupt (a link into a pack that is not there), kUnavailable.
  Result<Located> Locate(const std::string& name) const;
  // Makes an existing object as young as a new one, so that no sweep takes it away from whoever is about to refer to
  // it. Answers whether there is one.
  Result<bool> Touch(const std::string& name) const;

  // Not flushed: see ActivePack. kConflict when the name is taken.
  Result<void> Link(const std::string& name, const Place& place) const;
  // In place of whatever has the name, and flushed.
  Result<void> Relink(const std::string& name, const Place& place) const;
  // Moves a flushed temporary file to its name, in place of whatever has it, and flushes the folders.
  Result<void> Adopt(const std::string& name, const std::string& temporary_name) const;
  // Makes a name durable that another process may have given a moment ago.
  Result<void> Flush(const std::string& name) const;

  // Removes objects older than `before` that nobody refers to, and temporary files of writers that died.
  Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string&)>& is_referred_to) const;

 private:
  Result<File> FolderOf(const std::string& name) const;           // kNotFound when there is none.
  Result<File> MakeFolderOf(const std::string& name) const;
  Result<std::int64_t> SweepFolder(const File& folder, Instant before,
                                   const std::function<bool(const std::string&)>& is_referred_to) const;
  Result<void> Remove(const File& folder, const std::string& name) const;

  const File& root_;
  const File& objects_;
  const File& temporary_;
  Packs& packs_;
  Random& random_;
};

}  // namespace porchlight::vault::internal
