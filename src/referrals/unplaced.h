#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/record.h"
#include "platform/store/database.h"
#include "tipline/report.h"

// Reports that were handed over and that nobody has any more. No agency looks at them and no clock runs: a person must give them
// to somebody else, or close them.
namespace porchlight::referrals {

enum class WhyUnplaced : std::uint8_t { kWrongPlace = 1, kTakenBack = 2 };   // Stored as numbers: never renumber.

struct Unplaced {
  tipline::ReportId report;
  bool urgent = false;
  Instant since;
  WhyUnplaced why = WhyUnplaced::kWrongPlace;
};

namespace rows {

// Keeps since when, if it is there already.
Result<void> NoteUnplaced(store::WriteTransaction& transaction, const Unplaced& unplaced);
Result<void> ForgetUnplaced(store::WriteTransaction& transaction, tipline::ReportId report);
Result<bool> IsUnplaced(store::ReadTransaction& transaction, tipline::ReportId report);
// Urgent first, the longest waiting first.
Result<std::vector<Unplaced>> ListUnplaced(store::ReadTransaction& transaction, int count_max);

}  // namespace rows

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::WhyUnplaced> {
  using E = referrals::WhyUnplaced;
  static constexpr std::string_view kName = "WhyUnplaced";
  static constexpr std::array kAll = {std::pair{E::kWrongPlace, std::string_view("wrong_place")},
                                      std::pair{E::kTakenBack, std::string_view("taken_back")}};
};

}  // namespace porchlight
