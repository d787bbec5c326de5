#include "referrals/agency_source.h"

#include "referrals/delivery_rows.h"

namespace porchlight::referrals {

namespace {

Result<std::optional<std::string>> CodeOf(store::ReadTransaction& transaction, auth::OrganisationId organisation) {
  const std::optional<AgencyRow> agency = PL_TRY(rows::AgencyOf(transaction, organisation));
  return agency ? std::optional(agency->code) : std::optional<std::string>();
}

Result<std::int64_t> DeliveryOf(store::ReadTransaction& transaction, tipline::ReportId report, std::string_view code) {
  const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, code));
  if (!agency) return 0;
  const std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, report, agency->id));
  return delivery && !delivery->revoked_at ? delivery->id.value : 0;
}

}  // namespace

deconfliction::AgencySource AgencySourceFrom(const AgencyBook& agencies, const Clock& clock) {
  const auto card = [&agencies, &clock](std::string_view code) {
    const Agency* agency = agencies.At(clock.Now()).Find(code);
    if (agency == nullptr) return deconfliction::AgencyCard{std::string(code), std::string(code), {}, {}};
    return deconfliction::AgencyCard{agency->code, agency->name, agency->contact, agency->urgent_phone};
  };
  return {CodeOf, card, DeliveryOf};
}

}  // namespace porchlight::referrals
