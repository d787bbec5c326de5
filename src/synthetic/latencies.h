#pragma once

#include <array>
#include <cstdint>

#include "base/instant.h"

namespace porchlight::synthetic {

// How long many calls took, in fixed memory: counts by size with steps of at most 1/16, from 1 microsecond to over an
// hour. Not thread-safe; merge one per thread.
class Latencies {
 public:
  void Add(Duration duration);
  void Merge(const Latencies& other);
  std::uint64_t count() const { return count_; }
  Duration max() const { return max_; }
  // The time that `permille` of the calls did not exceed, rounded up to its step; zero if there were no calls.
  Duration Percentile(int permille) const;

 private:
  static constexpr int kStepsPerOctave = 16;
  static constexpr int kOctaves = 32;
  std::array<std::uint64_t, static_cast<std::size_t>(kStepsPerOctave) * kOctaves> counts_{};
  std::uint64_t count_ = 0;
  Duration max_;
};

}  // namespace porchlight::synthetic
