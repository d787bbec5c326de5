#include "referrals/referring.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "deconfliction/meeting.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/events.h"
#include "referrals/notifying.h"
#include "referrals/tallies.h"
#include "referrals/unplaced.h"
#include "triage/handing_over.h"

namespace porchlight::referrals {

namespace {

using tipline::ReportId;

constexpr std::size_t kAgenciesMax = 20;

Error Refused(std::string_view field, std::string text) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::string(field), 0};
}
Error NoReport() { return Error{ErrorCode::kNotFound, "There is no such report.", {}, "report", 0}; }

// The same agencies with the same first one.
bool SameAgencies(const std::vector<Choice>& left, const std::vector<Choice>& right) {
  if (left.size() != right.size() || (!left.empty() && left.front().agency != right.front().agency)) return false;
  return std::all_of(left.begin(), left.end(), [&](const Choice& one) { return Holds(right, one.agency); });
}

// What supervisors decided between agencies holds for every proposal.
void Follow(const deconfliction::Ruling& ruling, const AgencyTable& agencies, std::vector<Choice>& proposed) {
  std::erase_if(proposed, [&](const Choice& one) { return ruling.KeepsFrom(one.agency); });
  for (const std::string& agency : ruling.goes_to) {
    if (!Holds(proposed, agency) && agencies.Find(agency) != nullptr) proposed.push_back({agency, false, {}});
  }
  if (!proposed.empty()) proposed.front().primary = true;
}

Error NotHandedOver() {
  return Error{ErrorCode::kConflict, "The report is not with agencies now: refer it first.", {}, "state", 0};
}

int LeadEvidence(const Decision& decision, const Choice& choice) {
  int best_weight = 0;
  int kind = 0;
  for (const std::size_t index : choice.candidates) {
    if (index >= decision.candidates.size()) continue;
    for (const std::size_t number : decision.candidates[index].evidence) {
      if (number >= decision.evidence.size() || decision.evidence[number].weight <= best_weight) continue;
      best_weight = decision.evidence[number].weight;
      kind = static_cast<int>(decision.evidence[number].kind);
    }
  }
  return kind;
}

audit::Entry EntryOf(std::string_view action, ReportId report, Json detail, std::string_view request_id) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "report";
  entry.subject = report.value;
  entry.detail = detail.Serialize();
  entry.request_id = request_id;
  return entry;
}

}  // namespace

Result<void> EnqueuePackage(store::WriteTransaction& transaction, const Delivery& delivery, Instant now) {
  jobs::NewJob job;
  job.kind = kBuildPackage;
  job.payload = Json().Set("delivery", delivery.id.value).Serialize();
  job.lane = delivery.urgent ? jobs::Lane::kUrgent : (delivery.bundled ? jobs::Lane::kBulk : jobs::Lane::kNormal);
  job.unique_key = std::to_string(delivery.id.value);
  return jobs::Enqueue(transaction, job, now);
}

namespace {

Result<void> EnqueueOf(store::WriteTransaction& transaction, std::string_view kind, jobs::Lane lane, ReportId report, Instant now) {
  jobs::NewJob job;
  job.kind = kind;
  job.payload = Json().Set("report", report.value).Serialize();
  job.lane = lane;
  job.unique_key = std::to_string(report.value);
  return jobs::Enqueue(transaction, job, now);
}

}  // namespace

Result<void> EnqueueMember(store::WriteTransaction& transaction, ReportId report, Instant now) {
  return EnqueueOf(transaction, kReferMember, jobs::Lane::kBulk, report, now);
}

Result<void> EnqueueCheck(store::WriteTransaction& transaction, ReportId report, jobs::Lane lane, Instant now) {
  return EnqueueOf(transaction, kCheckInterests, lane, report, now);
}

Result<void> EnqueueResume(store::WriteTransaction& transaction, ReportId report, Instant now) {
  return EnqueueOf(transaction, kResumeReport, jobs::Lane::kNormal, report, now);
}

Result<Decision> Referring::Assess(store::ReadTransaction& transaction, ReportId report) const {
  const Instant now = clock_.Now();
  const tipline::FiledReport filed = PL_TRY(tipline::FindFiled(transaction, sealer_, report));
  const RoutingTable& table = sources_.routing.At(now);
  const AgencyTable& agencies = sources_.agencies.At(now);
  Decision decision;
  decision.report = report;
  decision.at = now;
  decision.routing_version = table.version;
  decision.agencies_version = agencies.version;
  decision.geo_version = sources_.geo.version();
  FoundPlaces places = FindPlaces(filed, table, sources_.geo, sources_.names);
  decision.evidence = std::move(places.evidence);
  decision.evidence_left_out = places.left_out;
  decision.candidates = Weigh(decision.evidence, table);
  const Proposal proposal = Propose(decision.candidates, table, agencies, FormatDate(now));
  decision.confidence = proposal.confidence;
  decision.proposed = proposal.choices;
  Follow(PL_TRY(deconfliction::RulingOf(transaction, report)), agencies, decision.proposed);
  return decision;
}

Result<void> Referring::CheckReason(std::string_view reason, bool needed) const {
  if (reason.empty() && !needed) return {};
  if (std::find(reasons_.begin(), reasons_.end(), reason) != reasons_.end()) return {};
  if (reason.empty()) return Refused("/reason", "This is not what is proposed: say why, by a code of routing_reasons.");
  return Refused("/reason", "The reason must be a code of routing_reasons.");
}

Result<std::vector<Choice>> Referring::ChoicesFrom(const std::vector<std::string>& agencies, const Decision& assessed) const {
  if (agencies.empty() && assessed.proposed.empty()) {
    return Refused("/agencies", "Nothing in the report leads to a place: name an agency, or close it as informational.");
  }
  if (agencies.empty()) return assessed.proposed;
  if (agencies.size() > kAgenciesMax) return Refused("/agencies", "At most 20 agencies at a time.");
  std::vector<Choice> choices;
  for (const std::string& code : agencies) {
    if (this->agencies().Find(code) == nullptr) return Refused("/agencies", "There is no agency \"" + code + "\" in the directory.");
    if (Holds(choices, code)) return Refused("/agencies", "The agency \"" + code + "\" is there twice.");
    const auto proposed = std::find_if(assessed.proposed.begin(), assessed.proposed.end(),
                                       [&](const Choice& one) { return one.agency == code; });
    const std::vector<std::size_t> why = proposed == assessed.proposed.end() ? std::vector<std::size_t>() : proposed->candidates;
    choices.push_back({code, choices.empty(), why});
  }
  return choices;
}

Result<void> Referring::CheckRuling(store::ReadTransaction& transaction, ReportId report, const std::vector<Choice>& chosen,
                                    std::string_view field) const {
  const deconfliction::Ruling ruling = PL_TRY(deconfliction::RulingOf(transaction, report));
  for (const Choice& one : chosen) {
    if (!ruling.KeepsFrom(one.agency)) continue;
    return Refused(field, "A supervisor decided that \"" + one.agency + "\" is not given this report: another agency works on it.");
  }
  return {};
}

Result<Decision> Referring::Refer(const auth::Caller& caller, ReportId report, const std::vector<std::string>& agencies,
                                  std::string_view reason, std::string_view request_id) {
  Decision decision = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Assess(transaction, report); }));
  decision.chosen = PL_TRY(ChoicesFrom(agencies, decision));
  PL_TRY(CheckReason(reason, !SameAgencies(decision.chosen, decision.proposed)));
  decision.account = caller.account.value;
  decision.reason = reason;
  const Asking asking{caller, request_id, clock_.Now()};
  const auto refer = [&](store::WriteTransaction& transaction) -> Result<std::optional<Decision>> {
    std::optional<Decision> one = decision;
    triage::Tip tip = PL_TRY(triage::LockForHandOver(transaction, caller, report, asking.now));
    PL_TRY(CheckRuling(transaction, report, one->chosen, "/agencies"));
    // The pause stays, though nothing is referred.
    if (PL_TRY(deconfliction::PauseWhereTheyMeet(transaction, tip, CodesOf(one->chosen), asking.now))) return std::optional<Decision>();
    tip = PL_TRY(triage::HandOver(transaction, caller, report, asking.now));
    PL_TRY(DecideAndGrant(transaction, tip, *one, asking));
    // Those who are chosen may have had it before, and have answered.
    PL_TRY(CloseIfOver(transaction, report, codes_, asking.now));
    return one;
  };
  std::optional<Decision> made = PL_TRY(database_.Write(refer));
  if (made) return *std::move(made);
  return Error{ErrorCode::kConflict,
               "Another agency has an open interest in somebody in this report: it is paused until a supervisor has resolved that.", {},
               "deconfliction", 0};
}

// Numbers the decision, stores it, and makes the report available to whoever is chosen and has it not.
Result<void> Referring::DecideAndGrant(store::WriteTransaction& transaction, const triage::Tip& tip, Decision& decision,
                                       const Asking& asking) const {
  const std::optional<Decision> before = PL_TRY(rows::NewestDecision(transaction, decision.report));
  decision.number = before ? before->number + 1 : 1;
  decision.at = asking.now;
  PL_TRY(rows::InsertDecision(transaction, decision));
  Json codes{Json::Array{}};
  for (const Choice& choice : decision.chosen) codes.Append(choice.agency);
  Json detail = Json()
                    .Set("number", decision.number)
                    .Set("cause", NameOf(decision.cause))
                    .Set("agencies", std::move(codes))
                    .Set("routing", decision.routing_version)
                    .Set("geo", decision.geo_version);
  PL_TRY(audit::Record(transaction, asking.caller, EntryOf("referrals.report.refer", decision.report, std::move(detail), asking.request_id),
                       asking.now));
  for (const Choice& choice : decision.chosen) PL_TRY(Grant(transaction, tip, decision, choice, std::nullopt, asking));
  return deconfliction::TellWhereTheyMeet(transaction, tip.id, CodesOf(decision.chosen), asking.now);
}

Result<std::optional<DeliveryId>> Referring::Grant(store::WriteTransaction& transaction, const triage::Tip& tip, const Decision& decision,
                                                   const Choice& choice, std::optional<DeliveryId> from, const Asking& asking) const {
  const std::optional<AgencyRow> agency =
      PL_TRY(rows::EnsureAgency(transaction, sources_.agencies.At(asking.now), choice.agency));
  if (!agency) return Error{ErrorCode::kInternal, "The agency has no row.", "agency " + choice.agency, {}, 0};
  Delivery delivery;
  delivery.report = tip.id;
  delivery.agency = agency->id;
  delivery.primary = choice.primary;
  delivery.bundled = tip.disposition == triage::Disposition::kBundled;
  delivery.urgent = tip.urgent;
  delivery.level = tip.level;
  delivery.incident_type = tip.incident_type;
  delivery.organisation = tip.organisation;
  delivery.basis = decision.cause;
  delivery.decision = decision.number;
  delivery.lead_evidence = LeadEvidence(decision, choice);
  delivery.granted_at = asking.now;
  delivery.granted_by = asking.caller.account.value;
  delivery.redirected_from = from;
  delivery.preserve_until = tip.preserve_until;
  if (const auto next = NextStep(delivery, clocks_)) delivery.next_step_at = next->second;
  delivery.keep_notice_at = NextPreservationNotice(delivery, clocks_);
  std::optional<DeliveryId> id = PL_TRY(rows::InsertDelivery(transaction, delivery));
  if (!id) id = PL_TRY(Renew(transaction, delivery));
  if (!id) return id;
  delivery.id = *id;
  PL_TRY(rows::ForgetUnplaced(transaction, tip.id));
  const Json detail = Json()
                          .Set("delivery", id->value)
                          .Set("agency", agency->id.value)
                          .Set("cause", NameOf(decision.cause))
                          .Set("urgent", delivery.urgent);
  PL_TRY(rows::InsertHistory(transaction, *id, {asking.now, Happening::kMadeAvailable, delivery.granted_by, detail.Serialize()}));
  PL_TRY(audit::Record(transaction, asking.caller, EntryOf("referrals.delivery.make_available", tip.id, detail, asking.request_id),
                       asking.now));
  rows::Tally(transaction, MonthOf(asking.now), "agency", std::to_string(agency->id.value), "made_available", 1);
  rows::Tally(transaction, MonthOf(asking.now), "platform", std::to_string(tip.organisation), "made_available", 1);
  if (delivery.lead_evidence != 0) {
    const std::string_view evidence = NameOf(static_cast<EvidenceKind>(delivery.lead_evidence));
    rows::Tally(transaction, MonthOf(asking.now), "evidence", evidence, "made_available", 1);
  }
  PL_TRY(EnqueuePackage(transaction, delivery, asking.now));
  PL_TRY(EnqueueTelling(transaction, delivery, Step::kNone, false, asking.now));
  PL_TRY(jobs::Publish(transaction, events::kMadeAvailable, tip.id.value, detail.Serialize(), asking.now));
  return id;
}

// The agency has the report already. It is told anew when a person decided so after it was taken back, or when what it has is a
// copy among others, or less urgent, than what the report is now; its history keeps how it was.
Result<std::optional<DeliveryId>> Referring::Renew(store::WriteTransaction& transaction, Delivery& delivery) const {
  std::optional<Delivery> there = PL_TRY(rows::FindDelivery(transaction, delivery.report, delivery.agency));
  if (there) there = PL_TRY(rows::LockDelivery(transaction, there->id));
  if (!there) return std::optional<DeliveryId>();
  const bool by_person = delivery.basis == Cause::kDecided;
  const bool grown = (there->bundled && !delivery.bundled) || (!there->urgent && delivery.urgent);
  if (there->revoked_at ? !by_person : !grown) return std::optional<DeliveryId>();
  delivery.id = there->id;
  delivery.redirected_from = there->redirected_from;
  PL_TRY(rows::UpdateDelivery(transaction, delivery));
  return std::optional(delivery.id);
}

// From whom it was taken back, or is kept by a supervisor, is not given it anew because somebody else is.
Result<void> Referring::DropTakenBack(store::ReadTransaction& transaction, ReportId report, std::vector<Choice>& chosen) const {
  const deconfliction::Ruling ruling = PL_TRY(deconfliction::RulingOf(transaction, report));
  std::set<std::string> out(ruling.kept_from.begin(), ruling.kept_from.end());
  for (const Delivery& delivery : PL_TRY(rows::DeliveriesOf(transaction, report))) {
    if (!delivery.revoked_at) continue;
    const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, delivery.agency));
    if (agency) out.insert(agency->code);
  }
  std::erase_if(chosen, [&](const Choice& one) { return out.contains(one.agency); });
  return {};
}

Result<Decision> Referring::WithOneMore(store::WriteTransaction& transaction, ReportId report, std::string_view agency, Cause cause,
                                        Instant now) const {
  std::optional<Decision> newest = PL_TRY(rows::NewestDecision(transaction, report));
  if (!newest) return Error{ErrorCode::kConflict, "Nothing was decided about this report yet: refer it.", {}, "state", 0};
  if (sources_.agencies.At(now).Find(agency) == nullptr) {
    return Refused("/agency", "There is no agency \"" + std::string(agency) + "\" in the directory.");
  }
  const std::optional<AgencyRow> row = PL_TRY(rows::EnsureAgency(transaction, sources_.agencies.At(now), agency));
  if (!row) return Error{ErrorCode::kInternal, "The agency has no row.", "agency " + std::string(agency), {}, 0};
  const std::optional<Delivery> there = PL_TRY(rows::FindDelivery(transaction, report, row->id));
  const bool may_renew = there && there->revoked_at && cause == Cause::kDecided;
  if (there && !may_renew) {
    return Error{ErrorCode::kConflict, "The agency has this report already.", {}, "agency", 0};
  }
  PL_TRY(CheckRuling(transaction, report, {{std::string(agency), false, {}}}, "/agency"));
  PL_TRY(DropTakenBack(transaction, report, newest->chosen));
  newest->cause = cause;
  newest->account = 0;
  newest->reason.clear();
  if (!Holds(newest->chosen, agency)) newest->chosen.push_back({std::string(agency), false, {}});
  return *std::move(newest);
}

Result<Decision> Referring::Add(const auth::Caller& caller, ReportId report, std::string_view agency, std::string_view reason,
                                std::string_view request_id) {
  PL_TRY(CheckReason(reason, true));
  const Asking asking{caller, request_id, clock_.Now()};
  const auto add = [&](store::WriteTransaction& transaction) -> Result<Decision> {
    const triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, report));
    if (!triage::IsHandedOver(tip)) return NotHandedOver();
    Decision decision = PL_TRY(WithOneMore(transaction, report, agency, Cause::kDecided, asking.now));
    decision.account = caller.account.value;
    decision.reason = reason;
    PL_TRY(DecideAndGrant(transaction, tip, decision, asking));
    return decision;
  };
  return database_.Write(add);
}

Result<Delivery> Referring::Revoke(const auth::Caller& caller, DeliveryId id, std::string_view reason, std::string_view request_id) {
  PL_TRY(CheckReason(reason, true));
  const Instant now = clock_.Now();
  const auto revoke = [&](store::WriteTransaction& transaction) -> Result<Delivery> {
    std::optional<Delivery> delivery = PL_TRY(LockWithReport(transaction, id));
    if (!delivery) return Error{ErrorCode::kNotFound, "There is no such delivery.", {}, "delivery", 0};
    if (delivery->revoked_at) return Error{ErrorCode::kConflict, "It was taken back before.", {}, "delivery", 0};
    delivery->revoked_at = now;
    delivery->next_step_at.reset();
    delivery->keep_notice_at.reset();
    PL_TRY(rows::UpdateDelivery(transaction, *delivery));
    const Json detail = Json().Set("delivery", id.value).Set("agency", delivery->agency.value).Set("reason", reason);
    PL_TRY(rows::InsertHistory(transaction, id, {now, Happening::kRevoked, caller.account.value, detail.Serialize()}));
    PL_TRY(audit::Record(transaction, caller, EntryOf("referrals.delivery.revoke", delivery->report, detail, request_id), now));
    PL_TRY(CloseIfOver(transaction, delivery->report, codes_, now));
    return *std::move(delivery);
  };
  return database_.Write(revoke);
}

Result<void> Referring::CloseUnplaced(const auth::Caller& caller, ReportId report, std::string_view request_id) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, report));
    if (!triage::IsWithAgencies(tip)) return Error{ErrorCode::kConflict, "The report is not with agencies.", {}, "state", 0};
    const std::optional<Unplaced> unplaced = PL_TRY(rows::FindUnplaced(transaction, report));
    if (!unplaced) {
      return Error{ErrorCode::kConflict, "An agency has this report: it is closed when all have answered.", {}, "state", 0};
    }
    const Json detail = Json().Set("why", NameOf(unplaced->why)).Set("since", FormatInstant(unplaced->since));
    PL_TRY(audit::Record(transaction, caller, EntryOf("referrals.report.close_unplaced", report, detail, request_id), now));
    PL_TRY(rows::ForgetUnplaced(transaction, report));
    PL_TRY(triage::CloseHandedOver(transaction, report, now));
    return {};
  });
}

// Law: an officer of one agency sees nothing of another's. Sending on to an agency that has the report already looks as if it had not:
// this delivery then points at theirs.
Result<DeliveryId> Referring::Redirect(store::WriteTransaction& transaction, const auth::Caller& caller, const Delivery& from,
                                       std::string_view agency, std::string_view request_id, Instant now) const {
  const AgencyTable& table = sources_.agencies.At(now);
  const std::optional<AgencyRow> row =
      table.Find(agency) == nullptr ? std::optional<AgencyRow>() : PL_TRY(rows::EnsureAgency(transaction, table, agency));
  if (!row) return Refused("/agency", "There is no agency \"" + std::string(agency) + "\" in the directory.");
  if (row->id == from.agency) return Error{ErrorCode::kConflict, "It is your own agency.", {}, "agency", 0};
  const triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, from.report));
  if (const std::optional<Delivery> there = PL_TRY(rows::FindDelivery(transaction, from.report, row->id))) return there->id;
  // Law: of what others work on an agency learns whom to call, and nothing else.
  if (PL_TRY(deconfliction::RulingOf(transaction, from.report)).KeepsFrom(agency)) {
    return Error{ErrorCode::kConflict, "The centre does not send this report there now: call the centre.", {}, "agency", 0};
  }
  Decision decision = PL_TRY(WithOneMore(transaction, from.report, agency, Cause::kRedirected, now));
  decision.account = caller.account.value;
  ++decision.number;
  decision.at = now;
  PL_TRY(rows::InsertDecision(transaction, decision));
  const Choice choice{std::string(agency), from.primary, {}};
  const std::optional<DeliveryId> id = PL_TRY(Grant(transaction, tip, decision, choice, from.id, {caller, request_id, now}));
  if (!id) return NoReport();
  PL_TRY(deconfliction::TellWhereTheyMeet(transaction, from.report, {std::string(agency)}, now));
  return *id;
}

}  // namespace porchlight::referrals
