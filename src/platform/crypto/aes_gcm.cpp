// AES-256-GCM, for single texts (secret.h) and for streams in chunks (chunk_cipher.h).
#include <openssl/evp.h>

#include <limits>

#include "base/check.h"
#include "platform/crypto/chunk_cipher.h"
#include "platform/crypto/secret.h"

namespace porchlight::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
static_assert(kTagBytes == kChunkTagBytes);

unsigned char* Bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }
const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

int Length(std::size_t size) {
  PL_CHECK(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const kAlgorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  PL_CHECK(kAlgorithm != nullptr);
  return kAlgorithm;
}

// One direction under one key; the key schedule is computed once.
class Gcm {
 public:
  enum class Direction { kOpen = 0, kSeal = 1 };

  Gcm(std::string_view key, Direction direction) : context_(EVP_CIPHER_CTX_new()) {
    PL_CHECK(context_ != nullptr && key.size() == kKeyBytes);
    PL_CHECK(EVP_CipherInit_ex2(context_, Algorithm(), Bytes(key), nullptr, static_cast<int>(direction), nullptr) == 1);
  }
  ~Gcm() { EVP_CIPHER_CTX_free(context_); }
  Gcm(const Gcm&) = delete;
  Gcm& operator=(const Gcm&) = delete;

  // Writes plain.size() bytes of ciphertext and then the tag.
  void Seal(std::string_view nonce, std::string_view context, std::string_view plain, char* sealed) {
    Start(nonce, context);
    int written = 0;
    PL_CHECK(EVP_CipherUpdate(context_, Bytes(sealed), &written, Bytes(plain), Length(plain.size())) == 1);
    PL_CHECK(written == Length(plain.size()));
    PL_CHECK(EVP_CipherFinal_ex(context_, Bytes(sealed) + written, &written) == 1);
    PL_CHECK(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kTagBytes, sealed + plain.size()) == 1);
  }

  // Writes sealed.size() - kTagBytes bytes; they are worthless when the answer is false.
  bool Open(std::string_view nonce, std::string_view context, std::string_view sealed, char* plain) {
    PL_CHECK(sealed.size() >= kTagBytes);
    Start(nonce, context);
    const std::string_view body = sealed.substr(0, sealed.size() - kTagBytes);
    std::string tag(sealed.substr(body.size()));
    int written = 0;
    PL_CHECK(EVP_CipherUpdate(context_, Bytes(plain), &written, Bytes(body), Length(body.size())) == 1);
    PL_CHECK(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
    return EVP_CipherFinal_ex(context_, Bytes(plain) + written, &written) == 1;
  }

 private:
  void Start(std::string_view nonce, std::string_view context) {
    PL_CHECK(nonce.size() == kNonceBytes);
    PL_CHECK(EVP_CipherInit_ex2(context_, nullptr, nullptr, Bytes(nonce), -1, nullptr) == 1);
    int ignored = 0;
    if (!context.empty()) {
      PL_CHECK(EVP_CipherUpdate(context_, nullptr, &ignored, Bytes(context), Length(context.size())) == 1);
    }
  }

  EVP_CIPHER_CTX* context_;
};

Error Altered(const char* what) {
  return Error{ErrorCode::kCorrupt, "Stored data is damaged.",
               std::string(what) + ": altered, sealed with another key, or belongs elsewhere", {}, 0};
}

// Eight bytes of index, most significant first, three zero bytes, and 1 for the last chunk.
std::string NonceOf(ChunkPlace place) {
  std::string nonce(kNonceBytes, '\0');
  for (std::size_t byte = 0; byte < 8; ++byte) {
    nonce[byte] = static_cast<char>((place.index >> (8 * (7 - byte))) & 0xff);
  }
  nonce[kNonceBytes - 1] = place.last ? '\1' : '\0';
  return nonce;
}

}  // namespace

std::string Seal(std::string_view key, std::string_view plain, std::string_view context, Random& random) {
  std::string sealed = random.Bytes(kNonceBytes);
  sealed.resize(kNonceBytes + plain.size() + kTagBytes);
  Gcm(key, Gcm::Direction::kSeal)
      .Seal(std::string_view(sealed).substr(0, kNonceBytes), context, plain, sealed.data() + kNonceBytes);
  return sealed;
}

Result<std::string> Unseal(std::string_view key, std::string_view sealed, std::string_view context) {
  if (key.size() != kKeyBytes || sealed.size() < kNonceBytes + kTagBytes) return Altered("sealed text");
  std::string plain(sealed.size() - kNonceBytes - kTagBytes, '\0');
  Gcm gcm(key, Gcm::Direction::kOpen);
  if (!gcm.Open(sealed.substr(0, kNonceBytes), context, sealed.substr(kNonceBytes), plain.data())) {
    return Altered("sealed text");
  }
  return plain;
}

struct ChunkCipher::Inner {
  Inner(std::string_view key, std::string_view about)
      : seal(key, Gcm::Direction::kSeal), open(key, Gcm::Direction::kOpen), context(about) {}
  Gcm seal;
  Gcm open;
  std::string context;
};

ChunkCipher::ChunkCipher(std::string_view key, std::string_view context)
    : inner_(std::make_unique<Inner>(key, context)) {}
ChunkCipher::~ChunkCipher() = default;
ChunkCipher::ChunkCipher(ChunkCipher&&) noexcept = default;
ChunkCipher& ChunkCipher::operator=(ChunkCipher&&) noexcept = default;

void ChunkCipher::Seal(ChunkPlace place, std::string_view plain, char* sealed) {
  inner_->seal.Seal(NonceOf(place), inner_->context, plain, sealed);
}

Result<void> ChunkCipher::Open(ChunkPlace place, std::string_view sealed, std::string& plain) {
  plain.clear();
  if (sealed.size() < kTagBytes) return Altered("chunk");
  plain.resize(sealed.size() - kTagBytes);
  if (!inner_->open.Open(NonceOf(place), inner_->context, sealed, plain.data())) {
    plain.clear();
    return Altered("chunk");
  }
  return {};
}

}  // namespace porchlight::crypto
