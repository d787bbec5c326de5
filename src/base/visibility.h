#pragma once

#include <cstdint>
#include <initializer_list>

namespace porchlight {

// Who may see a field. The class belongs to the field, not to the record; a view is the record minus the fields the
// viewer's classes do not hold. Numbers are V0 to V6 of docs/visibility.md: never renumber.
enum class Visibility : std::uint8_t {
  kPublic = 0,          // Anyone.
  kPartner = 1,         // Registered distribution partners.
  kSubmitter = 2,       // Whoever submitted the record: nothing added by the centre.
  kCentre = 3,          // Staff of the program concerned.
  kLawEnforcement = 4,  // A named officer of an agency the record was made available to.
  kRestricted = 5,      // Named staff by need; every read is audited with a purpose.
  kSealed = 6,          // Legal and named staff.
};

// The classes one caller holds. Not a level: an officer holds V4 without the centre's V3.
class VisibilitySet {
 public:
  constexpr VisibilitySet() = default;
  constexpr VisibilitySet(std::initializer_list<Visibility> classes) {
    for (Visibility one : classes) Add(one);
  }
  constexpr void Add(Visibility one) { bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(one))); }
  constexpr bool Holds(Visibility one) const { return (bits_ & (1U << static_cast<unsigned>(one))) != 0; }
  static constexpr VisibilitySet All() {
    VisibilitySet all;
    all.bits_ = 0x7f;
    return all;
  }

 private:
  std::uint8_t bits_ = 1;  // Public is always held.
};

}  // namespace porchlight
