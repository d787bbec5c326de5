#include "synthetic/dice.h"

#include <numeric>

namespace porchlight::synthetic {

WeightedTable::WeightedTable(std::span<const std::uint64_t> weights)
    : columns_(weights.size()), total_(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0})) {
  PL_CHECK(total_ > 0);
  PL_CHECK(total_ <= UINT64_MAX / weights.size());
  // Every weight times the number of columns against the total: columns short of it are filled up from those above.
  std::vector<std::uint64_t> rest(weights.size());
  std::vector<std::size_t> poor;
  std::vector<std::size_t> rich;
  for (std::size_t index = 0; index < weights.size(); ++index) {
    rest[index] = weights[index] * weights.size();
    columns_[index] = {total_, index};
    (rest[index] < total_ ? poor : rich).push_back(index);
  }
  while (!poor.empty() && !rich.empty()) {
    const std::size_t low = poor.back();
    const std::size_t high = rich.back();
    poor.pop_back();
    columns_[low] = {rest[low], high};
    rest[high] -= total_ - rest[low];
    if (rest[high] < total_) {
      rich.pop_back();
      poor.push_back(high);
    }
  }
}

std::size_t WeightedTable::Draw(Dice& dice) const {
  const auto index = static_cast<std::size_t>(dice.Below(columns_.size()));
  return dice.Below(total_) < columns_[index].cutoff ? index : columns_[index].alias;
}

}  // namespace porchlight::synthetic
