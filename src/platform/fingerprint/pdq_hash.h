#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace porchlight::fingerprint {

// Advice of PDQ's authors, to be tuned by list: a match is a distance of at most 31; hashes of a lower quality than 50
// are compared with nothing, because they are close or far by chance.
inline constexpr int kPdqMatchDistance = 31;
inline constexpr int kPdqQualityMin = 50;

// A PDQ hash: 256 bits, a value. Bit 16 i + j says whether the picture's vertical frequency i + 1 and horizontal
// frequency j + 1 lie above the median of all 256 ("The PDQ Photo Hashing Algorithm", Facebook 2019).
class PdqHash {
 public:
  static constexpr std::size_t kBits = 256;
  static constexpr std::size_t kBytes = 32;

  // Exactly 64 hex digits of either case, bit 255 first. Errors: kInvalidArgument.
  static Result<PdqHash> Parse(std::string_view text);
  // Exactly 32 bytes, bit 255 first. Errors: kInvalidArgument.
  static Result<PdqHash> FromBytes(std::string_view bytes);

  PdqHash() = default;  // No bit set, as of a picture under 5 pixels a side.
  std::string Text() const;   // 64 lower-case hex digits, what Parse reads back.
  std::string Bytes() const;  // 32 bytes, what FromBytes reads back.

  bool Bit(std::size_t index) const { return (words_[index / 64] >> (index % 64) & 1) != 0; }
  void SetBit(std::size_t index, bool value);
  // Bits 16 row to 16 row + 15, of which the first is the lowest; row is below 16.
  std::uint16_t Row(std::size_t row) const { return static_cast<std::uint16_t>(words_[row / 4] >> (row % 4 * 16)); }
  const std::array<std::uint64_t, 4>& words() const { return words_; }
  auto operator<=>(const PdqHash&) const = default;

 private:
  std::array<std::uint64_t, 4> words_{};
};

// Number of bits that differ, 0 to 256.
inline int Distance(const PdqHash& left, const PdqHash& right) {
  // Counted by hand: without a processor flag, which a distributed binary cannot ask for, std::popcount is a call.
  std::uint64_t bytes = 0;
  for (std::size_t index = 0; index < 4; ++index) {
    std::uint64_t word = left.words()[index] ^ right.words()[index];
    word -= word >> 1 & 0x5555555555555555U;
    word = (word & 0x3333333333333333U) + (word >> 2 & 0x3333333333333333U);
    bytes += (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fU;
  }
  // 256 does not fit into a byte, so the last sums take 16 bits.
  const std::uint64_t pairs = (bytes & 0x00ff00ff00ff00ffU) + (bytes >> 8 & 0x00ff00ff00ff00ffU);
  return static_cast<int>(pairs * 0x0001000100010001U >> 48);
}

}  // namespace porchlight::fingerprint
