#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "platform/crypto/secret.h"

// How a delivery package proves that it is what the centre made: digests of every entry in a signed manifest, a list that plain
// sha256sum reads, and a seal over every byte of the ZIP in its comment. Format: docs/formats/package.md.
namespace porchlight::referrals {

inline constexpr std::string_view kManifestName = "manifest.json";
inline constexpr std::string_view kManifestSignatureName = "manifest.sig";
inline constexpr std::string_view kSumsName = "SHA256SUMS";

struct SealedEntry {
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;          // Hex.
};

// First 16 hex digits of SHA-256 of the public key.
std::string KeyIdOf(std::string_view public_key);

// The comment of the archive; always kSealBytes long. `sha256`: raw, of everything before it.
inline constexpr std::size_t kSealBytes = 164;
std::string SealText(const crypto::SigningKey& key, std::string_view sha256);

// Hex signature of the manifest's bytes, with a line end.
std::string SignManifest(const crypto::SigningKey& key, std::string_view manifest);

// As sha256sum prints it and `sha256sum -c` reads it.
std::string SumsText(const std::vector<SealedEntry>& entries);

// What a package that holds says of itself.
struct VerifiedPackage {
  Json manifest;
  std::string key_id;
  bool key_was_given = false;  // Else it is the package's own word: compare its id with what the centre told you.
  std::vector<SealedEntry> entries;
};

// Checks the file: its structure, the seal, the manifest's signature, every entry's size and digest, that nothing is missing or
// extra, and the list of sums. `public_key`: 32 bytes; empty: the one that the manifest names. `progress` hears (bytes done,
// total). Errors: kCorrupt and kInvalidArgument saying what does not hold; kUnsupported when it is still encrypted to its agency;
// kNotFound.
Result<VerifiedPackage> VerifyPackage(const std::string& path, std::string_view public_key,
                                      const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace porchlight::referrals
