#include "referrals/closing.h"

#include <algorithm>

#include "referrals/delivery_rows.h"
#include "referrals/unplaced.h"
#include "triage/handing_over.h"
#include "triage/legal_hold.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

bool Waits(const Delivery& one) {
  return !one.feedback_at && !one.revoked_at && !one.redirected_to && one.step != Step::kSilence;
}

// An answer that concerns the report itself, or silence. What was said before it was taken back and granted anew does not count,
// and the newest word is the agency's word.
Result<bool> IsAnOutcome(store::ReadTransaction& transaction, const Delivery& one, const FeedbackCodes& codes) {
  if (one.revoked_at || one.redirected_to) return false;
  if (!one.feedback_at) return one.step == Step::kSilence;
  const std::vector<Feedback> said = PL_TRY(rows::FeedbackOf(transaction, one.id));
  return !said.empty() && !codes.SaysWrongPlace(said.back());
}

WhyUnplaced WhyNobodyHas(const std::vector<Delivery>& all) {
  const auto said = [](const Delivery& one) { return one.feedback_at && !one.revoked_at && !one.redirected_to; };
  if (std::any_of(all.begin(), all.end(), said)) return WhyUnplaced::kWrongPlace;
  const auto sent_on = [](const Delivery& one) { return one.redirected_to && !one.revoked_at; };
  return std::any_of(all.begin(), all.end(), sent_on) ? WhyUnplaced::kSentOn : WhyUnplaced::kTakenBack;
}

Result<void> LeaveUnplaced(store::WriteTransaction& transaction, tipline::ReportId report, const std::vector<Delivery>& all, Instant now) {
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, report));
  if (!tip || all.empty()) return {};
  const bool stands = triage::IsWithAgencies(*tip) || triage::IsHeld(*tip);
  if (!stands) return rows::ForgetUnplaced(transaction, report);
  return rows::NoteUnplaced(transaction, {report, tip->urgent, now, WhyNobodyHas(all)});
}

}  // namespace

FeedbackCodes FeedbackCodes::From(const profile::Profile& profile) {
  FeedbackCodes codes;
  const auto read = [&](std::string_view list, std::set<std::string, std::less<>>& into) {
    for (const profile::Code& one : profile.List(list)) {
      into.insert(one.code);
      const auto effect = one.maps_to.find("effect");
      if (effect != one.maps_to.end() && effect->second == "wrong_place") codes.wrong_place.insert(one.code);
    }
  };
  read("feedback_outcomes", codes.outcomes);
  read("feedback_gaps", codes.gaps);
  return codes;
}

bool FeedbackCodes::SaysWrongPlace(const Feedback& feedback) const {
  return std::any_of(feedback.gaps.begin(), feedback.gaps.end(), [&](const std::string& code) { return wrong_place.contains(code); }) ||
         std::any_of(feedback.outcomes.begin(), feedback.outcomes.end(),
                     [&](const Outcome& one) { return wrong_place.contains(one.code); });
}

Result<std::optional<Delivery>> LockWithReport(store::WriteTransaction& transaction, DeliveryId id) {
  const std::optional<Delivery> there = PL_TRY(rows::FindDelivery(transaction, id));
  if (!there) return std::optional<Delivery>();
  PL_TRY(triage::LockForReferral(transaction, there->report));
  return rows::LockDelivery(transaction, id);
}

Result<void> CloseIfOver(store::WriteTransaction& transaction, tipline::ReportId report, const FeedbackCodes& codes, Instant now) {
  const std::vector<Delivery> all = PL_TRY(rows::DeliveriesOf(transaction, report));
  if (std::any_of(all.begin(), all.end(), Waits)) return {};
  for (const Delivery& one : all) {
    if (!PL_TRY(IsAnOutcome(transaction, one, codes))) continue;
    PL_TRY(rows::ForgetUnplaced(transaction, report));
    PL_TRY(triage::CloseHandedOver(transaction, report, now));
    return {};
  }
  return LeaveUnplaced(transaction, report, all, now);
}

}  // namespace porchlight::referrals
