#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Harmless pictures: coloured circles, boxes and stripes, each file marked inside as a synthetic test picture.
namespace porchlight::synthetic {

enum class PictureFormat : std::uint8_t { kJpeg = 1, kPng = 2 };

struct PictureOptions {
  std::uint64_t seed = 0;          // The same seed gives the same shapes at any size and quality: a near-duplicate.
  PictureFormat format = PictureFormat::kJpeg;
  int width = 320;                 // 16 to 4096 each; replaced when bytes_target is set, keeping the ratio.
  int height = 240;
  int quality = 82;                // JPEG only, 1 to 100.
  std::size_t bytes_target = 0;    // 4 KB to 8 MB: the file is this large within 5 %. 0: whatever it takes.
};

// The file's bytes.
std::string MakePicture(const PictureOptions& options);

// Red, green, blue, row by row.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> rgb;
};
// `frame` moves the shapes a little, for videos. A picture is frame 0.
Pixels DrawPixels(std::uint64_t seed, int width, int height, int frame);
std::string EncodeJpeg(const Pixels& pixels, int quality, const std::string& comment);
std::string EncodePng(const Pixels& pixels, const std::string& comment);

// "Porchlight synthetic test file 81985529216486895"; in every file we make.
std::string SyntheticMark(std::uint64_t seed);

}  // namespace porchlight::synthetic
