#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/record.h"
#include "base/result.h"

// Where an IP address leads, from versioned layers: MMDB files, and tables of ours that win over them. A place found
// here is a hint for routing, never a fact about a person. Formats: docs/formats/geo.md.
namespace porchlight::geo {

// An IPv4 or IPv6 address; a value. It is personal data: no error text of this room repeats one.
class Address {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  // IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291 section 2.2, IPv4-mapped IPv6 as the IPv4
  // address it carries. White space, zone ids, ports and brackets are refused. Errors: kInvalidArgument.
  static Result<Address> Parse(std::string_view text);
  // Most significant byte first; IPv4 as ::ffff:a.b.c.d.
  static Address FromBytes(const Bytes& bytes);

  Address() = default;  // The unspecified address "::".
  bool IsIpv4() const;
  const Bytes& bytes() const { return bytes_; }
  std::string Text() const;  // What Parse reads back; IPv6 as in RFC 5952.
  auto operator<=>(const Address&) const = default;

 private:
  Bytes bytes_{};
};

// What an address is for, by the registries of IANA. Stored as its number: never renumber, never reuse.
enum class AddressClass : std::uint8_t {
  kPublic = 1,
  kPrivate = 2,        // RFC 1918, and fc00::/7.
  kLoopback = 3,
  kLinkLocal = 4,
  kCarrierNat = 5,     // 100.64.0.0/10: many customers of one provider.
  kDocumentation = 6,  // Demonstrations and tests use these.
  kMulticast = 7,
  kReserved = 8,       // Everything else, among it 6to4, Teredo and NAT64: they carry an address, they are none.
};

AddressClass ClassOf(const Address& address);

struct Place {
  std::string country;  // ISO 3166-1 alpha-2.
  std::string region;   // Second part of ISO 3166-2, such as "OH" for US-OH; empty if not known.
  bool operator==(const Place&) const = default;
};

struct Answer {
  AddressClass address_class = AddressClass::kReserved;
  std::optional<Place> place;
  std::string layer;    // File name of the layer that decided; empty if none knows the address.
  std::string version;  // Of that layer, as in Database::version().
};

struct Options {
  std::vector<std::string> overlays;   // Paths of JSON tables. The first that has the address decides.
  std::vector<std::string> databases;  // Paths of MMDB files, asked after all overlays. The first that knows a place decides.
  // crypto::Sha256; passed in because this room uses nothing but base. Needed as soon as there is a layer.
  std::string (*sha256)(std::string_view bytes) = nullptr;
};

// All layers, read whole and checked at Open; a file that changes later changes nothing here. Immutable, safe from any
// thread; copies share their content.
class Database {
 public:
  // Without layers it succeeds and knows no place. Errors, all with the file's name and the place in it: kNotFound,
  // kForbidden, kInvalidArgument (an overlay breaks its format, a path is no file), kCorrupt (an MMDB file is
  // damaged or cut off), kTooLarge.
  static Result<Database> Open(const Options& options);

  // Only addresses of the class kPublic are looked up in MMDB files; in overlays all are.
  Answer Lookup(const Address& address) const;

  // Each layer as "NAME VERSION DIGEST", in the order of asking, joined by "; ": file name, an overlay's version or an
  // MMDB file's build epoch, first 12 hex digits of the file's SHA-256. "none" without layers. Store it with what was
  // decided by a place.
  const std::string& version() const;

 private:
  struct Inner;
  explicit Database(std::shared_ptr<const Inner> inner) : inner_(std::move(inner)) {}
  std::shared_ptr<const Inner> inner_;
};

}  // namespace porchlight::geo

namespace porchlight {

template <>
struct EnumNames<geo::AddressClass> {
  using E = geo::AddressClass;
  static constexpr std::string_view kName = "AddressClass";
  static constexpr std::array kAll = {
      std::pair{E::kPublic, std::string_view("public")},
      std::pair{E::kPrivate, std::string_view("private")},
      std::pair{E::kLoopback, std::string_view("loopback")},
      std::pair{E::kLinkLocal, std::string_view("link_local")},
      std::pair{E::kCarrierNat, std::string_view("carrier_nat")},
      std::pair{E::kDocumentation, std::string_view("documentation")},
      std::pair{E::kMulticast, std::string_view("multicast")},
      std::pair{E::kReserved, std::string_view("reserved")},
  };
};

}  // namespace porchlight
