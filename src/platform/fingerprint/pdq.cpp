#include "platform/fingerprint/pdq.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>
#include <vector>

#include "base/check.h"
#include "platform/fingerprint/internal/box_filter.h"

// This file is compiled without fused multiply-add (src/CMakeLists.txt): the roundings are part of the hash.
namespace porchlight::fingerprint {
namespace {

constexpr std::size_t kGrid = 64;
constexpr std::size_t kFrequencies = 16;
constexpr std::uint32_t kSideMin = 5;
constexpr std::uint32_t kShrunkSide = 512;
constexpr std::size_t kRowsPerWindow = 128;

using Grid = std::array<std::array<float, kGrid>, kGrid>;
using Spectrum = std::array<std::array<float, kFrequencies>, kFrequencies>;

std::size_t WindowOf(std::size_t length) { return (length + kRowsPerWindow - 1) / kRowsPerWindow; }

std::array<std::size_t, kGrid> SamplePlaces(std::size_t length) {
  std::array<std::size_t, kGrid> places{};
  for (std::size_t index = 0; index < kGrid; ++index) {
    places[index] = static_cast<std::size_t>((static_cast<double>(index) + 0.5) * static_cast<double>(length) / kGrid);
  }
  return places;
}

int QualityOf(const Grid& grid) {
  int sum = 0;
  const auto add = [&sum](float one, float other) { sum += std::abs(static_cast<int>((one - other) * 100 / 255)); };
  for (std::size_t row = 0; row < kGrid; ++row) {
    for (std::size_t column = 0; column < kGrid; ++column) {
      if (row + 1 < kGrid) add(grid[row][column], grid[row + 1][column]);
      if (column + 1 < kGrid) add(grid[row][column], grid[row][column + 1]);
    }
  }
  return std::min(100, sum / 90);
}

using Cosines = std::array<std::array<float, kGrid>, kFrequencies>;

Cosines MakeCosines() {
  const float scale = static_cast<float>(std::sqrt(2.0 / kGrid));
  Cosines cosines{};
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    for (std::size_t j = 0; j < kGrid; ++j) {
      const double angle = std::numbers::pi / 2 / kGrid * static_cast<double>((i + 1) * (2 * j + 1));
      cosines[i][j] = static_cast<float>(double{scale} * std::cos(angle));
    }
  }
  return cosines;
}

// Frequencies 1 to 16 of the discrete cosine transform both ways: no constant term, so brightness does not count.
Spectrum SpectrumOf(const Grid& grid) {
  static const Cosines kCosines = MakeCosines();
  std::array<std::array<float, kGrid>, kFrequencies> half{};
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    for (std::size_t j = 0; j < kGrid; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < kGrid; ++k) sum += kCosines[i][k] * grid[k][j];
      half[i][j] = sum;
    }
  }
  Spectrum spectrum{};
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    for (std::size_t j = 0; j < kFrequencies; ++j) {
      float sum = 0;
      for (std::size_t k = 0; k < kGrid; ++k) sum += half[i][k] * kCosines[j][k];
      spectrum[i][j] = sum;
    }
  }
  return spectrum;
}

PdqHash BitsOf(const Spectrum& spectrum) {
  std::array<float, kFrequencies * kFrequencies> sorted{};
  for (std::size_t i = 0; i < kFrequencies; ++i) std::copy_n(spectrum[i].begin(), kFrequencies, &sorted[i * kFrequencies]);
  const auto middle = sorted.begin() + sorted.size() / 2 - 1;
  std::nth_element(sorted.begin(), middle, sorted.end());
  PdqHash hash;
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    for (std::size_t j = 0; j < kFrequencies; ++j) hash.SetBit(i * kFrequencies + j, spectrum[i][j] > *middle);
  }
  return hash;
}

// An even index is an odd frequency, which is antisymmetric: mirroring changes its sign. A turn by a quarter is a
// mirroring and a transposition.
Spectrum Turned(const Spectrum& spectrum, PdqTurn turn) {
  const bool transpose = turn == PdqTurn::kQuarterLeft || turn == PdqTurn::kQuarterRight || turn == PdqTurn::kMirroredOnDiagonal ||
                         turn == PdqTurn::kMirroredOnAntiDiagonal;
  Spectrum turned{};
  for (std::size_t i = 0; i < kFrequencies; ++i) {
    for (std::size_t j = 0; j < kFrequencies; ++j) {
      bool keep = true;
      switch (turn) {
        case PdqTurn::kOriginal:
        case PdqTurn::kMirroredOnDiagonal: break;
        case PdqTurn::kQuarterLeft:
        case PdqTurn::kLeftRightSwapped: keep = j % 2 == 1; break;
        case PdqTurn::kHalf:
        case PdqTurn::kMirroredOnAntiDiagonal: keep = (i + j) % 2 == 0; break;
        case PdqTurn::kQuarterRight:
        case PdqTurn::kTopBottomSwapped: keep = i % 2 == 1; break;
      }
      (transpose ? turned[j][i] : turned[i][j]) = keep ? spectrum[i][j] : -spectrum[i][j];
    }
  }
  return turned;
}

Pdq PdqOf(const Grid& grid) {
  Pdq pdq;
  pdq.quality = QualityOf(grid);
  const Spectrum spectrum = SpectrumOf(grid);
  for (std::size_t turn = 0; turn < kPdqTurns; ++turn) pdq.turned[turn] = BitsOf(Turned(spectrum, static_cast<PdqTurn>(turn)));
  return pdq;
}

// Blurs twice and takes 64 x 64 of it. Two box filters make a tent.
class Sampler {
 public:
  Sampler(std::size_t columns, std::size_t rows)
      : columns_(columns),
        rows_(rows),
        first_(columns, rows, WindowOf(rows)),
        second_(columns, rows, WindowOf(rows)),
        line_(columns),
        sample_columns_(SamplePlaces(columns)),
        sample_rows_(SamplePlaces(rows)) {}

  void Add(const float* row) {
    if (columns_ == kGrid && rows_ == kGrid) {
      std::copy_n(row, kGrid, grid_[next_++].begin());
      return;
    }
    FilterLine(row, line_.data(), columns_, WindowOf(columns_));
    first_.Add(line_.data(), [this](const float* once) {
      FilterLine(once, line_.data(), columns_, WindowOf(columns_));
      second_.Add(line_.data(), [this](const float* twice) { Sample(twice); });
    });
  }

  const Grid& grid() const { return grid_; }

 private:
  void Sample(const float* row) {
    for (std::size_t index = 0; index < kGrid; ++index) {
      if (sample_rows_[index] != next_) continue;
      for (std::size_t column = 0; column < kGrid; ++column) grid_[index][column] = row[sample_columns_[column]];
    }
    ++next_;
  }

  std::size_t columns_;
  std::size_t rows_;
  ColumnFilter first_;
  ColumnFilter second_;
  std::vector<float> line_;
  std::array<std::size_t, kGrid> sample_columns_;
  std::array<std::size_t, kGrid> sample_rows_;
  std::size_t next_ = 0;
  Grid grid_{};
};

}  // namespace

struct PdqHasher::Inner {
  PictureSize size;
  bool tiny = false;
  bool shrink = false;
  std::uint32_t taken = 0;
  std::uint64_t given = 0;  // Rows of the shrunk picture.
  std::vector<float> luminance;
  std::vector<float> shrunk;
  Sampler sampler;

  Inner(PictureSize whole, bool is_tiny, bool shrinks)
      : size(whole),
        tiny(is_tiny),
        shrink(shrinks),
        luminance(whole.width),
        shrunk(shrinks ? kShrunkSide : 0),
        sampler(shrinks ? kShrunkSide : is_tiny ? 1 : whole.width, shrinks ? kShrunkSide : is_tiny ? 1 : whole.height) {}

  void AddRow() {
    PL_CHECK(taken < size.height);
    const std::uint64_t row = taken++;
    if (tiny) return;
    if (!shrink) return sampler.Add(luminance.data());
    while (given < kShrunkSide && given * size.height / kShrunkSide == row) {
      for (std::uint64_t x = 0; x < kShrunkSide; ++x) shrunk[x] = luminance[x * size.width / kShrunkSide];
      sampler.Add(shrunk.data());
      ++given;
    }
  }
};

PdqHasher::PdqHasher(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
PdqHasher::PdqHasher(PdqHasher&&) noexcept = default;
PdqHasher& PdqHasher::operator=(PdqHasher&&) noexcept = default;
PdqHasher::~PdqHasher() = default;

Result<PdqHasher> PdqHasher::Create(PictureSize size, PdqLoader loader) {
  if (size.width == 0 || size.height == 0 || size.width > kSideMax || size.height > kSideMax) {
    return Error{ErrorCode::kInvalidArgument, "A picture has between 1 and 16,777,216 pixels a side.", "", "size"};
  }
  const bool shrink = loader == PdqLoader::kShrink512 && (size.width > kShrunkSide || size.height > kShrunkSide);
  // Shrinking comes before everything else: a picture that it made 512 pixels a side is no longer tiny.
  const bool tiny = !shrink && (size.width < kSideMin || size.height < kSideMin);
  return PdqHasher(std::make_unique<Inner>(size, tiny, shrink));
}

void PdqHasher::AddGreyRow(std::span<const std::uint8_t> grey) {
  PL_CHECK(grey.size() == inner_->size.width);
  std::copy(grey.begin(), grey.end(), inner_->luminance.begin());
  inner_->AddRow();
}

void PdqHasher::AddRgbRow(std::span<const std::uint8_t> rgb) {
  const std::size_t width = inner_->size.width;
  PL_CHECK(rgb.size() == 3 * width);
  for (std::size_t x = 0; x < width; ++x) {
    const float red = 0.299F * static_cast<float>(rgb[3 * x]);
    const float green = 0.587F * static_cast<float>(rgb[3 * x + 1]);
    const float blue = 0.114F * static_cast<float>(rgb[3 * x + 2]);
    inner_->luminance[x] = red + green + blue;
  }
  inner_->AddRow();
}

Pdq PdqHasher::Finish() {
  PL_CHECK(inner_->taken == inner_->size.height);
  return inner_->tiny ? Pdq{} : PdqOf(inner_->sampler.grid());
}

namespace {

Result<Pdq> HashWhole(PictureSize size, std::span<const std::uint8_t> samples, std::size_t samples_each, PdqLoader loader) {
  PdqHasher hasher = PL_TRY(PdqHasher::Create(size, loader));
  const std::size_t row_bytes = size.width * samples_each;
  if (samples.size() != row_bytes * size.height) {
    return Error{ErrorCode::kInvalidArgument, "The picture has another size than its samples.", "", "size"};
  }
  for (std::size_t row = 0; row < size.height; ++row) {
    const std::span<const std::uint8_t> line = samples.subspan(row * row_bytes, row_bytes);
    if (samples_each == 1) hasher.AddGreyRow(line);
    else hasher.AddRgbRow(line);
  }
  return hasher.Finish();
}

}  // namespace

Result<Pdq> HashGrey(PictureSize size, std::span<const std::uint8_t> grey, PdqLoader loader) { return HashWhole(size, grey, 1, loader); }
Result<Pdq> HashRgb(PictureSize size, std::span<const std::uint8_t> rgb, PdqLoader loader) { return HashWhole(size, rgb, 3, loader); }

}  // namespace porchlight::fingerprint
