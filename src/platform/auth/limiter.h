#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace porchlight::auth {

// At most `per_minute_max` a minute for each key, in short bursts or spread out (a token bucket). Keys are kept as
// keyed digests whose key dies with the process: no login or address can be read from memory or a dump. Thread-safe.
class RateLimiter {
 public:
  static constexpr std::size_t kKeysMax = 65'536;
  RateLimiter(int per_minute_max, const Clock& clock, Random& random);

  // Takes one. Errors: kTooManyRequests with the seconds until the next is free.
  Result<void> Take(std::string_view key);
  // The same for a peer address; all addresses of an IPv6 /64 are one peer.
  Result<void> TakeForPeer(std::string_view address);
  // What counts as one peer, as bytes.
  static std::string PeerOf(std::string_view address);
  std::size_t keys() const;

 private:
  struct Bucket {
    std::int64_t microtokens = 0;
    Duration at;
  };
  void MakeRoom(Duration now);

  const int per_minute_max_;
  const Clock& clock_;
  const std::string secret_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Bucket> buckets_;
};

}  // namespace porchlight::auth
