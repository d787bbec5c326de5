#include "referrals/staff_view_of.h"

namespace porchlight::referrals {

StaffDeliveryView ViewOf(const Delivery& one, const AgencyNames& names) {
  StaffDeliveryView view;
  view.id = one.id;
  if (const AgencyRow* agency = names.Row(one.agency)) {
    view.agency = agency->code;
    view.agency_name = agency->name;
    view.urgent_phone = names.PhoneOf(agency->code);
  }
  view.primary = one.primary;
  view.urgent = one.urgent;
  view.basis = one.basis;
  view.granted_at = one.granted_at;
  view.state = one.state;
  view.opened_at = one.opened_at;
  view.downloaded_at = one.downloaded_at;
  view.acknowledged_at = one.acknowledged_at;
  view.feedback_at = one.feedback_at;
  view.revoked_at = one.revoked_at;
  view.step = one.step;
  view.next_step_at = one.next_step_at;
  view.redirected_to = one.redirected_to;
  view.redirected_from = one.redirected_from;
  return view;
}

}  // namespace porchlight::referrals
