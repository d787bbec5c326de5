// Goal: no text crashes the JSON reader, what it accepts is within its limits, and writing it reads back the same.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/json.h"

namespace {

std::size_t DepthOf(const porchlight::Json& json) {
  std::size_t deepest = 0;
  if (const auto* array = json.AsArray()) {
    for (const porchlight::Json& one : *array) deepest = std::max(deepest, DepthOf(one));
    return deepest + 1;
  }
  if (const auto* object = json.AsObject()) {
    for (const auto& [name, one] : *object) deepest = std::max(deepest, DepthOf(one));
    return deepest + 1;
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace porchlight;
  const JsonLimits limits{64 * 1024, 16};
  const Result<Json> json = ParseJson(std::string_view(reinterpret_cast<const char*>(data), size), limits);
  if (!json.ok()) return 0;
  PL_CHECK(DepthOf(*json) <= limits.depth_max);
  const JsonLimits roomy{16 << 20, 16};
  for (const std::string& text : {json->Serialize(), json->SerializePretty()}) {
    const Result<Json> again = ParseJson(text, roomy);
    PL_CHECK(again.ok() && again->Serialize() == json->Serialize());
  }
  return 0;
}
