// Goal: layers answer in their order, what is not public never gets a place from a file, and every answer names the
// layer and version it came from. Method: files of our own writer; as "public" serve networks that belong to nobody,
// 192.175.48.0/24 (RFC 7535) and the former 3ffe::/16.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "platform/geo/geo.h"
#include "platform/geo/testing/mmdb_writer.h"

namespace porchlight::geo {
namespace {

using testing::MmdbWriter;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Not the real one, which belongs to another room: 32 bytes that depend on the content.
std::string FakeSha256(std::string_view bytes) {
  std::string digest(32, '\0');
  for (std::size_t index = 0; index < bytes.size(); ++index) digest[index % 6] = static_cast<char>(digest[index % 6] * 31 + bytes[index]);
  return digest;
}

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& bytes) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  static std::string Countries(std::string_view country) {
    MmdbWriter writer;
    for (const char* network : {"192.175.48.0/24", "3ffe::/16", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8",
                                "127.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "2001:db8::/32",
                                "3fff::/20", "fc00::/7", "fe80::/10", "ff00::/8", "2002::/16"}) {
      writer.AddCountry(network, country);
    }
    return writer.Write();
  }

  static Database Opened(std::vector<std::string> overlays, std::vector<std::string> databases) {
    Result<Database> database = Database::Open({std::move(overlays), std::move(databases), FakeSha256});
    EXPECT_TRUE(database.ok()) << database.error().public_text;
    return *std::move(database);
  }

  static Error Refusal(std::vector<std::string> overlays, std::vector<std::string> databases) {
    const Result<Database> database = Database::Open({std::move(overlays), std::move(databases), FakeSha256});
    EXPECT_FALSE(database.ok());
    return database.ok() ? Error{} : database.error();
  }

  static Answer Looked(const Database& database, std::string_view address) { return database.Lookup(Address::Parse(address).value()); }
  static std::string PlaceOf(const Answer& answer) {
    if (!answer.place) return answer.layer.empty() ? "no place" : "no place by " + answer.layer;
    return answer.place->country + (answer.place->region.empty() ? "" : "-" + answer.place->region) + " by " + answer.layer;
  }

  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("porchlight_geo_" + std::to_string(getpid()));
};

TEST_F(DatabaseTest, WithoutLayersEveryAddressHasAClassAndNoPlace) {
  const Result<Database> database = Database::Open({});
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(database->version(), "none");
  for (const char* text : {"192.175.48.1", "203.0.113.1", "10.0.0.1", "3ffe::1"}) {
    const Answer answer = Looked(*database, text);
    EXPECT_EQ(PlaceOf(answer), "no place") << text;
    EXPECT_EQ(answer.version, "");
    EXPECT_EQ(answer.address_class, ClassOf(Address::Parse(text).value()));
  }
}

TEST_F(DatabaseTest, OnlyPublicAddressesGetAPlaceFromAFile) {
  const Database database = Opened({}, {Write("all.mmdb", Countries("CA"))});
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.1")), "CA by all.mmdb");
  EXPECT_EQ(PlaceOf(Looked(database, "::ffff:192.175.48.1")), "CA by all.mmdb");
  EXPECT_EQ(PlaceOf(Looked(database, "3ffe::1")), "CA by all.mmdb");
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.49.1")), "no place");
  for (const char* text : {"192.0.2.1", "198.51.100.1", "203.0.113.1", "::ffff:203.0.113.1", "10.0.0.1", "127.0.0.1", "100.64.0.1",
                           "169.254.0.1", "224.0.0.1", "240.0.0.1", "2001:db8::1", "3fff::1", "fc00::1", "fe80::1", "ff00::1", "2002::1"}) {
    const Answer answer = Looked(database, text);
    EXPECT_NE(answer.address_class, AddressClass::kPublic) << text;
    EXPECT_EQ(PlaceOf(answer), "no place") << text;
  }
}

TEST_F(DatabaseTest, AnOverlayWinsOverTheFileAndPlacesEveryClass) {
  const std::string overlay = Write("corrections.json", R"({"version": "2026-11", "networks": [
      {"network": "203.0.113.0/26", "country": "US", "region": "OH"},
      {"network": "10.0.0.0/8", "country": "US", "region": "PA"},
      {"network": "192.175.48.0/25", "country": "US"},
      {"network": "192.175.48.64/26", "country": null}]})");
  const Database database = Opened({overlay}, {Write("all.mmdb", Countries("CA"))});
  EXPECT_EQ(PlaceOf(Looked(database, "203.0.113.63")), "US-OH by corrections.json");
  EXPECT_EQ(PlaceOf(Looked(database, "203.0.113.64")), "no place");
  EXPECT_EQ(PlaceOf(Looked(database, "10.9.9.9")), "US-PA by corrections.json");
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.63")), "US by corrections.json");
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.64")), "no place by corrections.json");
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.128")), "CA by all.mmdb");
  EXPECT_EQ(Looked(database, "203.0.113.63").address_class, AddressClass::kDocumentation);
}

TEST_F(DatabaseTest, TheFirstOverlayAndTheFirstFileThatKnowDecide) {
  const std::string first = Write("first.json", R"({"version": "1", "networks": [{"network": "203.0.113.0/24", "country": "US"}]})");
  const std::string second = Write("second.json", R"({"version": "2", "networks": [
      {"network": "203.0.113.0/32", "country": "MX"}, {"network": "198.51.100.0/24", "country": "MX"}]})");
  MmdbWriter writer;
  writer.AddCountry("3ffe::/16", "US");
  const Database database = Opened({first, second}, {Write("six.mmdb", writer.Write()), Write("all.mmdb", Countries("CA"))});
  EXPECT_EQ(PlaceOf(Looked(database, "203.0.113.0")), "US by first.json") << "a narrower network in a later table does not count";
  EXPECT_EQ(PlaceOf(Looked(database, "198.51.100.0")), "MX by second.json");
  EXPECT_EQ(PlaceOf(Looked(database, "3ffe::1")), "US by six.mmdb");
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.1")), "CA by all.mmdb");
}

TEST_F(DatabaseTest, TheVersionNamesEveryLayerAndItsContent) {
  const auto version_with = [&](const std::string& country) {
    const std::string row = R"({"network": "203.0.113.0/24", "country": ")" + country + R"("})";
    const std::string overlay = Write("centre.json", R"({"version": "2026-11", "networks": [)" + row + "]}");
    return Opened({overlay}, {Write("all.mmdb", Countries("CA"))}).version();
  };
  const std::string version = version_with("US");
  EXPECT_THAT(version, ::testing::MatchesRegex("centre\\.json 2026-11 [0-9a-f]{12}; all\\.mmdb 1790000000 [0-9a-f]{12}"));
  EXPECT_EQ(version_with("US"), version);
  EXPECT_NE(version_with("MX"), version) << "another content has another version, whatever its author wrote";

  const std::string overlay = Write("centre.json", R"({"version": "7", "networks": [{"network": "203.0.113.0/24", "country": "US"}]})");
  const Database database = Opened({overlay}, {Write("all.mmdb", Countries("CA"))});
  const Answer by_overlay = Looked(database, "203.0.113.1");
  const Answer by_file = Looked(database, "192.175.48.1");
  EXPECT_EQ(database.version(), by_overlay.layer + " " + by_overlay.version + "; " + by_file.layer + " " + by_file.version);
}

TEST_F(DatabaseTest, WhatHappensToTheFileLaterChangesNothing) {
  const std::string path = Write("all.mmdb", Countries("CA"));
  const Database database = Opened({}, {path});
  std::filesystem::resize_file(path, 10);
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.1")), "CA by all.mmdb");
  Write("all.mmdb", Countries("MX"));
  EXPECT_EQ(PlaceOf(Looked(database, "192.175.48.1")), "CA by all.mmdb");
  EXPECT_EQ(PlaceOf(Looked(Opened({}, {path}), "192.175.48.1")), "MX by all.mmdb");
}

TEST_F(DatabaseTest, ALayerThatCannotBeReadIsNamed) {
  const std::string missing = folder_ / "missing.mmdb";
  EXPECT_EQ(Refusal({}, {missing}).code, ErrorCode::kNotFound);
  EXPECT_THAT(Refusal({}, {missing}).public_text, HasSubstr("missing.mmdb cannot be read"));
  EXPECT_EQ(Refusal({missing}, {}).code, ErrorCode::kNotFound);
  EXPECT_EQ(Refusal({missing + "/below"}, {}).code, ErrorCode::kNotFound);
  EXPECT_EQ(Refusal({folder_}, {}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Refusal({}, {"/dev/zero"}).code, ErrorCode::kInvalidArgument);

  const std::string cut_off = Write("cut_off.mmdb", Countries("CA").substr(0, 500));
  EXPECT_EQ(Refusal({}, {cut_off}).code, ErrorCode::kCorrupt);
  EXPECT_THAT(Refusal({}, {cut_off}).public_text, AllOf(HasSubstr("cut_off.mmdb: "), HasSubstr("cut off")));

  const std::string wrong = Write("wrong.json", R"({"version": "1", "networks": [{"network": "203.0.113.0/24", "country": "Ohio"}]})");
  EXPECT_EQ(Refusal({wrong}, {}).code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(Refusal({wrong}, {}).public_text, HasSubstr("wrong.json at /networks/0/country: "));
  EXPECT_EQ(Refusal({Write("no.json", "{")}, {}).code, ErrorCode::kInvalidArgument);

  // One in the other's place.
  EXPECT_EQ(Refusal({Write("all.mmdb", Countries("CA"))}, {}).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Refusal({}, {wrong}).code, ErrorCode::kCorrupt);
  // A good layer beside it does not help.
  EXPECT_EQ(Refusal({}, {Write("all.mmdb", Countries("CA")), missing}).code, ErrorCode::kNotFound);
}

TEST_F(DatabaseTest, AnEmptyFileIsDamaged) { EXPECT_EQ(Refusal({}, {Write("empty.mmdb", "")}).code, ErrorCode::kCorrupt); }

TEST_F(DatabaseTest, ManyThreadsGetTheSameAnswers) {
  const std::string overlay = Write("centre.json", R"({"version": "7", "networks": [{"network": "203.0.113.0/25", "country": "US"}]})");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  {
    const Database database = Opened({overlay}, {Write("all.mmdb", Countries("CA"))});
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([database, &wrong] {  // A copy, which outlives the original.
        for (int round = 0; round < 2000; ++round) {
          const std::string last = std::to_string(round % 256);
          wrong += PlaceOf(Looked(database, "192.175.48." + last)) == "CA by all.mmdb" ? 0 : 1;
          wrong += PlaceOf(Looked(database, "203.0.113." + last)) == (round % 256 < 128 ? "US by centre.json" : "no place") ? 0 : 1;
        }
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace porchlight::geo
