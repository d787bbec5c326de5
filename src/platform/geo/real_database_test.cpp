// Goal: a database as published is read whole and places most of the public Internet. Method: a systematic sample of
// addresses, from the file that tools/get_geo leaves in build/geo, or that PORCHLIGHT_GEO_DATABASE names. Nothing of
// such a file is in the repository.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "platform/geo/geo.h"
#include "platform/geo/internal/overlay.h"

namespace porchlight::geo {
namespace {

std::string NoDigest(std::string_view) { return std::string(32, '\0'); }

std::string RealFile() {
  const char* named = std::getenv("PORCHLIGHT_GEO_DATABASE");
  if (named != nullptr && *named != '\0') return named;
  const std::string fetched = PORCHLIGHT_SOURCE_DIR "/build/geo/iptoasn-country.mmdb";
  return std::filesystem::exists(fetched) ? fetched : std::string();
}

// Spread evenly over all of IPv4: the multiples of an odd number near 2^32 over the golden ratio.
Address Sample(std::uint32_t index) {
  const std::uint32_t number = index * 2'654'435'769U;
  Address::Bytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  for (std::size_t byte = 0; byte < 4; ++byte) bytes[12 + byte] = static_cast<std::uint8_t>(number >> (24 - 8 * byte));
  return Address::FromBytes(bytes);
}

TEST(RealDatabaseTest, MostPublicAddressesHaveACountry) {
  const std::string path = RealFile();
  if (path.empty()) GTEST_SKIP() << "NOT TESTED AGAINST A REAL DATABASE: run tools/get_geo, or set PORCHLIGHT_GEO_DATABASE";
  const Result<Database> database = Database::Open({{}, {path}, NoDigest});
  ASSERT_TRUE(database.ok()) << database.error().public_text;

  int public_count = 0;
  int placed_count = 0;
  std::set<std::string> countries;
  for (std::uint32_t index = 0; index < 200'000; ++index) {
    const Answer answer = database->Lookup(Sample(index));
    if (answer.address_class != AddressClass::kPublic) {
      ASSERT_FALSE(answer.place.has_value()) << NameOf(answer.address_class);
      continue;
    }
    ++public_count;
    if (!answer.place) continue;
    ++placed_count;
    ASSERT_TRUE(IsCountryCode(answer.place->country)) << answer.place->country;
    ASSERT_TRUE(answer.place->region.empty() || IsRegionCode(answer.place->region)) << answer.place->region;
    countries.insert(answer.place->country);
  }
  // IANA keeps about one address in seven for special use.
  EXPECT_GT(public_count, 160'000);
  EXPECT_GT(placed_count, public_count * 8 / 10) << placed_count << " of " << public_count;
  EXPECT_GT(countries.size(), 100U);
  EXPECT_TRUE(countries.contains("US"));
  RecordProperty("public", public_count);
  RecordProperty("placed", placed_count);
}

}  // namespace
}  // namespace porchlight::geo
