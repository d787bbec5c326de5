#include "synthetic/names.h"

#include <array>
#include <cstdio>

#include "base/text.h"

namespace porchlight::synthetic {
namespace {

// Weights of places outside the US sum to 8,990, of the US to 940, of the unknown to 70: together 10,000, of which
// 89.9 % resolve outside the US (2022).
constexpr auto kPlaces = std::to_array<Place>({
    {"", "", "", 0, 0, 0, 70},
    {"US", "Springfield", "IL", 39.8, -89.6, -360, 110},
    {"US", "Austin", "TX", 30.3, -97.7, -360, 130},
    {"US", "Columbus", "OH", 40.0, -83.0, -300, 90},
    {"US", "Sacramento", "CA", 38.6, -121.5, -480, 160},
    {"US", "Albany", "NY", 42.7, -73.8, -300, 110},
    {"US", "Atlanta", "GA", 33.7, -84.4, -300, 90},
    {"US", "Phoenix", "AZ", 33.4, -112.1, -420, 70},
    {"US", "Seattle", "WA", 47.6, -122.3, -480, 70},
    {"US", "Tampa", "FL", 27.9, -82.5, -300, 110},
    {"IN", "Pune", "", 18.5, 73.9, 330, 1500},
    {"PH", "Cebu City", "", 10.3, 123.9, 480, 620},
    {"PK", "Lahore", "", 31.5, 74.3, 300, 560},
    {"ID", "Surabaya", "", -7.3, 112.7, 420, 540},
    {"BD", "Chittagong", "", 22.3, 91.8, 360, 520},
    {"BR", "Curitiba", "", -25.4, -49.3, -180, 420},
    {"VN", "Da Nang", "", 16.1, 108.2, 420, 340},
    {"DZ", "Oran", "", 35.7, -0.6, 60, 320},
    {"MX", "Puebla", "", 19.0, -98.2, -360, 320},
    {"IQ", "Basra", "", 30.5, 47.8, 180, 280},
    {"CO", "Cali", "", 3.5, -76.5, -300, 260},
    {"TH", "Chiang Mai", "", 18.8, 99.0, 420, 240},
    {"EG", "Alexandria", "", 31.2, 29.9, 120, 240},
    {"MA", "Fez", "", 34.0, -5.0, 60, 220},
    {"SA", "Jeddah", "", 21.5, 39.2, 180, 200},
    {"GB", "Leeds", "", 53.8, -1.5, 0, 200},
    {"DE", "Leipzig", "", 51.3, 12.4, 60, 190},
    {"FR", "Nantes", "", 47.2, -1.6, 60, 180},
    {"TR", "Izmir", "", 38.4, 27.1, 180, 170},
    {"AR", "Rosario", "", -32.9, -60.7, -180, 160},
    {"PE", "Arequipa", "", -16.4, -71.5, -300, 150},
    {"VE", "Valencia", "", 10.2, -68.0, -240, 140},
    {"NG", "Ibadan", "", 7.4, 3.9, 60, 130},
    {"MY", "Ipoh", "", 4.6, 101.1, 480, 130},
    {"CA", "Winnipeg", "", 49.9, -97.1, -360, 120},
    {"ES", "Zaragoza", "", 41.6, -0.9, 60, 110},
    {"IT", "Bologna", "", 44.5, 11.3, 60, 110},
    {"PL", "Poznan", "", 52.4, 16.9, 60, 100},
    {"AU", "Adelaide", "", -34.9, 138.6, 570, 90},
    {"JP", "Sendai", "", 38.3, 140.9, 540, 90},
    {"ZA", "Durban", "", -29.9, 31.0, 120, 80},
    {"KE", "Kisumu", "", -0.1, 34.8, 180, 60},
    {"NL", "Utrecht", "", 52.1, 5.1, 60, 60},
    {"CL", "Concepcion", "", -36.8, -73.1, -240, 60},
    {"SE", "Uppsala", "", 59.9, 17.6, 60, 40},
    {"NZ", "Hamilton", "", -37.8, 175.3, 720, 40},
});

constexpr auto kGivenStarts = std::to_array<std::string_view>(
    {"Al", "Be", "Ca", "Do", "El", "Fi", "Ga", "Ha", "Ivo", "Jo", "Ka", "Lu", "Ma", "Ne", "Oli", "Pe", "Qui", "Ro",
     "Sa", "Ti", "Ula", "Vi", "Wen", "Ya", "Zo", "Ðo", "Łu", "Ñe", "Ōmi", "Šar"});
constexpr auto kGivenEnds = std::to_array<std::string_view>(
    {"vin", "dra", "lo", "mira", "ten", "sso", "ria", "neth", "lune", "kar", "bel", "dor", "rík", "zël", "nua"});
constexpr auto kFamilyStarts = std::to_array<std::string_view>(
    {"Ambr", "Brov", "Cald", "Drem", "Eskil", "Farn", "Gorl", "Halv", "Istr", "Jarn", "Keld", "Lorn", "Morv", "Norl",
     "Osk", "Pellim", "Quarn", "Rusk", "Selv", "Tarv", "Ulm", "Vask", "Wend", "Yorv", "Zell", "Åsm", "Çel", "Øst"});
constexpr auto kFamilyEnds = std::to_array<std::string_view>(
    {"aro", "bury", "cott", "dal", "eno", "field", "gren", "hollow", "iko", "jano", "kamp", "lund", "moor", "nesh",
     "olen", "perri", "quist", "ridge", "sano", "torva", "ulu", "vale", "wick", "ypso", "zeni"});
constexpr auto kHandleWords = std::to_array<std::string_view>(
    {"amber", "birch", "cinder", "drift", "ember", "fjord", "gravel", "hazel", "indigo", "juniper", "kelp", "lichen",
     "maple", "nimbus", "ochre", "pebble", "quartz", "raven", "slate", "tundra", "umber", "violet", "willow", "zephyr"});
constexpr auto kMailHosts = std::to_array<std::string_view>(
    {"postbox.example", "mail.cobaltmail.example", "letters.example", "inbox.example"});
constexpr auto kAreaCodes = std::to_array<int>({202, 303, 404, 505, 606, 707, 808, 909});

template <class... Values>
std::string Printed(const char* format, Values... values) {
  std::array<char, 96> text{};
  const int size = std::snprintf(text.data(), text.size(), format, values...);
  PL_CHECK(size > 0 && static_cast<std::size_t>(size) < text.size());
  return {text.data(), static_cast<std::size_t>(size)};
}

unsigned Number(Dice& dice, std::int64_t low, std::int64_t high) {
  return static_cast<unsigned>(dice.Between(low, high));
}

std::string Handle(Dice& dice) {
  const std::string first(dice.Pick(kHandleWords));
  const std::string second(dice.Pick(kHandleWords));
  switch (dice.Below(4)) {
    case 0: return first + "_" + second;
    case 1: return first + "." + second + std::to_string(dice.Between(1, 99));
    case 2: return first + second + std::to_string(dice.Between(1970, 2015));
    default: return first + "-" + std::to_string(dice.Between(100, 9999));
  }
}

}  // namespace

std::span<const Place> Places() { return kPlaces; }

std::vector<const Place*> PlacesIn(std::string_view country) {
  std::vector<const Place*> found;
  for (const Place& place : kPlaces) {
    if (place.country == country) found.push_back(&place);
  }
  return found;
}

std::string GivenName(Dice& dice) {
  std::string name(dice.Pick(kGivenStarts));
  return name.append(dice.Pick(kGivenEnds));
}

std::string FamilyName(Dice& dice) {
  std::string name(dice.Pick(kFamilyStarts));
  return name.append(dice.Pick(kFamilyEnds));
}

std::string Ipv4Address(Dice& dice) {
  const unsigned host = Number(dice, 1, 254);
  switch (dice.Below(3)) {
    case 0: return Printed("192.0.2.%u", host);
    case 1: return Printed("198.51.100.%u", host);
    default: return Printed("203.0.113.%u", host);
  }
}

std::string Ipv6Address(Dice& dice) {
  const unsigned site = Number(dice, 1, 0xffff);
  const unsigned subnet = Number(dice, 1, 0xffff);
  return Printed("2001:db8:%x:%x::%x", site, subnet, Number(dice, 1, 0xffff));
}

std::string PhoneNumber(Dice& dice) {
  const int area = dice.Pick(kAreaCodes);
  return Printed("+1 %d 555 01%02u", area, Number(dice, 0, 99));
}

std::string DeviceIdentifier(Dice& dice) {
  const std::string digits = HexEncode(dice.random().Bytes(16));
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) +
         "-" + digits.substr(20);
}

Persona MakePersona(std::uint64_t seed, std::string_view country, std::uint64_t slot, Generation generation) {
  std::uint64_t own_seed = SeedOf(seed, slot * 2 + (generation == Generation::kChild ? 1 : 0));
  for (const char letter : country) own_seed = SeedOf(own_seed, static_cast<unsigned char>(letter));
  Dice dice(own_seed);

  Persona persona;
  persona.place = dice.Pick(PlacesIn(country));
  persona.given_name = GivenName(dice);
  persona.family_name = FamilyName(dice);
  persona.handle = Handle(dice);
  persona.other_handle = dice.Permille(500) ? persona.handle : Handle(dice);
  persona.display_name = dice.Permille(600) ? persona.given_name : std::string(dice.Pick(kHandleWords));
  persona.email = persona.handle + "@" + std::string(dice.Pick(kMailHosts));
  persona.recovery_email = Handle(dice);
  persona.recovery_email.append("@").append(dice.Pick(kMailHosts));
  persona.phone = PhoneNumber(dice);
  persona.account_number = std::to_string(dice.Between(1'000'000'000, 9'999'999'999));
  persona.device_identifier = DeviceIdentifier(dice);
  persona.addresses = {Ipv4Address(dice), dice.Permille(350) ? Ipv6Address(dice) : Ipv4Address(dice)};
  if (dice.Permille(400)) persona.addresses.push_back(Ipv6Address(dice));
  persona.age = static_cast<int>(generation == Generation::kChild ? dice.Between(7, 17) : dice.Between(18, 62));
  return persona;
}

}  // namespace porchlight::synthetic
