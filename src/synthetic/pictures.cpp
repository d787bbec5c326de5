#include "synthetic/pictures.h"

#include <turbojpeg.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/check.h"
#include "synthetic/dice.h"

namespace porchlight::synthetic {
namespace {

constexpr int kSideMin = 16;
constexpr int kSideMax = 4096;
constexpr std::size_t kTargetMin = 4 * 1024;
constexpr std::size_t kTargetMax = 8 * 1024 * 1024;
constexpr int kSizingRoundsMax = 12;

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;
};

enum class ShapeKind : std::uint8_t { kCircle = 0, kBox = 1, kStripes = 2 };

// In units of the picture's side, so that one scene can be drawn at any size.
struct Shape {
  ShapeKind kind = ShapeKind::kCircle;
  double x = 0;
  double y = 0;
  double reach = 0;
  double slope = 0;
  Colour colour;

  // Only asked within `reach` of x.
  bool Covers(double dx, double dy) const {
    switch (kind) {
      case ShapeKind::kCircle: return dx * dx + dy * dy < reach * reach;
      case ShapeKind::kBox: return std::abs(dy) < reach * slope;
      case ShapeKind::kStripes: {
        const double across = (dx * slope + dy) / (reach / 2);
        return across - std::floor(across) < 0.4;
      }
    }
    return false;
  }
};

Colour AnyColour(Dice& dice) {
  return {static_cast<int>(dice.Below(256)), static_cast<int>(dice.Below(256)), static_cast<int>(dice.Below(256))};
}

void PaintLine(std::vector<Colour>& line, const Shape& shape, double y) {
  const auto width = static_cast<double>(line.size());
  const double dy = y - shape.y;
  if (shape.kind != ShapeKind::kStripes && std::abs(dy) >= shape.reach * std::max(1.0, shape.slope)) return;
  const auto first = static_cast<std::size_t>(std::clamp((shape.x - shape.reach) * width, 0.0, width));
  const auto last = static_cast<std::size_t>(std::clamp((shape.x + shape.reach) * width, 0.0, width));
  for (std::size_t column = first; column < last; ++column) {
    const double dx = (static_cast<double>(column) + 0.5) / width - shape.x;
    if (shape.Covers(dx, dy)) line[column] = shape.colour;
  }
}

unsigned char Level(int value) { return static_cast<unsigned char>(std::clamp(value, 0, 255)); }

void AppendBigEndian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFFU));
}

void AppendPngChunk(std::string& out, std::string_view type, std::string_view content) {
  AppendBigEndian(out, static_cast<std::uint32_t>(content.size()));
  std::string body(type);
  body.append(content);
  out += body;
  AppendBigEndian(out, static_cast<std::uint32_t>(
                           crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

std::string Encode(const PictureOptions& options) {
  const Pixels pixels = DrawPixels(options.seed, options.width, options.height, 0);
  const std::string mark = SyntheticMark(options.seed);
  return options.format == PictureFormat::kJpeg ? EncodeJpeg(pixels, options.quality, mark) : EncodePng(pixels, mark);
}

// The file grows with the number of pixels, so the sides are scaled by the root of what is missing until it fits.
std::string EncodeToSize(PictureOptions options) {
  PL_CHECK(options.bytes_target >= kTargetMin && options.bytes_target <= kTargetMax);
  const double ratio = static_cast<double>(options.height) / options.width;
  const auto target = static_cast<double>(options.bytes_target);
  std::string best;
  double width = options.width;
  for (int round = 0; round < kSizingRoundsMax; ++round) {
    options.width = std::clamp(static_cast<int>(std::lround(width)), kSideMin, kSideMax);
    options.height = std::clamp(static_cast<int>(std::lround(width * ratio)), kSideMin, kSideMax);
    std::string file = Encode(options);
    const auto size = static_cast<double>(file.size());
    if (best.empty() || std::abs(size - target) < std::abs(static_cast<double>(best.size()) - target)) best = file;
    if (std::abs(size - target) < target * 0.03) break;
    width *= std::sqrt(target / size);
  }
  return best;
}

}  // namespace

std::string SyntheticMark(std::uint64_t seed) { return "Porchlight synthetic test file " + std::to_string(seed); }

Pixels DrawPixels(std::uint64_t seed, int width, int height, int frame) {
  PL_CHECK(width >= kSideMin && width <= kSideMax && height >= kSideMin && height <= kSideMax);
  Dice dice(seed);
  const Colour top = AnyColour(dice);
  const Colour bottom = AnyColour(dice);
  std::vector<Shape> shapes(3 + dice.Below(6));
  for (Shape& shape : shapes) {
    shape.kind = static_cast<ShapeKind>(dice.Below(3));
    shape.x = dice.Fraction() + 0.02 * frame;
    shape.y = dice.Fraction();
    shape.reach = 0.06 + dice.Fraction() * 0.25;
    shape.slope = 0.3 + dice.Fraction();
    shape.colour = AnyColour(dice);
  }

  Pixels pixels{width, height, {}};
  pixels.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  std::vector<Colour> line(static_cast<std::size_t>(width));
  unsigned char* next = pixels.rgb.data();
  std::uint32_t grain = static_cast<std::uint32_t>(seed) | 1U;
  for (int row = 0; row < height; ++row) {
    const double y = (row + 0.5) / height;
    std::fill(line.begin(), line.end(),
              Colour{static_cast<int>(top.red + (bottom.red - top.red) * y),
                     static_cast<int>(top.green + (bottom.green - top.green) * y),
                     static_cast<int>(top.blue + (bottom.blue - top.blue) * y)});
    for (const Shape& shape : shapes) PaintLine(line, shape, y);
    for (const Colour& colour : line) {
      // A little grain, as a camera leaves, so that files have lifelike sizes.
      grain = grain * 1664525U + 1013904223U;
      const int noise = static_cast<int>(grain >> 28U) - 8;
      *next++ = Level(colour.red + noise);
      *next++ = Level(colour.green + noise);
      *next++ = Level(colour.blue + noise);
    }
  }
  return pixels;
}

std::string EncodeJpeg(const Pixels& pixels, int quality, const std::string& comment) {
  PL_CHECK(quality >= 1 && quality <= 100 && comment.size() < 60'000);
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), &tjDestroy);
  PL_CHECK(encoder != nullptr);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  const int outcome = tjCompress2(encoder.get(), pixels.rgb.data(), pixels.width, 0, pixels.height, TJPF_RGB, &buffer,
                                  &size, TJSAMP_420, quality, 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(buffer, &tjFree);
  PL_CHECK(outcome == 0 && size > 20);

  // The comment segment (COM, ITU-T T.81 section B.2.4.5) goes after the start of image and the JFIF segment.
  const std::string_view file(reinterpret_cast<const char*>(buffer), size);
  const auto header_size = static_cast<std::size_t>(2 + 2 + (static_cast<unsigned char>(file[4]) << 8U) +
                                                    static_cast<unsigned char>(file[5]));
  const std::size_t length = comment.size() + 2;
  std::string marked(file.substr(0, header_size));
  marked += "\xFF\xFE";
  marked.push_back(static_cast<char>(length >> 8U));
  marked.push_back(static_cast<char>(length & 0xFFU));
  marked += comment;
  marked += file.substr(header_size);
  return marked;
}

std::string EncodePng(const Pixels& pixels, const std::string& comment) {
  const auto row_size = static_cast<std::size_t>(pixels.width) * 3;
  std::string rows;
  rows.reserve((row_size + 1) * static_cast<std::size_t>(pixels.height));
  for (int row = 0; row < pixels.height; ++row) {
    rows.push_back('\0');
    rows.append(reinterpret_cast<const char*>(pixels.rgb.data()) + static_cast<std::size_t>(row) * row_size, row_size);
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  PL_CHECK(compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                     static_cast<uLong>(rows.size()), 6) == Z_OK);
  packed.resize(size);

  std::string file("\x89PNG\r\n\x1a\n", 8);
  std::string header;
  AppendBigEndian(header, static_cast<std::uint32_t>(pixels.width));
  AppendBigEndian(header, static_cast<std::uint32_t>(pixels.height));
  header += std::string("\x08\x02\x00\x00\x00", 5);  // 8 bits, RGB, no interlace.
  AppendPngChunk(file, "IHDR", header);
  AppendPngChunk(file, "tEXt", std::string("Comment") + '\0' + comment);
  AppendPngChunk(file, "IDAT", packed);
  AppendPngChunk(file, "IEND", "");
  return file;
}

std::string MakePicture(const PictureOptions& options) {
  return options.bytes_target > 0 ? EncodeToSize(options) : Encode(options);
}

}  // namespace porchlight::synthetic
