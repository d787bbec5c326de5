#pragma once

#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/record.h"
#include "platform/store/database.h"
#include "tipline/report.h"

// Reports that were handed over and that nobody has any more. No agency looks at them and no clock runs: a person must give them
// to somebody else, or close them.
namespace porchlight::referrals {

// Stored as numbers: never renumber.
enum class WhyUnplaced : std::uint8_t {
  kWrongPlace = 1,   // Those who have it said so.
  kTakenBack = 2,    // From all who had it.
  kSentOn = 3,       // By those who had it, to where it is not, or was before.
};

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
Result<std::optional<Unplaced>> FindUnplaced(store::ReadTransaction& transaction, tipline::ReportId report);
// Urgent first, the longest waiting first, until `visit` says no. Some may be held or opened again meanwhile.
Result<void> EachUnplaced(store::ReadTransaction& transaction, const std::function<Result<bool>(const Unplaced&)>& visit);

}  // namespace rows

}  // namespace porchlight::referrals

namespace porchlight {

template <>
struct EnumNames<referrals::WhyUnplaced> {
  using E = referrals::WhyUnplaced;
  static constexpr std::string_view kName = "WhyUnplaced";
  static constexpr std::array kAll = {std::pair{E::kWrongPlace, std::string_view("wrong_place")},
                                      std::pair{E::kTakenBack, std::string_view("taken_back")},
                                      std::pair{E::kSentOn, std::string_view("sent_on")}};
};

}  // namespace porchlight
