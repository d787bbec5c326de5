// The vault as a folder. docs/formats/vault.md says how it is laid out, why, and what survives which crash.
#include <fcntl.h>
#include <sys/statvfs.h>

#include "base/check.h"
#include "platform/vault/internal/file.h"
#include "platform/vault/internal/name_locks.h"
#include "platform/vault/internal/object_folder.h"
#include "platform/vault/internal/object_format.h"
#include "platform/vault/internal/packs.h"
#include "platform/vault/internal/staging.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

using namespace internal;

constexpr std::size_t kPieceBytes = 1024 * 1024;

struct Folders {
  File root;
  File objects;
  File temporary;
  File packs;
};

class FolderVault final : public Vault {
 public:
  FolderVault(Folders folders, const MasterKeys& keys, Random& random)
      : folders_(std::move(folders)),
        keys_(keys),
        random_(random),
        packs_(folders_.root.get(), folders_.packs.get(), random),
        objects_(folders_.root, folders_.objects, folders_.temporary, packs_, random) {}

  Result<void> Recover() {
    return packs_.Recover([this](const std::string& name, const Place& place) -> Result<void> {
      const Result<void> linked = objects_.Link(name, place);
      // A link that is there leads to a whole object: links are made after the flush.
      if (!linked.ok() && linked.error().code == ErrorCode::kConflict) return {};
      return linked;
    });
  }

  Result<std::unique_ptr<Writer>> Begin() override;
  Result<void> Read(const ObjectReference& reference,
                    const std::function<Result<void>(std::string_view)>& chunk) override {
    const Located located = PL_TRY(objects_.Locate(reference.name));
    const auto source = [&located](std::int64_t offset, std::size_t size, std::string& bytes) {
      return ReadAt(located.file, located.offset + offset, size, bytes);
    };
    return OpenObject(source, reference, keys_, chunk);
  }
  Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) override {
    return objects_.Sweep(before, is_referred_to);
  }
  Result<void> Verify(const ObjectReference& reference) override {
    return Read(reference, [](std::string_view) { return Result<void>(); });
  }
  std::int64_t BytesFree() const override {
    struct statvfs status {};
    if (::fstatvfs(folders_.root.get(), &status) != 0) return -1;
    return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
  }

 private:
  friend class FolderWriter;

  enum class Existing { kAbsent, kWhole, kDamaged };

  // A copy that is found is read to its end: only a copy known to be good may spare us writing another.
  Result<Existing> FindExisting(const ObjectReference& reference) {
    if (!PL_TRY(objects_.Touch(reference.name))) return Existing::kAbsent;
    const Result<void> verified = Verify(reference);
    if (!verified.ok() && verified.error().field == kFormatField) return verified.error();
    return verified.ok() ? Existing::kWhole : Existing::kDamaged;
  }

  Folders folders_;
  const MasterKeys& keys_;
  Random& random_;
  Packs packs_;
  ObjectFolder objects_;
  NameLocks names_;
};

class FolderWriter final : public Writer {
 public:
  explicit FolderWriter(FolderVault& vault)
      : vault_(vault), sealer_(vault.keys_, vault.random_), staging_(vault.folders_.temporary, vault.random_) {}

  Result<void> Append(std::string_view bytes) override {
    PL_TRY(NotSpent());
    spent_ = true;
    // In pieces, so that a long append does not hold all of its sealed bytes.
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPieceBytes);
      sealer_.Append(piece, staging_.bytes());
      PL_TRY(staging_.Settle());
      bytes.remove_prefix(piece.size());
    }
    spent_ = false;
    return {};
  }

  Result<StoredObject> Commit() override {
    PL_TRY(NotSpent());
    spent_ = true;
    ObjectSealer::Sealed sealed = PL_TRY(sealer_.Finish(staging_.bytes()));
    const NameLocks::Hold hold(vault_.names_, sealed.stored.reference.name);
    const FolderVault::Existing existing = PL_TRY(vault_.FindExisting(sealed.stored.reference));
    if (existing == FolderVault::Existing::kWhole) {
      if (staging_.in_file()) PL_TRY(vault_.objects_.Flush(sealed.stored.reference.name));
      sealed.stored.already_there = true;
      return std::move(sealed.stored);
    }
    PL_TRY(staging_.Settle());
    PL_TRY(staging_.PutHeader(sealed.header));
    if (staging_.in_file()) PL_TRY(CommitFile(sealed));
    else PL_TRY(CommitPacked(sealed, existing));
    return std::move(sealed.stored);
  }

 private:
  Result<void> NotSpent() const {
    if (!spent_) return {};
    return Error{ErrorCode::kInternal, "Something went wrong here.", "vault: a spent writer was used again", {}, 0};
  }

  Result<void> CommitFile(const ObjectSealer::Sealed& sealed) {
    PL_TRY(SyncAll(staging_.file()));
    PL_TRY(vault_.objects_.Adopt(sealed.stored.reference.name, staging_.file_name()));
    staging_.Keep();
    return {};
  }

  Result<void> CommitPacked(ObjectSealer::Sealed& sealed, FolderVault::Existing existing) {
    const std::string& name = sealed.stored.reference.name;
    AlignedBytes& object = staging_.bytes();
    const Placed placed = PL_TRY(vault_.packs_.Append(object));
    Result<void> linked = existing == FolderVault::Existing::kAbsent ? vault_.objects_.Link(name, placed.place)
                                                                     : vault_.objects_.Relink(name, placed.place);
    if (!linked.ok() && linked.error().code == ErrorCode::kConflict) {
      // Another process stored the same content since we looked.
      sealed.stored.already_there = vault_.Verify(sealed.stored.reference).ok();
      linked = sealed.stored.already_there ? Result<void>() : vault_.objects_.Relink(name, placed.place);
    }
    if (!linked.ok() || sealed.stored.already_there) {
      PL_TRY(vault_.packs_.Remove(placed.place, static_cast<std::int64_t>(object.size())));
    }
    return linked;
  }

  FolderVault& vault_;
  ObjectSealer sealer_;
  Staging staging_;
  bool spent_ = false;
};

Result<std::unique_ptr<Writer>> FolderVault::Begin() {
  return std::unique_ptr<Writer>(std::make_unique<FolderWriter>(*this));
}

}  // namespace

Result<std::unique_ptr<Vault>> OpenFolderVault(const std::string& directory, const MasterKeys& keys, Random& random) {
  Folders folders;
  bool made = false;
  folders.root = PL_TRY(OpenOrMakeDirectory(AT_FDCWD, directory, &made));
  if (made) {
    const File parent = PL_TRY(OpenDirectory(folders.root.get(), ".."));
    PL_TRY(SyncAll(parent));
  }
  folders.objects = PL_TRY(OpenOrMakeDirectory(folders.root.get(), "objects"));
  folders.temporary = PL_TRY(OpenOrMakeDirectory(folders.root.get(), "tmp"));
  folders.packs = PL_TRY(OpenOrMakeDirectory(folders.root.get(), "packs"));
  PL_TRY(SyncAll(folders.root));
  auto vault = std::make_unique<FolderVault>(std::move(folders), keys, random);
  PL_TRY(vault->Recover());
  return std::unique_ptr<Vault>(std::move(vault));
}

}  // namespace porchlight::vault
