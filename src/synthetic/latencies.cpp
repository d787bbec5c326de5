#include "synthetic/latencies.h"

#include <algorithm>
#include <bit>

namespace porchlight::synthetic {

void Latencies::Add(Duration duration) {
  // Below one full octave of steps every microsecond has a bucket of its own.
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.microseconds, 0));
  std::size_t bucket = value;
  if (value >= kStepsPerOctave) {
    const int shift = static_cast<int>(std::bit_width(value)) - 5;
    bucket = static_cast<std::size_t>((shift + 1) * kStepsPerOctave) + ((value >> shift) - kStepsPerOctave);
  }
  ++counts_[std::min(bucket, counts_.size() - 1)];
  ++count_;
  max_ = std::max(max_, duration);
}

void Latencies::Merge(const Latencies& other) {
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) counts_[bucket] += other.counts_[bucket];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

Duration Latencies::Percentile(int permille) const {
  if (count_ == 0) return {};
  const std::uint64_t wanted = std::max<std::uint64_t>(1, (count_ * static_cast<std::uint64_t>(permille) + 999) / 1000);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen < wanted) continue;
    if (bucket < kStepsPerOctave) return {static_cast<std::int64_t>(bucket)};
    const std::size_t shift = bucket / kStepsPerOctave - 1;
    const std::uint64_t top = (((bucket % kStepsPerOctave) + kStepsPerOctave + 1) << shift) - 1;
    return std::min(max_, Duration{static_cast<std::int64_t>(top)});
  }
  return max_;
}

}  // namespace porchlight::synthetic
