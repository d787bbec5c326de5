#include "platform/auth/limiter.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "platform/crypto/digest.h"

namespace porchlight::auth {

namespace {

constexpr std::int64_t kToken = 1'000'000;
constexpr std::int64_t kMinute = 60'000'000;

}  // namespace

RateLimiter::RateLimiter(int per_minute_max, const Clock& clock, Random& random)
    : per_minute_max_(per_minute_max), clock_(clock), secret_(random.Bytes(32)) {}

Result<void> RateLimiter::Take(std::string_view key) {
  const std::string digest = crypto::HmacSha256(secret_, key);
  std::uint64_t slot = 0;
  std::memcpy(&slot, digest.data(), sizeof slot);
  const Duration now = clock_.Monotonic();
  const std::int64_t full = per_minute_max_ * kToken;

  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kKeysMax && !buckets_.contains(slot)) MakeRoom(now);
  Bucket& bucket = buckets_.try_emplace(slot, Bucket{full, now}).first->second;
  // Microseconds times a rate a minute, in millionths of a token; a minute fills any bucket.
  const std::int64_t elapsed = std::clamp<std::int64_t>(now.microseconds - bucket.at.microseconds, 0, kMinute);
  bucket.microtokens = std::min(full, bucket.microtokens + elapsed * per_minute_max_ / (kMinute / kToken));
  bucket.at = now;
  if (bucket.microtokens >= kToken) {
    bucket.microtokens -= kToken;
    return {};
  }
  const std::int64_t wait = (kToken - bucket.microtokens) * (kMinute / kToken) / per_minute_max_;
  return Error{ErrorCode::kTooManyRequests, "Too many attempts. Please wait and try again.", "sign-in rate limit", {},
               wait / 1'000'000 + 1};
}

Result<void> RateLimiter::TakeForPeer(std::string_view address) { return Take(PeerOf(address)); }

std::string RateLimiter::PeerOf(std::string_view address) {
  in6_addr parsed{};
  const std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), &parsed) == 1) {
    static constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const bool mapped = std::memcmp(&parsed, kMapped, sizeof kMapped) == 0;
    return std::string(reinterpret_cast<const char*>(&parsed), mapped ? sizeof parsed : 8);
  }
  return text;
}

std::size_t RateLimiter::keys() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

void RateLimiter::MakeRoom(Duration now) {
  std::erase_if(buckets_, [&](const auto& entry) { return now.microseconds - entry.second.at.microseconds >= kMinute; });
  // All of them within the last minute: a flood from many addresses. A sixteenth is forgotten at once, so that the
  // sweep above stays rare.
  if (buckets_.size() < kKeysMax) return;
  for (std::size_t count = 0; count < kKeysMax / 16; ++count) buckets_.erase(buckets_.begin());
}

}  // namespace porchlight::auth
