#pragma once

#include <string>

namespace porchlight::app {

// An overlay (docs/formats/geo.md) that gives the documentation ranges places, so that a demonstration has a map: a good share in
// Ohio, whose officers the demonstration has, the rest over states and countries.
std::string DemoPlaces();

}  // namespace porchlight::app
