// Goal: sealing, passwords, signatures and codes follow their standards, and anything altered is refused.
// Method: published vectors (NIST's GCM specification, RFC 8032, RFC 6238, RFC 4648, the Argon2 reference
// implementation), then every bit of a sealed text flipped in turn.
#include "platform/crypto/secret.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/text.h"
#include "platform/crypto/chunk_cipher.h"

namespace porchlight::crypto {
namespace {

std::string Raw(std::string_view hex) { return HexDecode(hex).value(); }

// Gives out what it was told to, for published keys.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::string bytes) : bytes_(std::move(bytes)) {}
  void Fill(void* data, std::size_t size) override { bytes_.copy(static_cast<char*>(data), size); }

 private:
  std::string bytes_;
};

TEST(SealTest, IsAes256GcmOfTheNistSpecification) {
  FixedRandom zero(std::string(12, '\0'));
  EXPECT_EQ(HexEncode(Seal(std::string(32, '\0'), std::string(16, '\0'), "", zero)),
            "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");

  const std::string key = Raw("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string plain = Raw(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string context = Raw("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  FixedRandom nonce(Raw("cafebabefacedbaddecaf888"));
  const std::string sealed = Seal(key, plain, context, nonce);
  EXPECT_EQ(HexEncode(sealed),
            "cafebabefacedbaddecaf888522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b0"
            "8b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(Unseal(key, sealed, context).value(), plain);
}

TEST(SealTest, EveryFlippedBitWrongKeyWrongContextAndCutIsCorrupt) {
  SeededRandom random(1);
  const std::string key = random.Bytes(kKeyBytes);
  const std::string sealed = Seal(key, "a short text", "here", random);
  ASSERT_EQ(Unseal(key, sealed, "here").value(), "a short text");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(Unseal(key, altered, "here").error().code, ErrorCode::kCorrupt);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(Unseal(key, std::string_view(sealed).substr(0, size), "here").error().code, ErrorCode::kCorrupt);
  }
  EXPECT_EQ(Unseal(key, sealed, "there").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Unseal(random.Bytes(kKeyBytes), sealed, "here").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Unseal("short key", sealed, "here").error().code, ErrorCode::kCorrupt);
}

TEST(SealTest, TheSameTextTwiceLooksDifferentAndEmptyTextIsFine) {
  SeededRandom random(2);
  const std::string key = random.Bytes(kKeyBytes);
  EXPECT_NE(Seal(key, "same", "", random), Seal(key, "same", "", random));
  EXPECT_EQ(Unseal(key, Seal(key, "", "", random), "").value(), "");
}

TEST(ChunkCipherTest, AChunkOpensOnlyAtItsOwnPlace) {
  SeededRandom random(3);
  const std::string key = random.Bytes(kKeyBytes);
  ChunkCipher cipher(key, "header");
  std::string sealed(7 + kChunkTagBytes, '\0');
  cipher.Seal({.index = 7, .last = false}, "seventh", sealed.data());
  std::string plain;
  ASSERT_TRUE(cipher.Open({.index = 7, .last = false}, sealed, plain).ok());
  EXPECT_EQ(plain, "seventh");
  EXPECT_EQ(cipher.Open({.index = 7, .last = true}, sealed, plain).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(plain, "");
  EXPECT_FALSE(cipher.Open({.index = 6, .last = false}, sealed, plain).ok());
  EXPECT_FALSE(cipher.Open({.index = 7 + (std::uint64_t{1} << 32), .last = false}, sealed, plain).ok());
  EXPECT_FALSE(cipher.Open({.index = 7, .last = false}, "short", plain).ok());
  EXPECT_FALSE(ChunkCipher(key, "other").Open({.index = 7, .last = false}, sealed, plain).ok());
}

TEST(ChunkCipherTest, FirstChunkWithZeroNonceIsPlainGcm) {
  ChunkCipher cipher(std::string(32, '\0'), "");
  std::string sealed(16 + kChunkTagBytes, '\0');
  cipher.Seal({.index = 0, .last = false}, std::string(16, '\0'), sealed.data());
  EXPECT_EQ(HexEncode(sealed), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

// Vector of the Argon2 reference implementation's own tests.
TEST(PasswordTest, TheReferenceHashIsUnderstood) {
  constexpr std::string_view kPhc =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(PasswordMatches(kPhc, "password"));
  EXPECT_FALSE(PasswordMatches(kPhc, "Password"));
}

TEST(PasswordTest, EachHashHasItsOwnSaltAndStatesItsCost) {
  const std::string first = HashPassword("correct horse", PasswordCost::kFastForTests);
  const std::string second = HashPassword("correct horse", PasswordCost::kFastForTests);
  EXPECT_NE(first, second);
  EXPECT_TRUE(PasswordMatches(first, "correct horse"));
  EXPECT_TRUE(PasswordMatches(second, "correct horse"));
  EXPECT_FALSE(PasswordMatches(first, "correct horse "));
  EXPECT_FALSE(PasswordMatches(first, ""));
  EXPECT_TRUE(HashPassword("x", PasswordCost::kProduction).starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
}

TEST(PasswordTest, WhatIsNoHashMatchesNothing) {
  for (const std::string_view phc : {"", "plain", "$argon2id$", "$argon2i$v=19$m=8,t=3,p=1$c29tZXNhbHQ$AAAA"}) {
    EXPECT_FALSE(PasswordMatches(phc, "plain"));
    EXPECT_FALSE(PasswordMatches(phc, ""));
  }
  EXPECT_FALSE(PasswordMatches(std::string(5000, 'x'), "x"));
}

TEST(SignatureTest, IsEd25519OfRfc8032) {
  FixedRandom first(Raw("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  const SigningKey key = NewSigningKey(first);
  EXPECT_EQ(HexEncode(key.public_key), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(HexEncode(Sign(key.secret, "")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
            "be24655141438e7a100b");
  FixedRandom second(Raw("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const SigningKey other = NewSigningKey(second);
  const std::string signature = Sign(other.secret, "\x72");
  EXPECT_EQ(HexEncode(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
            "2aeeb00d291612bb0c00");
  EXPECT_TRUE(SignatureHolds(other.public_key, "\x72", signature));
  EXPECT_FALSE(SignatureHolds(other.public_key, "\x73", signature));
  EXPECT_FALSE(SignatureHolds(key.public_key, "\x72", signature));
  EXPECT_FALSE(SignatureHolds(other.public_key, "\x72", signature.substr(1)));
  EXPECT_FALSE(SignatureHolds("", "\x72", signature));
}

TEST(TotpTest, CodesAreTheLastSixDigitsOfRfc6238) {
  constexpr std::string_view kSecret = "12345678901234567890";
  EXPECT_EQ(TotpCode(kSecret, 59 / 30), "287082");
  EXPECT_EQ(TotpCode(kSecret, 1111111109 / 30), "081804");
  EXPECT_EQ(TotpCode(kSecret, 1111111111 / 30), "050471");
  EXPECT_EQ(TotpCode(kSecret, 1234567890 / 30), "005924");
  EXPECT_EQ(TotpCode(kSecret, 2000000000 / 30), "279037");
  EXPECT_EQ(TotpCode(kSecret, 20000000000 / 30), "353130");
}

TEST(Base32Test, IsThatOfRfc4648WithoutPadding) {
  EXPECT_EQ(Base32Encode(""), "");
  EXPECT_EQ(Base32Encode("f"), "MY");
  EXPECT_EQ(Base32Encode("fo"), "MZXQ");
  EXPECT_EQ(Base32Encode("foo"), "MZXW6");
  EXPECT_EQ(Base32Encode("foob"), "MZXW6YQ");
  EXPECT_EQ(Base32Encode("fooba"), "MZXW6YTB");
  EXPECT_EQ(Base32Encode("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(Base32Encode("\xff\xff\xff\xff\xff"), "77777777");
  for (const std::string_view bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(Base32Decode(Base32Encode(bytes)), bytes);
  }
  EXPECT_EQ(Base32Decode("MZ1W"), std::nullopt);
  EXPECT_EQ(Base32Decode("mzxw"), std::nullopt);
}

}  // namespace
}  // namespace porchlight::crypto
