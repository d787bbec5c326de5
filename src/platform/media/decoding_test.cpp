// Goal: each kind of file of each format gets the hash of its pixels; what has none gets its reason. Method: pictures that
// the test draws and writes itself, through the real worker; and the published reference files where they lie beside the
// checkout.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "platform/fingerprint/testing/portable_map.h"
#include "platform/media/internal/sandbox.h"
#include "platform/media/media.h"
#include "platform/media/testing/pictures.h"

namespace porchlight::media {
namespace {

using fingerprint::HashGrey;
using fingerprint::HashRgb;
using fingerprint::PdqLoader;
using fingerprint::ReadTable;

const SystemClock kClock;

std::unique_ptr<MediaWorker> Worker(std::uint64_t pixels_max = 100'000'000, PdqLoader loader = PdqLoader::kFullSize) {
  MediaOptions options;
  options.worker_path = PORCHLIGHT_MEDIA_WORKER;
  options.pixels_max = pixels_max;
  options.loader = loader;
  auto worker = MediaWorker::Create(options, kClock);
  PL_CHECK(worker.ok());
  return std::move(*worker);
}

Examination Examine(std::string_view bytes) {
  static const std::unique_ptr<MediaWorker> worker = Worker();
  Result<Examination> result = worker->Examine(bytes);
  PL_CHECK(result.ok());
  return *std::move(result);
}

void ExpectPicture(const std::string& bytes, MediaFormat format, const Drawing& shown, const std::string& what) {
  const Examination found = Examine(bytes);
  ASSERT_EQ(NameOf(found.outcome), "hashed") << what << " " << found.operator_text;
  EXPECT_EQ(found.picture->format, format) << what;
  EXPECT_EQ(found.picture->size, shown.size) << what;
  EXPECT_EQ(found.picture->pdq, HashRgb(shown.size, shown.rgb).value()) << what;
  EXPECT_TRUE(found.picture->complete) << what;
}

TEST(DecodingTest, PngOfColourAlphaPaletteAndSixteenBits) {
  const Drawing drawing = Draw({301, 197});
  for (const int depth : {8, 16}) {
    for (const bool interlaced : {false, true}) {
      const std::string what = std::to_string(depth) + (interlaced ? " interlaced" : "");
      ExpectPicture(WritePng(drawing, {3, depth, interlaced}), MediaFormat::kPng, drawing, "RGB " + what);
      ExpectPicture(WritePng(drawing, {4, depth, interlaced}), MediaFormat::kPng, drawing, "RGBA " + what);
      for (const int channels : {1, 2}) {
        const Examination grey = Examine(WritePng(drawing, {channels, depth, interlaced}));
        ASSERT_TRUE(grey.picture.has_value());
        EXPECT_EQ(grey.picture->pdq, HashGrey(drawing.size, drawing.Grey()).value()) << channels << " " << what;
      }
    }
  }
  const Drawing few = DrawFewColours({160, 90});
  ExpectPicture(WritePalettePng(few), MediaFormat::kPng, few, "palette");
  ExpectPicture(WritePng(Draw({1, 1})), MediaFormat::kPng, Draw({1, 1}), "one pixel");
}

TEST(DecodingTest, JpegOfColourGreyInkAndInPasses) {
  for (const bool progressive : {false, true}) {
    const std::string colour = WriteJpeg(Draw({303, 211}), {false, false, progressive});
    ExpectPicture(colour, MediaFormat::kJpeg, ReadJpeg(colour), progressive ? "progressive" : "plain");
    const std::string grey = WriteJpeg(Draw({303, 211}), {true, false, progressive});
    const Examination found = Examine(grey);
    ASSERT_TRUE(found.picture.has_value());
    EXPECT_EQ(found.picture->pdq, HashGrey(found.picture->size, ReadJpeg(grey).Grey()).value());
  }
  const Drawing drawing = Draw({320, 200});
  const Examination ink = Examine(WriteJpeg(drawing, {false, true, false}));
  ASSERT_TRUE(ink.picture.has_value());
  EXPECT_LE(fingerprint::Distance(ink.picture->pdq.hash(), HashRgb(drawing.size, drawing.rgb)->hash()), 10);
}

TEST(DecodingTest, GifPlainInterlacedInsideItsCanvasAndMoving) {
  const Drawing few = DrawFewColours({161, 93});
  ExpectPicture(WriteGif(few), MediaFormat::kGif, few, "plain");
  ExpectPicture(WriteGif(few, true), MediaFormat::kGif, few, "interlaced");
  ExpectPicture(WriteGif(few, false, 20, 7), MediaFormat::kGif, OnCanvas(few, 20, 7), "inside");
  ExpectPicture(WriteGif(few, false, 0, 0, 3), MediaFormat::kGif, few, "three frames");
  std::string small_canvas = WriteGif(few);
  small_canvas[6] = 10;
  ExpectPicture(small_canvas, MediaFormat::kGif, few, "frame over its canvas");
}

TEST(DecodingTest, WebpWithoutLossWithLossAndMoving) {
  const Drawing drawing = Draw({202, 131});
  ExpectPicture(WriteWebp(drawing), MediaFormat::kWebp, drawing, "lossless");
  ExpectPicture(WriteMovingWebp(drawing, 0, 0), MediaFormat::kWebp, drawing, "moving");
  ExpectPicture(WriteMovingWebp(drawing, 30, 16), MediaFormat::kWebp, OnCanvas(drawing, 30, 16), "moving, inside");
  const Examination lossy = Examine(WriteWebp(drawing, false));
  ASSERT_TRUE(lossy.picture.has_value());
  EXPECT_LE(fingerprint::Distance(lossy.picture->pdq.hash(), HashRgb(drawing.size, drawing.rgb)->hash()), 31);
}

TEST(DecodingTest, ReferencePicturesHaveTheirHashesThroughAFile) {
  for (const std::vector<std::string>& row : ReadTable(fingerprint::ReferenceFolder() + "expected.tsv")) {
    const auto map = fingerprint::ReadPortableMap(fingerprint::ReferenceFolder() + row[0]);
    Drawing drawing{map.size, map.samples};
    if (map.grey) {
      drawing.rgb.clear();
      for (const std::uint8_t sample : map.samples) drawing.rgb.insert(drawing.rgb.end(), 3, sample);
    }
    const Examination found = Examine(WritePng(drawing, {map.grey ? 1 : 3, 8, false}));
    ASSERT_TRUE(found.picture.has_value()) << row[0];
    for (std::size_t turn = 0; turn < fingerprint::kPdqTurns; ++turn) EXPECT_EQ(found.picture->pdq.turned[turn].Text(), row[1 + turn]) << row[0];
    EXPECT_EQ(std::to_string(found.picture->pdq.quality), row[9]);
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

TEST(DecodingTest, PublishedReferenceFilesHaveExactlyTheirHashesByBothLoaders) {
  const std::string folder = std::string(PORCHLIGHT_SOURCE_DIR) + "/../shared/data/pdq/";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "NOT TESTED AGAINST THE PUBLISHED FILES: shared/data/pdq does not lie beside the checkout; only our own drawings were.";
  }
  for (const bool shrink : {false, true}) {
    const std::unique_ptr<MediaWorker> worker = Worker(100'000'000, shrink ? PdqLoader::kShrink512 : PdqLoader::kFullSize);
    const auto rows = ReadTable(folder + (shrink ? "expected-dihedral.tsv" : "expected-fullres.tsv"));
    EXPECT_EQ(rows.size(), 21U);
    for (const std::vector<std::string>& row : rows) {
      const Result<Examination> found = worker->Examine(ReadFile(folder + row[0]));
      ASSERT_TRUE(found.ok());
      ASSERT_EQ(NameOf(found->outcome), "hashed") << row[0];
      EXPECT_TRUE(found->picture->complete) << row[0];
      EXPECT_EQ(std::to_string(found->picture->pdq.quality), row.back()) << row[0];
      for (std::size_t turn = 0; turn + 2 < row.size(); ++turn) EXPECT_EQ(found->picture->pdq.turned[turn].Text(), row[1 + turn]) << row[0] << " " << turn;
    }
  }
}

TEST(DecodingTest, WhatIsNoPictureOfTheseFormatsIsUnsupported) {
  for (const std::string& bytes : {std::string(), std::string("x"), std::string("GIF88a"), std::string("\xff\xd8"), std::string("BM\0\0", 4),
                                   std::string("RIFF\0\0\0\0WAVE", 12), std::string("RIFF"), std::string("\x89PNG\r\n"),
                                   std::string("\0\0\0\x18" "ftypheic", 12), std::string("<svg/>"), std::string("%PDF-1.7")}) {
    EXPECT_EQ(NameOf(Examine(bytes).outcome), "unsupported") << bytes;
  }
}

TEST(DecodingTest, TheLimitOfPixelsHoldsOnBothSidesInEachFormat) {
  const Drawing few = DrawFewColours({60, 40});
  const std::unique_ptr<MediaWorker> just = Worker(60 * 40);
  const std::unique_ptr<MediaWorker> less = Worker(60 * 40 - 1);
  for (const std::string& bytes : {WritePng(few), WritePalettePng(few), WriteJpeg(few), WriteGif(few), WriteWebp(few), WriteMovingWebp(few, 0, 0)}) {
    EXPECT_EQ(NameOf(just->Examine(bytes)->outcome), "hashed");
    EXPECT_EQ(NameOf(less->Examine(bytes)->outcome), "too_large");
  }
}

TEST(DecodingTest, AFileThatOnlyClaimsToBeHugeIsRefusedAtOnce) {
  const Drawing few = DrawFewColours({60, 40});
  EXPECT_EQ(NameOf(Examine(WritePngHeader({10'001, 10'000})).outcome), "too_large");
  EXPECT_EQ(NameOf(Examine(WritePngHeader({10'000, 10'000})).outcome), "damaged");  // Allowed, but nothing is there.
  EXPECT_NE(NameOf(Examine(WritePngHeader({0x7fffffff, 0x7fffffff})).outcome), "hashed");
  EXPECT_NE(NameOf(Examine(WritePngHeader({0x7fffffff, 1})).outcome), "hashed");
  std::string jpeg = WriteJpeg(few);
  const std::size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  EXPECT_EQ(NameOf(Examine(jpeg).outcome), "too_large");
  std::string gif = WriteGif(few);
  gif.replace(6, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(NameOf(Examine(gif).outcome), "too_large");
  std::string webp = WriteMovingWebp(few, 0, 0);
  webp.replace(24, 6, std::string("\xff\x3f\x00\xff\x3f\x00", 6));
  EXPECT_EQ(NameOf(Examine(webp).outcome), "too_large");
}

TEST(DecodingTest, AHundredMegapixelsFitIntoTheDefaultMemoryAndTime) {
  if (!MemoryIsLimited()) GTEST_SKIP() << "NOT TESTED under a sanitizer: it limits no memory and is ten times slower.";
  const Drawing drawing{{10'000, 10'000}, std::vector<std::uint8_t>(300'000'000, 90)};
  const Examination found = Examine(WriteJpeg(drawing, {false, false, true}));
  EXPECT_EQ(NameOf(found.outcome), "hashed") << found.operator_text;
}

}  // namespace
}  // namespace porchlight::media
