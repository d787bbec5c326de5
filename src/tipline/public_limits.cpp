#include "tipline/public_limits.h"

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::tipline {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;

// Of an IPv6 address the first four groups: one household has them all.
std::string_view NetworkOf(std::string_view address) {
  if (address.find('.') != std::string_view::npos) return address;
  std::size_t at = 0;
  for (int group = 0; group < 4 && at != std::string_view::npos; ++group) at = address.find(':', at == 0 ? 0 : at + 1);
  return address.substr(0, at);
}

}  // namespace

PublicLimits::PublicLimits(const Clock& clock, Random& random, const Options& options)
    : clock_(clock), random_(random), options_(options), key_(random.Bytes(kKeyBytes)), hour_began_(clock.Monotonic()),
      minute_began_(clock.Monotonic()) {}

PublicLimits::Verdict PublicLimits::Take(std::string_view peer_address) {
  const Duration now = clock_.Monotonic();
  const std::lock_guard lock(mutex_);
  if (now.microseconds - hour_began_.microseconds >= Duration::Hours(1).microseconds) {
    key_ = random_.Bytes(kKeyBytes);
    by_address_.clear();
    hour_began_ = now;
  }
  if (now.microseconds - minute_began_.microseconds >= Duration::Minutes(1).microseconds) {
    in_minute_ = 0;
    minute_began_ = now;
  }
  const auto seconds_until = [&](Duration began, Duration span) {
    return (began.microseconds + span.microseconds - now.microseconds) / 1'000'000 + 1;
  };
  if (in_minute_ >= options_.per_minute_max) return {false, seconds_until(minute_began_, Duration::Minutes(1))};
  const std::string address = crypto::HmacSha256(key_, NetworkOf(peer_address)).substr(0, 16);
  const auto known = by_address_.find(address);
  if (known != by_address_.end()) {
    if (known->second >= options_.per_address_max) return {false, seconds_until(hour_began_, Duration::Hours(1))};
    ++known->second;
  } else if (by_address_.size() < options_.addresses_max) {
    by_address_.emplace(address, 1);
  }
  ++in_minute_;
  return {};
}

std::string FormStamps::New() const {
  const std::string plain = std::to_string(clock_.Now().microseconds) + "." + HexEncode(random_.Bytes(kNonceBytes));
  return plain + "." + HexEncode(crypto::HmacSha256(key_, plain));
}

FormStamps::State FormStamps::Check(std::string_view stamp) const {
  const std::size_t last = stamp.rfind('.');
  const std::size_t first = stamp.find('.');
  if (last == std::string_view::npos || first == last) return State::kForged;
  const std::string wanted = HexEncode(crypto::HmacSha256(key_, stamp.substr(0, last)));
  if (!EqualsInConstantTime(wanted, stamp.substr(last + 1))) return State::kForged;
  const std::optional<std::int64_t> given = ParseInteger(stamp.substr(0, first));
  if (!given) return State::kForged;
  const Duration age = clock_.Now() - Instant{*given};
  if (age < kAgeMin) return State::kTooFast;
  return age > kAgeMax ? State::kTooOld : State::kGood;
}

}  // namespace porchlight::tipline
