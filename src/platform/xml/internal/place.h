#pragma once

#include <cstdint>

#include "platform/xml/document.h"

// The library keeps lines in 16 bits and no columns, so both are packed into a node's private pointer.
namespace porchlight::xml {

static_assert(sizeof(void*) == 8, "A place needs 64 bits.");

inline void* PackPlace(Place place) {
  const auto bits = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(place.line)) << 32U) |
                    static_cast<std::uint32_t>(place.column);
  return reinterpret_cast<void*>(bits);  // NOLINT: never dereferenced.
}

inline Place UnpackPlace(const void* packed) {
  const auto bits = reinterpret_cast<std::uint64_t>(packed);  // NOLINT
  return {static_cast<int>(bits >> 32U), static_cast<int>(bits & 0xFFFFFFFFU)};
}

}  // namespace porchlight::xml
