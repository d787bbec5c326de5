// Goal: text becomes an address or is refused, never guessed; each class begins and ends where IANA says.
// Method: each range's first and last address, and their neighbours outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "platform/geo/geo.h"
#include "platform/geo/internal/network.h"

namespace porchlight::geo {
namespace {

using enum AddressClass;
using ::testing::HasSubstr;

Address Parsed(std::string_view text) {
  const Result<Address> address = Address::Parse(text);
  EXPECT_TRUE(address.ok()) << text;
  return address.ok() ? *address : Address();
}

std::string ClassNameOf(std::string_view text) { return std::string(NameOf(ClassOf(Parsed(text)))); }

TEST(AddressTest, IsWrittenAsItIsUsuallyWritten) {
  for (const auto& [text, written] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"203.0.113.7", "203.0.113.7"},
           {"0.0.0.0", "0.0.0.0"},
           {"255.255.255.255", "255.255.255.255"},
           {"::", "::"},
           {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
           {"2001:db8:0000:1:0:0:1:0", "2001:db8:0:1::1:0"},
           {"2001:db8::198.51.100.9", "2001:db8::c633:6409"},
           {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
       }) {
    const Address address = Parsed(text);
    EXPECT_EQ(address.Text(), written) << text;
    EXPECT_EQ(address.IsIpv4(), written.find(':') == std::string_view::npos) << text;
    EXPECT_EQ(Parsed(written), address) << text;
    EXPECT_EQ(Address::FromBytes(address.bytes()), address) << text;
  }
}

TEST(AddressTest, MappedIpv6IsTheIpv4AddressItCarries) {
  for (const std::string_view text : {"::ffff:203.0.113.7", "::FFFF:CB00:7107", "0:0:0:0:0:ffff:203.0.113.7"}) {
    EXPECT_EQ(Parsed(text), Parsed("203.0.113.7")) << text;
    EXPECT_TRUE(Parsed(text).IsIpv4()) << text;
    EXPECT_EQ(Parsed(text).Text(), "203.0.113.7") << text;
    EXPECT_EQ(ClassNameOf(text), "documentation") << text;
  }
  EXPECT_EQ(ClassNameOf("::ffff:10.1.2.3"), "private");
  // Neither the older "compatible" form nor the translators' prefix is the mapped one.
  EXPECT_FALSE(Parsed("::203.0.113.7").IsIpv4());
  EXPECT_FALSE(Parsed("::ffff:0:203.0.113.7").IsIpv4());
  EXPECT_FALSE(Parsed("64:ff9b::203.0.113.7").IsIpv4());
}

TEST(AddressTest, AnythingElseIsRefusedWithoutRepeatingIt) {
  const std::string long_text = "2001:db8:" + std::string(200, '0') + "::1";
  for (const std::string_view text : std::initializer_list<std::string_view>{
           "", " ", "203.0.113", "203.0.113.7.1", "203.0.113.256", "203.0.113.07", "203.0.113.-7", "203.0.113.7 ", " 203.0.113.7",
           "203.0.113.7\n", "0xcb.0.113.7", "3405803783", "203.0.113.7:80", "203.0.113.7/32", "203.0.113.", ".203.0.113.7",
           "fe80::1%eth0", "fe80::1%1", "[2001:db8::1]", "2001:db8::1/128", "2001:db8::1::2", "2001:db8", "2001:db8:1:2:3:4:5",
           "2001:db8:1:2:3:4:5:6:7", "2001:db8::g", "2001:db8::12345", ":::", ":2001:db8::1", "2001:db8::1:", "::ffff:203.0.113.256",
           "::203.0.113.7:1", "localhost", "\xef\xbc\x91.2.3.4", std::string_view("203.0.113.7\0", 12),
           std::string_view("203.0.113.7\0.example", 20), std::string_view("::\0", 3), long_text,
       }) {
    const Result<Address> address = Address::Parse(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(address.error().public_text, "This is not an IP address.") << "an address is personal data, even a broken one";
    EXPECT_EQ(address.error().operator_text, "");
  }
}

// From the first to the last address of a range; `before` and `after` are the classes of the neighbours.
struct Range {
  std::string_view first, last;
  AddressClass address_class;
  std::string_view outside_before, outside_after;
  AddressClass before, after;
};
void PrintTo(const Range& range, std::ostream* out) { *out << range.first; }

class ClassRangeTest : public ::testing::TestWithParam<Range> {};

TEST_P(ClassRangeTest, BeginsAndEndsWhereItShould) {
  const Range& range = GetParam();
  EXPECT_EQ(ClassNameOf(range.first), NameOf(range.address_class));
  EXPECT_EQ(ClassNameOf(range.last), NameOf(range.address_class));
  if (!range.outside_before.empty()) {
    EXPECT_EQ(ClassNameOf(range.outside_before), NameOf(range.before)) << range.outside_before;
  }
  if (!range.outside_after.empty()) {
    EXPECT_EQ(ClassNameOf(range.outside_after), NameOf(range.after)) << range.outside_after;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ipv4, ClassRangeTest,
    ::testing::Values(
        Range{"0.0.0.0", "0.255.255.255", kReserved, "", "1.0.0.0", kPublic, kPublic},
        Range{"10.0.0.0", "10.255.255.255", kPrivate, "9.255.255.255", "11.0.0.0", kPublic, kPublic},
        Range{"100.64.0.0", "100.127.255.255", kCarrierNat, "100.63.255.255", "100.128.0.0", kPublic, kPublic},
        Range{"127.0.0.0", "127.255.255.255", kLoopback, "126.255.255.255", "128.0.0.0", kPublic, kPublic},
        Range{"169.254.0.0", "169.254.255.255", kLinkLocal, "169.253.255.255", "169.255.0.0", kPublic, kPublic},
        Range{"172.16.0.0", "172.31.255.255", kPrivate, "172.15.255.255", "172.32.0.0", kPublic, kPublic},
        Range{"192.0.0.0", "192.0.0.255", kReserved, "191.255.255.255", "192.0.1.0", kPublic, kPublic},
        Range{"192.0.2.0", "192.0.2.255", kDocumentation, "192.0.1.255", "192.0.3.0", kPublic, kPublic},
        Range{"192.88.99.0", "192.88.99.255", kReserved, "192.88.98.255", "192.88.100.0", kPublic, kPublic},
        Range{"192.168.0.0", "192.168.255.255", kPrivate, "192.167.255.255", "192.169.0.0", kPublic, kPublic},
        Range{"198.18.0.0", "198.19.255.255", kReserved, "198.17.255.255", "198.20.0.0", kPublic, kPublic},
        Range{"198.51.100.0", "198.51.100.255", kDocumentation, "198.51.99.255", "198.51.101.0", kPublic, kPublic},
        Range{"203.0.113.0", "203.0.113.255", kDocumentation, "203.0.112.255", "203.0.114.0", kPublic, kPublic},
        Range{"224.0.0.0", "239.255.255.255", kMulticast, "223.255.255.255", "240.0.0.0", kPublic, kReserved},
        Range{"240.0.0.0", "255.255.255.255", kReserved, "239.255.255.255", "", kMulticast, kReserved}));

INSTANTIATE_TEST_SUITE_P(
    Ipv6, ClassRangeTest,
    ::testing::Values(
        Range{"::", "::", kReserved, "", "::1", kReserved, kLoopback},
        Range{"::1", "::1", kLoopback, "::", "::2", kReserved, kReserved},
        Range{"::2", "::fffe:ffff:ffff", kReserved, "::1", "::ffff:0:0", kLoopback, kReserved},
        Range{"::1:0:0:0", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kReserved, "", "2000::", kReserved, kPublic},
        Range{"64:ff9b::", "64:ff9b::ffff:ffff", kReserved, "", "", kReserved, kReserved},
        Range{"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", kReserved, "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "2001:200::", kPublic, kPublic},
        Range{"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", kDocumentation, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
              "2001:db9::", kPublic, kPublic},
        Range{"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kReserved, "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "2003::", kPublic, kPublic},
        Range{"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", kDocumentation, "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "3fff:1000::", kPublic, kPublic},
        Range{"3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kPublic, "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
              "4000::", kDocumentation, kReserved},
        Range{"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kPrivate, "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "fe00::", kReserved, kReserved},
        Range{"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kLinkLocal, "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "fec0::", kReserved, kReserved},
        Range{"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", kMulticast, "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "", kReserved, kReserved}));

TEST(AddressClassTest, EachHasANumberAndANameOfItsOwn) {
  std::set<std::string_view> names;
  std::set<int> numbers;
  for (const auto& [address_class, name] : EnumNames<AddressClass>::kAll) {
    names.insert(name);
    numbers.insert(static_cast<int>(address_class));
    EXPECT_EQ(FromName<AddressClass>(name), address_class);
  }
  EXPECT_EQ(names.size(), 8U);
  EXPECT_EQ(*numbers.begin(), 1);
  EXPECT_EQ(*numbers.rbegin(), 8);
  EXPECT_EQ(ClassOf(Address()), kReserved);
}

TEST(NetworkTest, HoldsItsAddressesAndNoOthers) {
  const Network ipv4 = Network::Parse("203.0.113.64/26").value();
  EXPECT_TRUE(ipv4.Contains(Parsed("203.0.113.64")));
  EXPECT_TRUE(ipv4.Contains(Parsed("::ffff:203.0.113.127")));
  EXPECT_FALSE(ipv4.Contains(Parsed("203.0.113.63")));
  EXPECT_FALSE(ipv4.Contains(Parsed("203.0.113.128")));
  EXPECT_TRUE(Network::Parse("0.0.0.0/0").value().Contains(Parsed("255.255.255.255")));
  EXPECT_FALSE(Network::Parse("0.0.0.0/0").value().Contains(Parsed("2001:db8::1")));
  EXPECT_FALSE(Network::Parse("::/0").value().Contains(Parsed("203.0.113.1")));
  EXPECT_TRUE(Network::Parse("::/0").value().Contains(Parsed("2001:db8::1")));
  EXPECT_TRUE(Network::Parse("2001:db8::1/128").value().Contains(Parsed("2001:db8::1")));
  EXPECT_FALSE(Network::Parse("2001:db8::1/128").value().Contains(Parsed("2001:db8::2")));
}

TEST(NetworkTest, WhatCouldBeReadInTwoWaysIsRefused) {
  for (const auto& [text, why] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"", "must be a network"},
           {"203.0.113.0", "must be a network"},
           {"203.0.113.0/24/24", "must be a network"},
           {"/24", "must be a network"},
           {"203.0.113/24", "must be a network"},
           {"203.0.113.0/", "from 0 to 32"},
           {"203.0.113.0/33", "from 0 to 32"},
           {"203.0.113.0/-1", "from 0 to 32"},
           {"203.0.113.0/+24", "from 0 to 32"},
           {"203.0.113.0/024", "from 0 to 32"},
           {"203.0.113.0/ 24", "from 0 to 32"},
           {"203.0.113.0/255.255.255.0", "from 0 to 32"},
           {"2001:db8::/129", "from 0 to 128"},
           {"2001:db8::/99999999999999999999", "from 0 to 128"},
           {"203.0.113.1/24", "bits set"},
           {"2001:db8::1/64", "bits set"},
           {"::ffff:203.0.113.0/120", "written as IPv4"},
       }) {
    const Result<Network> network = Network::Parse(text);
    ASSERT_FALSE(network.ok()) << text;
    EXPECT_EQ(network.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(network.error().public_text, HasSubstr(why)) << text;
  }
}

}  // namespace
}  // namespace porchlight::geo
