// The versioned master keys and the sealer of small texts. File format: docs/formats/vault.md.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/text.h"
#include "platform/crypto/secret.h"
#include "platform/vault/internal/file.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

using internal::File;
using internal::FromErrno;

constexpr std::string_view kFirstLine = "porchlight master keys 1";
constexpr std::int64_t kKeyFileBytesMax = 1024 * 1024;

Error BadFile(const std::string& path, const std::string& what) {
  return Error{ErrorCode::kCorrupt, "The service is not set up correctly.",
               "master key file " + path + ": " + what + "; put the right file back, evidence cannot be read without it",
               {}, 0};
}

std::string FileText(const std::vector<std::string>& keys) {
  std::string text = std::string(kFirstLine) + "\n";
  for (std::size_t index = 0; index < keys.size(); ++index) {
    text += std::to_string(index + 1) + " " + HexEncode(keys[index]) + "\n";
  }
  return text;
}

Result<std::vector<std::string>> ParseKeys(const std::string& path, std::string_view text) {
  if (!text.ends_with('\n')) return BadFile(path, "its last line is not complete");
  text.remove_suffix(1);
  const std::vector<std::string_view> lines = Split(text, '\n');
  if (lines.empty() || lines[0] != kFirstLine) return BadFile(path, "its first line is not '" + std::string(kFirstLine) + "'");
  std::vector<std::string> keys;
  for (std::size_t index = 1; index < lines.size(); ++index) {
    const std::vector<std::string_view> parts = Split(lines[index], ' ');
    const std::string where = "line " + std::to_string(index + 1);
    if (parts.size() != 2 || parts[0] != std::to_string(index)) {
      return BadFile(path, where + " must be '" + std::to_string(index) + " <64 hex digits>'");
    }
    const std::optional<std::string> key = HexDecode(parts[1]);
    if (!key || key->size() != crypto::kKeyBytes) return BadFile(path, where + " has no key of 64 hex digits");
    keys.push_back(*key);
  }
  if (keys.empty()) return BadFile(path, "it has no key");
  return keys;
}

Result<std::vector<std::string>> ReadKeys(const std::string& path) {
  const File file = PL_TRY(internal::OpenAt(AT_FDCWD, path, O_RDONLY));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return FromErrno("read " + path);
  if (!S_ISREG(status.st_mode)) return BadFile(path, "it is no regular file");
  if ((status.st_mode & 077) != 0) {
    return Error{ErrorCode::kForbidden, "The service is not set up correctly.",
                 "master key file " + path + " is open to others; run: chmod 600 " + path +
                     ", and consider the keys known to whoever could read it", {}, 0};
  }
  if (status.st_size > kKeyFileBytesMax) return BadFile(path, "it is too large");
  std::string text;
  PL_TRY(internal::ReadAt(file, 0, static_cast<std::size_t>(status.st_size), text));
  return ParseKeys(path, text);
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Whoever runs the command, the service must be able to read the file when it starts again.
Result<void> OwnAs(const std::string& path, const File& file) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return FromErrno("read " + path);
  if (status.st_uid == ::geteuid()) return {};  // It is so already; groups mean nothing to a file that only its owner reads.
  if (::fchown(file.get(), status.st_uid, status.st_gid) != 0) return FromErrno("give the new key file the owner of " + path);
  return {};
}

enum class Existing { kKeep, kReplace };

// Whole or not at all, also across a power cut. With kKeep a file that is there already wins.
Result<void> WriteKeys(const std::string& path, const std::vector<std::string>& keys, Existing existing, Random& random) {
  const std::string temporary = path + "." + HexEncode(random.Bytes(8)) + ".tmp";
  const File file = PL_TRY(internal::OpenAt(AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_EXCL));
  Result<void> done = internal::WriteAt(file, FileText(keys), 0);
  if (done.ok() && existing == Existing::kReplace) done = OwnAs(path, file);
  if (done.ok()) done = internal::SyncAll(file);
  if (done.ok() && existing == Existing::kReplace && ::rename(temporary.c_str(), path.c_str()) != 0) {
    done = FromErrno("rename " + temporary);
  }
  if (done.ok() && existing == Existing::kKeep && ::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    done = FromErrno("link " + path);
  }
  ::unlink(temporary.c_str());
  PL_TRY(std::move(done));
  const File folder = PL_TRY(internal::OpenDirectory(AT_FDCWD, FolderOf(path)));
  return internal::SyncAll(folder);
}

}  // namespace

Result<MasterKeys> MasterKeys::LoadOrCreate(const std::string& path, Random& random) {
  Result<std::vector<std::string>> read = ReadKeys(path);
  if (!read.ok() && read.error().code == ErrorCode::kNotFound) {
    PL_TRY(WriteKeys(path, {random.Bytes(crypto::kKeyBytes)}, Existing::kKeep, random));
    read = ReadKeys(path);  // Somebody else's, if two began at once.
  }
  MasterKeys keys;
  keys.keys_ = PL_TRY(std::move(read));
  return keys;
}

Result<void> MasterKeys::AddVersion(const std::string& path, Random& random) {
  const File lock = PL_TRY(internal::OpenDirectory(AT_FDCWD, FolderOf(path)));
  if (::flock(lock.get(), LOCK_EX) != 0) return FromErrno("lock the folder of " + path);
  std::vector<std::string> keys = PL_TRY(ReadKeys(path));
  keys.push_back(random.Bytes(crypto::kKeyBytes));
  return WriteKeys(path, keys, Existing::kReplace, random);
}

MasterKeys MasterKeys::FromSecret(std::string_view secret) {
  MasterKeys keys;
  keys.keys_.push_back(crypto::HmacSha256("porchlight master key", secret));
  return keys;
}

std::int64_t MasterKeys::newest() const { return static_cast<std::int64_t>(keys_.size()); }

Result<std::string> MasterKeys::Derive(std::int64_t version, std::string_view purpose) const {
  if (version < 1 || version > newest()) {
    return Error{ErrorCode::kNotFound, "The key for this is not here.",
                 "master key version " + std::to_string(version) + " is not in the key file, which ends at " +
                     std::to_string(newest()), std::string(kMasterKeyField), 0};
  }
  return crypto::HmacSha256(keys_[static_cast<std::size_t>(version - 1)], purpose);
}

Result<ObjectReference> Rewrap(const ObjectReference& reference, const MasterKeys& keys, Random& random) {
  const std::string context = "vault.reference/" + reference.name;
  const std::string old_key = PL_TRY(keys.Derive(reference.master_version, "vault.reference"));
  const std::string header_key = PL_TRY(crypto::Unseal(old_key, reference.wrapped_key, context));
  ObjectReference rewrapped = reference;
  rewrapped.master_version = keys.newest();
  const std::string new_key = PL_TRY(keys.Derive(rewrapped.master_version, "vault.reference"));
  rewrapped.wrapped_key = crypto::Seal(new_key, header_key, context, random);
  return rewrapped;
}

Sealer::Sealer(const MasterKeys& keys, Random& random) : keys_(keys), random_(random), version_(keys.newest()) {
  Result<std::string> derived = keys_.Derive(version_, "sealer");
  if (derived.ok()) wrapping_key_ = *std::move(derived);
}

// Version (4 bytes, most significant first), the text's own key sealed by the master key, the text sealed by its key.
std::string Sealer::Seal(std::string_view plain, std::string_view context) const {
  PL_CHECK(!wrapping_key_.empty());
  const std::string key = random_.Bytes(crypto::kKeyBytes);
  std::string sealed;
  for (int shift = 24; shift >= 0; shift -= 8) sealed += static_cast<char>((version_ >> shift) & 0xff);
  sealed += crypto::Seal(wrapping_key_, key, context, random_);
  sealed += crypto::Seal(key, plain, context, random_);
  return sealed;
}

Result<std::string> Sealer::Unseal(std::string_view sealed, std::string_view context) const {
  constexpr std::size_t kVersionBytes = 4;
  constexpr std::size_t kWrappedBytes = 12 + crypto::kKeyBytes + 16;
  if (sealed.size() < kVersionBytes + kWrappedBytes) {
    return Error{ErrorCode::kCorrupt, "Stored data is damaged.", "sealed text: too short", {}, 0};
  }
  std::int64_t version = 0;
  for (std::size_t byte = 0; byte < kVersionBytes; ++byte) version = version * 256 + static_cast<unsigned char>(sealed[byte]);
  const Result<std::string> wrapping_key = keys_.Derive(version, "sealer");
  if (!wrapping_key.ok()) {
    return Error{ErrorCode::kCorrupt, "Stored data is damaged.", "sealed text: " + wrapping_key.error().operator_text,
                 std::string(kMasterKeyField), 0};
  }
  const std::string key = PL_TRY(crypto::Unseal(*wrapping_key, sealed.substr(kVersionBytes, kWrappedBytes), context));
  return crypto::Unseal(key, sealed.substr(kVersionBytes + kWrappedBytes), context);
}

}  // namespace porchlight::vault
