#include "referrals/delivery_actions.h"

#include <algorithm>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/events.h"
#include "referrals/tallies.h"
#include "triage/handing_over.h"
#include "triage/tip_rows.h"

namespace porchlight::referrals {

namespace {

constexpr std::size_t kCodesMax = 20;

Error NoDelivery() { return Error{ErrorCode::kNotFound, "There is no such delivery.", {}, "delivery", 0}; }
Error Refused(std::string_view field, std::string text) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::string(field), 0};
}

// What one act leaves behind.
struct Trace {
  const auth::Caller& caller;
  std::string_view request_id;
  Instant now;

  Result<void> Audit(store::WriteTransaction& transaction, const Delivery& delivery, std::string_view action, Json detail) const {
    audit::Entry entry;
    entry.action = action;
    entry.subject_kind = "report";
    entry.subject = delivery.report.value;
    entry.detail = detail.Set("delivery", delivery.id.value).Set("agency", delivery.agency.value).Serialize();
    entry.request_id = request_id;
    return audit::Record(transaction, caller, entry, now);
  }
  Result<void> History(store::WriteTransaction& transaction, const Delivery& delivery, Happening kind, const Json& detail) const {
    return rows::InsertHistory(transaction, delivery.id, {now, kind, caller.account.value, detail.IsNull() ? "{}" : detail.Serialize()});
  }
  Result<void> Publish(store::WriteTransaction& transaction, const Delivery& delivery, std::string_view event) const {
    const Json detail = Json().Set("delivery", delivery.id.value).Set("agency", delivery.agency.value);
    return jobs::Publish(transaction, event, delivery.report.value, detail.Serialize(), now);
  }
};

// Whoever has it in hand has opened it, too.
void Touch(Delivery& delivery, DeliveryState state, Instant now) {
  if (!delivery.opened_at) delivery.opened_at = now;
  delivery.state = std::max(delivery.state, state);
}

Json ListOf(const std::vector<std::string>& words) {
  Json list{Json::Array{}};
  for (const std::string& word : words) list.Append(word);
  return list;
}

std::vector<std::string> CodesOf(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> codes;
  for (const Outcome& one : outcomes) codes.push_back(one.code);
  return codes;
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

Result<AgencyRow> AgencyFor(store::ReadTransaction& transaction, const auth::Caller& caller) {
  std::optional<AgencyRow> agency = PL_TRY(rows::AgencyOf(transaction, caller.organisation));
  if (!agency) {
    return Error{ErrorCode::kConflict, "Your organisation stands for no agency of the directory yet: ask the centre to link it.", {},
                 "organisation", 0};
  }
  return *std::move(agency);
}

Result<Delivery> FindDeliveryFor(store::ReadTransaction& transaction, const auth::Caller& caller, DeliveryId id) {
  const std::optional<AgencyRow> agency = PL_TRY(rows::AgencyOf(transaction, caller.organisation));
  const std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, id));
  if (!agency || !delivery || delivery->agency != agency->id || delivery->revoked_at) return NoDelivery();
  return *delivery;
}

template <class Work>
Result<Delivery> DeliveryActions::Act(const auth::Caller& caller, DeliveryId id, Work&& work) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Delivery> {
    PL_TRY(FindDeliveryFor(transaction, caller, id));
    std::optional<Delivery> delivery = PL_TRY(rows::LockDelivery(transaction, id));
    if (!delivery || delivery->revoked_at) return NoDelivery();
    PL_TRY(work(transaction, *delivery, now));
    const auto next = NextStep(*delivery, clocks_);
    delivery->next_step_at = next ? std::optional(next->second) : std::nullopt;
    PL_TRY(rows::UpdateDelivery(transaction, *delivery));
    return *std::move(delivery);
  });
}

Result<Delivery> DeliveryActions::Open(const auth::Caller& caller, DeliveryId id, std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    const Trace trace{caller, request_id, now};
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.read", Json()));
    if (delivery.opened_at) return {};
    Touch(delivery, DeliveryState::kOpened, now);
    PL_TRY(trace.History(transaction, delivery, Happening::kOpened, Json()));
    PL_TRY(rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "opened", 1));
    return trace.Publish(transaction, delivery, events::kOpened);
  });
}

Result<Delivery> DeliveryActions::NoteDownload(const auth::Caller& caller, DeliveryId id, int package, std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    const Trace trace{caller, request_id, now};
    const Json detail = Json().Set("package", package);
    PL_TRY(trace.Audit(transaction, delivery, "referrals.package.download", detail));
    PL_TRY(trace.History(transaction, delivery, Happening::kDownloaded, detail));
    if (!delivery.downloaded_at) delivery.downloaded_at = now;
    Touch(delivery, DeliveryState::kDownloaded, now);
    return {};
  });
}

Result<Delivery> DeliveryActions::Acknowledge(const auth::Caller& caller, DeliveryId id, std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    if (delivery.acknowledged_at) return {};
    const Trace trace{caller, request_id, now};
    delivery.acknowledged_at = now;
    Touch(delivery, DeliveryState::kAcknowledged, now);
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.acknowledge", Json()));
    PL_TRY(trace.History(transaction, delivery, Happening::kAcknowledged, Json()));
    return trace.Publish(transaction, delivery, events::kAcknowledged);
  });
}

Result<Delivery> DeliveryActions::Redirect(const auth::Caller& caller, DeliveryId id, std::string_view agency,
                                           std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    if (delivery.redirected_to) return Error{ErrorCode::kConflict, "It was sent on before.", {}, "delivery", 0};
    const Trace trace{caller, request_id, now};
    delivery.redirected_to = PL_TRY(referring_.Redirect(transaction, caller, delivery, agency, request_id, now));
    Touch(delivery, DeliveryState::kOpened, now);
    const Json detail = Json().Set("to", agency);
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.redirect", detail));
    PL_TRY(rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "redirected", 1));
    return trace.History(transaction, delivery, Happening::kRedirected, detail);
  });
}

Result<void> DeliveryActions::CheckFeedback(const Feedback& feedback) const {
  if (!feedback.usefulness && feedback.outcomes.empty() && feedback.gaps.empty()) {
    return Refused("/usefulness", "Say how useful it was, what came of it, or what was missing.");
  }
  if (feedback.outcomes.size() > kCodesMax) return Refused("/outcomes", "At most 20 outcomes at a time.");
  if (feedback.gaps.size() > kCodesMax) return Refused("/gaps", "At most 20 gaps at a time.");
  for (std::size_t index = 0; index < feedback.outcomes.size(); ++index) {
    const std::string where = "/outcomes/" + std::to_string(index);
    if (!codes_.outcomes.contains(feedback.outcomes[index].code)) {
      return Refused(where + "/code", "It must be a code of feedback_outcomes.");
    }
    const std::string& on = feedback.outcomes[index].on;
    if (!on.empty() && !IsDate(on)) return Refused(where + "/on", "It must be a date like 2026-01-31.");
  }
  for (std::size_t index = 0; index < feedback.gaps.size(); ++index) {
    if (!codes_.gaps.contains(feedback.gaps[index])) {
      return Refused("/gaps/" + std::to_string(index), "It must be a code of feedback_gaps.");
    }
  }
  return {};
}

// What agencies say is counted once per delivery and thing said, by agency, by the evidence that led there, by the rules that
// judged the report, and by the platform that sent it.
Result<void> DeliveryActions::TallyFeedback(store::WriteTransaction& transaction, const Delivery& delivery, const Feedback& feedback,
                                            Instant now) const {
  std::set<std::string> said;
  bool useful_said = false;
  bool wrong_said = false;
  const auto is_wrong = [&](const std::string& code) { return codes_.wrong_place.contains(code); };
  for (const Feedback& before : PL_TRY(rows::FeedbackOf(transaction, delivery.id))) {
    useful_said = useful_said || before.usefulness;
    for (const std::string& code : CodesOf(before.outcomes)) said.insert("outcome:" + code);
    for (const std::string& code : before.gaps) said.insert("gap:" + code);
  }
  for (const std::string& code : said) wrong_said = wrong_said || is_wrong(code.substr(code.find(':') + 1));
  std::vector<std::string> whats;
  if (said.empty() && !useful_said) whats.emplace_back("feedback");
  if (feedback.usefulness && !useful_said) whats.push_back("usefulness:" + std::string(NameOf(*feedback.usefulness)));
  bool wrong = false;
  for (const std::string& code : CodesOf(feedback.outcomes)) {
    if (said.insert("outcome:" + code).second) whats.push_back("outcome:" + code);
    wrong = wrong || is_wrong(code);
  }
  for (const std::string& code : feedback.gaps) {
    if (said.insert("gap:" + code).second) whats.push_back("gap:" + code);
    wrong = wrong || is_wrong(code);
  }
  if (wrong && !wrong_said) whats.emplace_back("wrong_place");
  std::vector<std::pair<std::string, std::string>> subjects = {{"agency", std::to_string(delivery.agency.value)},
                                                               {"platform", std::to_string(delivery.organisation)}};
  if (delivery.lead_evidence != 0) {
    subjects.emplace_back("evidence", std::string(NameOf(static_cast<EvidenceKind>(delivery.lead_evidence))));
  }
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, delivery.report));
  if (tip) {
    const triage::Score score = PL_TRY(triage::rows::FindScore(transaction, tip->id, tip->scores));
    for (const triage::FiredRule& rule : score.verdict.fired) subjects.emplace_back("rule", rule.code);
  }
  for (const auto& [about, subject] : subjects) {
    for (const std::string& what : whats) PL_TRY(rows::Tally(transaction, MonthOf(now), about, subject, what, 1));
  }
  return {};
}

Result<Delivery> DeliveryActions::GiveFeedback(const auth::Caller& caller, DeliveryId id, Feedback feedback, std::string_view request_id) {
  PL_TRY(CheckFeedback(feedback));
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    const Trace trace{caller, request_id, now};
    feedback.delivery = id;
    feedback.at = now;
    feedback.account = caller.account.value;
    PL_TRY(TallyFeedback(transaction, delivery, feedback, now));
    PL_TRY(rows::InsertFeedback(transaction, feedback));
    if (!delivery.feedback_at) delivery.feedback_at = now;
    Touch(delivery, DeliveryState::kFeedback, now);
    Json detail = Json()
                      .Set("usefulness", feedback.usefulness ? std::string(NameOf(*feedback.usefulness)) : std::string())
                      .Set("outcomes", ListOf(CodesOf(feedback.outcomes)))
                      .Set("gaps", ListOf(feedback.gaps));
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.feedback", detail));
    PL_TRY(trace.History(transaction, delivery, Happening::kFeedback, detail));
    PL_TRY(triage::NoteFeedback(transaction, delivery.report));
    detail.Set("delivery", id.value).Set("agency", delivery.agency.value).Set("organisation", delivery.organisation);
    return jobs::Publish(transaction, events::kFeedback, delivery.report.value, detail.Serialize(), now);
  });
}

}  // namespace porchlight::referrals
