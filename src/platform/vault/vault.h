#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "platform/crypto/digest.h"

// Where evidence is kept: bytes stream in while they are hashed and encrypted, never whole in memory, and are on
// stable storage before Commit returns or CommitThen tells. Each object has its own key, wrapped by a versioned master key that is not in
// the database. The name on disk or in a bucket is a keyed digest of the content and tells nothing. Layout:
// docs/formats/vault.md.
namespace porchlight::vault {

class MasterKeys;

// `field` of the error when a master key is missing: all of what it opens is as it was, once the operator puts the key back.
inline constexpr std::string_view kMasterKeyField = "master_key";

// What the row that refers to an object stores. The object cannot be opened without it.
struct ObjectReference {
  std::string name;              // Keyed digest, 64 hex digits.
  std::string wrapped_key;       // The object's key, sealed by the master key.
  std::int64_t master_version = 0;
  std::int64_t bytes = 0;        // Of the plain content.
};

// The same reference under the newest master key, to be stored in place of the old one; the object itself stays as it
// is. Errors: kCorrupt, kNotFound (no such master key; field kMasterKeyField).
Result<ObjectReference> Rewrap(const ObjectReference& reference, const MasterKeys& keys, Random& random);

struct StoredObject {
  ObjectReference reference;
  crypto::FileDigests digests;   // Raw.
  bool already_there = false;    // The same content was stored before; it was not written twice.
};

// The versioned master keys. Kept outside the database: a file readable by the service alone, or an environment
// variable. Immutable once loaded; rotation adds a version and rewraps references, not bytes.
class MasterKeys {
 public:
  // Reads `path`, or creates it (mode 0600) with one random key when it does not exist. Errors: kCorrupt, kForbidden
  // (readable by others), kNoSpace.
  static Result<MasterKeys> LoadOrCreate(const std::string& path, Random& random);
  // Rotation: adds one random key at the end of the file, whose owner stays; running processes load it when they start again. New objects
  // and texts use it from then on. Errors: as LoadOrCreate, kNotFound.
  static Result<void> AddVersion(const std::string& path, Random& random);
  // For tests and the simulator.
  static MasterKeys FromSecret(std::string_view secret);

  std::int64_t newest() const;
  // A 32-byte key for one purpose, derived by HMAC-SHA-256 from the master key of that version. Errors: kNotFound, field
  // kMasterKeyField.
  Result<std::string> Derive(std::int64_t version, std::string_view purpose) const;

 private:
  std::vector<std::string> keys_;  // keys_[0] is version 1.
};

// Seals small texts that live in the database itself (an original report, a second-factor secret): a fresh key per
// text, wrapped by the master key, bound to `context` (such as "tipline.original/17").
class Sealer {
 public:
  // Takes the newest of the keys for what it seals; they do not change while it lives. Without a key nothing is sealed or unsealed.
  Sealer(const MasterKeys& keys, Random& random);
  std::string Seal(std::string_view plain, std::string_view context) const;
  // Errors: kCorrupt; field kMasterKeyField when it is the key that is missing.
  Result<std::string> Unseal(std::string_view sealed, std::string_view context) const;

 private:
  const MasterKeys& keys_;
  Random& random_;
  std::int64_t version_ = 0;
  std::string wrapping_key_;
};

// One object on its way in. Destroyed without Commit it leaves nothing behind. One thread at a time.
class Writer {
 public:
  virtual ~Writer() = default;
  // Errors: kNoSpace, kUnavailable. After an error the writer is spent.
  virtual Result<void> Append(std::string_view bytes) = 0;
  // Makes the object durable: only now may a row refer to it. Errors: kNoSpace, kUnavailable.
  virtual Result<StoredObject> Commit() = 0;
  // As Commit, which may hold no thread: `then` hears what that would have answered, on any thread, also before this returns. It neither
  // waits nor throws nor commits; what takes longer it hands on. An exception is kInternal. A folder's small objects of the same moment
  // are made durable together while nobody waits; a large one, one whose content is there or just coming, and S3 wait in here. The writer
  // may go before `then` is called; its vault's end waits for it.
  virtual void CommitThen(std::function<void(Result<StoredObject>)> then);
};

// Thread-safe.
class Vault {
 public:
  virtual ~Vault() = default;
  virtual Result<std::unique_ptr<Writer>> Begin() = 0;
  // Streams the plain content in order, checking every chunk before it is handed on. Errors: kNotFound (the object, or, field
  // kMasterKeyField, its key), kCorrupt, kUnavailable. This is the raw door: only evidence rooms call it, after gate, visibility and audit.
  virtual Result<void> Read(const ObjectReference& reference, const std::function<Result<void>(std::string_view)>& chunk) = 0;
  // Removes temporary leftovers, and objects older than `before` for which `is_referred_to` says no. Answers how many.
  virtual Result<std::int64_t> Sweep(Instant before, const std::function<bool(const std::string& name)>& is_referred_to) = 0;
  // Checks one object's every byte against its name.
  virtual Result<void> Verify(const ObjectReference& reference) = 0;
  // Bytes free where objects go, or -1 when that has no meaning.
  virtual std::int64_t BytesFree() const = 0;
};

// Objects as files under `directory`: temporary name, fsync, rename, fsync of the folder.
Result<std::unique_ptr<Vault>> OpenFolderVault(const std::string& directory, const MasterKeys& keys, Random& random);

struct S3Options {
  std::string endpoint;     // "https://s3.example" or "http://127.0.0.1:9000"
  std::string region;
  std::string bucket;
  std::string access_key;
  std::string secret_key;
  std::string prefix;
  std::string staging_directory;  // Encrypted parts wait here while the size is not known.
};
Result<std::unique_ptr<Vault>> OpenS3Vault(const S3Options& options, const MasterKeys& keys, Random& random, const Clock& clock);

}  // namespace porchlight::vault
