#pragma once

#include "base/clock.h"
#include "deconfliction/interest.h"
#include "referrals/agencies.h"

namespace porchlight::referrals {

// The directory as deconfliction asks for it. What it refers to outlives the answer.
deconfliction::AgencySource AgencySourceFrom(const AgencyBook& agencies, const Clock& clock);

}  // namespace porchlight::referrals
