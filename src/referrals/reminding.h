#pragma once

#include <utility>

#include "base/clock.h"
#include "platform/store/database.h"
#include "referrals/closing.h"
#include "referrals/delivery.h"
#include "referrals/referring.h"

// The clock of deliveries: what nobody looks at is called to mind, then taken to a supervisor, then to the agency's alternate;
// after a year, silence is the outcome.
namespace porchlight::referrals {

inline constexpr std::string_view kSweepDeliveries = "referrals.sweep_deliveries";
inline constexpr Duration kSweepDeliveriesEvery = Duration::Minutes(1);

class Reminding {
 public:
  Reminding(store::Database& database, const Referring& referring, const Clock& clock, const DeliveryClocks& clocks, FeedbackCodes codes)
      : database_(database), referring_(referring), clock_(clock), clocks_(clocks), codes_(std::move(codes)) {}

  // Takes the step that is due of up to `count_max` deliveries, each in a unit of its own; answers how many were due. A repeat
  // takes no step twice.
  Result<int> TakeSteps(int count_max = 500);

 private:
  static constexpr Duration kPutOff = Duration::Hours(1);

  Result<void> PutOff(store::WriteTransaction& transaction, DeliveryId id, Instant now) const;
  Result<void> TakeStep(store::WriteTransaction& transaction, Delivery& delivery, Step step, Instant now) const;

  store::Database& database_;
  const Referring& referring_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const FeedbackCodes codes_;
};

}  // namespace porchlight::referrals
