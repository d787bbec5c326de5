#include <turbojpeg.h>

#include <memory>
#include <vector>

#include "platform/media/internal/decode.h"

// JPEG by TurboJPEG. Colour goes through RGB although the file holds luminance: the reference hashes the rounded RGB, and
// a hash of the file's own luminance is a few bits off.
namespace porchlight::media {
namespace {

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Destroy>;

Decoded Refused(const Handle& handle) {
  const std::string_view text = tjGetErrorStr2(handle.get());
  if (text.find("nsupported") != std::string_view::npos) return {MediaOutcome::kUnsupported, true};
  if (text.find("nsufficient memory") != std::string_view::npos) return {MediaOutcome::kTooLarge, true};
  return {MediaOutcome::kDamaged, true};
}

std::uint8_t Product(unsigned left, unsigned right) { return static_cast<std::uint8_t>((left * right + 127) / 255); }

// Programs write CMYK inverted, as Adobe does: 255 is no ink.
void WholeCmyk(const std::vector<std::uint8_t>& cmyk, PictureTarget& target) {
  const std::size_t width = target.size().width;
  std::vector<std::uint8_t> rgb(3 * width);
  for (std::size_t row = 0; row < target.size().height; ++row) {
    const std::uint8_t* ink = &cmyk[4 * width * row];
    for (std::size_t x = 0; x < width; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel) rgb[3 * x + channel] = Product(ink[4 * x + channel], ink[4 * x + 3]);
    }
    target.RgbRow(rgb);
  }
}

}  // namespace

Decoded DecodeJpeg(std::string_view bytes, PictureTarget& target) {
  const Handle handle(tjInitDecompress());
  if (handle == nullptr) return {MediaOutcome::kTooLarge, true};
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned long size = bytes.size();
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(handle.get(), data, size, &width, &height, &sampling, &colours) != 0 &&
      tjGetErrorCode(handle.get()) != TJERR_WARNING) {
    return Refused(handle);
  }
  if (width < 0 || height < 0) return {};
  if (!target.Begin({static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)})) {
    return {SizeRefusal(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)), true};
  }
  const bool grey = colours == TJCS_GRAY;
  const bool ink = colours == TJCS_CMYK || colours == TJCS_YCCK;
  const std::size_t samples_each = grey ? 1 : ink ? 4 : 3;
  std::vector<std::uint8_t> pixels(samples_each * target.size().width * target.size().height);
  // A file of a few kilobytes can ask for thousands of passes over a large picture; libjpeg-turbo stops at 500.
  const int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;
  const int format = grey ? TJPF_GRAY : ink ? TJPF_CMYK : TJPF_RGB;
  bool complete = true;
  if (tjDecompress2(handle.get(), data, size, pixels.data(), width, 0, height, format, flags) != 0) {
    if (tjGetErrorCode(handle.get()) != TJERR_WARNING) return Refused(handle);
    complete = false;
  }
  if (ink) {
    WholeCmyk(pixels, target);
  } else if (grey) {
    const std::span<const std::uint8_t> all(pixels);
    const std::size_t row_bytes = target.size().width;
    for (std::size_t row = 0; row < target.size().height; ++row) target.GreyRow(all.subspan(row * row_bytes, row_bytes));
  } else {
    target.WholeRgb(pixels);
  }
  return {MediaOutcome::kHashed, complete};
}

}  // namespace porchlight::media
