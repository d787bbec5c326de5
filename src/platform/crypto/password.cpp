// Argon2id and Ed25519, by libsodium.
#include <sodium.h>

#include "base/check.h"
#include "platform/crypto/secret.h"

namespace porchlight::crypto {
namespace {

// RFC 9106 offers 64 MiB with three passes where memory is scarce, OWASP 19 MiB with two. 64 MiB with two passes takes
// 0.1 s on one core here, which a log-in can bear and a guesser cannot.
constexpr unsigned long long kProductionPasses = 2;
constexpr std::size_t kProductionMemoryBytes = std::size_t{64} * 1024 * 1024;
constexpr unsigned long long kTestPasses = 1;
constexpr std::size_t kTestMemoryBytes = crypto_pwhash_argon2id_MEMLIMIT_MIN;

void Prepare() {
  static const int kReady = sodium_init();
  PL_CHECK(kReady >= 0);
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

// The salt comes from libsodium's own generator (the kernel's): it is no secret and no test depends on it.
std::string HashPassword(std::string_view password, PasswordCost cost) {
  Prepare();
  const bool production = cost == PasswordCost::kProduction;
  char phc[crypto_pwhash_STRBYTES];
  // Fails only when the memory cannot be had.
  PL_CHECK(crypto_pwhash_str_alg(phc, password.data(), password.size(), production ? kProductionPasses : kTestPasses,
                                 production ? kProductionMemoryBytes : kTestMemoryBytes,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0);
  return phc;
}

bool PasswordMatches(std::string_view phc, std::string_view password) {
  Prepare();
  if (phc.size() >= crypto_pwhash_STRBYTES || !phc.starts_with("$argon2id$")) return false;
  return crypto_pwhash_str_verify(std::string(phc).c_str(), password.data(), password.size()) == 0;
}

SigningKey NewSigningKey(Random& random) {
  Prepare();
  const std::string seed = random.Bytes(crypto_sign_SEEDBYTES);
  SigningKey key{std::string(crypto_sign_SECRETKEYBYTES, '\0'), std::string(crypto_sign_PUBLICKEYBYTES, '\0')};
  PL_CHECK(crypto_sign_seed_keypair(Bytes(key.public_key), Bytes(key.secret), Bytes(seed)) == 0);
  return key;
}

std::string Sign(std::string_view secret, std::string_view message) {
  Prepare();
  PL_CHECK(secret.size() == crypto_sign_SECRETKEYBYTES);
  std::string signature(crypto_sign_BYTES, '\0');
  PL_CHECK(crypto_sign_detached(Bytes(signature), nullptr, Bytes(message), message.size(), Bytes(secret)) == 0);
  return signature;
}

bool SignatureHolds(std::string_view public_key, std::string_view message, std::string_view signature) {
  Prepare();
  if (public_key.size() != crypto_sign_PUBLICKEYBYTES || signature.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(Bytes(signature), Bytes(message), message.size(), Bytes(public_key)) == 0;
}

}  // namespace porchlight::crypto
