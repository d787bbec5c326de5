#include "deconfliction/interests.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "deconfliction/events.h"
#include "deconfliction/interest_rows.h"
#include "deconfliction/meeting.h"
#include "platform/audit/audit.h"
#include "platform/jobs/jobs.h"
#include "platform/jobs/outbox.h"

namespace porchlight::deconfliction {

namespace {

using tipline::IdentifierKind;

constexpr std::size_t kValueBytesMax = 500;

Error Refused(std::string_view field, std::string text) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::string(field), 0};
}

Result<void> CheckText(std::string_view text, std::string_view field, std::string_view what) {
  if (!Trim(text).empty() && text.size() <= Interests::kTextBytesMax) return {};
  return Refused(field, std::string(what) + ": 1 to 200 bytes.");
}

Result<void> Check(const NewInterest& wanted) {
  if (wanted.kind == IdentifierKind::kDevice || wanted.kind == IdentifierKind::kGroup) {
    return Refused("/kind", "An interest is in an e-mail address, a telephone, a screen name, an account number or a profile page.");
  }
  if (wanted.kind == IdentifierKind::kPhone && !Trim(wanted.value).starts_with('+')) {
    return Refused("/value", "Give the telephone with its country's code, like +1 614 555 0142: else it meets nothing.");
  }
  if (wanted.value.size() > kValueBytesMax) return Refused("/value", "At most 500 bytes.");
  if (wanted.kind == IdentifierKind::kUserId) PL_TRY(CheckText(wanted.service, "/service", "Name the service of the account number"));
  if (wanted.service.size() > Interests::kTextBytesMax) return Refused("/service", "At most 200 bytes.");
  PL_TRY(CheckText(wanted.reference, "/reference", "Give your own case number"));
  PL_TRY(CheckText(wanted.contact_name, "/contact_name", "Name whom to call"));
  PL_TRY(CheckText(wanted.contact_phone, "/contact_phone", "Give the telephone to call"));
  const auto digits = std::count_if(wanted.contact_phone.begin(), wanted.contact_phone.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits < 3) return Refused("/contact_phone", "It must be a telephone number.");
  if (wanted.days < 1 || wanted.days > Interests::kDaysMax) return Refused("/days", "From 1 to 730 days.");
  return {};
}

// The agency's own words go with the key, so that a row that was moved opens for nobody.
std::string ContextOf(const Interest& interest) {
  return "deconfliction.interest/" + interest.agency + "/" + std::to_string(interest.link_key);
}

Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action, const Interest& interest,
                    std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = "interest";
  entry.subject = interest.id.value;
  const Json detail = Json().Set("agency", interest.agency).Set("kind", NameOf(interest.kind)).Set("until", FormatInstant(interest.until));
  entry.detail = detail.Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

Result<void> EnqueueEnding(store::WriteTransaction& transaction, InterestId interest, Instant now) {
  jobs::NewJob job;
  job.kind = kEndMeetings;
  job.payload = Json().Set("interest", interest.value).Serialize();
  job.unique_key = std::to_string(interest.value);
  return jobs::Enqueue(transaction, job, now);
}

Error NoInterest() { return Error{ErrorCode::kNotFound, "There is no such interest.", {}, "interest", 0}; }

}  // namespace

Result<std::string> Interests::AgencyOf(store::ReadTransaction& transaction, const auth::Caller& caller) const {
  std::optional<std::string> code = PL_TRY(agencies_.code_of(transaction, caller.organisation));
  if (code) return *std::move(code);
  return Error{ErrorCode::kConflict, "Your organisation stands for no agency of the directory yet: ask the centre to link it.", {},
               "organisation", 0};
}

Result<std::int64_t> Interests::KeyOf(const NewInterest& wanted) const {
  tipline::Identifier identifier;
  identifier.kind = wanted.kind;
  identifier.value = wanted.value;
  identifier.scope = wanted.kind == IdentifierKind::kPhone ? std::string() : wanted.service;
  const std::optional<std::int64_t> key = judging_.LinkKeyOf(identifier);
  if (!key) return Refused("/value", "That says too little to go by: give the whole identifier, a telephone with its country's code.");
  return *key;
}

Result<Interest> Interests::Open(const auth::Caller& caller, const NewInterest& wanted, std::string_view request_id) {
  PL_TRY(Check(wanted));
  const std::int64_t key = PL_TRY(KeyOf(wanted));
  const Instant now = clock_.Now();
  const auto open = [&](store::WriteTransaction& transaction) -> Result<Interest> {
    PL_TRY(rows::LockOpening(transaction));
    const std::string agency = PL_TRY(AgencyOf(transaction, caller));
    const std::optional<Interest> there = PL_TRY(rows::FindInterest(transaction, agency, key));
    const bool stands = there && there->StandsAt(now);
    // Those of the last month count when they were withdrawn too: this is no search.
    const Instant month_ago = now - Duration::Hours(24 * 30);
    if (!stands && PL_TRY(rows::CountStanding(transaction, agency, now, month_ago)) >= kStandingMax) {
      return Error{ErrorCode::kConflict,
                   "Your agency has 1,000 interests that are open or were opened this month: withdraw those whose case is over.", {},
                   "interests", 0};
    }
    Interest interest = there.value_or(Interest());
    interest.agency = agency;
    interest.account = caller.account.value;
    interest.kind = wanted.kind;
    interest.link_key = key;
    const Json given = Json().Set("value", std::string(Trim(wanted.value))).Set("service", std::string(Trim(wanted.service)));
    interest.sealed = sealer_.Seal(given.Serialize(), ContextOf(interest));
    interest.reference = Trim(wanted.reference);
    interest.contact_name = Trim(wanted.contact_name);
    interest.contact_phone = Trim(wanted.contact_phone);
    if (!stands) interest.opened_at = now;
    interest.until = now + Duration::Hours(24 * wanted.days);
    interest.withdrawn_at.reset();
    if (there) PL_TRY(rows::UpdateInterest(transaction, interest));
    else interest.id = PL_TRY(rows::InsertInterest(transaction, interest));
    const std::string_view action = stands ? "deconfliction.interest.renew" : "deconfliction.interest.open";
    PL_TRY(Record(transaction, caller, action, interest, request_id, now));
    if (stands) return interest;
    PL_TRY(MeetOthers(transaction, interest, now));
    const Json detail = Json().Set("interest", interest.id.value).Set("agency", interest.agency);
    PL_TRY(jobs::Publish(transaction, events::kInterestOpened, 0, detail.Serialize(), now));
    return interest;
  };
  return database_.Write(open);
}

Result<void> Interests::MeetOthers(store::WriteTransaction& transaction, const Interest& interest, Instant now) const {
  for (const Interest& earlier : PL_TRY(rows::StandingOf(transaction, interest.link_key, now))) {
    if (earlier.agency == interest.agency) continue;
    Meeting meeting;
    meeting.interest = earlier.id;
    meeting.holder = earlier.agency;
    meeting.other = interest.agency;
    meeting.other_interest = interest.id;
    PL_TRY(Meet(transaction, meeting, now));
  }
  return {};
}

Result<Interest> Interests::Withdraw(const auth::Caller& caller, InterestId id, std::string_view request_id) {
  const Instant now = clock_.Now();
  const auto withdraw = [&](store::WriteTransaction& transaction) -> Result<Interest> {
    const std::string agency = PL_TRY(AgencyOf(transaction, caller));
    std::optional<Interest> interest = PL_TRY(rows::LockInterest(transaction, id));
    if (!interest || interest->agency != agency) return NoInterest();
    if (interest->withdrawn_at) return *std::move(interest);
    interest->withdrawn_at = now;
    PL_TRY(rows::UpdateInterest(transaction, *interest));
    PL_TRY(Record(transaction, caller, "deconfliction.interest.withdraw", *interest, request_id, now));
    if (PL_TRY(EndMeetingsOf(transaction, id, now))) PL_TRY(EnqueueEnding(transaction, id, now));
    return *std::move(interest);
  };
  return database_.Write(withdraw);
}

Result<GivenIdentifier> Interests::Unseal(const Interest& interest) const {
  const std::string text = PL_TRY(sealer_.Unseal(interest.sealed, ContextOf(interest)));
  const Json json = PL_TRY(ParseJson(text));
  return GivenIdentifier{std::string(json.Text("value")), std::string(json.Text("service"))};
}

}  // namespace porchlight::deconfliction
