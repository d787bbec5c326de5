// Goal: no address, network, overlay or MMDB file crashes its reader; what is accepted is written and read back the
// same, and every place that is handed out has the form of one.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "platform/geo/geo.h"
#include "platform/geo/internal/mmdb_file.h"
#include "platform/geo/internal/network.h"
#include "platform/geo/internal/overlay.h"

namespace {

using namespace porchlight;
using namespace porchlight::geo;

void CheckPlace(const Place& place) {
  PL_CHECK(IsCountryCode(place.country));
  PL_CHECK(place.region.empty() || IsRegionCode(place.region));
}

void TryAddress(std::string_view text) {
  const Result<Address> address = Address::Parse(text);
  if (!address.ok()) return;
  const Result<Address> again = Address::Parse(address->Text());
  PL_CHECK(again.ok() && *again == *address && again->Text() == address->Text());
  PL_CHECK(NameOf(ClassOf(*address)) != "unknown");
  PL_CHECK(address->IsIpv4() == (address->Text().find(':') == std::string::npos));
}

void TryNetwork(std::string_view text) {
  const Result<Network> network = Network::Parse(text);
  if (!network.ok()) return;
  PL_CHECK(network->length >= (network->address.IsIpv4() ? 96 : 0) && network->length <= 128);
  PL_CHECK(network->Contains(network->address));
}

void TryOverlay(std::string_view text) {
  const Result<Overlay> overlay = Overlay::Parse(text, "overlay.json");
  if (!overlay.ok()) return;
  for (const char* address : {"203.0.113.1", "198.51.100.255", "2001:db8::1", "::"}) {
    const std::optional<Place>* place = overlay->Find(Address::Parse(address).value());
    if (place != nullptr && place->has_value()) CheckPlace(**place);
  }
}

void TryMmdb(std::string_view bytes) {
  const auto file = MmdbFile::Open(bytes, "places.mmdb");
  if (!file.ok()) return;
  for (const char* address : {"203.0.113.1", "192.0.2.1", "0.0.0.0", "2001:db8::1", "ffff::"}) {
    if (const Place* place = (*file)->Find(Address::Parse(address).value())) CheckPlace(*place);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryAddress(bytes);
  TryNetwork(bytes);
  TryOverlay(bytes);
  TryMmdb(bytes);
  return 0;
}
