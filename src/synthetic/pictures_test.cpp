// Goal: files are what they claim to be, as large as asked, marked as synthetic, and repeat from their seed. Method:
// read magic bytes, sizes, checksums and the decoder's own verdict.
#include "synthetic/pictures.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>

#include "synthetic/containers.h"

namespace porchlight::synthetic {
namespace {

std::uint32_t Little(const std::string& bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int index = size - 1; index >= 0; --index) {
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(index)]);
  }
  return value;
}

// Decodes to RGB; an empty result when the file is no JPEG of that size.
std::vector<unsigned char> Decode(const std::string& file, int width, int height) {
  const tjhandle decoder = tjInitDecompress();
  int found_width = 0;
  int found_height = 0;
  int sampling = 0;
  int colours = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
  std::vector<unsigned char> rgb;
  if (tjDecompressHeader3(decoder, bytes, file.size(), &found_width, &found_height, &sampling, &colours) == 0 &&
      found_width == width && found_height == height) {
    rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    if (tjDecompress2(decoder, bytes, file.size(), rgb.data(), width, 0, height, TJPF_RGB, 0) != 0) rgb.clear();
  }
  tjDestroy(decoder);
  return rgb;
}

// Mean distance of two pictures' levels.
double Difference(const std::vector<unsigned char>& left, const std::vector<unsigned char>& right) {
  double sum = 0;
  for (std::size_t index = 0; index < left.size(); ++index) sum += std::abs(left[index] - right[index]);
  return sum / static_cast<double>(left.size());
}

TEST(PicturesTest, AJpegDecodesToWhatWasDrawnAndCarriesTheMark) {
  const std::string file = MakePicture({.seed = 11, .format = PictureFormat::kJpeg, .width = 200, .height = 100});
  EXPECT_EQ(file.substr(0, 3), "\xFF\xD8\xFF");
  EXPECT_EQ(file.substr(file.size() - 2), "\xFF\xD9");
  EXPECT_NE(file.find(SyntheticMark(11)), std::string::npos);
  const std::vector<unsigned char> decoded = Decode(file, 200, 100);
  const Pixels drawn = DrawPixels(11, 200, 100, 0);
  ASSERT_EQ(decoded.size(), drawn.rgb.size());
  const Pixels other = DrawPixels(12, 200, 100, 0);
  EXPECT_LT(Difference(decoded, drawn.rgb) * 3, Difference(decoded, other.rgb));
}

TEST(PicturesTest, APngHasItsSignatureChunksWithRightChecksumsAndTheMark) {
  const std::string file = MakePicture({.seed = 12, .format = PictureFormat::kPng, .width = 64, .height = 48});
  ASSERT_EQ(file.substr(0, 8), "\x89PNG\r\n\x1a\n");
  std::string types;
  std::string packed;
  for (std::size_t at = 8; at < file.size();) {
    std::uint32_t size = 0;
    for (std::size_t index = 0; index < 4; ++index) size = (size << 8U) | static_cast<unsigned char>(file[at + index]);
    const std::string body = file.substr(at + 4, size + 4);
    std::uint32_t sum = 0;
    for (std::size_t index = 0; index < 4; ++index) {
      sum = (sum << 8U) | static_cast<unsigned char>(file[at + 8 + size + index]);
    }
    EXPECT_EQ(sum, crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
    types += body.substr(0, 4) + " ";
    if (body.starts_with("IDAT")) packed = body.substr(4);
    at += 12 + size;
  }
  EXPECT_EQ(types, "IHDR tEXt IDAT IEND ");
  EXPECT_NE(file.find(SyntheticMark(12)), std::string::npos);
  std::string rows(48 * (64 * 3 + 1), '\0');
  uLongf size = static_cast<uLongf>(rows.size());
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                       static_cast<uLong>(packed.size())),
            Z_OK);
  EXPECT_EQ(size, rows.size());
}

TEST(PicturesTest, ATargetSizeIsMetWithinFivePercentInBothFormats) {
  for (const PictureFormat format : {PictureFormat::kJpeg, PictureFormat::kPng}) {
    for (const std::size_t target : {std::size_t{4'096}, std::size_t{100'000}}) {
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const std::string file = MakePicture({.seed = seed, .format = format, .bytes_target = target});
        EXPECT_NEAR(static_cast<double>(file.size()), static_cast<double>(target), static_cast<double>(target) * 0.05)
            << "seed " << seed;
      }
    }
  }
}

TEST(PicturesTest, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  EXPECT_EQ(MakePicture({.seed = 5}), MakePicture({.seed = 5}));
  EXPECT_NE(MakePicture({.seed = 5}), MakePicture({.seed = 6}));
  EXPECT_NE(MakePicture({.seed = 5}), MakePicture({.seed = 5, .quality = 50}));
}

TEST(ContainersTest, AVideoIsARiffFileWhoseIndexFindsEveryFrame) {
  const std::string file = MakeVideo(31, 7);
  ASSERT_EQ(file.substr(0, 4), "RIFF");
  EXPECT_EQ(Little(file, 4, 4), file.size() - 8);
  EXPECT_EQ(file.substr(8, 4), "AVI ");
  EXPECT_NE(file.find(SyntheticMark(31)), std::string::npos);
  const std::size_t movie = file.find("movi");
  const std::size_t index = file.rfind("idx1");
  ASSERT_NE(movie, std::string::npos);
  ASSERT_NE(index, std::string::npos);
  ASSERT_EQ(Little(file, index + 4, 4), 7U * 16);
  for (std::size_t frame = 0; frame < 7; ++frame) {
    const std::size_t entry = index + 8 + frame * 16;
    const std::size_t at = movie + Little(file, entry + 8, 4);
    const std::uint32_t size = Little(file, entry + 12, 4);
    EXPECT_EQ(file.substr(at, 4), "00dc");
    EXPECT_EQ(Little(file, at + 4, 4), size);
    EXPECT_FALSE(Decode(file.substr(at + 8, size), 160, 120).empty());
  }
  EXPECT_EQ(file, MakeVideo(31, 7));
}

TEST(ContainersTest, AnArchiveHoldsItsEntriesWithRightChecksumsAndOffsets) {
  const std::vector<ArchiveEntry> entries = {{"a.txt", "first"}, {"b/ö.txt", ""}, {"c.bin", std::string(70'000, 'x')}};
  const std::string file = MakeArchive(entries);
  const std::size_t end = file.size() - 22;
  ASSERT_EQ(Little(file, end, 4), 0x06054b50U);
  ASSERT_EQ(Little(file, end + 10, 2), entries.size());
  std::size_t at = Little(file, end + 16, 4);
  EXPECT_EQ(at + Little(file, end + 12, 4), end);
  for (const ArchiveEntry& entry : entries) {
    ASSERT_EQ(Little(file, at, 4), 0x02014b50U);
    const std::size_t local = Little(file, at + 42, 4);
    EXPECT_EQ(Little(file, local, 4), 0x04034b50U);
    EXPECT_EQ(file.substr(local + 30, entry.name.size()), entry.name);
    EXPECT_EQ(file.substr(local + 30 + entry.name.size(), entry.content.size()), entry.content);
    EXPECT_EQ(Little(file, at + 16, 4), crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                                              static_cast<uInt>(entry.content.size())));
    at += 46 + entry.name.size();
  }
  EXPECT_EQ(at, end);
}

TEST(ContainersTest, AChatLogHasItsLinesAndRepeatsFromItsSeed) {
  const std::string log = MakeChatLog(3, "amber", "birch", 25);
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 25);
  EXPECT_NE(log.find("amber: "), std::string::npos);
  EXPECT_EQ(log, MakeChatLog(3, "amber", "birch", 25));
}

}  // namespace
}  // namespace porchlight::synthetic
