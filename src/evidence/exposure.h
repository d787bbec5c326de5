#pragma once

#include <cstdint>

#include "base/instant.h"
#include "platform/profile/profile.h"

// How much a person may look at in a day, and what of it is used up (domain 2.9). Pure.
namespace porchlight::evidence {

struct ExposureLimits {
  int files_per_day = 200;                       // Different files, however often each is revealed.
  Duration per_day = Duration::Hours(2);         // Of previews on the screen.
  Duration once = Duration::Seconds(60);         // After it a preview goes by itself.
  // "exposure_files_per_day", "exposure_per_day", "exposure_once".
  static ExposureLimits From(const profile::Profile& profile);
};

// Of one person on one day.
struct Exposure {
  std::int64_t reveals = 0;     // Each step of blur is one.
  std::int64_t files = 0;       // Different ones.
  std::int64_t unblurred = 0;   // Reveals without any blur; counted among `reveals` too.
  Duration shown;
  bool operator==(const Exposure&) const = default;
};

// Time to say so in words: four fifths of either limit.
bool IsNear(const Exposure& exposure, const ExposureLimits& limits);
// No file that was not revealed today may be, or no file at all.
bool NoNewFile(const Exposure& exposure, const ExposureLimits& limits);
bool NoMoreTime(const Exposure& exposure, const ExposureLimits& limits);

// Days are counted in UTC, as everywhere people look at counts.
std::int64_t DayOf(Instant at);
Instant BeginOfDay(std::int64_t day);

}  // namespace porchlight::evidence
