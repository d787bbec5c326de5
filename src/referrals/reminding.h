#pragma once

#include <utility>

#include "base/clock.h"
#include "platform/store/database.h"
#include "referrals/closing.h"
#include "referrals/delivery.h"
#include "referrals/referring.h"

// The clock of deliveries: what nobody looks at is called to mind, then taken to a supervisor, then to the agency's alternate;
// after a year, silence is the outcome. And the clock of platforms: agencies are told before data need not be kept any longer (D18).
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
  // Likewise tells agencies of preservation that ends: once for all notices that are due of a delivery, and never of what was of no use
  // to the agency.
  Result<int> GivePreservationNotices(int count_max = 500);

 private:
  static constexpr Duration kPutOff = Duration::Hours(1);
  // On a delivery that is locked; stores it.
  using Unit = Result<void> (Reminding::*)(store::WriteTransaction&, Delivery&, Instant) const;

  // Each in a unit of its own; one that cannot be dealt with is put off, so that it holds up none of the others.
  Result<int> Each(const std::vector<DeliveryId>& due, Instant now, Unit deal, Unit put_off);
  Result<void> TakeDueStep(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const;
  Result<void> PutOffStep(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const;
  Result<void> TakeStep(store::WriteTransaction& transaction, Delivery& delivery, Step step, Instant now) const;
  Result<void> GiveNotice(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const;
  Result<void> PutOffNotice(store::WriteTransaction& transaction, Delivery& delivery, Instant now) const;
  Result<void> RecordNotice(store::WriteTransaction& transaction, const Delivery& delivery, Instant now) const;

  store::Database& database_;
  const Referring& referring_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const FeedbackCodes codes_;
};

}  // namespace porchlight::referrals
