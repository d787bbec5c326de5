#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/random.h"

// Keeps machines from flooding the public form without knowing who anybody is: nothing is stored, nothing leaves this
// process, and the key under which addresses are digested dies every hour.
namespace porchlight::tipline {

class PublicLimits {
 public:
  struct Options {
    int per_minute_max = 60;              // Of all senders together.
    int per_address_max = 10;             // In one hour; an IPv6 sender is its /64.
    std::size_t addresses_max = 100'000;  // Remembered at once; beyond it the common limit alone holds.
  };
  PublicLimits(const Clock& clock, Random& random, const Options& options);

  // Takes one place; false: too many, come again in `retry_after_seconds`.
  struct Verdict {
    bool allowed = true;
    std::int64_t retry_after_seconds = 0;
  };
  Verdict Take(std::string_view peer_address);

 private:
  const Clock& clock_;
  Random& random_;
  const Options options_;
  std::mutex mutex_;
  std::string key_;
  Duration hour_began_;
  Duration minute_began_;
  int in_minute_ = 0;
  std::unordered_map<std::string, int> by_address_;
};

// A stamp in the form says when it was given out, so that a machine which fills it in no time is seen, without script
// and without a cookie. It also names the form: the same one sent twice is one report.
class FormStamps {
 public:
  static constexpr Duration kAgeMin = Duration::Seconds(3);
  static constexpr Duration kAgeMax = Duration::Hours(24);
  // `key`: 32 bytes, the same in every process.
  FormStamps(const Clock& clock, Random& random, std::string key) : clock_(clock), random_(random), key_(std::move(key)) {}
  std::string New() const;
  enum class State { kGood, kTooFast, kTooOld, kForged };
  State Check(std::string_view stamp) const;

 private:
  const Clock& clock_;
  Random& random_;
  const std::string key_;
};

}  // namespace porchlight::tipline
