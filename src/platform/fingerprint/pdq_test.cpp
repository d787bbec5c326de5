// Goal: the same bits and quality as the reference, for the same pixels, all eight turns. Method: pictures with known
// answers; the filters against the literal description; pictures of the test's own for each edge of the rules. Files as
// they are published, with a decoder in between, are platform/media's test.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "platform/fingerprint/internal/box_filter.h"
#include "platform/fingerprint/pdq.h"
#include "platform/fingerprint/testing/portable_map.h"

namespace porchlight::fingerprint {
namespace {

std::vector<std::uint8_t> Noise(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint8_t> bytes(count);
  SeededRandom(seed).Fill(bytes.data(), bytes.size());
  return bytes;
}

// Waves of low frequency: smooth, so that a turned picture is sampled almost alike.
std::vector<std::uint8_t> Waves(PictureSize size) {
  std::vector<std::uint8_t> grey;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const double fx = (x + 0.5) / size.width;
      const double fy = (y + 0.5) / size.height;
      double sum = 0;
      for (int i = 1; i <= 16; ++i) {
        for (int j = 1; j <= 16; ++j) sum += ((i * 37 + j * 101 + i * j * 13) % 29 - 14) * std::cos(3.14159265 * i * fy) * std::cos(3.14159265 * j * fx);
      }
      grey.push_back(static_cast<std::uint8_t>(std::clamp(128 + sum / 4, 0.0, 255.0)));
    }
  }
  return grey;
}

TEST(PdqTest, EachReferencePictureHasTheReferencesEightHashesAndQuality) {
  const auto rows = ReadTable(ReferenceFolder() + "expected.tsv");
  ASSERT_EQ(rows.size(), 4U);
  for (const std::vector<std::string>& row : rows) {
    const PortableMap picture = ReadPortableMap(ReferenceFolder() + row[0]);
    for (const PdqLoader loader : {PdqLoader::kFullSize, PdqLoader::kShrink512}) {
      const Pdq pdq = HashOf(picture, loader);
      for (std::size_t turn = 0; turn < kPdqTurns; ++turn) EXPECT_EQ(pdq.turned[turn].Text(), row[1 + turn]) << row[0] << " turn " << turn;
      EXPECT_EQ(std::to_string(pdq.quality), row[9]) << row[0];
    }
  }
}

TEST(PdqTest, APictureUnderFivePixelsASideHashesToNothing) {
  for (const PictureSize size : {PictureSize{4, 5}, PictureSize{5, 4}, PictureSize{1, 1}, PictureSize{4, 600}}) {
    EXPECT_EQ(HashGrey(size, Noise(std::size_t{size.width} * size.height, 1)).value(), Pdq{});
  }
  EXPECT_NE(HashGrey({5, 5}, Noise(25, 1)).value().hash(), PdqHash());
}

TEST(PdqTest, BlackHasNoBitAndNoQuality) {
  const Pdq pdq = HashGrey({100, 100}, std::vector<std::uint8_t>(10'000, 0)).value();
  EXPECT_EQ(pdq.hash(), PdqHash());
  EXPECT_EQ(pdq.quality, 0);
}

TEST(PdqTest, ShrinkingTakesTheNearestPixelAtTheUpperLeftAndLeavesWhatFits) {
  for (const PictureSize size : {PictureSize{513, 100}, PictureSize{100, 1300}, PictureSize{1024, 700}, PictureSize{700, 3}}) {
    const auto grey = Noise(std::size_t{size.width} * size.height, 7);
    std::vector<std::uint8_t> small;
    for (std::size_t y = 0; y < 512; ++y) {
      for (std::size_t x = 0; x < 512; ++x) small.push_back(grey[y * size.height / 512 * size.width + x * size.width / 512]);
    }
    EXPECT_EQ(HashGrey(size, grey, PdqLoader::kShrink512).value(), HashGrey({512, 512}, small).value());
  }
  const auto grey = Noise(512 * 512, 8);
  EXPECT_EQ(HashGrey({512, 512}, grey, PdqLoader::kShrink512).value(), HashGrey({512, 512}, grey).value());
}

TEST(PdqTest, ATurnedPictureIsCloseToTheHashOfItsTurn) {
  const PictureSize size{300, 200};
  const auto grey = Waves(size);
  const Pdq pdq = HashGrey(size, grey).value();
  EXPECT_EQ(pdq.quality, 100);
  const auto turned = [&](bool transpose, bool from_right, bool from_bottom) {
    const PictureSize to = transpose ? PictureSize{size.height, size.width} : size;
    std::vector<std::uint8_t> out;
    for (std::uint32_t y = 0; y < to.height; ++y) {
      for (std::uint32_t x = 0; x < to.width; ++x) {
        const std::uint32_t source_x = transpose ? y : x;
        const std::uint32_t source_y = transpose ? x : y;
        out.push_back(grey[(from_bottom ? size.height - 1 - source_y : source_y) * size.width + (from_right ? size.width - 1 - source_x : source_x)]);
      }
    }
    return HashGrey(to, out).value().hash();
  };
  const auto expect_close = [&](const PdqHash& hash, PdqTurn turn) {
    for (std::size_t other = 0; other < kPdqTurns; ++other) {
      const int distance = Distance(hash, pdq.turned[other]);
      if (other == static_cast<std::size_t>(turn)) {
        EXPECT_LE(distance, kPdqMatchDistance) << other;
      } else {
        EXPECT_GT(distance, kPdqMatchDistance) << other;
      }
    }
  };
  expect_close(turned(false, false, false), PdqTurn::kOriginal);
  expect_close(turned(true, true, false), PdqTurn::kQuarterLeft);
  expect_close(turned(false, true, true), PdqTurn::kHalf);
  expect_close(turned(true, false, true), PdqTurn::kQuarterRight);
  expect_close(turned(false, false, true), PdqTurn::kTopBottomSwapped);
  expect_close(turned(false, true, false), PdqTurn::kLeftRightSwapped);
  expect_close(turned(true, false, false), PdqTurn::kMirroredOnDiagonal);
  expect_close(turned(true, true, true), PdqTurn::kMirroredOnAntiDiagonal);
}

TEST(PdqTest, SizesThatDisagreeAreRefused) {
  EXPECT_EQ(HashGrey({10, 10}, Noise(99, 1)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(HashRgb({10, 10}, Noise(100, 1)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(HashGrey({0, 10}, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(PdqHasher::Create({PdqHasher::kSideMax + 1, 10}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(PdqHasher::Create({PdqHasher::kSideMax, 1}).ok());
}

TEST(PdqDeathTest, MissingSurplusAndShortRowsEndTheProcess) {
  PdqHasher hasher = PdqHasher::Create({10, 5}).value();
  EXPECT_DEATH(hasher.Finish(), "");
  EXPECT_DEATH(hasher.AddGreyRow(Noise(9, 1)), "");
  EXPECT_DEATH(hasher.AddRgbRow(Noise(10, 1)), "");
  for (int row = 0; row < 5; ++row) hasher.AddGreyRow(Noise(10, 1));
  EXPECT_DEATH(hasher.AddGreyRow(Noise(10, 1)), "");
}

// The description of the filter, word by word, for one column.
std::vector<float> Described(const std::vector<float>& in, std::size_t window) {
  const std::size_t half = (window + 2) / 2;
  std::vector<float> out;
  float sum = 0;
  int count = 0;
  std::size_t left = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < half - 1; ++i) { sum += in[right++]; ++count; }
  for (std::size_t i = 0; i < window - half + 1; ++i) { sum += in[right++]; ++count; out.push_back(sum / static_cast<float>(count)); }
  for (std::size_t i = 0; i < in.size() - window; ++i) {
    sum += in[right++];
    sum -= in[left++];
    out.push_back(sum / static_cast<float>(count));
  }
  for (std::size_t i = 0; i < half - 1; ++i) { sum -= in[left++]; --count; out.push_back(sum / static_cast<float>(count)); }
  return out;
}

TEST(BoxFilterTest, LinesAndColumnsAreTheDescribedFilterToTheLastBit) {
  SeededRandom random(3);
  for (std::size_t length = 1; length <= 40; ++length) {
    for (std::size_t window = 1; window <= length; ++window) {
      std::vector<float> in(length);
      for (float& sample : in) sample = static_cast<float>(random.Below(1'000'000)) / 3921.57F;
      const std::vector<float> expected = Described(in, window);
      ASSERT_EQ(expected.size(), length);
      std::vector<float> line(length);
      FilterLine(in.data(), line.data(), length, window);
      EXPECT_EQ(line, expected);
      ColumnFilter columns(2, length, window);
      std::vector<float> column;
      for (const float sample : in) {
        const float row[2] = {0, sample};
        columns.Add(row, [&](const float* out) { column.push_back(out[1]); });
      }
      EXPECT_EQ(column, expected);
    }
  }
}

}  // namespace
}  // namespace porchlight::fingerprint
