#include "app/demo_places.h"

#include <array>
#include <string_view>

#include "base/json.h"

namespace porchlight::app {
namespace {

constexpr std::array<std::string_view, 12> kStates = {"CA", "TX", "FL", "NY", "PA", "IL", "GA", "NC", "MI", "WA", "AZ", "CO"};
constexpr std::array<std::string_view, 16> kCountries = {"CA", "GB", "MX", "BR", "PH", "IN", "DE", "FR", "NO", "ES", "AU", "JP", "ZA", "KE",
                                                         "PL", "NL"};

Json Network(const std::string& network, std::string_view country, std::string_view region) {
  Json one = Json().Set("network", network).Set("country", country);
  if (!region.empty()) one.Set("region", region);
  return one;
}

}  // namespace

std::string DemoPlaces() {
  Json networks{Json::Array{}};
  networks.Append(Network("192.0.2.0/24", "US", "OH"));
  for (std::size_t index = 0; index < kStates.size(); ++index) {
    networks.Append(Network("198.51.100." + std::to_string(index * 16) + "/28", "US", kStates.at(index)));
  }
  networks.Append(Network("198.51.100.192/26", "US", ""));
  for (std::size_t index = 0; index < kCountries.size(); ++index) {
    networks.Append(Network("203.0.113." + std::to_string(index * 16) + "/28", kCountries.at(index), ""));
  }
  networks.Append(Network("2001:db8::/33", "US", "OH"));
  networks.Append(Network("2001:db8:8000::/33", "US", "CA"));
  return Json().Set("version", "demo-1").Set("networks", std::move(networks)).SerializePretty();
}

}  // namespace porchlight::app
