#include "referrals/delivery_actions.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/events.h"
#include "referrals/tallies.h"
#include "triage/handing_over.h"
#include "triage/legal_hold.h"
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

std::string WordFor(Usefulness usefulness) { return "usefulness:" + std::string(NameOf(usefulness)); }

std::vector<std::string> WordsOf(const Feedback& feedback) {
  std::vector<std::string> words;
  for (const Outcome& one : feedback.outcomes) words.push_back("outcome:" + one.code);
  for (const std::string& code : feedback.gaps) words.push_back("gap:" + code);
  return words;
}

bool SaysTheSame(const Feedback& left, const Feedback& right) {
  return left.usefulness == right.usefulness && left.outcomes == right.outcomes && left.gaps == right.gaps;
}

// About what an answer is counted: kind and name.
using Subjects = std::vector<std::pair<std::string, std::string>>;

// The agency, the platform that sent the report, the evidence that led there, and the rules that had judged it by that moment.
Result<Subjects> SubjectsOf(store::ReadTransaction& transaction, const Delivery& delivery, Instant moment) {
  Subjects subjects = {{"agency", std::to_string(delivery.agency.value)}, {"platform", std::to_string(delivery.organisation)}};
  if (delivery.lead_evidence != 0) {
    subjects.emplace_back("evidence", std::string(NameOf(static_cast<EvidenceKind>(delivery.lead_evidence))));
  }
  std::vector<triage::FiredRule> fired;
  for (triage::Score& score : PL_TRY(triage::rows::ListScores(transaction, delivery.report))) {
    if (score.at <= moment) fired = std::move(score.verdict.fired);
  }
  for (const triage::FiredRule& rule : fired) subjects.emplace_back("rule", rule.code);
  return subjects;
}

void Count(store::WriteTransaction& transaction, const Subjects& subjects, const std::vector<std::string>& whats, Instant moment,
           std::int64_t count) {
  for (const auto& [about, subject] : subjects) {
    for (const std::string& what : whats) rows::Tally(transaction, MonthOf(moment), about, subject, what, count);
  }
}

}  // namespace

// What the agency has said of the delivery since it was last granted. Each thing is counted once.
struct DeliveryActions::Said {
  std::optional<Feedback> newest;
  std::set<std::string> words;
  std::optional<Usefulness> usefulness;           // The newest word counts.
  Instant usefulness_at;                          // When that word was first said, and so counted.
  bool wrong_place = false;
};

Result<DeliveryActions::Said> DeliveryActions::WhatWasSaid(store::ReadTransaction& transaction, const Delivery& delivery) const {
  Said said;
  for (Feedback& one : PL_TRY(rows::FeedbackOf(transaction, delivery.id))) {
    if (one.at < delivery.granted_at) continue;
    for (std::string& word : WordsOf(one)) said.words.insert(std::move(word));
    said.wrong_place = said.wrong_place || codes_.SaysWrongPlace(one);
    if (one.usefulness && one.usefulness != said.usefulness) {
      said.usefulness = one.usefulness;
      said.usefulness_at = one.at;
    }
    said.newest = std::move(one);
  }
  return said;
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

// A legal hold: nothing of the report goes to anybody. An answer about it may still come. The report's row is locked.
Result<void> RefuseWhileHeld(store::ReadTransaction& transaction, const Delivery& delivery) {
  const std::optional<triage::Tip> tip = PL_TRY(triage::rows::FindTip(transaction, delivery.report));
  if (!tip || !triage::IsHeld(*tip)) return {};
  constexpr const char* kWhy = "The centre holds this report for a legal reason: it can be neither read nor fetched now. Call the centre.";
  return Error{ErrorCode::kConflict, kWhy, {}, "held", 0};
}

template <class Work>
Result<Delivery> DeliveryActions::Act(const auth::Caller& caller, DeliveryId id, Work&& work, bool is_answer) {
  const Instant now = clock_.Now();
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<Delivery> {
    PL_TRY(FindDeliveryFor(transaction, caller, id));
    std::optional<Delivery> delivery = PL_TRY(LockWithReport(transaction, id));
    if (!delivery || delivery->revoked_at) return NoDelivery();
    PL_TRY(work(transaction, *delivery, now));
    const auto next = NextStep(*delivery, clocks_);
    delivery->next_step_at = next ? std::optional(next->second) : std::nullopt;
    delivery->keep_notice_at = NextPreservationNotice(*delivery, clocks_);
    PL_TRY(rows::UpdateDelivery(transaction, *delivery));
    if (is_answer) PL_TRY(CloseIfOver(transaction, delivery->report, codes_, now));
    return *std::move(delivery);
  });
}

Result<Delivery> DeliveryActions::Open(const auth::Caller& caller, DeliveryId id, std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    PL_TRY(RefuseWhileHeld(transaction, delivery));
    const Trace trace{caller, request_id, now};
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.read", Json()));
    if (delivery.opened_at) return {};
    Touch(delivery, DeliveryState::kOpened, now);
    PL_TRY(trace.History(transaction, delivery, Happening::kOpened, Json()));
    rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "opened", 1);
    return trace.Publish(transaction, delivery, events::kOpened);
  });
}

Result<Delivery> DeliveryActions::NoteDownload(const auth::Caller& caller, DeliveryId id, int package, std::string_view request_id) {
  return Act(caller, id, [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    PL_TRY(RefuseWhileHeld(transaction, delivery));
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
  const auto redirect = [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    PL_TRY(RefuseWhileHeld(transaction, delivery));
    if (delivery.redirected_to) return Error{ErrorCode::kConflict, "It was sent on before.", {}, "delivery", 0};
    const Trace trace{caller, request_id, now};
    delivery.redirected_to = PL_TRY(referring_.Redirect(transaction, caller, delivery, agency, request_id, now));
    Touch(delivery, DeliveryState::kOpened, now);
    const Json detail = Json().Set("to", agency);
    PL_TRY(trace.Audit(transaction, delivery, "referrals.delivery.redirect", detail));
    rows::Tally(transaction, MonthOf(now), "agency", std::to_string(delivery.agency.value), "redirected", 1);
    return trace.History(transaction, delivery, Happening::kRedirected, detail);
  };
  return Act(caller, id, redirect, true);
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

Result<void> DeliveryActions::TallyFeedback(store::WriteTransaction& transaction, const Delivery& delivery, const Said& said,
                                            const Feedback& feedback, Instant now) const {
  std::vector<std::string> whats;
  if (!said.newest) whats.emplace_back("feedback");
  if (feedback.usefulness && feedback.usefulness != said.usefulness) whats.push_back(WordFor(*feedback.usefulness));
  std::set<std::string> words = said.words;
  for (std::string& word : WordsOf(feedback)) {
    if (words.insert(word).second) whats.push_back(std::move(word));
  }
  if (codes_.SaysWrongPlace(feedback) && !said.wrong_place) whats.emplace_back("wrong_place");
  const Subjects subjects = PL_TRY(SubjectsOf(transaction, delivery, now));
  Count(transaction, subjects, whats, now, 1);
  const bool corrected = feedback.usefulness && said.usefulness && feedback.usefulness != said.usefulness;
  if (!corrected) return {};
  // Where the old word was counted: in its month, and about the rules that stood then.
  const Subjects before = PL_TRY(SubjectsOf(transaction, delivery, said.usefulness_at));
  Count(transaction, before, {WordFor(*said.usefulness)}, said.usefulness_at, -1);
  return {};
}

Result<Delivery> DeliveryActions::GiveFeedback(const auth::Caller& caller, DeliveryId id, Feedback feedback, std::string_view request_id) {
  PL_TRY(CheckFeedback(feedback));
  const auto answer = [&](store::WriteTransaction& transaction, Delivery& delivery, Instant now) -> Result<void> {
    const Said said = PL_TRY(WhatWasSaid(transaction, delivery));
    if (said.newest && SaysTheSame(*said.newest, feedback)) return {};
    const Trace trace{caller, request_id, now};
    feedback.delivery = id;
    feedback.at = now;
    feedback.account = caller.account.value;
    PL_TRY(TallyFeedback(transaction, delivery, said, feedback, now));
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
  };
  return Act(caller, id, answer, true);
}

}  // namespace porchlight::referrals
