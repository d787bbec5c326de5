#pragma once

#include <compare>
#include <cstdint>

namespace porchlight {

// A 64-bit key of one kind of record; the tag keeps a report's id from being passed as an account's.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace porchlight
