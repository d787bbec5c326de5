#pragma once

#include <string>
#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "platform/store/database.h"
#include "referrals/delivery_actions.h"
#include "referrals/delivery_reading.h"
#include "referrals/packaging.h"

// Many deliveries of one's agency at once, under /api/v1/agency: their packages in one archive, and their data as a table or JSON. Each
// counts as downloaded, or as read, like one by itself.
namespace porchlight::referrals {

inline constexpr std::size_t kPackagesAtOnce = 50;
inline constexpr std::size_t kReportsAtOnce = 200;

class BulkHttp {
 public:
  // Everything outlives this.
  BulkHttp(store::Database& database, DeliveryActions& actions, Packaging& packaging, const DeliveryReader& reader, const Clock& clock)
      : database_(database), actions_(actions), packaging_(packaging), reader_(reader), clock_(clock) {}

  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  struct Held {
    std::vector<Delivery> free;
    std::vector<Delivery> held;                   // A legal hold stands: nothing of them goes out.
  };
  Result<http::Response> Packages(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Export(const http::Request& request, const auth::Caller& caller);
  Result<Held> Find(const auth::Caller& caller, const std::vector<DeliveryId>& ids);

  store::Database& database_;
  DeliveryActions& actions_;
  Packaging& packaging_;
  const DeliveryReader& reader_;
  const Clock& clock_;
};

}  // namespace porchlight::referrals
