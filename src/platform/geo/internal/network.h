#pragma once

#include <string_view>

#include "base/result.h"
#include "platform/geo/geo.h"

namespace porchlight::geo {

// The first `length` bits of the address, the others zero.
Address Masked(const Address& address, int length);

// A block of addresses. An IPv4 network's length is counted in the mapped form: 96 to 128.
struct Network {
  Address address;
  int length = 0;

  // "ADDRESS/LENGTH" with no bit set behind the length; an IPv4 network is written as IPv4. Errors: kInvalidArgument,
  // whose public_text goes on after the value's name: "must be ...".
  static Result<Network> Parse(std::string_view text);
  // An IPv4 address is in IPv4 networks only, though the bits of ::/0 would hold it.
  bool Contains(const Address& one) const { return one.IsIpv4() == address.IsIpv4() && Masked(one, length) == address; }
  auto operator<=>(const Network&) const = default;
};

}  // namespace porchlight::geo
