#include "platform/media/testing/pictures.h"

#include <gif_lib.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <cmath>

#include "base/check.h"

namespace porchlight::media {
namespace {

void Append(png_structp png, png_bytep data, png_size_t size) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}
void Flush(png_structp) {}

struct PngWriting {
  explicit PngWriting(std::string& out)
      : png(png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr)), info(png_create_info_struct(png)) {
    PL_CHECK(info != nullptr);
    png_set_write_fn(png, &out, Append, Flush);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  }
  ~PngWriting() { png_destroy_write_struct(&png, &info); }
  png_structp png;
  png_infop info;
};

void PutNumber(std::string& out, std::uint32_t value, int bytes) {
  for (int index = 0; index < bytes; ++index) out += static_cast<char>(value >> (8 * index) & 0xff);
}

std::string Chunk(const std::string& name, const std::string& content) {
  std::string out = name;
  PutNumber(out, static_cast<std::uint32_t>(content.size()), 4);
  out += content;
  if (content.size() % 2 == 1) out += '\0';
  return out;
}

}  // namespace

std::vector<std::uint8_t> Drawing::Grey() const {
  std::vector<std::uint8_t> grey;
  for (std::size_t index = 0; index < rgb.size(); index += 3) grey.push_back(rgb[index]);
  return grey;
}

Drawing Draw(PictureSize size, std::uint32_t seed) {
  Drawing drawing{size, {}};
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const double wave = std::sin(0.05 * (x + 3 * seed)) * std::cos(0.08 * y) + std::sin(0.0007 * (seed + 1) * x * y);
      drawing.rgb.push_back(static_cast<std::uint8_t>(127 + 60 * wave));
      drawing.rgb.push_back(static_cast<std::uint8_t>((x / 16 + y / 8 + seed) % 2 == 0 ? 30 : 200));
      drawing.rgb.push_back(static_cast<std::uint8_t>(x * 255 / size.width));
    }
  }
  return drawing;
}

Drawing DrawFewColours(PictureSize size) {
  Drawing drawing = Draw(size, 5);
  for (std::uint8_t& sample : drawing.rgb) sample = static_cast<std::uint8_t>(sample / 43 * 43);
  return drawing;
}

std::string WritePng(const Drawing& drawing, const PngOptions& options) {
  std::string out;
  PngWriting writing(out);
  const int colours = options.channels == 1   ? PNG_COLOR_TYPE_GRAY
                      : options.channels == 2 ? PNG_COLOR_TYPE_GRAY_ALPHA
                      : options.channels == 3 ? PNG_COLOR_TYPE_RGB
                                              : PNG_COLOR_TYPE_RGB_ALPHA;
  png_set_IHDR(writing.png, writing.info, drawing.size.width, drawing.size.height, options.depth, colours,
               options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writing.png, writing.info);
  const bool grey = options.channels < 3;
  std::vector<std::uint8_t> samples;
  for (std::size_t pixel = 0; pixel < drawing.rgb.size() / 3; ++pixel) {
    for (int channel = 0; channel < options.channels; ++channel) {
      const bool alpha = channel == (grey ? 1 : 3);
      samples.push_back(alpha ? static_cast<std::uint8_t>(pixel) : drawing.rgb[3 * pixel + static_cast<std::size_t>(channel)]);
      if (options.depth == 16) samples.push_back(static_cast<std::uint8_t>(pixel * 77));
    }
  }
  std::vector<png_bytep> rows;
  for (std::size_t row = 0; row < drawing.size.height; ++row) rows.push_back(&samples[samples.size() / drawing.size.height * row]);
  png_write_image(writing.png, rows.data());
  png_write_end(writing.png, nullptr);
  return out;
}

std::string WritePalettePng(const Drawing& drawing) {
  std::string out;
  PngWriting writing(out);
  std::vector<png_color> table;
  for (int index = 0; index < 216; ++index) {
    table.push_back({static_cast<png_byte>(index / 36 * 43), static_cast<png_byte>(index / 6 % 6 * 43), static_cast<png_byte>(index % 6 * 43)});
  }
  png_set_IHDR(writing.png, writing.info, drawing.size.width, drawing.size.height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE(writing.png, writing.info, table.data(), 216);
  std::vector<png_byte> alpha(216, 100);
  png_set_tRNS(writing.png, writing.info, alpha.data(), 216, nullptr);
  png_write_info(writing.png, writing.info);
  for (std::size_t row = 0; row < drawing.size.height; ++row) {
    std::vector<std::uint8_t> line;
    for (std::size_t x = 0; x < drawing.size.width; ++x) {
      const std::uint8_t* pixel = &drawing.rgb[3 * (row * drawing.size.width + x)];
      line.push_back(static_cast<std::uint8_t>(pixel[0] / 43 * 36 + pixel[1] / 43 * 6 + pixel[2] / 43));
    }
    png_write_row(writing.png, line.data());
  }
  png_write_end(writing.png, nullptr);
  return out;
}

std::string WritePngHeader(PictureSize size) {
  std::string out;
  PngWriting writing(out);
  png_set_IHDR(writing.png, writing.info, size.width, size.height, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writing.png, writing.info);
  png_write_flush(writing.png);
  // An empty image data chunk, so that there is something to decode.
  png_write_chunk(writing.png, reinterpret_cast<png_const_bytep>("IDAT"), reinterpret_cast<png_const_bytep>("\0"), 0);
  return out;
}

std::string WriteJpeg(const Drawing& drawing, const JpegOptions& options) {
  std::vector<std::uint8_t> samples = options.grey ? drawing.Grey() : drawing.rgb;
  if (options.cmyk) {
    samples.clear();
    for (std::size_t pixel = 0; pixel < drawing.rgb.size() / 3; ++pixel) {
      for (std::size_t channel = 0; channel < 3; ++channel) samples.push_back(drawing.rgb[3 * pixel + channel]);
      samples.push_back(255);
    }
  }
  const int format = options.grey ? TJPF_GRAY : options.cmyk ? TJPF_CMYK : TJPF_RGB;
  tjhandle handle = tjInitCompress();
  unsigned char* data = nullptr;
  unsigned long size = 0;
  PL_CHECK(tjCompress2(handle, samples.data(), static_cast<int>(drawing.size.width), 0, static_cast<int>(drawing.size.height), format, &data,
                       &size, options.grey ? TJSAMP_GRAY : options.cmyk ? TJSAMP_444 : TJSAMP_420, 90,
                       options.progressive ? TJFLAG_PROGRESSIVE : 0) == 0);
  std::string out(reinterpret_cast<const char*>(data), size);
  tjFree(data);
  tjDestroy(handle);
  return out;
}

Drawing ReadJpeg(const std::string& bytes) {
  tjhandle handle = tjInitDecompress();
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colours = 0;
  PL_CHECK(tjDecompressHeader3(handle, data, bytes.size(), &width, &height, &sampling, &colours) == 0);
  Drawing drawing{{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)}, {}};
  drawing.rgb.resize(std::size_t{3} * drawing.size.width * drawing.size.height);
  PL_CHECK(tjDecompress2(handle, data, bytes.size(), drawing.rgb.data(), width, 0, height, TJPF_RGB, TJFLAG_ACCURATEDCT) == 0);
  tjDestroy(handle);
  return drawing;
}

std::string WriteGif(const Drawing& few_colours, bool interlaced, std::uint32_t left, std::uint32_t top, int frames) {
  std::string out;
  int error = 0;
  GifFileType* file = EGifOpen(&out, [](GifFileType* gif, const GifByteType* data, int size) {
    static_cast<std::string*>(gif->UserData)->append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    return size;
  }, &error);
  PL_CHECK(file != nullptr);
  EGifSetGifVersion(file, true);
  ColorMapObject* table = GifMakeMapObject(256, nullptr);
  for (int index = 0; index < 216; ++index) {
    table->Colors[index] = {static_cast<GifByteType>(index / 36 * 43), static_cast<GifByteType>(index / 6 % 6 * 43), static_cast<GifByteType>(index % 6 * 43)};
  }
  const int width = static_cast<int>(few_colours.size.width);
  const int height = static_cast<int>(few_colours.size.height);
  PL_CHECK(EGifPutScreenDesc(file, width + 2 * static_cast<int>(left), height + 2 * static_cast<int>(top), 8, 0, table) == GIF_OK);
  for (int frame = 0; frame < frames; ++frame) {
    const char control[4] = {9, 10, 0, 1};
    PL_CHECK(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, control) == GIF_OK);
    PL_CHECK(EGifPutImageDesc(file, static_cast<int>(left), static_cast<int>(top), width, height, interlaced, nullptr) == GIF_OK);
    std::vector<int> rows;
    for (int row = 0; row < height; ++row) rows.push_back(row);
    if (interlaced) {
      rows.clear();
      for (const auto& [first, step] : {std::pair{0, 8}, std::pair{4, 8}, std::pair{2, 4}, std::pair{1, 2}}) {
        for (int row = first; row < height; row += step) rows.push_back(row);
      }
    }
    for (const int row : rows) {
      std::vector<GifPixelType> line;
      for (int x = 0; x < width; ++x) {
        const std::uint8_t* pixel = &few_colours.rgb[3 * static_cast<std::size_t>(row * width + x)];
        line.push_back(static_cast<GifPixelType>((pixel[0] / 43 * 36 + pixel[1] / 43 * 6 + pixel[2] / 43 + frame) % 216));
      }
      PL_CHECK(EGifPutLine(file, line.data(), width) == GIF_OK);
    }
  }
  GifFreeMapObject(table);
  PL_CHECK(EGifCloseFile(file, &error) == GIF_OK);
  return out;
}

std::string WriteWebp(const Drawing& drawing, bool lossless) {
  std::uint8_t* data = nullptr;
  const int width = static_cast<int>(drawing.size.width);
  const int height = static_cast<int>(drawing.size.height);
  const std::size_t size = lossless ? WebPEncodeLosslessRGB(drawing.rgb.data(), width, height, 3 * width, &data)
                                    : WebPEncodeRGB(drawing.rgb.data(), width, height, 3 * width, 90, &data);
  PL_CHECK(size != 0);
  std::string out(reinterpret_cast<const char*>(data), size);
  WebPFree(data);
  return out;
}

std::string WriteMovingWebp(const Drawing& drawing, std::uint32_t left, std::uint32_t top) {
  const std::string still = WriteWebp(drawing);
  std::string header(1, '\x02');
  header.append(3, '\0');
  PutNumber(header, drawing.size.width + 2 * left - 1, 3);
  PutNumber(header, drawing.size.height + 2 * top - 1, 3);
  std::string frame;
  PutNumber(frame, left / 2, 3);
  PutNumber(frame, top / 2, 3);
  PutNumber(frame, drawing.size.width - 1, 3);
  PutNumber(frame, drawing.size.height - 1, 3);
  PutNumber(frame, 100, 3);
  frame += '\0';
  frame += still.substr(12);
  const std::string content = "WEBP" + Chunk("VP8X", header) + Chunk("ANIM", std::string(6, '\0')) + Chunk("ANMF", frame);
  return Chunk("RIFF", content);
}

Drawing OnCanvas(const Drawing& drawing, std::uint32_t left, std::uint32_t top) {
  Drawing canvas{{drawing.size.width + 2 * left, drawing.size.height + 2 * top}, {}};
  canvas.rgb.resize(std::size_t{3} * canvas.size.width * canvas.size.height);
  for (std::size_t y = 0; y < drawing.size.height; ++y) {
    const std::uint8_t* row = &drawing.rgb[3 * y * drawing.size.width];
    std::copy(row, row + std::size_t{3} * drawing.size.width, &canvas.rgb[3 * ((y + top) * canvas.size.width + left)]);
  }
  return canvas;
}

}  // namespace porchlight::media
