#pragma once

#include <string>
#include <vector>

#include "deconfliction/notices.h"
#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "referrals/delivery_actions.h"
#include "referrals/delivery_reading.h"
#include "referrals/packaging.h"
#include "referrals/views.h"

// What officers and police systems use, under /api/v1/agency: the deliveries of their own agency, and nothing of any other's. A
// number that is not theirs answers as one that does not exist.
namespace porchlight::referrals {

class DeliveriesHttp {
 public:
  // `login`: by account, for histories. The longest of the profile's preservation notices is how far ahead an end counts as near.
  DeliveriesHttp(store::Database& database, DeliveryActions& actions, Packaging& packaging, const DeliveryReader& reader,
                 const deconfliction::Notices& notices, std::function<std::string(std::int64_t)> login, const Clock& clock,
                 const DeliveryClocks& clocks)
      : database_(database), actions_(actions), packaging_(packaging), reader_(reader), notices_(notices), login_(std::move(login)),
        clock_(clock), near_(clocks.preservation.front()) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> List(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Counts(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Show(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Download(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Acknowledge(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Redirect(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> GiveFeedback(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> GiveBulkFeedback(const http::Request& request, const auth::Caller& caller);
  DeliveryRow RowOf(const Delivery& delivery) const;
  std::pair<Instant, Instant> EndingSoon() const { return {clock_.Now(), clock_.Now() + near_}; }
  // All but the row and the history.
  Result<DeliveryDetail> DetailOf(store::ReadTransaction& transaction, const Delivery& delivery) const;
  Result<std::vector<SamePersonView>> SamePersonAs(store::ReadTransaction& transaction, const Delivery& delivery) const;
  Result<std::vector<HappeningView>> HistoryFor(store::ReadTransaction& transaction, DeliveryId delivery) const;

  store::Database& database_;
  DeliveryActions& actions_;
  Packaging& packaging_;
  const DeliveryReader& reader_;
  const deconfliction::Notices& notices_;
  const std::function<std::string(std::int64_t)> login_;
  const Clock& clock_;
  const Duration near_;
};

}  // namespace porchlight::referrals
