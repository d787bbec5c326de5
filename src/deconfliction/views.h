#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "deconfliction/interest.h"

// What /api/v1 takes and shows of deconfliction. Officers (V4) see their own agency's interests, and whom to call; supervisors see
// who met whom, and nobody but the agency itself sees an identifier.
namespace porchlight::deconfliction {

struct InterestView {
  InterestId id;
  tipline::IdentifierKind kind = tipline::IdentifierKind::kEmail;
  std::string value;
  std::string service;
  std::string reference;
  std::string contact_name;
  std::string contact_phone;
  Instant opened_at;
  Instant until;
  bool open = true;
  std::int64_t meetings = 0;
  static constexpr std::string_view kRecordName = "OpenInterest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &InterestView::id, Visibility::kLawEnforcement, "Number of the interest."),
        Describe("kind", &InterestView::kind, Visibility::kLawEnforcement, "What identifies the person."),
        Describe("value", &InterestView::value, Visibility::kLawEnforcement, "As your agency gave it."),
        Describe("service", &InterestView::service, Visibility::kLawEnforcement, "Of an account number or a screen name."),
        Describe("reference", &InterestView::reference, Visibility::kLawEnforcement, "Your case."),
        Describe("contact_name", &InterestView::contact_name, Visibility::kLawEnforcement, "Whom others are told to call."),
        Describe("contact_phone", &InterestView::contact_phone, Visibility::kLawEnforcement, "And where."),
        Describe("opened_at", &InterestView::opened_at, Visibility::kLawEnforcement, "Since when."),
        Describe("until", &InterestView::until, Visibility::kLawEnforcement, "Until when it stands."),
        Describe("open", &InterestView::open, Visibility::kLawEnforcement, "It stands now."),
        Describe("meetings", &InterestView::meetings, Visibility::kLawEnforcement, "How often it met another agency."));
  }
};

struct InterestPage {
  std::vector<InterestView> items;
  std::optional<std::string> next_after;
  static constexpr std::string_view kRecordName = "OpenInterestPage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &InterestPage::items, Visibility::kLawEnforcement, "Newest first."),
        Describe("next_after", &InterestPage::next_after, Visibility::kLawEnforcement,
                 "Pass as `after` for the next page; null at the end."));
  }
};

struct InterestRequest {
  tipline::IdentifierKind kind = tipline::IdentifierKind::kEmail;
  std::string value;
  std::optional<std::string> service;
  std::string reference;
  std::string contact_name;
  std::string contact_phone;
  std::optional<int> days;
  static constexpr std::string_view kRecordName = "OpenInterestRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &InterestRequest::kind, Visibility::kPublic, "email, phone, screen_name, user_id or profile_url."),
        Describe("value", &InterestRequest::value, Visibility::kPublic, "The identifier; a telephone with its country's code."),
        Describe("service", &InterestRequest::service, Visibility::kPublic, "Needed with user_id."),
        Describe("reference", &InterestRequest::reference, Visibility::kPublic, "Your own case number."),
        Describe("contact_name", &InterestRequest::contact_name, Visibility::kPublic, "Whom the other agency is to call."),
        Describe("contact_phone", &InterestRequest::contact_phone, Visibility::kPublic, "And where."),
        Describe("days", &InterestRequest::days, Visibility::kPublic, "How long it stands, 1 to 730; default 365."));
  }
};

// What one agency is told of a meeting: nothing of the other's file.
struct NoticeView {
  MeetingId id;
  Instant at;
  InterestId interest;
  std::string reference;
  std::int64_t delivery = 0;
  std::string agency_name;
  std::string contact_name;
  std::string contact_phone;
  MeetingState state = MeetingState::kOpen;
  std::optional<Outcome> outcome;
  static constexpr std::string_view kRecordName = "MeetingNotice";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &NoticeView::id, Visibility::kLawEnforcement, "Number of the meeting."),
        Describe("at", &NoticeView::at, Visibility::kLawEnforcement, "When it came about."),
        Describe("interest", &NoticeView::interest, Visibility::kLawEnforcement, "Your interest that met them; 0: none of yours."),
        Describe("reference", &NoticeView::reference, Visibility::kLawEnforcement, "Your case of it."),
        Describe("delivery", &NoticeView::delivery, Visibility::kLawEnforcement, "Your delivery that it is about; 0: none."),
        Describe("agency_name", &NoticeView::agency_name, Visibility::kLawEnforcement, "The other agency."),
        Describe("contact_name", &NoticeView::contact_name, Visibility::kLawEnforcement, "Whom to call there."),
        Describe("contact_phone", &NoticeView::contact_phone, Visibility::kLawEnforcement, "And where."),
        Describe("state", &NoticeView::state, Visibility::kLawEnforcement, "Whether the centre has settled it."),
        Describe("outcome", &NoticeView::outcome, Visibility::kLawEnforcement, "How; holder: whose interest it is."));
  }
};

struct NoticePage {
  std::vector<NoticeView> items;
  std::optional<std::string> next_after;
  static constexpr std::string_view kRecordName = "MeetingNoticePage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &NoticePage::items, Visibility::kLawEnforcement, "Newest first."),
        Describe("next_after", &NoticePage::next_after, Visibility::kLawEnforcement,
                 "Pass as `after` for the next page; null at the end."));
  }
};

// One side of a meeting.
struct SideView {
  std::string agency;
  std::string agency_name;
  std::string reference;
  std::string contact_name;
  std::string contact_phone;
  static constexpr std::string_view kRecordName = "MeetingSide";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agency", &SideView::agency, Visibility::kCentre, "Code of the agency."),
        Describe("agency_name", &SideView::agency_name, Visibility::kCentre, "Its name."),
        Describe("reference", &SideView::reference, Visibility::kCentre, "Its case, when it has an interest."),
        Describe("contact_name", &SideView::contact_name, Visibility::kCentre, "Whom to call there."),
        Describe("contact_phone", &SideView::contact_phone, Visibility::kCentre, "And where."));
  }
};

struct MeetingView {
  MeetingId id;
  tipline::ReportId report_id;
  Instant at;
  SideView holder;
  SideView other;
  MeetingState state = MeetingState::kOpen;
  bool pauses = false;
  std::optional<Outcome> outcome;
  std::string note;
  std::optional<Instant> resolved_at;
  std::string resolved_by_login;
  static constexpr std::string_view kRecordName = "DeconflictionMeeting";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &MeetingView::id, Visibility::kCentre, "Number of the meeting."),
        Describe("report_id", &MeetingView::report_id, Visibility::kCentre, "The report over which they met; 0: two interests met."),
        Describe("at", &MeetingView::at, Visibility::kCentre, "When it came about."),
        Describe("holder", &MeetingView::holder, Visibility::kCentre, "Whose interest it is."),
        Describe("other", &MeetingView::other, Visibility::kCentre, "Where the report leads, or whose the later interest is."),
        Describe("state", &MeetingView::state, Visibility::kCentre, "Whether it is settled."),
        Describe("pauses", &MeetingView::pauses, Visibility::kCentre, "The report goes to nobody until it is."),
        Describe("outcome", &MeetingView::outcome, Visibility::kCentre, "Who may have the report."),
        Describe("note", &MeetingView::note, Visibility::kCentre, "What was agreed."),
        Describe("resolved_at", &MeetingView::resolved_at, Visibility::kCentre, "When it was settled."),
        Describe("resolved_by_login", &MeetingView::resolved_by_login, Visibility::kCentre, "By whom."));
  }
};

struct MeetingsView {
  std::vector<MeetingView> open;
  std::vector<MeetingView> resolved;
  static constexpr std::string_view kRecordName = "DeconflictionMeetings";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("open", &MeetingsView::open, Visibility::kCentre, "Those that pause a report first, then the oldest; at most 200."),
        Describe("resolved", &MeetingsView::resolved, Visibility::kCentre, "Newest first; at most 50."));
  }
};

struct ReportMeetingsView {
  std::vector<SideView> holders;
  std::vector<MeetingView> meetings;
  static constexpr std::string_view kRecordName = "ReportDeconfliction";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("holders", &ReportMeetingsView::holders, Visibility::kCentre,
                 "Agencies with an open interest in somebody whom the report names."),
        Describe("meetings", &ReportMeetingsView::meetings, Visibility::kCentre, "In which they met others over it."));
  }
};

struct ResolveRequest {
  Outcome outcome = Outcome::kBoth;
  std::string note;
  static constexpr std::string_view kRecordName = "ResolveMeetingRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("outcome", &ResolveRequest::outcome, Visibility::kPublic, "both, holder_only or other_only."),
        Describe("note", &ResolveRequest::note, Visibility::kPublic, "What was agreed, at most 1,000 bytes."));
  }
};

}  // namespace porchlight::deconfliction
