#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "synthetic/dice.h"

// Invented people and addresses. Names are made of syllables, so that none is a person's by more than chance; network
// addresses come from the documentation ranges (RFC 5737, RFC 3849), domains end in .example (RFC 2606), telephone
// numbers are 555-01xx (kept free for fiction).
namespace porchlight::synthetic {

// A rounded point on the map where an account may seem to be. Only the city is real.
struct Place {
  std::string_view country;     // ISO 3166-1 alpha-2; empty: location unknown.
  std::string_view city;
  std::string_view region;      // State code in the US, else empty.
  double latitude = 0;          // Rounded to a tenth of a degree.
  double longitude = 0;
  int offset_minutes = 0;       // Of local time against UTC, without daylight saving.
  std::uint32_t weight = 0;     // Among all places, as in the faithful mix; a judgement, no published figure.
};
std::span<const Place> Places();
// The places of that country; the empty code has exactly one, nameless.
std::vector<const Place*> PlacesIn(std::string_view country);

std::string GivenName(Dice& dice);
std::string FamilyName(Dice& dice);
std::string Ipv4Address(Dice& dice);
std::string Ipv6Address(Dice& dice);
// "+1 202 555 0143"
std::string PhoneNumber(Dice& dice);
// A made-up identifier in the common form of a device: 8-4-4-4-12 hexadecimal digits.
std::string DeviceIdentifier(Dice& dice);

// Somebody with an account, the same in every report that draws them.
struct Persona {
  std::string given_name;
  std::string family_name;
  std::string handle;
  std::string display_name;
  std::string email;
  std::string recovery_email;
  std::string phone;
  std::string account_number;
  std::string other_handle;              // On another platform.
  std::string device_identifier;
  std::vector<std::string> addresses;    // Network addresses they use; at least two.
  int age = 0;                           // In years.
  const Place* place = nullptr;          // Lives as long as the process.
};

enum class Generation : std::uint8_t { kAdult = 1, kChild = 2 };

// `slot` numbers the people of one country. Few slots make accounts come back, as they do in life.
Persona MakePersona(std::uint64_t seed, std::string_view country, std::uint64_t slot, Generation generation);

}  // namespace porchlight::synthetic
