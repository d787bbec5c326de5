// Goal: a table answers with its narrowest network, and a table with a mistake is refused with the place of it.
#include "platform/geo/internal/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace porchlight::geo {
namespace {

using ::testing::HasSubstr;

const std::string kName = "corrections.json";

Overlay Parsed(std::string_view networks) {
  Result<Overlay> overlay = Overlay::Parse(R"({"version": "2026-11", "networks": )" + std::string(networks) + "}", kName);
  EXPECT_TRUE(overlay.ok()) << overlay.error().public_text;
  return *std::move(overlay);
}

// "US-OH", "US", "nobody knows", or "not in the table".
std::string Found(const Overlay& overlay, std::string_view address) {
  const std::optional<Place>* place = overlay.Find(Address::Parse(address).value());
  if (place == nullptr) return "not in the table";
  if (!place->has_value()) return "nobody knows";
  return (*place)->country + ((*place)->region.empty() ? "" : "-" + (*place)->region);
}

TEST(OverlayTest, TheNarrowestNetworkDecides) {
  const Overlay overlay = Parsed(R"([
      {"network": "203.0.113.0/24", "country": "US"},
      {"network": "203.0.113.64/26", "country": "US", "region": "OH"},
      {"network": "203.0.113.100/32", "country": null, "note": "an exit of a tunnel service"},
      {"network": "2001:db8::/32", "country": "CA"},
      {"network": "2001:db8:1::/48", "country": "CA", "region": "ON"},
      {"network": "2001:db8:1::5/128", "country": "MX"}])");
  EXPECT_EQ(overlay.version(), "2026-11");
  EXPECT_EQ(overlay.size(), 6U);
  EXPECT_EQ(Found(overlay, "203.0.112.255"), "not in the table");
  EXPECT_EQ(Found(overlay, "203.0.113.0"), "US");
  EXPECT_EQ(Found(overlay, "203.0.113.63"), "US");
  EXPECT_EQ(Found(overlay, "203.0.113.64"), "US-OH");
  EXPECT_EQ(Found(overlay, "203.0.113.99"), "US-OH");
  EXPECT_EQ(Found(overlay, "203.0.113.100"), "nobody knows");
  EXPECT_EQ(Found(overlay, "203.0.113.101"), "US-OH");
  EXPECT_EQ(Found(overlay, "203.0.113.127"), "US-OH");
  EXPECT_EQ(Found(overlay, "::ffff:203.0.113.127"), "US-OH");
  EXPECT_EQ(Found(overlay, "203.0.113.128"), "US");
  EXPECT_EQ(Found(overlay, "203.0.113.255"), "US");
  EXPECT_EQ(Found(overlay, "203.0.114.0"), "not in the table");
  EXPECT_EQ(Found(overlay, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"), "not in the table");
  EXPECT_EQ(Found(overlay, "2001:db8::"), "CA");
  EXPECT_EQ(Found(overlay, "2001:db8:1::4"), "CA-ON");
  EXPECT_EQ(Found(overlay, "2001:db8:1::5"), "MX");
  EXPECT_EQ(Found(overlay, "2001:db8:2::"), "CA");
  EXPECT_EQ(Found(overlay, "2001:db9::"), "not in the table");
}

TEST(OverlayTest, TheWidestNetworksKeepToTheirFamily) {
  const Overlay overlay = Parsed(R"([{"network": "::/0", "country": "CA"}, {"network": "0.0.0.0/0", "country": "US"}])");
  EXPECT_EQ(Found(overlay, "203.0.113.1"), "US");
  EXPECT_EQ(Found(overlay, "2001:db8::1"), "CA");
  EXPECT_EQ(Found(overlay, "::"), "CA");
  EXPECT_EQ(Found(Parsed(R"([{"network": "::/0", "country": "CA"}])"), "203.0.113.1"), "not in the table");
}

TEST(OverlayTest, ATableMayBeEmpty) { EXPECT_EQ(Found(Parsed("[]"), "203.0.113.1"), "not in the table"); }

TEST(OverlayTest, TheExampleInTheDocumentDoesWhatItSays) {
  std::ifstream stream(PORCHLIGHT_SOURCE_DIR "/docs/formats/geo.md", std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(stream), {});
  const std::size_t begin = page.find("```json\n") + 8;
  const Result<Overlay> overlay = Overlay::Parse(page.substr(begin, page.find("```", begin) - begin), kName);
  ASSERT_TRUE(overlay.ok()) << overlay.error().public_text;
  EXPECT_EQ(Found(*overlay, "203.0.113.1"), "US");
  EXPECT_EQ(Found(*overlay, "203.0.113.65"), "US-OH");
  EXPECT_EQ(Found(*overlay, "203.0.113.96"), "nobody knows");
  EXPECT_EQ(Found(*overlay, "2001:db8:1::1"), "CA-ON");
  EXPECT_EQ(Found(*overlay, "198.51.100.1"), "not in the table");
}

TEST(OverlayTest, AMistakeIsToldWithItsPlace) {
  const std::string row = R"({"network": "203.0.113.0/24", "country": "US"})";
  const auto with_row = [&](const std::string& second) { return R"({"version": "1", "networks": [)" + row + ", " + second + "]}"; };
  struct Case {
    std::string text, pointer, what;
  };
  for (const Case& one : std::initializer_list<Case>{
           {"", "", "line 1"},
           {"{\n  \"version\": \"1\",\n  networks: []}", "", "line 3"},
           {"[]", "", "must be an object"},
           {R"({"networks": []})", "/version", "must be 1 to 64 letters"},
           {R"({"version": 1, "networks": []})", "/version", "must be 1 to 64 letters"},
           {R"({"version": "1; 2", "networks": []})", "/version", "must be 1 to 64 letters"},
           {R"({"version": ")" + std::string(65, 'a') + R"(", "networks": []})", "/version", "must be 1 to 64 letters"},
           {R"({"version": "1"})", "/networks", "must be a list"},
           {R"({"version": "1", "networks": {}})", "/networks", "must be a list"},
           {R"({"version": "1", "networks": [], "network": []})", "/network", "is not known here"},
           {with_row("7"), "/networks/1", "must be an object"},
           {with_row("{}"), "/networks/1/network", "must be a network"},
           {with_row(R"({"network": 7, "country": "US"})"), "/networks/1/network", "must be a network"},
           {with_row(R"({"network": "203.0.113.5/24", "country": "US"})"), "/networks/1/network", "bits set"},
           {with_row(row), "/networks/1/network", "twice"},
           {with_row(R"({"network": "198.51.100.0/24"})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": ""})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "us"})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "USA"})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "EU"})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": 1})"), "/networks/1/country", "two letters"},
           {with_row(R"({"network": "198.51.100.0/24", "country": null, "region": "OH"})"), "/networks/1/region", "beside a country"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "US", "region": ""})"), "/networks/1/region", "1 to 3"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "US", "region": "Ohio"})"), "/networks/1/region", "1 to 3"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "US", "region": 39})"), "/networks/1/region", "1 to 3"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "US", "note": []})"), "/networks/1/note", "must be text"},
           {with_row(R"({"network": "198.51.100.0/24", "country": "US", "city": "x"})"), "/networks/1/city", "is not known here"},
       }) {
    const Result<Overlay> overlay = Overlay::Parse(one.text, kName);
    ASSERT_FALSE(overlay.ok()) << one.text;
    EXPECT_EQ(overlay.error().code, ErrorCode::kInvalidArgument) << one.text;
    EXPECT_EQ(overlay.error().field, one.pointer) << one.text;
    EXPECT_THAT(overlay.error().public_text, HasSubstr(one.what)) << one.text;
    EXPECT_TRUE(overlay.error().public_text.starts_with(kName + (one.pointer.empty() ? ": " : " at " + one.pointer + ": ")))
        << overlay.error().public_text;
  }
}

TEST(OverlayTest, TheLimitsAreInclusive) {
  std::string networks;
  for (int index = 0; index < 100'001; ++index) {
    networks += std::string(index == 0 ? "" : ",") + R"({"network":"198.)" + std::to_string(18 + index / 65'536) + "." +
                std::to_string(index / 256 % 256) + "." + std::to_string(index % 256) + R"(/32","country":"US"})";
    if (index == 99'999) {
      EXPECT_EQ(Parsed("[" + networks + "]").size(), 100'000U);
    }
  }
  const Result<Overlay> rows = Overlay::Parse(R"({"version":"1","networks":[)" + networks + "]}", kName);
  ASSERT_FALSE(rows.ok());
  EXPECT_THAT(rows.error().public_text, HasSubstr("100000 rows"));

  const Result<Overlay> bytes = Overlay::Parse(std::string((16 << 20) + 1, ' '), kName);
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(bytes.error().public_text, HasSubstr(kName));
}

}  // namespace
}  // namespace porchlight::geo
