#include "platform/media/internal/shrink.h"

#include <algorithm>

#include "base/check.h"

namespace porchlight::media {
namespace {

using fingerprint::PictureSize;

constexpr std::uint32_t kStrongPart = 20;  // Radius: this part of the longer side,
constexpr std::uint32_t kStrongLeast = 3;  // but at least so many pixels.
constexpr std::uint32_t kLightPart = 80;
constexpr int kPasses = 3;                 // Three boxes are close to a bell.

std::uint32_t Scaled(std::uint32_t side, std::uint32_t longer, std::uint32_t longer_to) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::uint64_t{side} * longer_to / longer));
}

// Where part `index` of `parts` begins, when `whole` pixels are cut into them; none is empty.
std::uint32_t BeginOf(std::uint32_t index, std::uint32_t parts, std::uint32_t whole) {
  return static_cast<std::uint32_t>(std::uint64_t{index} * whole / parts);
}

// Rec. 601.
std::uint32_t GreyOf(const std::uint8_t* rgb) { return (299U * rgb[0] + 587U * rgb[1] + 114U * rgb[2] + 500U) / 1000U; }

// The mean over 2 x radius + 1 pixels of a line whose pixels are `step` apart; beyond the ends the last one goes on.
void BlurLine(std::uint8_t* line, std::size_t count, std::size_t step, std::size_t radius, std::vector<std::uint8_t>& copy) {
  copy.resize(count);
  for (std::size_t place = 0; place < count; ++place) copy[place] = line[place * step];
  const auto at = [&](std::ptrdiff_t place) {
    return std::uint32_t{copy[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(place, 0, static_cast<std::ptrdiff_t>(count) - 1))]};
  };
  const auto reach = static_cast<std::ptrdiff_t>(radius);
  const auto width = static_cast<std::uint32_t>(2 * radius + 1);
  std::uint32_t sum = 0;
  for (std::ptrdiff_t place = -reach; place <= reach; ++place) sum += at(place);
  for (std::size_t place = 0; place < count; ++place) {
    line[place * step] = static_cast<std::uint8_t>((sum + width / 2) / width);
    const auto here = static_cast<std::ptrdiff_t>(place);
    sum += at(here + reach + 1);
    sum -= at(here - reach);
  }
}

}  // namespace

GreyShrinker::GreyShrinker(PictureSize from, std::uint32_t side_max) : from_(from) {
  PL_CHECK(from.width > 0 && from.height > 0 && side_max > 0);
  const std::uint32_t longer = std::max(from.width, from.height);
  const std::uint32_t longer_to = std::min(longer, side_max);
  to_ = {Scaled(from.width, longer, longer_to), Scaled(from.height, longer, longer_to)};
  sums_.resize(std::size_t{to_.width} * to_.height);
}

template <class Grey>
void GreyShrinker::AddRow(const Grey& grey_at) {
  PL_CHECK(row_ < from_.height);
  if (row_ == BeginOf(target_ + 1, to_.height, from_.height)) ++target_;
  std::uint64_t* sums = &sums_[std::size_t{target_} * to_.width];
  for (std::uint32_t column = 0; column < to_.width; ++column) {
    const std::uint32_t end = BeginOf(column + 1, to_.width, from_.width);
    for (std::uint32_t x = BeginOf(column, to_.width, from_.width); x < end; ++x) sums[column] += grey_at(x);
  }
  ++row_;
}

void GreyShrinker::AddGreyRow(std::span<const std::uint8_t> grey) {
  PL_CHECK(grey.size() == from_.width);
  AddRow([&](std::uint32_t x) { return std::uint32_t{grey[x]}; });
}

void GreyShrinker::AddRgbRow(std::span<const std::uint8_t> rgb) {
  PL_CHECK(rgb.size() == std::size_t{3} * from_.width);
  AddRow([&](std::uint32_t x) { return GreyOf(&rgb[std::size_t{3} * x]); });
}

GreyPicture GreyShrinker::Finish() const {
  PL_CHECK(row_ == from_.height);
  GreyPicture picture{to_, std::vector<std::uint8_t>(sums_.size())};
  for (std::uint32_t row = 0; row < to_.height; ++row) {
    const std::uint64_t rows = BeginOf(row + 1, to_.height, from_.height) - BeginOf(row, to_.height, from_.height);
    for (std::uint32_t column = 0; column < to_.width; ++column) {
      const std::uint64_t columns = BeginOf(column + 1, to_.width, from_.width) - BeginOf(column, to_.width, from_.width);
      const std::size_t place = std::size_t{row} * to_.width + column;
      picture.samples[place] = static_cast<std::uint8_t>((sums_[place] + rows * columns / 2) / (rows * columns));
    }
  }
  return picture;
}

void Blur(GreyPicture& picture, PreviewBlur blur) {
  if (blur == PreviewBlur::kNone) return;
  const auto [width, height] = picture.size;
  const bool light = blur == PreviewBlur::kLight;
  const std::uint32_t part = light ? kLightPart : kStrongPart;
  const std::size_t radius = std::max((std::max(width, height) + part - 1) / part, light ? 1 : kStrongLeast);
  std::vector<std::uint8_t> copy;
  for (int pass = 0; pass < kPasses; ++pass) {
    for (std::uint32_t row = 0; row < height; ++row) BlurLine(&picture.samples[std::size_t{row} * width], width, 1, radius, copy);
    for (std::uint32_t column = 0; column < width; ++column) BlurLine(&picture.samples[column], height, width, radius, copy);
  }
}

}  // namespace porchlight::media
