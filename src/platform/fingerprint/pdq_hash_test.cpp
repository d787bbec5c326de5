// Goal: hashes are read and printed as the field writes them, and the distance is the number of differing bits.
// Method: a published example, each malformed text, single bits, and random pairs against a count bit by bit.
#include <gtest/gtest.h>

#include <cctype>

#include "base/random.h"
#include "platform/fingerprint/pdq_hash.h"

namespace porchlight::fingerprint {
namespace {

constexpr const char* kBridge = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

TEST(PdqHashTest, TextAndBytesAreReadBack) {
  const PdqHash hash = PdqHash::Parse(kBridge).value();
  EXPECT_EQ(hash.Text(), kBridge);
  EXPECT_EQ(hash.Bytes().size(), PdqHash::kBytes);
  EXPECT_EQ(static_cast<unsigned char>(hash.Bytes()[0]), 0xf8);
  EXPECT_EQ(PdqHash::FromBytes(hash.Bytes()).value(), hash);
  EXPECT_EQ(hash.Row(0), 0x9b22);
  EXPECT_EQ(hash.Row(15), 0xf8f8);
  EXPECT_TRUE(hash.Bit(255));
  EXPECT_FALSE(hash.Bit(0));
  EXPECT_TRUE(hash.Bit(1));
  std::string upper = kBridge;
  for (char& digit : upper) digit = static_cast<char>(std::toupper(digit));
  EXPECT_EQ(PdqHash::Parse(upper).value(), hash);
}

TEST(PdqHashTest, OtherLengthsAndLettersAreRefused) {
  const std::string good = kBridge;
  for (const std::string& bad : {std::string(), good.substr(1), good + "0", good + " ", " " + good.substr(1), "g" + good.substr(1),
                                 good.substr(0, 32), std::string(64, '\0'), "0x" + good.substr(2)}) {
    EXPECT_EQ(PdqHash::Parse(bad).error().code, ErrorCode::kInvalidArgument) << bad;
  }
  EXPECT_FALSE(PdqHash::FromBytes(std::string(31, 'a')).ok());
  EXPECT_FALSE(PdqHash::FromBytes(std::string(33, 'a')).ok());
}

TEST(PdqHashTest, TheDistanceCountsDifferingBits) {
  PdqHash all;
  for (std::size_t bit = 0; bit < PdqHash::kBits; ++bit) {
    PdqHash one;
    one.SetBit(bit, true);
    EXPECT_EQ(Distance(one, PdqHash()), 1);
    EXPECT_EQ(Distance(all, PdqHash()), static_cast<int>(bit));
    all.SetBit(bit, true);
  }
  EXPECT_EQ(Distance(all, PdqHash()), 256);
  EXPECT_EQ(all.Text(), std::string(64, 'f'));
  SeededRandom random(1);
  for (int round = 0; round < 1000; ++round) {
    const PdqHash left = PdqHash::FromBytes(random.Bytes(32)).value();
    const PdqHash right = PdqHash::FromBytes(random.Bytes(32)).value();
    int count = 0;
    for (std::size_t bit = 0; bit < PdqHash::kBits; ++bit) count += left.Bit(bit) != right.Bit(bit) ? 1 : 0;
    EXPECT_EQ(Distance(left, right), count);
  }
}

}  // namespace
}  // namespace porchlight::fingerprint
