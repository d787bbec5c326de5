#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "platform/media/internal/decode.h"

// The first frame of a GIF by giflib, laid on its canvas.
namespace porchlight::media {
namespace {

struct Close {
  void operator()(GifFileType* file) const {
    int error = 0;
    DGifCloseFile(file, &error);
  }
};
using File = std::unique_ptr<GifFileType, Close>;

int OnRead(GifFileType* file, GifByteType* out, int count) {
  auto* rest = static_cast<std::string_view*>(file->UserData);
  const std::size_t taken = std::min(rest->size(), static_cast<std::size_t>(std::max(count, 0)));
  if (taken != 0) std::memcpy(out, rest->data(), taken);
  rest->remove_prefix(taken);
  return static_cast<int>(taken);
}

// True at the description of the first frame.
bool FindFrame(GifFileType* file) {
  for (;;) {
    GifRecordType kind = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(file, &kind) == GIF_ERROR) return false;
    if (kind == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(file) == GIF_OK;
    if (kind != EXTENSION_RECORD_TYPE) return false;
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(file, &code, &block) == GIF_ERROR) return false;
    while (block != nullptr) {
      if (DGifGetExtensionNext(file, &block) == GIF_ERROR) return false;
    }
  }
}

using Colour = std::array<std::uint8_t, 3>;

// An index that the table does not have is black.
Colour ColourOf(const ColorMapObject* table, int index) {
  if (table == nullptr || index < 0 || index >= table->ColorCount) return {};
  return {table->Colors[index].Red, table->Colors[index].Green, table->Colors[index].Blue};
}

bool ReadRows(GifFileType* file, std::vector<std::uint8_t>& indices, std::size_t width, std::size_t height) {
  struct Pass { std::size_t first; std::size_t step; };
  static constexpr std::array<Pass, 4> kInterlaced = {Pass{0, 8}, Pass{4, 8}, Pass{2, 4}, Pass{1, 2}};
  static constexpr std::array<Pass, 1> kPlain = {Pass{0, 1}};
  const std::span<const Pass> passes = file->Image.Interlace ? std::span<const Pass>(kInterlaced) : std::span<const Pass>(kPlain);
  for (const Pass& pass : passes) {
    for (std::size_t row = pass.first; row < height; row += pass.step) {
      if (DGifGetLine(file, &indices[row * width], static_cast<int>(width)) == GIF_ERROR) return false;
    }
  }
  return true;
}

}  // namespace

Decoded DecodeGif(std::string_view bytes, PictureTarget& target) {
  int error = 0;
  const File file(DGifOpen(&bytes, OnRead, &error));
  if (file == nullptr) return {error == D_GIF_ERR_NOT_ENOUGH_MEM ? MediaOutcome::kTooLarge : MediaOutcome::kDamaged, true};
  if (!FindFrame(file.get())) return {};
  const GifImageDesc& frame = file->Image;
  const ColorMapObject* table = frame.ColorMap != nullptr ? frame.ColorMap : file->SColorMap;
  if (table == nullptr || frame.Width <= 0 || frame.Height <= 0 || frame.Left < 0 || frame.Top < 0) return {};
  const auto left = static_cast<std::size_t>(frame.Left);
  const auto top = static_cast<std::size_t>(frame.Top);
  const auto frame_width = static_cast<std::size_t>(frame.Width);
  const auto frame_height = static_cast<std::size_t>(frame.Height);
  // A frame that reaches over its canvas widens it, as browsers do.
  const std::size_t width = std::max(static_cast<std::size_t>(std::max(file->SWidth, 0)), left + frame_width);
  const std::size_t height = std::max(static_cast<std::size_t>(std::max(file->SHeight, 0)), top + frame_height);
  if (!target.Begin({static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)})) return {SizeRefusal(width, height), true};

  std::vector<std::uint8_t> indices(frame_width * frame_height);
  if (!ReadRows(file.get(), indices, frame_width, frame_height)) return {};
  const Colour background = ColourOf(file->SColorMap, file->SBackGroundColor);
  std::vector<std::uint8_t> line(3 * width);
  for (std::size_t y = 0; y < height; ++y) {
    const bool inside = y >= top && y < top + frame_height;
    for (std::size_t x = 0; x < width; ++x) {
      const bool drawn = inside && x >= left && x < left + frame_width;
      const Colour colour = drawn ? ColourOf(table, indices[(y - top) * frame_width + x - left]) : background;
      std::copy(colour.begin(), colour.end(), &line[3 * x]);
    }
    target.RgbRow(line);
  }
  return {MediaOutcome::kHashed, true};
}

}  // namespace porchlight::media
