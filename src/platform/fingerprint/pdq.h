#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"
#include "platform/fingerprint/pdq_hash.h"

// PDQ, a perceptual hash of pictures ("The PDQ Photo Hashing Algorithm", Facebook 2019, and the C++ reference in
// facebook/ThreatExchange): the same bits and the same quality as the reference for the same pixels.
namespace porchlight::fingerprint {

struct PictureSize {
  std::uint32_t width = 0;   // Pixels.
  std::uint32_t height = 0;  // Pixels.
  bool operator==(const PictureSize&) const = default;
};

// What happens to the pixels first. The field has both kinds of hashes, up to 10 bits apart for pictures with a side
// over 512, so whoever stores a hash stores this with it. Stored as its number: never renumber, never reuse.
enum class PdqLoader : std::uint8_t {
  kFullSize = 1,   // Nothing: as python-threatexchange and HMA do. The default here.
  kShrink512 = 2,  // To exactly 512 x 512, nearest neighbour, if a side is over 512: as the reference's command line does.
};

// How a hash's picture is turned against the one that was hashed.
enum class PdqTurn : std::uint8_t {
  kOriginal = 0,
  kQuarterLeft = 1,            // Counter-clockwise.
  kHalf = 2,
  kQuarterRight = 3,
  kTopBottomSwapped = 4,
  kLeftRightSwapped = 5,
  kMirroredOnDiagonal = 6,     // The one through the top left corner.
  kMirroredOnAntiDiagonal = 7,
};
inline constexpr std::size_t kPdqTurns = 8;

struct Pdq {
  // By PdqTurn. The turned ones are close to the hashes of really turned pictures, not equal: to find a turned copy,
  // look up all eight; none of them is a stable key.
  std::array<PdqHash, kPdqTurns> turned;
  int quality = 0;  // 0 to 100; see kPdqQualityMin.
  const PdqHash& hash() const { return turned[0]; }
  bool operator==(const Pdq&) const = default;
};

// Hashes one picture that comes row by row from the top, and keeps no picture: its memory is some 8 bytes x width x
// (2 + height / 128). Use by one thread. A picture under 5 pixels a side hashes to zero bits of quality 0, as in the
// reference.
class PdqHasher {
 public:
  static constexpr std::uint32_t kSideMax = 1U << 24;

  // Errors: kInvalidArgument when a side is 0 or over kSideMax.
  static Result<PdqHasher> Create(PictureSize size, PdqLoader loader = PdqLoader::kFullSize);
  PdqHasher(PdqHasher&&) noexcept;
  PdqHasher& operator=(PdqHasher&&) noexcept;
  ~PdqHasher();

  // The next row, 8 bits a sample: `width` bytes of grey, or 3 x `width` of red, green, blue. Alpha is dropped before,
  // not blended; 16-bit samples give their high byte. A row of another length, or too many, ends the process.
  void AddGreyRow(std::span<const std::uint8_t> grey);
  void AddRgbRow(std::span<const std::uint8_t> rgb);
  // After the last row, once; earlier it ends the process.
  Pdq Finish();

 private:
  struct Inner;
  explicit PdqHasher(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

// A whole picture, rows without gaps: width x height bytes of grey. Errors: kInvalidArgument when the sizes disagree.
Result<Pdq> HashGrey(PictureSize size, std::span<const std::uint8_t> grey, PdqLoader loader = PdqLoader::kFullSize);
// 3 x width x height bytes of red, green, blue.
Result<Pdq> HashRgb(PictureSize size, std::span<const std::uint8_t> rgb, PdqLoader loader = PdqLoader::kFullSize);

}  // namespace porchlight::fingerprint
