#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace porchlight::crypto {

constexpr std::size_t kKeyBytes = 32;

// AES-256-GCM: 12-byte random nonce, ciphertext, 16-byte tag, in one string. `context` is authenticated, not stored:
// it ties the sealed bytes to the place they belong to. Random 96-bit nonces are safe here because every key seals few
// texts: mostly one, and under one key never more than 2^32 (NIST SP 800-38D, section 8.3). The key is kKeyBytes long.
std::string Seal(std::string_view key, std::string_view plain, std::string_view context, Random& random);
// Errors: kCorrupt (altered, wrong key or wrong context).
Result<std::string> Unseal(std::string_view key, std::string_view sealed, std::string_view context);

// Argon2id (RFC 9106) in the PHC string format, with the parameters of `PasswordCost`. Takes tens of milliseconds and
// megabytes by design: bound how many run at once.
enum class PasswordCost { kProduction, kFastForTests };
std::string HashPassword(std::string_view password, PasswordCost cost);
bool PasswordMatches(std::string_view phc, std::string_view password);

// Ed25519 (RFC 8032). The secret is 64 bytes in libsodium's form, the public key 32.
struct SigningKey {
  std::string secret;
  std::string public_key;
};
SigningKey NewSigningKey(Random& random);
std::string Sign(std::string_view secret, std::string_view message);
bool SignatureHolds(std::string_view public_key, std::string_view message, std::string_view signature);

// RFC 6238 with SHA-1, 30 seconds, 6 digits, as authenticator apps expect.
std::string TotpCode(std::string_view secret, std::int64_t step);
std::string Base32Encode(std::string_view bytes);  // RFC 4648 section 6, no padding.
// What Base32Encode made; letters outside its alphabet are no text of ours, and nothing comes of them.
std::optional<std::string> Base32Decode(std::string_view text);

}  // namespace porchlight::crypto
