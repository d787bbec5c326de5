#include "platform/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "base/check.h"

namespace porchlight::crypto {
namespace {

// Looking an algorithm up by name costs more than hashing a small text, so each is fetched once and kept for the life
// of the process.
const EVP_MD* Fetch(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  PL_CHECK(algorithm != nullptr);
  return algorithm;
}

const EVP_MD* Md5Algorithm() {
  static const EVP_MD* const kAlgorithm = Fetch("MD5");
  return kAlgorithm;
}

const EVP_MD* Sha1Algorithm() {
  static const EVP_MD* const kAlgorithm = Fetch("SHA1");
  return kAlgorithm;
}

const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const kAlgorithm = Fetch("SHA256");
  return kAlgorithm;
}

// A digest under way.
class Running {
 public:
  explicit Running(const EVP_MD* algorithm) : context_(EVP_MD_CTX_new()) {
    PL_CHECK(context_ != nullptr);
    PL_CHECK(EVP_DigestInit_ex2(context_, algorithm, nullptr) == 1);
  }
  ~Running() { EVP_MD_CTX_free(context_); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void Update(std::string_view bytes) { PL_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1); }

  std::string Finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    PL_CHECK(EVP_DigestFinal_ex(context_, digest, &size) == 1);
    return {reinterpret_cast<const char*>(digest), size};
  }

 private:
  EVP_MD_CTX* context_;
};

std::string DigestOf(const EVP_MD* algorithm, std::string_view bytes) {
  Running running(algorithm);
  running.Update(bytes);
  return running.Finish();
}

// A MAC context with its digest chosen but no key: copied before use, because choosing the digest is another look-up by name.
const EVP_MAC_CTX* HmacPattern(const char* digest) {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  PL_CHECK(mac != nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
  PL_CHECK(context != nullptr);
  std::string name = digest;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                   OSSL_PARAM_construct_end()};
  PL_CHECK(EVP_MAC_CTX_set_params(context, parameters) == 1);
  return context;
}

std::string Hmac(EVP_MAC_CTX* context, std::string_view key, std::string_view bytes) {
  // A null key would mean "keep the former one".
  const auto* key_bytes = reinterpret_cast<const unsigned char*>(key.empty() ? "" : key.data());
  PL_CHECK(EVP_MAC_init(context, key_bytes, key.size(), nullptr) == 1);
  PL_CHECK(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1);
  unsigned char code[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  PL_CHECK(EVP_MAC_final(context, code, &size, sizeof code) == 1);
  return {reinterpret_cast<const char*>(code), size};
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

MacContext CopyOf(const EVP_MAC_CTX* pattern) {
  MacContext context(EVP_MAC_CTX_dup(pattern), &EVP_MAC_CTX_free);
  PL_CHECK(context != nullptr);
  return context;
}

}  // namespace

std::string Md5(std::string_view bytes) { return DigestOf(Md5Algorithm(), bytes); }
std::string Sha1(std::string_view bytes) { return DigestOf(Sha1Algorithm(), bytes); }
std::string Sha256(std::string_view bytes) { return DigestOf(Sha256Algorithm(), bytes); }

std::string HmacSha256(std::string_view key, std::string_view bytes) {
  static const EVP_MAC_CTX* const kPattern = HmacPattern("SHA256");
  // The copying costs as much as the rest. What a thread's copy still knows of the last key is a key of the process's own.
  thread_local const MacContext context = CopyOf(kPattern);
  return Hmac(context.get(), key, bytes);
}

std::string HmacSha1(std::string_view key, std::string_view bytes) {
  static const EVP_MAC_CTX* const kPattern = HmacPattern("SHA1");
  return Hmac(CopyOf(kPattern).get(), key, bytes);
}

struct FileHasher::Inner {
  Running md5{Md5Algorithm()};
  Running sha1{Sha1Algorithm()};
  Running sha256{Sha256Algorithm()};
};

FileHasher::FileHasher() : inner_(std::make_unique<Inner>()) {}
FileHasher::~FileHasher() = default;
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;

void FileHasher::Update(std::string_view bytes) {
  PL_CHECK(inner_ != nullptr);
  // Block by block, so that the second and third digest find the bytes in the processor's cache.
  constexpr std::size_t kBlockBytes = 16 * 1024;
  while (!bytes.empty()) {
    const std::string_view block = bytes.substr(0, kBlockBytes);
    inner_->md5.Update(block);
    inner_->sha1.Update(block);
    inner_->sha256.Update(block);
    bytes.remove_prefix(block.size());
  }
}

FileDigests FileHasher::Finish() {
  PL_CHECK(inner_ != nullptr);
  FileDigests digests{inner_->md5.Finish(), inner_->sha1.Finish(), inner_->sha256.Finish()};
  inner_.reset();
  return digests;
}

struct Sha256Stream::Inner {
  Running sha256{Sha256Algorithm()};
};

Sha256Stream::Sha256Stream() : inner_(std::make_unique<Inner>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::Update(std::string_view bytes) {
  PL_CHECK(inner_ != nullptr);
  inner_->sha256.Update(bytes);
}

std::string Sha256Stream::Finish() {
  PL_CHECK(inner_ != nullptr);
  std::string digest = inner_->sha256.Finish();
  inner_.reset();
  return digest;
}

}  // namespace porchlight::crypto
