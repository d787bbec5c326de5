// The vault as a folder. docs/formats/vault.md says how it is laid out, why, and what survives which crash.
#include <fcntl.h>
#include <sys/statvfs.h>

#include <future>
#include <optional>
#include <utility>

#include "platform/vault/internal/file.h"
#include "platform/vault/internal/guarded.h"
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

  // What is being committed uses all of this.
  ~FolderVault() override { packs_.EndWriting(); }
  FolderVault(const FolderVault&) = delete;
  FolderVault& operator=(const FolderVault&) = delete;

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
  friend class Incoming;

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

// An object on its way in. While it is being committed its writer may be gone already.
class Incoming {
 public:
  explicit Incoming(FolderVault& vault)
      : vault_(vault), sealer_(vault.keys_, vault.random_), staging_(vault.folders_.temporary, vault.random_) {}

  Result<void> Append(std::string_view bytes) {
    // In pieces, so that a long append does not hold all of its sealed bytes.
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPieceBytes);
      sealer_.Append(piece, staging_.bytes());
      PL_TRY(staging_.Settle());
      bytes.remove_prefix(piece.size());
    }
    return {};
  }

  // All but the packs. Answers whether the object is stored already; else it is in `bytes`.
  Result<bool> MakeReady() {
    sealed_ = PL_TRY(sealer_.Finish(staging_.bytes()));
    const std::string& name = sealed_.stored.reference.name;
    hold_.emplace(vault_.names_, name);
    existing_ = PL_TRY(vault_.FindExisting(sealed_.stored.reference));
    if (existing_ == FolderVault::Existing::kWhole) {
      if (staging_.in_file()) PL_TRY(vault_.objects_.Flush(name));
      sealed_.stored.already_there = true;
      return true;
    }
    PL_TRY(staging_.Settle());
    PL_TRY(staging_.PutHeader(sealed_.header));
    if (!staging_.in_file()) return false;
    PL_TRY(SyncAll(staging_.file()));
    PL_TRY(vault_.objects_.Adopt(name, staging_.file_name()));
    staging_.Keep();
    return true;
  }

  AlignedBytes& bytes() { return staging_.bytes(); }

  // It is in a pack. But for a damaged copy, or one that another process stored just now, this is one system call.
  Result<void> Link(const Placed& placed) {
    const std::string& name = sealed_.stored.reference.name;
    Result<void> linked = existing_ == FolderVault::Existing::kAbsent ? vault_.objects_.Link(name, placed.place)
                                                                      : vault_.objects_.Relink(name, placed.place);
    if (!linked.ok() && linked.error().code == ErrorCode::kConflict) {
      // Another process stored the same content since we looked.
      sealed_.stored.already_there = vault_.Verify(sealed_.stored.reference).ok();
      linked = sealed_.stored.already_there ? Result<void>() : vault_.objects_.Relink(name, placed.place);
    }
    if (!linked.ok() || sealed_.stored.already_there) {
      PL_TRY(vault_.packs_.Remove(placed.place, static_cast<std::int64_t>(staging_.bytes().size())));
    }
    return linked;
  }

  // Nothing is to be done with it any more: others may store the same.
  StoredObject End() {
    hold_.reset();
    return std::move(sealed_.stored);
  }

 private:
  FolderVault& vault_;
  ObjectSealer sealer_;
  Staging staging_;
  ObjectSealer::Sealed sealed_;
  FolderVault::Existing existing_ = FolderVault::Existing::kAbsent;
  std::optional<NameLocks::Hold> hold_;
};

class FolderWriter final : public Writer {
 public:
  explicit FolderWriter(FolderVault& vault) : packs_(vault.packs_), incoming_(std::make_shared<Incoming>(vault)) {}

  Result<void> Append(std::string_view bytes) override {
    if (incoming_ == nullptr) return Spent();
    const Result<void> appended = Guarded([&] { return incoming_->Append(bytes); });
    if (!appended.ok()) incoming_ = nullptr;
    return appended;
  }

  Result<StoredObject> Commit() override {
    const auto answer = std::make_shared<std::promise<Result<StoredObject>>>();
    CommitThen([answer](Result<StoredObject> stored) { answer->set_value(std::move(stored)); });
    return answer->get_future().get();
  }

  void CommitThen(std::function<void(Result<StoredObject>)> then) override {
    if (incoming_ == nullptr) return then(Spent());
    std::shared_ptr<Incoming> incoming = std::move(incoming_);
    const Result<bool> stored = Guarded([&] { return incoming->MakeReady(); });
    if (!stored.ok() || *stored) return End(*incoming, stored.ok() ? Result<void>() : stored.error(), then);
    const Result<void> handed_over = Guarded([&]() -> Result<void> {
      packs_.Append(incoming->bytes(), [incoming, then](const Result<Placed>& placed) {
        const Result<void> linked = placed.ok() ? Guarded([&] { return incoming->Link(*placed); }) : placed.error();
        End(*incoming, linked, then);
      });
      return {};
    });
    if (!handed_over.ok()) End(*incoming, handed_over, then);
  }

 private:
  static Error Spent() {
    return Error{ErrorCode::kInternal, "Something went wrong here.", "vault: a spent writer was used again", {}, 0};
  }
  static void End(Incoming& incoming, const Result<void>& outcome, const std::function<void(Result<StoredObject>)>& then) {
    StoredObject stored = incoming.End();
    if (outcome.ok()) then(std::move(stored));
    else then(outcome.error());
  }

  Packs& packs_;
  std::shared_ptr<Incoming> incoming_;  // None once it is spent.
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
