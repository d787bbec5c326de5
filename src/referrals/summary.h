#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "referrals/content_views.h"

// The page of a package that people read and print. Deterministic: the same facts give the same bytes.
namespace porchlight::referrals {

struct SummaryFacts {
  std::string centre_name;
  std::string centre_contact;
  std::string agency;
  std::int64_t delivery = 0;
  Instant made_at;
  std::vector<PlaceReasonView> why_here;
};

// PDF. The date until which the provider keeps its data stands on the first line (domain 4.13, E4). Errors: kTooLarge.
Result<std::string> SummaryPdf(const ReportContentView& report, const SummaryFacts& facts);

}  // namespace porchlight::referrals
