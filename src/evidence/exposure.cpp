#include "evidence/exposure.h"

namespace porchlight::evidence {

ExposureLimits ExposureLimits::From(const profile::Profile& profile) {
  return {profile.Number("exposure_files_per_day"), profile.Clock("exposure_per_day"), profile.Clock("exposure_once")};
}

bool IsNear(const Exposure& exposure, const ExposureLimits& limits) {
  return exposure.files * 5 >= std::int64_t{limits.files_per_day} * 4 ||
         exposure.shown.microseconds / 4 >= limits.per_day.microseconds / 5;
}

bool NoNewFile(const Exposure& exposure, const ExposureLimits& limits) { return exposure.files >= limits.files_per_day; }
bool NoMoreTime(const Exposure& exposure, const ExposureLimits& limits) { return exposure.shown >= limits.per_day; }

std::int64_t DayOf(Instant at) { return at.microseconds / Duration::Days(1).microseconds; }
Instant BeginOfDay(std::int64_t day) { return {day * Duration::Days(1).microseconds}; }

}  // namespace porchlight::evidence
