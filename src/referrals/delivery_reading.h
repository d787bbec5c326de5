#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "evidence/gate.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "referrals/content_of.h"
#include "referrals/delivery.h"
#include "triage/rules.h"

// Everything that an agency is given of one delivery, read at one moment: for its page and for its package alike.
namespace porchlight::referrals {

struct DeliveryContent {
  Delivery delivery;
  AgencyRow agency;
  Decision decision;                              // The newest.
  tipline::FiledReport filed;
  ReportContentView report;
  std::vector<PlaceReasonView> why_here;          // The evidence that leads to this agency.
  std::string gates;                              // "FILE:SEQUENCE:open,...": what the gate said, to notice when it says another thing.
};

class DeliveryReader {
 public:
  // Everything outlives this. `platform_name`: by organisation.
  DeliveryReader(const vault::Sealer& sealer, const evidence::GateBook& gates, const triage::RuleBook& rules, const Clock& clock,
                 std::function<std::string(std::int64_t)> platform_name)
      : sealer_(sealer), gates_(gates), rules_(rules), clock_(clock), platform_name_(std::move(platform_name)) {}

  // Errors: kNotFound (also when the report's content is gone), kCorrupt.
  Result<DeliveryContent> Read(store::ReadTransaction& transaction, const Delivery& delivery) const;
  // The gates alone, as in DeliveryContent.
  Result<std::string> ReadGates(store::ReadTransaction& transaction, tipline::ReportId report) const;
  std::string PlatformName(std::int64_t organisation) const { return platform_name_(organisation); }
  const vault::Sealer& sealer() const { return sealer_; }

 private:
  Result<std::vector<evidence::FileGateView>> GatesOf(store::ReadTransaction& transaction, tipline::ReportId report) const;
  std::vector<std::string> RulesInWords(const triage::Score& score) const;

  const vault::Sealer& sealer_;
  const evidence::GateBook& gates_;
  const triage::RuleBook& rules_;
  const Clock& clock_;
  const std::function<std::string(std::int64_t)> platform_name_;
};

}  // namespace porchlight::referrals
