#include <png.h>

#include <csetjmp>
#include <cstring>
#include <vector>

#include "platform/media/internal/decode.h"

// PNG by libpng. It reports errors by longjmp, so that no function between setjmp and libpng may own anything: what
// must be freed lies in Reading, which outlives the jump.
namespace porchlight::media {
namespace {

struct Reading {
  std::string_view rest;
  PictureTarget* target = nullptr;
  std::vector<std::uint8_t> pixels;
  std::vector<png_bytep> rows;
  bool out_of_memory = false;
  bool all_rows = false;
  bool too_large = false;
};

void OnError(png_structp png, png_const_charp text) {
  auto* reading = static_cast<Reading*>(png_get_error_ptr(png));
  reading->out_of_memory = std::strstr(text, "memory") != nullptr;
  png_longjmp(png, 1);
}

void OnWarning(png_structp, png_const_charp) {}

void OnRead(png_structp png, png_bytep out, std::size_t count) {
  auto* reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (reading->rest.size() < count) png_error(png, "cut off");
  std::memcpy(out, reading->rest.data(), count);
  reading->rest.remove_prefix(count);
}

// Grey stays grey; colours become 8-bit RGB; alpha is dropped; 16 bits give their high byte.
void AskForBytes(png_structp png, png_infop info) {
  const int colours = png_get_color_type(png, info);
  if (colours == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (colours == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
  if (png_get_bit_depth(png, info) == 16) png_set_strip_16(png);
  png_set_strip_alpha(png);
}

void Allocate(Reading& reading, std::size_t row_bytes, std::size_t height, bool interlaced) {
  const std::size_t kept = interlaced ? height : 1;
  reading.pixels.resize(row_bytes * kept);
  reading.rows.resize(kept);
  for (std::size_t row = 0; row < kept; ++row) reading.rows[row] = &reading.pixels[row * row_bytes];
}

void GiveRow(const Reading& reading, std::size_t row, std::size_t row_bytes) {
  const std::span<const std::uint8_t> line(reading.rows[row], row_bytes);
  if (row_bytes == reading.target->size().width) reading.target->GreyRow(line);
  else reading.target->RgbRow(line);
}

// False after an error.
bool Read(png_structp png, png_infop info, Reading& reading) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_read_fn(png, &reading, OnRead);
  png_set_user_limits(png, fingerprint::PdqHasher::kSideMax, fingerprint::PdqHasher::kSideMax);
  // What says nothing about the pixels is not even parsed.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
  const png_uint_32 width = png_get_image_width(png, info);
  const png_uint_32 height = png_get_image_height(png, info);
  if (!reading.target->Begin({width, height})) {
    reading.too_large = true;
    return false;
  }
  AskForBytes(png, info);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const std::size_t row_bytes = png_get_rowbytes(png, info);
  if (row_bytes != width && row_bytes != std::size_t{3} * width) png_error(png, "not one or three bytes a pixel");
  Allocate(reading, row_bytes, height, passes > 1);
  for (int pass = 1; pass < passes; ++pass) png_read_rows(png, reading.rows.data(), nullptr, height);
  for (png_uint_32 row = 0; row < height; ++row) {
    const std::size_t kept = passes > 1 ? row : 0;
    png_read_row(png, reading.rows[kept], nullptr);
    GiveRow(reading, kept, row_bytes);
  }
  reading.all_rows = true;
  png_read_end(png, nullptr);
  return true;
}

}  // namespace

Decoded DecodePng(std::string_view bytes, PictureTarget& target) {
  Reading reading;
  reading.rest = bytes;
  reading.target = &target;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, OnError, OnWarning);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr) {
    png_destroy_read_struct(&png, nullptr, nullptr);
    return {MediaOutcome::kTooLarge, true};
  }
  const bool read = Read(png, info, reading);
  png_destroy_read_struct(&png, &info, nullptr);
  if (reading.all_rows) return {MediaOutcome::kHashed, read};
  if (reading.too_large || reading.out_of_memory) return {MediaOutcome::kTooLarge, true};
  return {MediaOutcome::kDamaged, true};
}

}  // namespace porchlight::media
