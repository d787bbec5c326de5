#include <algorithm>

#include "deconfliction/meeting.h"
#include "referrals/delivery_rows.h"
#include "referrals/referring.h"
#include "triage/handing_over.h"

// What is decided about a report without a person: copies, better data, agencies that do not answer, agencies that do not know of each
// other.
namespace porchlight::referrals {

using tipline::ReportId;

namespace {

// Codes of the agencies that have the report.
Result<std::vector<std::string>> HavingIt(store::ReadTransaction& transaction, ReportId report) {
  std::vector<std::string> codes;
  for (const Delivery& one : PL_TRY(rows::DeliveriesOf(transaction, report))) {
    const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, one.agency));
    if (agency && !one.revoked_at) codes.push_back(agency->code);
  }
  return codes;
}

}  // namespace

// Where it leads is read before its row is locked; who has it, after: a referral under way must be seen.
Result<void> Referring::CheckInterests(ReportId report) {
  const Decision assessed = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Assess(transaction, report); }));
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, report));
    PL_TRY(deconfliction::LetUrgentGoOn(transaction, tip, now));
    if (triage::IsHandedOver(tip)) {
      return deconfliction::TellWhereTheyMeet(transaction, report, PL_TRY(HavingIt(transaction, report)), now);
    }
    // What somebody works on is looked at when they refer it; a copy when it follows its lead.
    if (tip.state != tipline::ReportState::kTriaged || tip.folded || tip.test) return {};
    PL_TRY(deconfliction::PauseWhereTheyMeet(transaction, tip, CodesOf(assessed.proposed), now));
    return {};
  });
}

Result<void> Referring::Resume(ReportId report) {
  PL_TRY(CheckInterests(report));
  PL_TRY(WidenOne(report));
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(triage::LockForReferral(transaction, report));
    return CloseIfOver(transaction, report, codes_, now);
  });
}

Result<void> Referring::ReferMember(ReportId report) {
  Decision decision = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Assess(transaction, report); }));
  decision.chosen = decision.proposed;
  decision.cause = Cause::kBundle;
  const auth::Caller system = auth::SystemCaller("referrals");
  const Asking asking{system, {}, clock_.Now()};
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    Decision one = decision;
    if (one.proposed.empty()) {
      PL_TRY(triage::CloseMember(transaction, report, asking.now));
      return {};
    }
    std::optional<triage::Tip> tip = PL_TRY(triage::LockMember(transaction, report));
    if (!tip || PL_TRY(deconfliction::PauseWhereTheyMeet(transaction, *tip, CodesOf(one.chosen), asking.now))) return {};
    tip = PL_TRY(triage::HandOverMember(transaction, report, asking.now));
    if (!tip) return {};
    PL_TRY(DecideAndGrant(transaction, *tip, one, asking));
    return CloseIfOver(transaction, report, codes_, asking.now);
  });
}

Result<bool> Referring::Widen(int count_max) {
  const Instant now = clock_.Now();
  const std::string& routing = sources_.routing.At(now).version;
  const std::string& agencies = sources_.agencies.At(now).version;
  const std::string versions = routing + "|" + agencies + "|" + sources_.geo.version();
  rows::Walk walk;
  const auto read = [&](store::ReadTransaction& transaction) -> Result<std::vector<ReportId>> {
    walk = PL_TRY(rows::FindWalk(transaction, versions));
    if (walk.done) return std::vector<ReportId>();
    return rows::DecidedOtherwise(transaction, walk.last, routing, agencies, sources_.geo.version(), count_max);
  };
  const std::vector<ReportId> reports = PL_TRY(database_.Read(read));
  if (walk.done) return false;
  std::optional<Error> missing_key;
  for (const ReportId report : reports) {
    const Result<void> done = WidenOne(report);
    if (done.ok()) continue;
    // What is gone or damaged leads nowhere new, and must not hold up the others. A missing key may come back: the rest of these are
    // looked at, and all of them again when it has.
    const bool of_one = done.error().code == ErrorCode::kNotFound || done.error().code == ErrorCode::kCorrupt;
    if (!of_one) return done.error();
    if (done.error().field == vault::kMasterKeyField) missing_key = done.error();
  }
  if (missing_key) return *missing_key;
  walk.done = reports.size() < static_cast<std::size_t>(count_max);
  if (!reports.empty()) walk.last = reports.back();
  PL_TRY(database_.Write([&](store::WriteTransaction& transaction) { return rows::SaveWalk(transaction, versions, walk); }));
  return !walk.done;
}

// Law of ours (domain, invariant 17): better data adds, and never takes away. A decision is stored also when nobody is added, so
// that the report is not looked at again.
Result<void> Referring::WidenOne(ReportId report) {
  const Decision assessed = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return Assess(transaction, report); }));
  const auth::Caller system = auth::SystemCaller("referrals");
  const Asking asking{system, {}, clock_.Now()};
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, report));
    const std::optional<Decision> before = PL_TRY(rows::NewestDecision(transaction, report));
    if (!before || !triage::IsHandedOver(tip)) return {};
    Decision decision = assessed;
    decision.cause = Cause::kWidened;
    decision.chosen = before->chosen;
    PL_TRY(DropTakenBack(transaction, report, decision.chosen));
    for (Choice& kept : decision.chosen) kept.candidates.clear();
    for (const Choice& proposed : assessed.proposed) {
      if (!Holds(decision.chosen, proposed.agency)) decision.chosen.push_back({proposed.agency, false, proposed.candidates});
    }
    return DecideAndGrant(transaction, tip, decision, asking);
  });
}

Result<bool> Referring::AskAlternate(store::WriteTransaction& transaction, const Delivery& delivery, Instant now) const {
  const std::optional<AgencyRow> row = PL_TRY(rows::FindAgency(transaction, delivery.agency));
  const Agency* agency = row ? sources_.agencies.At(now).Find(row->code) : nullptr;
  if (agency == nullptr || agency->alternate.empty()) return false;
  const triage::Tip tip = PL_TRY(triage::LockForReferral(transaction, delivery.report));
  if (!triage::IsHandedOver(tip)) return false;
  Result<Decision> decision = WithOneMore(transaction, delivery.report, agency->alternate, Cause::kNoAnswer, now);
  if (!decision.ok()) {
    // It has the report already, or is not to have it.
    const ErrorCode why = decision.error().code;
    if (why == ErrorCode::kConflict || why == ErrorCode::kInvalidArgument) return false;
    return decision.error();
  }
  const auth::Caller system = auth::SystemCaller("referrals");
  PL_TRY(DecideAndGrant(transaction, tip, *decision, {system, {}, now}));
  return true;
}

}  // namespace porchlight::referrals
