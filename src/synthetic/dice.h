#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/random.h"

namespace porchlight::synthetic {

// A well-mixed seed for the part `index` of what `seed` makes (SplitMix64), so that report 17 is the same whether or
// not report 16 was made before it, and on whichever thread.
constexpr std::uint64_t SeedOf(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t mixed = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

// Choices drawn from one seed. One thread at a time.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::uint64_t Below(std::uint64_t bound) { return random_.Below(bound); }
  // Both ends included.
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    PL_CHECK(low <= high);
    return low + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool Permille(int permille) { return Below(1000) < static_cast<std::uint64_t>(permille < 0 ? 0 : permille); }
  // Uniform in [0, 1).
  double Fraction() { return static_cast<double>(random_.Next() >> 11U) * 0x1p-53; }
  template <class Range>
  const auto& Pick(const Range& range) {
    return range[Below(std::size(range))];
  }
  Random& random() { return random_; }

 private:
  SeededRandom random_;
};

// Draws an index with exactly the given whole-number weights, in constant time (Walker and Vose's alias method).
// Immutable after construction.
class WeightedTable {
 public:
  // The weights must not all be zero; count times sum must fit 64 bits.
  explicit WeightedTable(std::span<const std::uint64_t> weights);
  std::size_t Draw(Dice& dice) const;

 private:
  struct Column {
    std::uint64_t cutoff = 0;
    std::size_t alias = 0;
  };
  std::vector<Column> columns_;
  std::uint64_t total_ = 0;
};

}  // namespace porchlight::synthetic
