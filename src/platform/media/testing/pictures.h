#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/fingerprint/pdq.h"

// Pictures that tests draw themselves, as files of each format: stripes, blocks and waves, nothing else.
namespace porchlight::media {

using fingerprint::PictureSize;

struct Drawing {
  PictureSize size;
  std::vector<std::uint8_t> rgb;  // Rows without gaps.
  std::vector<std::uint8_t> Grey() const;  // Its red.
};

Drawing Draw(PictureSize size, std::uint32_t seed = 0);
// At most 216 colours.
Drawing DrawFewColours(PictureSize size);

struct PngOptions {
  int channels = 3;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
  int depth = 8;     // 8 or 16; the low byte of 16 is noise.
  bool interlaced = false;
};
std::string WritePng(const Drawing& drawing, const PngOptions& options = {});
// Of colours as DrawFewColours has them.
std::string WritePalettePng(const Drawing& drawing);
// Header and nothing else.
std::string WritePngHeader(PictureSize size);

struct JpegOptions {
  bool grey = false;
  bool cmyk = false;  // Inverted, as programs write it.
  bool progressive = false;
};
std::string WriteJpeg(const Drawing& drawing, const JpegOptions& options = {});
// The test's own way back, for what the worker must have seen.
Drawing ReadJpeg(const std::string& bytes);

// The drawing as a frame at (left, top) on a canvas of its own size plus twice that, with black around it; `frames` times.
std::string WriteGif(const Drawing& few_colours, bool interlaced = false, std::uint32_t left = 0, std::uint32_t top = 0, int frames = 1);

std::string WriteWebp(const Drawing& drawing, bool lossless = true);
// One frame at (left, top), even numbers, on such a canvas.
std::string WriteMovingWebp(const Drawing& drawing, std::uint32_t left, std::uint32_t top);

// What WriteGif and WriteMovingWebp show.
Drawing OnCanvas(const Drawing& drawing, std::uint32_t left, std::uint32_t top);

}  // namespace porchlight::media
