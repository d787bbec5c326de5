#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "platform/geo/geo.h"
#include "platform/geo/internal/network.h"

namespace porchlight::geo {

namespace {

constexpr std::size_t kTextBytesMax = INET6_ADDRSTRLEN - 1;
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct ClassRow {
  Network network;
  AddressClass address_class;
};

// IANA's special-purpose address registries; the first network that has the address decides. No IPv4 row: public.
// https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry
std::vector<ClassRow> MakeClassRows() {
  using enum AddressClass;
  std::vector<ClassRow> rows;
  for (const auto& [network, address_class] : std::initializer_list<std::pair<std::string_view, AddressClass>>{
           {"0.0.0.0/8", kReserved},
           {"10.0.0.0/8", kPrivate},
           {"100.64.0.0/10", kCarrierNat},
           {"127.0.0.0/8", kLoopback},
           {"169.254.0.0/16", kLinkLocal},
           {"172.16.0.0/12", kPrivate},
           {"192.0.0.0/24", kReserved},
           {"192.0.2.0/24", kDocumentation},
           {"192.88.99.0/24", kReserved},
           {"192.168.0.0/16", kPrivate},
           {"198.18.0.0/15", kReserved},
           {"198.51.100.0/24", kDocumentation},
           {"203.0.113.0/24", kDocumentation},
           {"224.0.0.0/4", kMulticast},
           {"240.0.0.0/4", kReserved},
           {"::1/128", kLoopback},
           {"2001::/23", kReserved},
           {"2001:db8::/32", kDocumentation},
           {"2002::/16", kReserved},
           {"3fff::/20", kDocumentation},
           {"2000::/3", kPublic},
           {"fc00::/7", kPrivate},
           {"fe80::/10", kLinkLocal},
           {"ff00::/8", kMulticast},
           {"::/0", kReserved},
       }) {
    rows.push_back({Network::Parse(network).value(), address_class});
  }
  return rows;
}

}  // namespace

Result<Address> Address::Parse(std::string_view text) {
  if (text.size() <= kTextBytesMax && text.find('\0') == std::string_view::npos) {
    const std::string terminated(text);
    Bytes bytes{};
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return FromBytes(bytes);
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data() + kMappedPrefix.size()) == 1) return FromBytes(bytes);
  }
  return Error{ErrorCode::kInvalidArgument, "This is not an IP address.", {}, {}, 0};
}

Address Address::FromBytes(const Bytes& bytes) {
  Address address;
  address.bytes_ = bytes;
  return address;
}

bool Address::IsIpv4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin()); }

std::string Address::Text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IsIpv4()) inet_ntop(AF_INET, bytes_.data() + kMappedPrefix.size(), text.data(), text.size());
  else inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

AddressClass ClassOf(const Address& address) {
  static const std::vector<ClassRow> kRows = MakeClassRows();
  for (const ClassRow& row : kRows) {
    if (row.network.Contains(address)) return row.address_class;
  }
  return AddressClass::kPublic;
}

Address Masked(const Address& address, int length) {
  Address::Bytes bytes = address.bytes();
  for (int index = 0; index < static_cast<int>(bytes.size()); ++index) {
    const int kept = std::clamp(length - 8 * index, 0, 8);
    bytes[static_cast<std::size_t>(index)] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return Address::FromBytes(bytes);
}

Result<Network> Network::Parse(std::string_view text) {
  const auto wrong = [](std::string what) { return Error{ErrorCode::kInvalidArgument, std::move(what), {}, {}, 0}; };
  const std::vector<std::string_view> parts = Split(text, '/');
  const Result<Address> address = Address::Parse(parts.front());
  if (parts.size() != 2 || !address.ok()) return wrong("must be a network such as \"203.0.113.0/24\" or \"2001:db8::/32\"");
  const bool is_ipv4 = address->IsIpv4();
  if (is_ipv4 && parts.front().find(':') != std::string_view::npos) return wrong("must be written as IPv4");
  const std::optional<std::int64_t> length = ParseInteger(parts.back());
  const std::int64_t length_max = is_ipv4 ? 32 : 128;
  // Compared as text too, because "08" or "-0" would be read differently elsewhere.
  if (!length || *length < 0 || *length > length_max || std::to_string(*length) != parts.back()) {
    return wrong("must have a length from 0 to " + std::to_string(length_max));
  }
  const Network network{*address, static_cast<int>(*length) + (is_ipv4 ? 96 : 0)};
  if (Masked(network.address, network.length) != network.address) return wrong("has bits set behind its length");
  return network;
}

}  // namespace porchlight::geo
