#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "platform/auth/caller.h"
#include "platform/jobs/jobs.h"
#include "platform/store/database.h"
#include "referrals/closing.h"
#include "referrals/delivery.h"
#include "triage/tip.h"

// Where a report goes: proposals from evidence, decisions of people, and the deliveries that come of them. Each decision is one
// unit of work with its deliveries, audit entries, events and jobs, all or nothing. Thread-safe.
namespace porchlight::referrals {

// Makes the package of one delivery. {"delivery":12}
inline constexpr std::string_view kBuildPackage = "referrals.build_package";
// Looks whether a report that waits leads to two agencies that do not know of each other. {"report":17}
inline constexpr std::string_view kCheckInterests = "referrals.check_interests";
// A legal hold was lifted. {"report":17}
inline constexpr std::string_view kResumeReport = "referrals.resume_report";
// Hands a member of a bundle over to agencies of its own. {"report":17}
inline constexpr std::string_view kReferMember = "referrals.refer_member";

// What proposals are made with; everything outlives the room.
struct RoutingSources {
  const RoutingBook& routing;
  const AgencyBook& agencies;
  const geo::Database& geo;
  const PlaceNames& names;
};

class Referring {
 public:
  Referring(store::Database& database, const vault::Sealer& sealer, const RoutingSources& sources, const Clock& clock,
            const DeliveryClocks& clocks, FeedbackCodes codes, std::vector<std::string> reasons)
      : database_(database),
        sealer_(sealer),
        sources_(sources),
        clock_(clock),
        clocks_(clocks),
        codes_(std::move(codes)),
        reasons_(std::move(reasons)) {}

  const AgencyTable& agencies() const { return sources_.agencies.At(clock_.Now()); }

  // What the rules make of the report as it is now; number, cause and choice are still to come. Errors: kNotFound (also when its
  // content is gone), kCorrupt.
  Result<Decision> Assess(store::ReadTransaction& transaction, tipline::ReportId report) const;

  // The caller, who has claimed the report, gives it to these agencies, the first of them as the primary one. Empty: to those
  // that are proposed. Over at once when all of them had it before and have answered. `reason`: a code of "routing_reasons", needed when
  // it is not the proposal. Errors: kNotFound; kConflict,
  // field "claim" or "state"; kConflict, field "deconfliction", when the report is paused now because another agency has an open
  // interest in somebody in it; kInvalidArgument, field "/agencies" (unknown, twice, too many, or nothing to go by, or
  // kept from it by a supervisor) or "/reason".
  Result<Decision> Refer(const auth::Caller& caller, tipline::ReportId report, const std::vector<std::string>& agencies,
                         std::string_view reason, std::string_view request_id);

  // One more agency for a report that was handed over; what others have stays. Errors: as Refer; kConflict, field "agency", when
  // it has the report already.
  Result<Decision> Add(const auth::Caller& caller, tipline::ReportId report, std::string_view agency, std::string_view reason,
                       std::string_view request_id);

  // Takes a delivery back, which a person must decide. What was downloaded stays downloaded. A report that waited for this agency
  // alone, after others answered, is closed. Errors: kNotFound; kConflict, field
  // "delivery", when it was taken back before; kInvalidArgument, field "/reason".
  Result<Delivery> Revoke(const auth::Caller& caller, DeliveryId delivery, std::string_view reason, std::string_view request_id);

  // Closes a report that nobody has any more (unplaced.h) and that a person gives to nobody else. Errors: kNotFound; kConflict, field
  // "state", when an agency has it, or it was never handed over.
  Result<void> CloseUnplaced(const auth::Caller& caller, tipline::ReportId report, std::string_view request_id);

  // For the job: what could not be done of a report while a legal hold stood.
  Result<void> Resume(tipline::ReportId report);

  // For the job: a report whose proposal meets another agency's open interest is paused; where agencies have it already they are told. A
  // paused one that has become urgent waits no longer.
  Result<void> CheckInterests(tipline::ReportId report);

  // For the job: by the rules alone. Where nothing leads anywhere it is closed with its bundle; nothing when the report is no
  // waiting member.
  Result<void> ReferMember(tipline::ReportId report);

  // Looks, from where the search by these tables and layers stands, at up to `count_max` reports that were decided with others:
  // where they lead further now, those agencies are told too. Nothing is ever taken away. Answers whether there is more to look at.
  Result<bool> Widen(int count_max);

  // For the clock: asks the agency's alternate too. False when it has none, or has the report already.
  Result<bool> AskAlternate(store::WriteTransaction& transaction, const Delivery& delivery, Instant now) const;

  // For an agency that sends it on. Errors: kInvalidArgument, field "/agency"; kConflict, field "agency".
  Result<DeliveryId> Redirect(store::WriteTransaction& transaction, const auth::Caller& caller, const Delivery& from,
                              std::string_view agency, std::string_view request_id, Instant now) const;

 private:
  struct Asking {
    const auth::Caller& caller;
    std::string_view request_id;
    Instant now;
  };
  Result<void> CheckReason(std::string_view reason, bool needed) const;
  Result<void> CheckRuling(store::ReadTransaction& transaction, tipline::ReportId report, const std::vector<Choice>& chosen,
                           std::string_view field) const;
  Result<std::vector<Choice>> ChoicesFrom(const std::vector<std::string>& agencies, const Decision& assessed) const;
  Result<void> DecideAndGrant(store::WriteTransaction& transaction, const triage::Tip& tip, Decision& decision, const Asking& asking) const;
  // Nothing when the agency has the report already.
  Result<std::optional<DeliveryId>> Grant(store::WriteTransaction& transaction, const triage::Tip& tip, const Decision& decision,
                                          const Choice& choice, std::optional<DeliveryId> from, const Asking& asking) const;
  Result<std::optional<DeliveryId>> Renew(store::WriteTransaction& transaction, Delivery& delivery) const;
  Result<void> DropTakenBack(store::ReadTransaction& transaction, tipline::ReportId report, std::vector<Choice>& chosen) const;
  // A decision like the newest one, with one more agency.
  Result<Decision> WithOneMore(store::WriteTransaction& transaction, tipline::ReportId report, std::string_view agency, Cause cause,
                               Instant now) const;
  Result<void> WidenOne(tipline::ReportId report);

  store::Database& database_;
  const vault::Sealer& sealer_;
  const RoutingSources sources_;
  const Clock& clock_;
  const DeliveryClocks clocks_;
  const FeedbackCodes codes_;
  const std::vector<std::string> reasons_;
};

Result<void> EnqueuePackage(store::WriteTransaction& transaction, const Delivery& delivery, Instant now);
Result<void> EnqueueCheck(store::WriteTransaction& transaction, tipline::ReportId report, jobs::Lane lane, Instant now);
Result<void> EnqueueResume(store::WriteTransaction& transaction, tipline::ReportId report, Instant now);
Result<void> EnqueueMember(store::WriteTransaction& transaction, tipline::ReportId report, Instant now);

}  // namespace porchlight::referrals
