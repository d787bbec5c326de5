#include "deconfliction/meeting.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "deconfliction/events.h"
#include "deconfliction/interest_rows.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "triage/handing_over.h"
#include "triage/pausing.h"
#include "triage/tip_rows.h"

namespace porchlight::deconfliction {

namespace {

using tipline::ReportId;

Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, std::string_view action, const Meeting& meeting,
                    Json detail, std::string_view request_id, Instant now) {
  audit::Entry entry;
  entry.action = action;
  entry.subject_kind = meeting.report.value == 0 ? "meeting" : "report";
  entry.subject = meeting.report.value == 0 ? meeting.id.value : meeting.report.value;
  entry.detail = detail.Set("meeting", meeting.id.value).Set("holder", meeting.holder).Set("other", meeting.other).Serialize();
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, now);
}

bool Holds(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool Pauses(const Meeting& meeting) { return meeting.state == MeetingState::kOpen && meeting.pauses; }

Meeting MeetingOf(const Interest& interest, const std::string& agency, ReportId report, bool pauses) {
  Meeting meeting;
  meeting.report = report;
  meeting.interest = interest.id;
  meeting.holder = interest.agency;
  meeting.other = agency;
  meeting.pauses = pauses;
  return meeting;
}

Result<void> MeetAll(store::WriteTransaction& transaction, ReportId report, const std::vector<std::string>& agencies, bool pauses,
                     Instant now) {
  for (const Interest& interest : PL_TRY(HoldersOf(transaction, report, now))) {
    for (const std::string& agency : agencies) {
      if (agency != interest.agency) PL_TRY(Meet(transaction, MeetingOf(interest, agency, report, pauses), now));
    }
  }
  return {};
}

// The report's row is locked.
Result<void> GoOnUnlessPaused(store::WriteTransaction& transaction, triage::Tip& tip, Instant now) {
  const std::vector<Meeting> meetings = PL_TRY(rows::MeetingsOf(transaction, tip.id));
  if (!std::any_of(meetings.begin(), meetings.end(), Pauses)) PL_TRY(triage::EndPause(transaction, tip, now));
  return {};
}

}  // namespace

Result<void> Meet(store::WriteTransaction& transaction, Meeting meeting, Instant now) {
  meeting.at = now;
  meeting.state = MeetingState::kOpen;
  const std::optional<MeetingId> id = PL_TRY(rows::InsertMeeting(transaction, meeting));
  if (!id) return {};
  meeting.id = *id;
  const Json detail = Json().Set("meeting", id->value).Set("pauses", meeting.pauses);
  PL_TRY(Record(transaction, auth::SystemCaller("deconfliction"), "deconfliction.meeting.make", meeting, detail, {}, now));
  return jobs::Publish(transaction, events::kMeeting, meeting.report.value, detail.Serialize(), now);
}

namespace {

// Another interest of the same agency in somebody whom the report names.
Result<std::optional<Interest>> StillHolding(store::ReadTransaction& transaction, const Meeting& meeting, Instant now) {
  if (meeting.report.value == 0) return std::optional<Interest>();
  for (Interest& one : PL_TRY(HoldersOf(transaction, meeting.report, now))) {
    if (one.agency == meeting.holder) return std::optional(std::move(one));
  }
  return std::optional<Interest>();
}

Result<void> EndOrMove(store::WriteTransaction& transaction, Meeting& meeting, Instant now) {
  if (const std::optional<Interest> other = PL_TRY(StillHolding(transaction, meeting, now))) {
    meeting.interest = other->id;
    return rows::UpdateMeeting(transaction, meeting);
  }
  meeting.state = MeetingState::kEnded;
  PL_TRY(rows::UpdateMeeting(transaction, meeting));
  return Record(transaction, auth::SystemCaller("deconfliction"), "deconfliction.meeting.end", meeting, Json(), {}, now);
}

}  // namespace

// Reports are locked in the order of their numbers, and before their meetings, as everywhere.
Result<bool> EndMeetingsOf(store::WriteTransaction& transaction, InterestId interest, Instant now) {
  std::vector<Meeting> open = PL_TRY(rows::OpenMeetingsOf(transaction, interest, kEndedAtOnceMax));
  const bool more = open.size() == static_cast<std::size_t>(kEndedAtOnceMax);
  std::stable_sort(open.begin(), open.end(), [](const Meeting& left, const Meeting& right) { return left.report < right.report; });
  for (const Meeting& one : open) {
    std::optional<triage::Tip> tip;
    if (one.report.value != 0) tip = PL_TRY(triage::LockForReferral(transaction, one.report));
    std::optional<Meeting> meeting = PL_TRY(rows::LockMeeting(transaction, one.id));
    if (!meeting || meeting->state != MeetingState::kOpen) continue;
    PL_TRY(EndOrMove(transaction, *meeting, now));
    if (tip) PL_TRY(GoOnUnlessPaused(transaction, *tip, now));
  }
  return more;
}

Result<void> LetUrgentGoOn(store::WriteTransaction& transaction, triage::Tip& tip, Instant now) {
  if (!tip.urgent || tip.state != tipline::ReportState::kPausedDeconfliction) return {};
  for (const Meeting& one : PL_TRY(rows::MeetingsOf(transaction, tip.id))) {
    std::optional<Meeting> meeting = PL_TRY(rows::LockMeeting(transaction, one.id));
    if (!meeting || !Pauses(*meeting)) continue;
    meeting->pauses = false;
    PL_TRY(rows::UpdateMeeting(transaction, *meeting));
  }
  PL_TRY(triage::EndPause(transaction, tip, now));
  return {};
}

bool Ruling::KeepsFrom(std::string_view agency) const { return Holds(kept_from, agency); }

Result<Ruling> RulingOf(store::ReadTransaction& transaction, ReportId report) {
  Ruling ruling;
  for (const Meeting& meeting : PL_TRY(rows::MeetingsOf(transaction, report))) {
    if (meeting.state != MeetingState::kResolved || !meeting.outcome || *meeting.outcome == Outcome::kBoth) continue;
    const bool holder = *meeting.outcome == Outcome::kHolderOnly;
    ruling.kept_from.push_back(holder ? meeting.other : meeting.holder);
    ruling.goes_to.push_back(holder ? meeting.holder : meeting.other);
  }
  // Of two decisions the one that keeps it from somebody holds.
  std::erase_if(ruling.goes_to, [&](const std::string& agency) { return ruling.KeepsFrom(agency); });
  return ruling;
}

Result<std::vector<Interest>> HoldersOf(store::ReadTransaction& transaction, ReportId report, Instant now) {
  std::vector<Interest> holders;
  if (!PL_TRY(rows::AnyStands(transaction, now))) return holders;
  for (const std::int64_t key : PL_TRY(triage::rows::LinkKeysOf(transaction, report))) {
    for (Interest& interest : PL_TRY(rows::StandingOf(transaction, key, now))) {
      const bool known = std::any_of(holders.begin(), holders.end(), [&](const Interest& one) { return one.agency == interest.agency; });
      if (!known) holders.push_back(std::move(interest));
    }
  }
  return holders;
}

Result<bool> PauseWhereTheyMeet(store::WriteTransaction& transaction, triage::Tip& tip, const std::vector<std::string>& agencies,
                                Instant now) {
  // Law of ours: a child in danger now does not wait for a telephone call between two agencies. They are told when it has gone out.
  if (tip.urgent) return false;
  PL_TRY(MeetAll(transaction, tip.id, agencies, true, now));
  const std::vector<Meeting> meetings = PL_TRY(rows::MeetingsOf(transaction, tip.id));
  const bool meets = std::any_of(meetings.begin(), meetings.end(),
                                 [&](const Meeting& one) { return Pauses(one) && Holds(agencies, one.other); });
  return meets && PL_TRY(triage::Pause(transaction, tip, now));
}

Result<void> TellWhereTheyMeet(store::WriteTransaction& transaction, ReportId report, const std::vector<std::string>& agencies,
                               Instant now) {
  return MeetAll(transaction, report, agencies, false, now);
}

Result<Meeting> Resolving::Resolve(const auth::Caller& caller, MeetingId id, Outcome outcome, std::string_view note,
                                   std::string_view request_id) {
  if (Trim(note).empty() || note.size() > kNoteBytesMax) {
    return Error{ErrorCode::kInvalidArgument, "Say what was agreed: 1 to 1,000 bytes.", {}, "/note", 0};
  }
  const Instant now = clock_.Now();
  const auto resolve = [&](store::WriteTransaction& transaction) -> Result<Meeting> {
    const std::optional<Meeting> there = PL_TRY(rows::FindMeeting(transaction, id));
    if (!there) return Error{ErrorCode::kNotFound, "There is no such meeting.", {}, "meeting", 0};
    std::optional<triage::Tip> tip;
    if (there->report.value != 0) tip = PL_TRY(triage::LockForReferral(transaction, there->report));
    Meeting meeting = PL_TRY(rows::LockMeeting(transaction, id)).value_or(*there);
    if (meeting.state == MeetingState::kEnded) {
      return Error{ErrorCode::kConflict, "The interest was withdrawn: there is nothing to resolve.", {}, "state", 0};
    }
    if (!tip && outcome != Outcome::kBoth) {
      return Error{ErrorCode::kInvalidArgument, "Two interests met: there is no report to give to one of them.", {}, "/outcome", 0};
    }
    meeting.state = MeetingState::kResolved;
    meeting.outcome = outcome;
    meeting.note = Trim(note);
    meeting.resolved_at = now;
    meeting.resolved_by = caller.account.value;
    PL_TRY(rows::UpdateMeeting(transaction, meeting));
    const Json detail = Json().Set("outcome", NameOf(outcome));
    PL_TRY(Record(transaction, caller, "deconfliction.meeting.resolve", meeting, detail, request_id, now));
    const Json told = Json().Set("meeting", id.value).Set("outcome", NameOf(outcome));
    PL_TRY(jobs::Publish(transaction, events::kResolved, meeting.report.value, told.Serialize(), now));
    if (tip) PL_TRY(GoOnUnlessPaused(transaction, *tip, now));
    return meeting;
  };
  return database_.Write(resolve);
}

}  // namespace porchlight::deconfliction
