#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace porchlight {

// A length of time in microseconds.
struct Duration {
  std::int64_t microseconds = 0;
  static constexpr Duration Milliseconds(std::int64_t count) { return {count * 1000}; }
  static constexpr Duration Seconds(std::int64_t count) { return {count * 1'000'000}; }
  static constexpr Duration Minutes(std::int64_t count) { return Seconds(count * 60); }
  static constexpr Duration Hours(std::int64_t count) { return Minutes(count * 60); }
  static constexpr Duration Days(std::int64_t count) { return Hours(count * 24); }
  constexpr auto operator<=>(const Duration&) const = default;
};

// A moment: microseconds since 1970-01-01T00:00:00Z, as stored in every time column.
struct Instant {
  std::int64_t microseconds = 0;
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration span) const { return {microseconds + span.microseconds}; }
  constexpr Instant operator-(Duration span) const { return {microseconds - span.microseconds}; }
  constexpr Duration operator-(Instant other) const { return {microseconds - other.microseconds}; }
};

// A moment together with the offset it was given in. A missing offset stays missing: we never invent one.
struct OffsetInstant {
  Instant instant;                          // Read as UTC when the offset is missing.
  std::optional<std::int32_t> offset_minutes;
};

// "2026-01-02T03:04:05.678901Z"; the fraction is left out when it is zero.
std::string FormatInstant(Instant instant);

// Reads xs:dateTime (a superset of RFC 3339: the zone may be missing, any number of fraction digits, hour 24:00:00).
// Surrounding white space is collapsed as XML Schema asks. Digits beyond microseconds are cut off.
// Errors: kInvalidArgument.
Result<OffsetInstant> ParseDateTime(std::string_view text);

// The same instant one calendar year later (29 February becomes 28 February).
Instant AddYears(Instant instant, int years);

// "2026-01-02" of the instant in UTC.
std::string FormatDate(Instant instant);
// Whether the text is such a date, of a day that exists.
bool IsDate(std::string_view text);

}  // namespace porchlight
