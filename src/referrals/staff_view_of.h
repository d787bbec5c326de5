#pragma once

#include <map>
#include <string>
#include <vector>

#include "referrals/delivery.h"
#include "referrals/staff_views.h"

// From rows to what the staff is shown.
namespace porchlight::referrals {

// Both outlive it.
class AgencyNames {
 public:
  AgencyNames(const std::vector<AgencyRow>& rows, const AgencyTable& table) : table_(table) {
    for (const AgencyRow& row : rows) {
      by_code_[row.code] = &row;
      by_id_[row.id.value] = &row;
    }
  }
  std::string NameOf(const std::string& code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? code : found->second->name;
  }
  const AgencyRow* Row(AgencyId id) const {
    const auto found = by_id_.find(id.value);
    return found == by_id_.end() ? nullptr : found->second;
  }
  std::string PhoneOf(const std::string& code) const {
    const Agency* agency = table_.Find(code);
    return agency == nullptr ? std::string() : agency->urgent_phone;
  }

 private:
  const AgencyTable& table_;
  std::map<std::string, const AgencyRow*> by_code_;
  std::map<std::int64_t, const AgencyRow*> by_id_;
};

StaffDeliveryView ViewOf(const Delivery& delivery, const AgencyNames& names);

}  // namespace porchlight::referrals
