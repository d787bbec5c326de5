#include "platform/media/internal/decode.h"

namespace porchlight::media {

bool PictureTarget::Begin(fingerprint::PictureSize size) {
  constexpr std::uint32_t kSideMax = fingerprint::PdqHasher::kSideMax;
  const std::uint64_t pixels = std::uint64_t{size.width} * size.height;
  if (pixels == 0 || pixels > pixels_max_ || size.width > kSideMax || size.height > kSideMax) return false;
  size_ = size;
  if (loader_) hasher_.emplace(fingerprint::PdqHasher::Create(size, *loader_).value());
  else shrinker_.emplace(size, kPreviewSideMax);
  return true;
}

void PictureTarget::WholeRgb(std::span<const std::uint8_t> rgb) {
  const std::size_t row_bytes = std::size_t{3} * size_.width;
  for (std::size_t row = 0; row < size_.height; ++row) RgbRow(rgb.subspan(row * row_bytes, row_bytes));
}

MediaOutcome SizeRefusal(std::uint64_t width, std::uint64_t height) {
  return width == 0 || height == 0 ? MediaOutcome::kDamaged : MediaOutcome::kTooLarge;
}

}  // namespace porchlight::media
