#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/http/api_document.h"
#include "platform/http/routing.h"
#include "referrals/delivery_actions.h"
#include "referrals/feedback_sheet.h"

// An agency's answers in a spreadsheet: one to fill in, and one that is filled in. Under /api/v1/agency.
namespace porchlight::referrals {

class FeedbackSheetHttp {
 public:
  // `organisation`: names of platforms.
  FeedbackSheetHttp(store::Database& database, DeliveryActions& actions, SheetWords words,
                    std::function<std::string(std::int64_t)> organisation)
      : database_(database), actions_(actions), words_(std::move(words)), organisation_(std::move(organisation)) {}
  std::vector<http::Route> Routes();
  static std::vector<http::ApiOperation> Operations();

 private:
  Result<http::Response> Download(const http::Request& request, const auth::Caller& caller);
  Result<http::Response> Upload(const http::Request& request, const auth::Caller& caller);
  Result<std::optional<DeliveryId>> DeliveryOf(const auth::Caller& caller, std::int64_t report);

  store::Database& database_;
  DeliveryActions& actions_;
  const SheetWords words_;
  const std::function<std::string(std::int64_t)> organisation_;
};

}  // namespace porchlight::referrals
