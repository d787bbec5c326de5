#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

// Box filters with PDQ's exact order of single-precision additions: the rounding of the running sum is part of the
// hash. Edges average fewer samples. A window of `window` samples is centred by giving out the first average after
// (window + 2) / 2 samples.
namespace porchlight::fingerprint {

inline std::size_t SamplesBeforeFirst(std::size_t window) { return (window + 2) / 2; }

// One line of `length` samples; 1 <= window <= length; `in` and `out` do not overlap.
inline void FilterLine(const float* in, float* out, std::size_t length, std::size_t window) {
  const std::size_t half = SamplesBeforeFirst(window);
  float sum = 0;
  std::size_t right = 0;
  std::size_t left = 0;
  for (; right + 1 < half; ++right) sum += in[right];
  while (right < window) {
    sum += in[right++];
    *out++ = sum / static_cast<float>(right);
  }
  const float whole = static_cast<float>(window);
  while (right < length) {
    sum += in[right++];
    sum -= in[left++];
    *out++ = sum / whole;
  }
  for (std::size_t dropped = 1; dropped < half; ++dropped) {
    sum -= in[left++];
    *out++ = sum / static_cast<float>(window - dropped);
  }
}

// The same along columns, for all columns at once, keeping only the rows under the window.
class ColumnFilter {
 public:
  ColumnFilter(std::size_t columns, std::size_t rows, std::size_t window)
      : columns_(columns), rows_(rows), window_(window), sums_(columns), kept_(columns * window), out_(columns) {}

  // Gives each averaged row to sink(const float*), in order: none at first, several after the last row.
  template <class Sink>
  void Add(const float* row, Sink&& sink) {
    float* kept = &kept_[taken_ % window_ * columns_];
    const bool full = taken_ >= window_;
    for (std::size_t column = 0; column < columns_; ++column) {
      float sum = sums_[column] + row[column];
      if (full) sum -= kept[column];
      sums_[column] = sum;
    }
    std::copy_n(row, columns_, kept);
    ++taken_;
    const std::size_t half = SamplesBeforeFirst(window_);
    if (taken_ >= half) GiveOut(std::min(taken_, window_), sink);
    if (taken_ < rows_) return;
    for (std::size_t dropped = 0; dropped + 1 < half; ++dropped) {
      const float* oldest = &kept_[(rows_ - window_ + dropped) % window_ * columns_];
      for (std::size_t column = 0; column < columns_; ++column) sums_[column] -= oldest[column];
      GiveOut(window_ - dropped - 1, sink);
    }
  }

 private:
  template <class Sink>
  void GiveOut(std::size_t count, Sink&& sink) {
    const float divisor = static_cast<float>(count);
    for (std::size_t column = 0; column < columns_; ++column) out_[column] = sums_[column] / divisor;
    sink(static_cast<const float*>(out_.data()));
  }

  std::size_t columns_;
  std::size_t rows_;
  std::size_t window_;
  std::size_t taken_ = 0;
  std::vector<float> sums_;
  std::vector<float> kept_;  // Row r lies at r modulo the window.
  std::vector<float> out_;
};

}  // namespace porchlight::fingerprint
