#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/database.h"
#include "referrals/delivery.h"

// The only SQL for single rows of referrals_*. Used by the units of work of this room.
namespace porchlight::referrals::rows {

// Adds the agencies of the table that have no row, renames those whose name changed, and marks those no longer listed.
Result<void> SyncAgencies(store::WriteTransaction& transaction, const AgencyTable& table);
// The row of an agency of the table, made when it is missing: a table may have become valid since the start. Nothing when the table
// does not list it and no row is there.
Result<std::optional<AgencyRow>> EnsureAgency(store::WriteTransaction& transaction, const AgencyTable& table, std::string_view code);
Result<std::vector<AgencyRow>> ListAgencies(store::ReadTransaction& transaction);                       // By code.
Result<std::optional<AgencyRow>> FindAgency(store::ReadTransaction& transaction, std::string_view code);
Result<std::optional<AgencyRow>> FindAgency(store::ReadTransaction& transaction, AgencyId id);
// Whose officers belong to that organisation; nothing for the centre.
Result<std::optional<AgencyRow>> AgencyOf(store::ReadTransaction& transaction, auth::OrganisationId organisation);
// Errors: kConflict when the organisation stands for another agency.
Result<void> SetOrganisation(store::WriteTransaction& transaction, AgencyId id, std::optional<auth::OrganisationId> organisation);

Result<std::vector<Decision>> DecisionsOf(store::ReadTransaction& transaction, tipline::ReportId report);   // Oldest first.
Result<std::optional<Decision>> NewestDecision(store::ReadTransaction& transaction, tipline::ReportId report);
// Errors: kUnavailable when somebody else decided meanwhile; the unit is to be run again.
Result<void> InsertDecision(store::WriteTransaction& transaction, const Decision& decision);
// Reports above `after` whose newest decision was made by other versions than these, at most `count_max`; for the widening.
Result<std::vector<tipline::ReportId>> DecidedOtherwise(store::ReadTransaction& transaction, tipline::ReportId after,
                                                        std::string_view routing, std::string_view agencies, std::string_view geo,
                                                        int count_max);

struct Walk {
  tipline::ReportId last;
  bool done = false;
};
Result<Walk> FindWalk(store::ReadTransaction& transaction, std::string_view versions);
Result<void> SaveWalk(store::WriteTransaction& transaction, std::string_view versions, const Walk& walk);

// Nothing when the agency has the report already.
Result<std::optional<DeliveryId>> InsertDelivery(store::WriteTransaction& transaction, const Delivery& delivery);
Result<std::optional<Delivery>> FindDelivery(store::ReadTransaction& transaction, DeliveryId id);
// As FindDelivery, and nobody else changes the row before this transaction ends.
Result<std::optional<Delivery>> LockDelivery(store::WriteTransaction& transaction, DeliveryId id);
Result<std::optional<Delivery>> FindDelivery(store::ReadTransaction& transaction, tipline::ReportId report, AgencyId agency);
Result<std::vector<Delivery>> DeliveriesOf(store::ReadTransaction& transaction, tipline::ReportId report);  // By id.
// All that may change of it.
Result<void> UpdateDelivery(store::WriteTransaction& transaction, const Delivery& delivery);
// Due by now, the longest due first.
Result<std::vector<DeliveryId>> DueDeliveries(store::ReadTransaction& transaction, Instant now, int count_max);
Result<std::vector<DeliveryId>> DuePreservationNotices(store::ReadTransaction& transaction, Instant now, int count_max);

// That reminders have come to, unanswered: urgent first, then the longest waiting; silence is no longer overdue.
// Those whose next step comes after `from` and not after `to`, soonest first: urgent ones, or such as a supervisor or the alternate hears
// of next.
Result<std::vector<Delivery>> ComingDeliveries(store::ReadTransaction& transaction, bool urgent, Instant from, Instant to, int count_max);
Result<std::vector<Delivery>> OverdueDeliveries(store::ReadTransaction& transaction, int count_max);

Result<void> InsertHistory(store::WriteTransaction& transaction, DeliveryId delivery, const HistoryEntry& entry);
Result<std::vector<HistoryEntry>> HistoryOf(store::ReadTransaction& transaction, DeliveryId delivery);      // Oldest first.

Result<std::optional<Package>> NewestPackage(store::ReadTransaction& transaction, DeliveryId delivery);
// False when one of that number is there.
Result<bool> InsertPackage(store::WriteTransaction& transaction, const Package& package);
Result<bool> HasPackageObject(store::ReadTransaction& transaction, std::string_view object_name);

Result<void> InsertFeedback(store::WriteTransaction& transaction, const Feedback& feedback);
Result<std::vector<Feedback>> FeedbackOf(store::ReadTransaction& transaction, DeliveryId delivery);         // Oldest first.

// As the last thing that the unit does (store::LastChanges). `month`: "2026-11".
void Tally(store::WriteTransaction& transaction, std::string_view month, std::string_view about, std::string_view subject,
           std::string_view what, std::int64_t count);

// The list of one agency: by rank, after that of `after`.
struct DeliveryFilter {
  bool bundled = false;
  bool unread = false;
  bool urgent = false;
};
struct DeliveryCursor {
  std::int64_t rank = 0;
  std::int64_t id = 0;
};
Result<std::vector<Delivery>> ListDeliveries(store::ReadTransaction& transaction, AgencyId agency, const DeliveryFilter& filter,
                                             std::optional<DeliveryCursor> after, int count_max);
// Those whose platform need not keep the data from within [first, second) on, soonest first and not sent on. The cursor's rank is
// that time in microseconds.
Result<std::vector<Delivery>> ListEnding(store::ReadTransaction& transaction, AgencyId agency, const DeliveryFilter& filter,
                                         std::pair<Instant, Instant> span, std::optional<DeliveryCursor> after, int count_max);

}  // namespace porchlight::referrals::rows
