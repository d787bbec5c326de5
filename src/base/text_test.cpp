// Goal: the small encodings agree with their RFCs and refuse everything else.
// Method: published vectors, both sides of each rule, round trips over seeded bytes.
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace porchlight {
namespace {

TEST(TextTest, Base64AgreesWithRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(Base64Encode(plain), encoded);
    EXPECT_EQ(Base64Decode(encoded), plain);
  }
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
}

TEST(TextTest, Base64IsStrict) {
  for (const char* bad : {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zm 9", "Zm9-", "=Zg="}) EXPECT_EQ(Base64Decode(bad), std::nullopt) << bad;
}

TEST(TextTest, EncodingsComeBackUnchanged) {
  SeededRandom random(3);
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random.Bytes(size);
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
    EXPECT_EQ(HexDecode(HexEncode(bytes)), bytes);
    EXPECT_EQ(PercentDecode(PercentEncode(bytes)), bytes);
  }
}

TEST(TextTest, HexIsReadInEitherCaseAndRefusedWhenOddOrForeign) {
  EXPECT_EQ(HexDecode("00fFAb"), std::string("\0\xff\xab", 3));
  EXPECT_EQ(HexDecode("0"), std::nullopt);
  EXPECT_EQ(HexDecode("0g"), std::nullopt);
}

TEST(TextTest, BrokenPercentEscapesAreRefused) {
  EXPECT_EQ(PercentDecode("a%20b"), "a b");
  EXPECT_EQ(PercentDecode("a+b"), "a+b");
  for (const char* bad : {"%", "%2", "%zz", "abc%1"}) EXPECT_EQ(PercentDecode(bad), std::nullopt) << bad;
}

TEST(TextTest, IntegersAreWholeTexts) {
  EXPECT_EQ(ParseInteger("-42"), -42);
  EXPECT_EQ(ParseInteger("9223372036854775807"), INT64_MAX);
  for (const char* bad : {"", "9223372036854775808", "1.0", " 1", "1 ", "+1", "0x1"}) EXPECT_EQ(ParseInteger(bad), std::nullopt) << bad;
}

// Plain text is looked at eight bytes at a time: whatever stands in it is found at every distance from that.
TEST(TextTest, Utf8IsCheckedWhereverItStands) {
  for (std::size_t before = 0; before <= 17; ++before) {
    for (std::size_t after = 0; after <= 17; ++after) {
      const auto within = [&](const char* middle) { return std::string(before, 'a') + middle + std::string(after, 'z'); };
      EXPECT_TRUE(IsUtf8(within("\xE2\x82\xAC"))) << before << " before, " << after << " after";
      EXPECT_FALSE(IsUtf8(within("\x80"))) << before << " before, " << after << " after";
      EXPECT_FALSE(IsUtf8(within("\xE2\x82"))) << before << " before, " << after << " after";
    }
  }
}

TEST(TextTest, Utf8IsCheckedAsUnicodeDefinesIt) {
  for (const char* good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) EXPECT_TRUE(IsUtf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << HexEncode(bad);
  }
}

TEST(TextTest, MarkupIsEscapedInTextAndAttributes) {
  EXPECT_EQ(EscapeMarkup("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST(TextTest, SplittingKeepsEmptyParts) {
  EXPECT_EQ(Split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(Split("", ',').size(), 1U);
}

TEST(TextTest, ConstantTimeComparisonComparesEverything) {
  EXPECT_TRUE(EqualsInConstantTime("secret", "secret"));
  EXPECT_FALSE(EqualsInConstantTime("secret", "Secret"));
  EXPECT_FALSE(EqualsInConstantTime("secret", "secre"));
}

}  // namespace
}  // namespace porchlight
