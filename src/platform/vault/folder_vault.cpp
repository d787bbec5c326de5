// The vault as a folder. docs/formats/vault.md says how it is laid out, why, and what survives which crash.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/check.h"
#include "platform/vault/internal/file.h"
#include "platform/vault/internal/name_locks.h"
#include "platform/vault/internal/object_folder.h"
#include "platform/vault/internal/object_format.h"
#include "platform/vault/internal/packs.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

using namespace internal;

// Up to this size an object waits in memory and goes into a pack; beyond it becomes a file of its own.
constexpr std::size_t kPackedBytesMax = 1024 * 1024;

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
    return Verify(reference).ok() ? Existing::kWhole : Existing::kDamaged;
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
  explicit FolderWriter(FolderVault& vault) : vault_(vault), sealer_(vault.keys_, vault.random_) {}
  ~FolderWriter() override {
    if (temporary_.open()) ::unlinkat(vault_.folders_.temporary.get(), temporary_name_.c_str(), 0);
  }

  Result<void> Append(std::string_view bytes) override {
    PL_TRY(NotSpent());
    spent_ = true;
    // In pieces, so that a long append does not hold all of its sealed bytes.
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPackedBytesMax);
      sealer_.Append(piece, body_);
      bytes.remove_prefix(piece.size());
      if (body_.size() + static_cast<std::size_t>(kHeaderBytes) > kPackedBytesMax || temporary_.open()) PL_TRY(Spill());
    }
    spent_ = false;
    return {};
  }

  Result<StoredObject> Commit() override {
    PL_TRY(NotSpent());
    spent_ = true;
    ObjectSealer::Sealed sealed = PL_TRY(sealer_.Finish(body_));
    const NameLocks::Hold hold(vault_.names_, sealed.stored.reference.name);
    const FolderVault::Existing existing = PL_TRY(vault_.FindExisting(sealed.stored.reference));
    if (existing == FolderVault::Existing::kWhole) {
      sealed.stored.already_there = true;
    } else if (temporary_.open()) {
      PL_TRY(CommitFile(sealed));
    } else {
      PL_TRY(CommitPacked(sealed, existing));
    }
    return std::move(sealed.stored);
  }

 private:
  Result<void> NotSpent() const {
    if (!spent_) return {};
    return Error{ErrorCode::kInternal, "Something went wrong here.", "vault: a spent writer was used again", {}, 0};
  }

  // Moves what is held into the temporary file, leaving room for the header.
  Result<void> Spill() {
    if (!temporary_.open()) {
      temporary_name_ = vault_.objects_.TemporaryName();
      temporary_ = PL_TRY(OpenAt(vault_.folders_.temporary.get(), temporary_name_, O_RDWR | O_CREAT | O_EXCL));
      // Tells a sweep that this file's writer lives.
      if (::flock(temporary_.get(), LOCK_EX | LOCK_NB) != 0) return FromErrno("lock a temporary file");
      spilled_to_ = kHeaderBytes;
    }
    PL_TRY(WriteAt(temporary_, body_, spilled_to_));
    spilled_to_ += static_cast<std::int64_t>(body_.size());
    body_.clear();
    return {};
  }

  Result<void> CommitFile(const ObjectSealer::Sealed& sealed) {
    PL_TRY(Spill());
    PL_TRY(WriteAt(temporary_, sealed.header, 0));
    PL_TRY(SyncAll(temporary_));
    PL_TRY(vault_.objects_.Adopt(sealed.stored.reference.name, temporary_name_));
    temporary_.Close();  // It has its name now: nothing to remove.
    return {};
  }

  Result<void> CommitPacked(ObjectSealer::Sealed& sealed, FolderVault::Existing existing) {
    const std::string& name = sealed.stored.reference.name;
    body_.insert(0, sealed.header);
    const Placed placed = PL_TRY(vault_.packs_.Append(body_));
    Result<void> linked = existing == FolderVault::Existing::kAbsent ? vault_.objects_.Link(name, placed.place)
                                                                     : vault_.objects_.Relink(name, placed.place);
    if (!linked.ok() && linked.error().code == ErrorCode::kConflict) {
      // Another process stored the same content since we looked.
      sealed.stored.already_there = vault_.Verify(sealed.stored.reference).ok();
      linked = sealed.stored.already_there ? Result<void>() : vault_.objects_.Relink(name, placed.place);
    }
    if (!linked.ok() || sealed.stored.already_there) {
      PL_TRY(vault_.packs_.Remove(placed.place, static_cast<std::int64_t>(body_.size())));
    }
    return linked;
  }

  FolderVault& vault_;
  ObjectSealer sealer_;
  std::string body_;  // Sealed and not yet in the temporary file.
  File temporary_;
  std::string temporary_name_;
  std::int64_t spilled_to_ = 0;
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
