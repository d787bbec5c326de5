#include "platform/media/grey_png.h"

#include <zlib.h>

#include "base/check.h"

// By zlib alone: the server does not load the library that reads PNG files.
namespace porchlight::media {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);

void PutBig(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

void PutChunk(std::string& out, std::string_view kind, std::string_view content) {
  PutBig(out, static_cast<std::uint32_t>(content.size()));
  const std::size_t start = out.size();
  out += kind;
  out += content;
  const auto* checked = reinterpret_cast<const Bytef*>(&out[start]);
  PutBig(out, static_cast<std::uint32_t>(crc32(0, checked, static_cast<uInt>(out.size() - start))));
}

std::string Deflated(const std::string& plain) {
  uLongf bytes = compressBound(static_cast<uLong>(plain.size()));
  std::string out(bytes, '\0');
  const int done = compress2(reinterpret_cast<Bytef*>(out.data()), &bytes, reinterpret_cast<const Bytef*>(plain.data()),
                             static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
  PL_CHECK(done == Z_OK);
  out.resize(bytes);
  return out;
}

}  // namespace

std::string WriteGreyPng(const GreyPicture& picture) {
  const auto [width, height] = picture.size;
  PL_CHECK(width > 0 && height > 0 && picture.samples.size() == std::size_t{width} * height);
  std::string head;
  PutBig(head, width);
  PutBig(head, height);
  head += std::string("\x08\0\0\0\0", 5);  // 8 bits, grey, the only methods there are, not interlaced.
  std::string rows;
  for (std::uint32_t row = 0; row < height; ++row) {
    rows += '\0';  // No filter.
    const auto start = picture.samples.begin() + static_cast<std::ptrdiff_t>(std::size_t{row} * width);
    rows.append(start, start + width);
  }
  std::string out(kSignature);
  PutChunk(out, "IHDR", head);
  PutChunk(out, "IDAT", Deflated(rows));
  PutChunk(out, "IEND", "");
  return out;
}

}  // namespace porchlight::media
