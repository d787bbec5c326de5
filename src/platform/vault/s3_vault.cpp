// The vault in an S3 bucket: <prefix>ab/<name>/<copy>, the same sealed objects as in a folder. Each upload is a copy of
// its own that is never written again, so a sweep that removes an old copy cannot hit a new one. docs/formats/vault.md.
#include <fcntl.h>

#include <algorithm>

#include "base/text.h"
#include "platform/crypto/secret.h"
#include "platform/vault/internal/file.h"
#include "platform/vault/internal/name_locks.h"
#include "platform/vault/internal/object_format.h"
#include "platform/vault/internal/s3_client.h"
#include "platform/vault/internal/staging.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

using namespace internal;

constexpr std::size_t kPieceBytes = 1024 * 1024;
constexpr std::size_t kCopyBytes = 8;                                    // Random; 16 hex digits.
constexpr std::int64_t kSinglePutBytesMax = 64 * 1024 * 1024;            // Beyond it, parts of this size.
constexpr std::int64_t kPartsMax = 10'000;                               // The protocol's limit.
constexpr std::size_t kWindowBytes = 4 * 1024 * 1024;                    // Read at once.
// A copy younger than this may be referred to again. Sweeps must be given a `before` at least twice as old, so that no
// copy is both reused and swept.
constexpr Duration kReuseWindow = Duration::Hours(12);

class S3Vault final : public Vault {
 public:
  S3Vault(const S3Options& options, File staging, const MasterKeys& keys, Random& random, const Clock& clock)
      : client_(options, clock), prefix_(options.prefix), staging_(std::move(staging)), keys_(keys), random_(random), clock_(clock) {}

  Result<std::unique_ptr<Writer>> Begin() override;
  Result<void> Read(const ObjectReference& reference, const std::function<Result<void>(std::string_view)>& chunk) override;
  Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) override;
  Result<void> Verify(const ObjectReference& reference) override {
    return Read(reference, [](std::string_view) { return Result<void>(); });
  }
  std::int64_t BytesFree() const override { return -1; }

 private:
  friend class S3Writer;

  std::string FolderOf(const std::string& name) const { return prefix_ + name.substr(0, 2) + "/" + name + "/"; }

  // The name in a key of ours, or nothing.
  std::optional<std::string> NameIn(const std::string& key) const {
    if (!key.starts_with(prefix_)) return std::nullopt;
    const std::vector<std::string_view> parts = Split(std::string_view(key).substr(prefix_.size()), '/');
    if (parts.size() != 3 || parts[1].size() != 64 || parts[2].size() != 2 * kCopyBytes) return std::nullopt;
    return std::string(parts[1]);
  }

  Result<std::optional<std::string>> FindYoungCopy(const std::string& name) {
    const std::string folder = FolderOf(name);
    const S3Page<S3Object> page = PL_TRY(client_.List(folder, ""));
    for (const S3Object& object : page.items) {
      if (object.modified + kReuseWindow > clock_.Now()) return std::optional<std::string>(object.key.substr(folder.size()));
    }
    return std::optional<std::string>();
  }

  S3Client client_;
  const std::string prefix_;
  const File staging_;
  const MasterKeys& keys_;
  Random& random_;
  const Clock& clock_;
  NameLocks names_;
};

class S3Writer final : public Writer {
 public:
  explicit S3Writer(S3Vault& vault)
      : vault_(vault),
        copy_(HexEncode(vault.random_.Bytes(kCopyBytes))),
        sealer_(vault.keys_, vault.random_, copy_),
        staging_(vault.staging_, vault.random_) {}

  Result<void> Append(std::string_view bytes) override {
    PL_TRY(NotSpent());
    spent_ = true;
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
    StoredObject& stored = sealed.stored;
    const NameLocks::Hold hold(vault_.names_, stored.reference.name);
    const std::optional<std::string> young = PL_TRY(vault_.FindYoungCopy(stored.reference.name));
    if (young) {
      const ObjectReference reference = PL_TRY(sealer_.ReferTo(stored.reference, *young));
      if (vault_.Verify(reference).ok()) {
        stored.reference = reference;
        stored.already_there = true;
        return std::move(stored);
      }
    }
    PL_TRY(staging_.PutHeader(sealed.header));
    PL_TRY(Upload(vault_.FolderOf(stored.reference.name) + copy_, ObjectBytes(stored.reference.bytes)));
    return std::move(stored);
  }

 private:
  Result<void> NotSpent() const {
    if (!spent_) return {};
    return Error{ErrorCode::kInternal, "Something went wrong here.", "vault: a spent writer was used again", {}, 0};
  }

  // The staged object's bytes from `begin` to `end`.
  S3Body Part(std::int64_t begin, std::int64_t end) {
    return [this, begin, end](std::int64_t offset, std::size_t size) -> Result<std::string> {
      size = std::min(size, static_cast<std::size_t>(end - begin - offset));
      if (!staging_.in_file()) return std::string(staging_.bytes().view().substr(static_cast<std::size_t>(begin + offset), size));
      std::string bytes;
      PL_TRY(ReadAt(staging_.file(), begin + offset, size, bytes));
      return bytes;
    };
  }

  Result<void> Upload(const std::string& key, std::int64_t bytes) {
    if (bytes <= kSinglePutBytesMax) return vault_.client_.Put(key, bytes, Part(0, bytes));
    if (bytes > kSinglePutBytesMax * kPartsMax) {
      return Error{ErrorCode::kTooLarge, "This file is too large to be stored.",
                   "vault: S3: " + std::to_string(bytes) + " bytes are more than 10,000 parts of 64 MiB", {}, 0};
    }
    const std::string id = PL_TRY(vault_.client_.BeginUpload(key));
    Result<void> done = UploadParts(key, id, bytes);
    // Should this fail too, a sweep finds the upload.
    if (!done.ok()) (void)vault_.client_.AbortUpload(key, id);
    return done;
  }

  Result<void> UploadParts(const std::string& key, const std::string& id, std::int64_t bytes) {
    std::vector<std::string> tags;
    for (std::int64_t begin = 0; begin < bytes; begin += kSinglePutBytesMax) {
      const std::int64_t end = std::min(bytes, begin + kSinglePutBytesMax);
      tags.push_back(
          PL_TRY(vault_.client_.PutPart(key, id, static_cast<int>(tags.size()) + 1, end - begin, Part(begin, end))));
    }
    return vault_.client_.CompleteUpload(key, id, tags);
  }

  S3Vault& vault_;
  const std::string copy_;
  ObjectSealer sealer_;
  Staging staging_;
  bool spent_ = false;
};

Result<std::unique_ptr<Writer>> S3Vault::Begin() { return std::unique_ptr<Writer>(std::make_unique<S3Writer>(*this)); }

Result<void> S3Vault::Read(const ObjectReference& reference, const std::function<Result<void>(std::string_view)>& chunk) {
  const std::string key = FolderOf(reference.name) + PL_TRY(CopyOf(reference, keys_));
  std::string window;
  std::int64_t window_begin = 0;
  const auto source = [&](std::int64_t offset, std::size_t size, std::string& bytes) -> Result<void> {
    bytes.clear();
    while (bytes.size() < size) {
      const std::int64_t at = offset + static_cast<std::int64_t>(bytes.size());
      if (at < window_begin || at >= window_begin + static_cast<std::int64_t>(window.size())) {
        PL_TRY(client_.Get(key, at, kWindowBytes, window));
        window_begin = at;
        if (window.empty()) return Error{ErrorCode::kCorrupt, "Stored data is damaged.", "vault: S3: " + key + " ends too early", {}, 0};
      }
      bytes += window.substr(static_cast<std::size_t>(at - window_begin), size - bytes.size());
    }
    return {};
  };
  return OpenObject(source, reference, keys_, chunk);
}

Result<std::int64_t> S3Vault::Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) {
  std::int64_t removed = PL_TRY(SweepStaged(staging_, before));
  for (const S3Upload& upload : PL_TRY(client_.ListUploads(prefix_))) {
    if (!NameIn(upload.key) || upload.begun >= before) continue;
    PL_TRY(client_.AbortUpload(upload.key, upload.id));
    ++removed;
  }
  std::string after;
  do {
    const S3Page<S3Object> page = PL_TRY(client_.List(prefix_, after));
    for (const S3Object& object : page.items) {
      const std::optional<std::string> name = NameIn(object.key);
      if (!name || object.modified >= before || is_referred_to(*name)) continue;
      PL_TRY(client_.Delete(object.key));
      ++removed;
    }
    after = page.next;
  } while (!after.empty());
  return removed;
}

}  // namespace

Result<std::unique_ptr<Vault>> OpenS3Vault(const S3Options& options, const MasterKeys& keys, Random& random, const Clock& clock) {
  const bool is_address = options.endpoint.starts_with("http://") || options.endpoint.starts_with("https://");
  if (!is_address || options.endpoint.ends_with('/') || options.bucket.empty()) {
    return Error{ErrorCode::kInvalidArgument, "The service is not set up correctly.",
                 "vault: the S3 endpoint must be like https://s3.example, without a slash at the end, and the bucket named", {}, 0};
  }
  File staging = PL_TRY(OpenOrMakeDirectory(AT_FDCWD, options.staging_directory));
  return std::unique_ptr<Vault>(std::make_unique<S3Vault>(options, std::move(staging), keys, random, clock));
}

}  // namespace porchlight::vault
