#include "platform/vault/internal/body_check.h"

#include <xxhash.h>

#include <new>
#include <optional>

#include "base/check.h"
#include "platform/crypto/digest.h"

namespace porchlight::vault::internal {

struct BodyCheck::Inner {
  std::optional<crypto::Sha256Stream> sha256;
  XXH3_state_t* xxh3 = nullptr;

  Inner() = default;
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;
  ~Inner() { XXH3_freeState(xxh3); }
};

BodyCheck::BodyCheck(BodyCheckKind kind) : inner_(std::make_unique<Inner>()) {
  if (kind == BodyCheckKind::kSha256) {
    inner_->sha256.emplace();
    return;
  }
  inner_->xxh3 = XXH3_createState();
  if (inner_->xxh3 == nullptr) throw std::bad_alloc();
  PL_CHECK(XXH3_128bits_reset(inner_->xxh3) == XXH_OK);
}

BodyCheck::~BodyCheck() = default;

void BodyCheck::Update(std::string_view bytes) {
  if (inner_->sha256) return inner_->sha256->Update(bytes);
  PL_CHECK(XXH3_128bits_update(inner_->xxh3, bytes.data(), bytes.size()) == XXH_OK);
}

std::string BodyCheck::Finish() {
  if (inner_->sha256) return inner_->sha256->Finish();
  XXH128_canonical_t canonical{};
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(inner_->xxh3));
  std::string check(reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest);
  check.resize(32, '\0');
  return check;
}

}  // namespace porchlight::vault::internal
