// Goal: our digests are the published ones, in one piece and in any pieces. Method: vectors of RFC 1321, FIPS 180-4,
// RFC 4231 and RFC 2202.
#include "platform/crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/random.h"
#include "base/text.h"

namespace porchlight::crypto {
namespace {

std::string Hex(const std::string& bytes) { return HexEncode(bytes); }
std::string Raw(const char* hex) { return HexDecode(hex).value(); }

TEST(DigestTest, Md5IsThatOfRfc1321) {
  EXPECT_EQ(Hex(Md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(Hex(Md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(Hex(Md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(Hex(Md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890")),
            "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(DigestTest, Sha1AndSha256AreThoseOfFips180) {
  EXPECT_EQ(Hex(Sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Hex(Sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(DigestTest, HmacSha256IsThatOfRfc4231) {
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(Hex(HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  // The well-known code of an empty key and an empty text.
  EXPECT_EQ(Hex(HmacSha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(DigestTest, HmacSha1IsThatOfRfc2202) {
  EXPECT_EQ(Hex(HmacSha1(std::string(20, '\x0b'), "Hi There")), "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(Hex(HmacSha1("Jefe", "what do ya want for nothing?")), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(DigestTest, FileHasherGivesTheThreeDigestsHoweverTheBytesAreCut) {
  SeededRandom random(11);
  const std::string bytes = random.Bytes(100'003);
  for (const std::size_t piece : {std::size_t{1'000}, std::size_t{16'384}, std::size_t{16'385}, bytes.size()}) {
    FileHasher hasher;
    for (std::size_t at = 0; at < bytes.size(); at += piece) hasher.Update(std::string_view(bytes).substr(at, piece));
    const FileDigests digests = hasher.Finish();
    EXPECT_EQ(digests.md5, Md5(bytes));
    EXPECT_EQ(digests.sha1, Sha1(bytes));
    EXPECT_EQ(digests.sha256, Sha256(bytes));
  }
}

TEST(DigestTest, NothingHashedIsTheDigestOfNothing) {
  FileHasher hasher;
  hasher.Update("");
  EXPECT_EQ(hasher.Finish().sha256, Sha256(""));
  EXPECT_EQ(Sha256Stream().Finish(), Sha256(""));
}

TEST(DigestTest, Sha256StreamEqualsTheDigestInOnePiece) {
  Sha256Stream stream;
  stream.Update("ab");
  Sha256Stream moved = std::move(stream);
  moved.Update("c");
  EXPECT_EQ(moved.Finish(), Raw("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(DigestTest, ManyThreadsShareTheFetchedAlgorithms) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(8);
  for (std::size_t index = 0; index < wrong.size(); ++index) {
    threads.emplace_back([&wrong, index] {
      for (int round = 0; round < 200; ++round) {
        const std::string text = std::to_string(index) + "/" + std::to_string(round);
        if (HmacSha256("key", text) != HmacSha256("key", text)) ++wrong[index];
        FileHasher hasher;
        hasher.Update(text);
        if (hasher.Finish().sha1 != Sha1(text)) ++wrong[index];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(8));
}

}  // namespace
}  // namespace porchlight::crypto
