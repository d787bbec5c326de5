// Goal: both ways of naming a country are read, in every size of file; no damage ends the process or invents a place.
// Method: files of our own writer with invented places on documentation networks; every truncation, every flipped bit,
// and the forms of damage that the library underneath does not notice, made by hand.
#include "platform/geo/internal/mmdb_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/geo/internal/mmdb_check.h"
#include "platform/geo/internal/mmdb_values.h"
#include "platform/geo/internal/overlay.h"
#include "platform/geo/testing/mmdb_writer.h"

namespace porchlight::geo {
namespace {

using testing::MmdbOptions;
using testing::MmdbWriter;
using ::testing::HasSubstr;

const std::string kName = "places.mmdb";

std::unique_ptr<const MmdbFile> Opened(const std::string& bytes) {
  Result<std::unique_ptr<const MmdbFile>> file = MmdbFile::Open(bytes, kName);
  EXPECT_TRUE(file.ok()) << file.error().public_text;
  return file.ok() ? *std::move(file) : nullptr;
}

std::string Found(const MmdbFile& file, std::string_view address) {
  const Place* place = file.Find(Address::Parse(address).value());
  return place == nullptr ? "no place" : place->country + (place->region.empty() ? "" : "-" + place->region);
}

Json MaxMindRecord(std::string_view country, std::string_view region) {
  Json record;
  record.Set("city", Json().Set("geoname_id", 7).Set("names", Json().Set("en", "Invented")));
  record.Set("country", Json().Set("iso_code", country).Set("is_in_european_union", false));
  record.Set("subdivisions", Json().Append(Json().Set("geoname_id", 8).Set("iso_code", region)).Append(Json().Set("iso_code", "ZZ")));
  return record;
}

TEST(MmdbFileTest, BothWaysOfNamingACountryAreRead) {
  MmdbWriter writer;
  writer.AddCountry("203.0.113.0/24", "US");
  writer.Add("198.51.100.0/25", MaxMindRecord("US", "OH"));
  writer.Add("198.51.100.128/25", Json().Set("country", Json().Set("iso_code", "CA")));
  writer.Add("2001:db8::/33", MaxMindRecord("MX", "JAL"));
  writer.Add("2001:db8:8000::/33", Json().Set("country_code", "US").Set("state1", "TX"));
  const auto file = Opened(writer.Write());
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->build_epoch(), 1'790'000'000U);
  EXPECT_EQ(Found(*file, "203.0.113.0"), "US");
  EXPECT_EQ(Found(*file, "203.0.113.255"), "US");
  EXPECT_EQ(Found(*file, "203.0.114.0"), "no place");
  EXPECT_EQ(Found(*file, "203.0.112.255"), "no place");
  EXPECT_EQ(Found(*file, "198.51.100.127"), "US-OH");
  EXPECT_EQ(Found(*file, "198.51.100.128"), "CA");
  EXPECT_EQ(Found(*file, "::ffff:198.51.100.128"), "CA");
  EXPECT_EQ(Found(*file, "2001:db8::1"), "MX-JAL");
  EXPECT_EQ(Found(*file, "2001:db8:8000::1"), "US-TX");
  EXPECT_EQ(Found(*file, "2001:db9::"), "no place");
}

TEST(MmdbFileTest, WhatIsNoCodeIsNoPlace) {
  MmdbWriter writer;
  const std::vector<Json> records = {
      Json(Json::Object{}),
      Json().Set("country_code", ""),
      Json().Set("country_code", "-"),
      Json().Set("country_code", "us"),
      Json().Set("country_code", "USA"),
      Json().Set("country_code", "AP"),
      Json().Set("country_code", "EU"),
      Json().Set("country_code", "XX"),
      Json().Set("country_code", "ZZ"),
      Json().Set("country_code", 840),
      Json().Set("country_code", Json().Append("US")),
      Json().Set("country", "US"),
      Json().Set("country", Json().Set("iso_code", Json(Json::Object{}))),
      Json().Set("registered_country", Json().Set("iso_code", "US")),
      Json().Set("country_code", std::string(300, 'U')),
      Json().Set("country_code", std::string(70'000, 'U')),
  };
  int index = 0;
  for (const Json& record : records) writer.Add("203.0.113." + std::to_string(index++) + "/32", record);
  writer.Add("198.51.100.0/32", Json().Set("country_code", "US").Set("state1", "Ohio"));
  writer.Add("198.51.100.1/32", Json().Set("country_code", "US").Set("subdivisions", Json(Json::Array{})));
  writer.Add("198.51.100.2/32", Json().Set("country_code", "US").Set("subdivisions", Json().Append("OH")));
  writer.Add("198.51.100.3/32", Json().Set("country_code", 1).Set("country", Json().Set("iso_code", "CA")));
  const auto file = Opened(writer.Write());
  ASSERT_NE(file, nullptr);
  for (int row = 0; row < index; ++row) EXPECT_EQ(Found(*file, "203.0.113." + std::to_string(row)), "no place") << row;
  EXPECT_EQ(Found(*file, "198.51.100.0"), "US");
  EXPECT_EQ(Found(*file, "198.51.100.1"), "US");
  EXPECT_EQ(Found(*file, "198.51.100.2"), "US");
  EXPECT_EQ(Found(*file, "198.51.100.3"), "CA");
}

TEST(MmdbFileTest, EverySizeOfRecordAndPointerIsRead) {
  for (const int bits : {24, 28, 32}) {
    for (const std::size_t padding : {std::size_t{0}, std::size_t{3000}, std::size_t{600'000}, std::size_t{9'000'000}}) {
      // 24 bits cannot point behind 16 MB; four records of 9 MB would lie there.
      if (bits == 24 && padding == 9'000'000) continue;
      MmdbOptions options;
      options.record_bits = bits;
      options.padding_bytes = padding;
      options.ip_version = bits == 32 ? 4 : 6;
      MmdbWriter writer(options);
      writer.Add("192.0.2.0/24", MaxMindRecord("CA", "ON"));
      writer.Add("203.0.113.0/24", MaxMindRecord("US", "OH"));
      writer.Add("203.0.113.128/25", MaxMindRecord("US", "PA"));
      // Its second text lies behind the first padding, so the record below points far.
      writer.Add("198.51.100.0/24", MaxMindRecord("US", "PA"));
      const auto file = Opened(writer.Write());
      ASSERT_NE(file, nullptr);
      EXPECT_EQ(Found(*file, "192.0.2.1"), "CA-ON") << bits << " " << padding;
      EXPECT_EQ(Found(*file, "203.0.113.127"), "US-OH") << bits << " " << padding;
      EXPECT_EQ(Found(*file, "203.0.113.128"), "US-PA") << bits << " " << padding;
      EXPECT_EQ(Found(*file, "198.51.100.1"), "US-PA") << bits << " " << padding;
      EXPECT_EQ(Found(*file, "2001:db8::1"), "no place") << bits << " " << padding;
    }
  }
}

TEST(MmdbFileTest, SeveralWaysIntoTheIpv4TreeAreNoDamage) {
  MmdbWriter writer;
  writer.AddCountry("203.0.113.0/24", "US");
  writer.AddIpv4Alias("::ffff:0:0:0/96");
  writer.AddIpv4Alias("2002::/16");
  const auto file = Opened(writer.Write());
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(Found(*file, "203.0.113.9"), "US");
  EXPECT_EQ(Found(*file, "2002:cb00:7109::"), "US");
}

std::string SmallFile(int record_bits) {
  MmdbOptions options;
  options.record_bits = record_bits;
  options.ip_version = 4;
  MmdbWriter writer(options);
  writer.AddCountry("192.0.0.0/3", "US");
  const Json regions = Json().Append(Json().Set("iso_code", "ON"));
  writer.Add("128.0.0.0/2", Json().Set("country", Json().Set("iso_code", "CA")).Set("subdivisions", regions));
  return writer.Write();
}

// Opens if it can; then every answer must be a place in the proper form.
bool OpensSoundly(const std::string& bytes) {
  const Result<std::unique_ptr<const MmdbFile>> file = MmdbFile::Open(bytes, kName);
  if (!file.ok()) {
    EXPECT_EQ(file.error().code, ErrorCode::kCorrupt);
    EXPECT_TRUE(file.error().public_text.starts_with(kName + ": ")) << file.error().public_text;
    return false;
  }
  for (const char* text : {"0.0.0.0", "10.1.2.3", "128.0.0.1", "192.0.2.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "::", "::1",
                           "2001:db8::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    const Place* place = (*file)->Find(Address::Parse(text).value());
    if (place == nullptr) continue;
    EXPECT_TRUE(IsCountryCode(place->country));
    EXPECT_TRUE(place->region.empty() || IsRegionCode(place->region));
  }
  return true;
}

TEST(MmdbDamageTest, EveryTruncationIsNoticed) {
  const std::string whole = SmallFile(24);
  ASSERT_TRUE(OpensSoundly(whole));
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) EXPECT_FALSE(OpensSoundly(whole.substr(0, bytes))) << bytes;
  for (std::size_t bytes = 1; bytes < 40; ++bytes) EXPECT_FALSE(OpensSoundly(whole.substr(bytes))) << bytes;
}

TEST(MmdbDamageTest, NoFlippedBitCrashes) {
  for (const int bits : {24, 28, 32}) {
    const std::string whole = SmallFile(bits);
    int noticed = 0;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      noticed += OpensSoundly(damaged) ? 0 : 1;
    }
    EXPECT_GT(noticed, static_cast<int>(whole.size())) << bits;
  }
}

TEST(MmdbDamageTest, NoLostOrForeignByteCrashes) {
  const std::string whole = SmallFile(28);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    OpensSoundly(whole.substr(0, at) + whole.substr(at + 1));
    for (const int byte : {0x00, 0x20, 0x7f, 0xe1, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(byte);
      OpensSoundly(damaged);
      OpensSoundly(whole.substr(0, at) + static_cast<char>(byte) + whole.substr(at));
    }
  }
}

std::string Refusal(const std::string& bytes) {
  const Result<std::vector<std::uint32_t>> checked = CheckMmdb(bytes, kName);
  if (checked.ok()) return "accepted";
  EXPECT_EQ(checked.error().code, ErrorCode::kCorrupt);
  return checked.error().public_text;
}

TEST(MmdbDamageTest, WhatIsNoDatabaseIsRefused) {
  EXPECT_THAT(Refusal(""), HasSubstr("places.mmdb: it has no MMDB metadata"));
  EXPECT_THAT(Refusal("{\"version\": \"1\"}"), HasSubstr("no MMDB metadata"));
  EXPECT_THAT(Refusal("\xab\xcd\xef" "MaxMind.com"), HasSubstr("damaged or cut off"));
  const std::string whole = SmallFile(24);
  EXPECT_EQ(Refusal(whole), "accepted");
  EXPECT_THAT(Refusal(whole + std::string(128 * 1024, '\0')), HasSubstr("no MMDB metadata"));
}

// A file of one node, of 24 bits a record; the data begins at record 17.
std::string OneNode(unsigned left, unsigned right, std::string_view data) {
  const auto record = [](unsigned value) {
    return std::string{static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
  };
  MmdbOptions options;
  options.ip_version = 4;
  return MmdbWriter::Assemble(record(left) + record(right), data, MmdbWriter::Metadata(1, options));
}

std::string Text(std::string_view text) { return MmdbWriter::Control(2, text.size()) + std::string(text); }
std::string MapOf(std::size_t members) { return MmdbWriter::Control(7, members); }
std::string ArrayOf(std::size_t members) { return MmdbWriter::Control(11, members); }

TEST(MmdbDamageTest, RecordsMustPointIntoTheData) {
  const std::string data = MapOf(1) + Text("country_code") + Text("US");
  EXPECT_EQ(Refusal(OneNode(1, 17, data)), "accepted");
  EXPECT_EQ(Found(*Opened(OneNode(1, 17, data)), "203.0.113.1"), "US");
  EXPECT_EQ(Found(*Opened(OneNode(1, 17, data)), "10.0.0.1"), "no place");
  // Between the tree and the data: libmaxminddb 1.7 would read four gigabytes behind the file for the last one.
  for (unsigned record = 2; record < 17; ++record) {
    EXPECT_THAT(Refusal(OneNode(1, record, data)), HasSubstr("node 0 of the search tree points outside")) << record;
  }
  EXPECT_THAT(Refusal(OneNode(1, 17 + static_cast<unsigned>(data.size()), data)), HasSubstr("points outside"));
  EXPECT_THAT(Refusal(OneNode(0xffffff, 1, data)), HasSubstr("points outside"));
  EXPECT_THAT(Refusal(OneNode(0, 1, data)), HasSubstr("node 0 of the search tree leads back"));
}

TEST(MmdbDamageTest, RecordsMustBeSoundToTheirEnd) {
  const auto pointer_to = [](std::size_t target) {
    return std::string{static_cast<char>(1 << 5 | target >> 8), static_cast<char>(target)};
  };
  std::string nested = MapOf(1) + Text("a");
  for (int depth = 0; depth < 100'000; ++depth) nested += ArrayOf(1);
  // Each list names the one before twice: 2^40 values in 40 lines.
  std::string unfolding = ArrayOf(0);
  std::size_t before = 0;
  for (int line = 0; line < 14; ++line) {
    const std::size_t here = unfolding.size();
    unfolding += ArrayOf(2) + pointer_to(before) + pointer_to(before);
    before = here;
  }
  const std::size_t top = unfolding.size();
  unfolding += MapOf(1) + Text("a") + pointer_to(before);
  struct Case {
    const char* what;
    std::string data;
    std::size_t at = 0;
  };
  for (const Case& one : std::initializer_list<Case>{
           {"no map", Text("US")},
           {"text without its end", MapOf(1) + Text("country_code") + Text("US").substr(0, 2)},
           {"more members than there are", MapOf(2) + Text("country_code") + Text("US")},
           {"sixteen million members", MmdbWriter::Control(7, 65'821 + 0xffffff)},
           {"a key that is no text", MapOf(1) + MapOf(0) + Text("US")},
           {"a number of three bytes in two", MapOf(1) + Text("a") + MmdbWriter::Number(5, 7, 3)},
           {"a type that does not exist", MapOf(1) + Text("a") + std::string("\x00\x09", 2)},
           {"an end marker", MapOf(1) + Text("a") + std::string("\x00\x06", 2)},
           {"a pointer behind the end", MapOf(1) + Text("a") + pointer_to(500)},
           {"a pointer to a pointer", MapOf(1) + Text("a") + pointer_to(3)},
           {"a pointer to itself through a map", MapOf(1) + Text("a") + pointer_to(0)},
           {"deep nesting", nested},
           {"unfolding", unfolding, top},
       }) {
    const std::string bytes = OneNode(1, 17 + static_cast<unsigned>(one.at), one.data);
    EXPECT_THAT(Refusal(bytes), HasSubstr("the record at byte " + std::to_string(22 + one.at) + " is damaged")) << one.what;
  }
}

TEST(MmdbDamageTest, TheMetadataMustBeWhole) {
  const std::string whole = MmdbWriter::Metadata(1, {});
  const std::string node = std::string("\x00\x00\x01\x00\x00\x01", 6);
  ASSERT_EQ(Refusal(MmdbWriter::Assemble(node, "\xe0", whole)), "accepted");
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string metadata = whole;
    const std::size_t at = metadata.find(from);
    EXPECT_NE(at, std::string::npos);
    metadata.replace(at, from.size(), to);
    return Refusal(MmdbWriter::Assemble(node, "\xe0", metadata));
  };
  EXPECT_THAT(with("major_version\xa2" + std::string("\x00\x02", 2), "major_version\xa1\x03"), HasSubstr("another format"));
  EXPECT_THAT(with("node_count", "node_coun_"), HasSubstr("lacks a number"));
  EXPECT_THAT(with("build_epoch", "build_epo__"), HasSubstr("lacks a number"));
  EXPECT_THAT(with("record_size\xa2" + std::string("\x00\x18", 2), "record_size\xa1\x19"), HasSubstr("lacks a number"));
  EXPECT_THAT(with("ip_version\xa2" + std::string("\x00\x06", 2), "ip_version\xa1\x05"), HasSubstr("lacks a number"));
  // The library would leak memory over these two.
  EXPECT_THAT(with(ArrayOf(1) + Text("en"), ArrayOf(1) + MapOf(0)), HasSubstr("lacks a number"));
  EXPECT_THAT(with("description" + MapOf(1) + Text("en") + Text("Invented places"), "description" + MapOf(1) + Text("en") + ArrayOf(0)),
              HasSubstr("lacks a number"));
  // More nodes than the file is long, and so many that 32 bits cannot hold their size.
  const auto nodes = [&](std::uint64_t count) { return Refusal(MmdbWriter::Assemble(node, "\xe0", MmdbWriter::Metadata(count, {}))); };
  EXPECT_THAT(nodes(2), HasSubstr("would reach behind"));
  EXPECT_THAT(nodes(0x2aaaaaac), HasSubstr("would reach behind"));
  EXPECT_THAT(nodes(0), HasSubstr("lacks a number"));
  EXPECT_THAT(Refusal(MmdbWriter::Assemble(node + "x", "\xe0", whole)), HasSubstr("no zeros"));
}

TEST(MmdbDamageTest, ATreeDeeperThanAnAddressIsRefused) {
  const auto chain = [](unsigned nodes) {
    std::string tree;
    for (unsigned node = 1; node <= nodes; ++node) {
      const char next = static_cast<char>(node);
      const char empty = static_cast<char>(nodes);
      tree += std::string{'\0', '\0', next, '\0', '\0', empty};
    }
    MmdbOptions options;
    options.ip_version = 4;
    return MmdbWriter::Assemble(tree, "\xe0", MmdbWriter::Metadata(nodes, options));
  };
  EXPECT_EQ(Refusal(chain(32)), "accepted");
  EXPECT_THAT(Refusal(chain(33)), HasSubstr("deeper than an address has bits"));
  EXPECT_THAT(Refusal(chain(200)), HasSubstr("deeper than an address has bits"));
}

}  // namespace
}  // namespace porchlight::geo
