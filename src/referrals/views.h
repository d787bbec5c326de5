#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "deconfliction/views.h"
#include "referrals/content_views.h"
#include "referrals/delivery.h"

// What /api/v1 takes and shows of referrals to the officers of an agency (V4); what the centre sees is in
// staff_views.h.
namespace porchlight::referrals {

struct AgencyView {
  std::string code;
  std::string name;
  std::string kind;
  std::vector<std::string> serves;
  std::string contact;
  std::string urgent_phone;
  bool listed = true;
  std::int64_t organisation = 0;
  static constexpr std::string_view kRecordName = "Agency";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("code", &AgencyView::code, Visibility::kPublic, "Its code in the directory."),
        Describe("name", &AgencyView::name, Visibility::kPublic, "Its name."),
        Describe("kind", &AgencyView::kind, Visibility::kPublic, "Code of the list organisation_kinds."),
        Describe("serves", &AgencyView::serves, Visibility::kPublic, "Places: country, or country-region."),
        Describe("contact", &AgencyView::contact, Visibility::kCentre, "How it is reached."),
        Describe("urgent_phone", &AgencyView::urgent_phone, Visibility::kCentre, "Answered at any hour."),
        Describe("listed", &AgencyView::listed, Visibility::kCentre, "In the newest directory."),
        Describe("organisation", &AgencyView::organisation, Visibility::kCentre, "Whose officers sign in for it; 0: nobody's yet."));
  }
};

struct AgencyListView {
  std::string version;
  std::vector<AgencyView> items;
  static constexpr std::string_view kRecordName = "AgencyList";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("version", &AgencyListView::version, Visibility::kPublic, "Of the directory."),
        Describe("items", &AgencyListView::items, Visibility::kPublic, "By code."));
  }
};

struct DeliveryRow {
  DeliveryId id;
  tipline::ReportId report_id;
  std::optional<Instant> preserve_until;
  bool urgent = false;
  int priority = 3;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  std::string reported_by;
  bool primary = false;
  bool bundled = false;
  Cause basis = Cause::kDecided;
  Instant made_available_at;
  DeliveryState state = DeliveryState::kMadeAvailable;
  std::optional<Instant> opened_at;
  std::optional<Instant> downloaded_at;
  std::optional<Instant> acknowledged_at;
  std::optional<Instant> feedback_at;
  bool redirected = false;
  static constexpr std::string_view kRecordName = "DeliveryRow";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &DeliveryRow::id, Visibility::kLawEnforcement, "Number of the delivery."),
        Describe("report_id", &DeliveryRow::report_id, Visibility::kLawEnforcement, "Number of the report."),
        Describe("preserve_until", &DeliveryRow::preserve_until, Visibility::kLawEnforcement,
                 "Until when the platform must keep the content."),
        Describe("urgent", &DeliveryRow::urgent, Visibility::kLawEnforcement, "Acknowledge it within the hour."),
        Describe("priority", &DeliveryRow::priority, Visibility::kLawEnforcement,
                 "1 imminent danger or ongoing abuse, 2 actionable, 3 low."),
        Describe("incident_type", &DeliveryRow::incident_type, Visibility::kLawEnforcement, "Kind of incident."),
        Describe("reported_by", &DeliveryRow::reported_by, Visibility::kLawEnforcement, "The platform; empty for the public."),
        Describe("primary", &DeliveryRow::primary, Visibility::kLawEnforcement, "You are the first agency for it."),
        Describe("bundled", &DeliveryRow::bundled, Visibility::kLawEnforcement, "One of many copies of a viral item."),
        Describe("basis", &DeliveryRow::basis, Visibility::kLawEnforcement, "Why you have it."),
        Describe("made_available_at", &DeliveryRow::made_available_at, Visibility::kLawEnforcement, "Since when."),
        Describe("state", &DeliveryRow::state, Visibility::kLawEnforcement, "How far it has come."),
        Describe("opened_at", &DeliveryRow::opened_at, Visibility::kLawEnforcement, "First read; null: unread."),
        Describe("downloaded_at", &DeliveryRow::downloaded_at, Visibility::kLawEnforcement, "Package first fetched."),
        Describe("acknowledged_at", &DeliveryRow::acknowledged_at, Visibility::kLawEnforcement, "Acknowledged."),
        Describe("feedback_at", &DeliveryRow::feedback_at, Visibility::kLawEnforcement, "First feedback."),
        Describe("redirected", &DeliveryRow::redirected, Visibility::kLawEnforcement, "You sent it on."));
  }
};

struct DeliveryPage {
  std::vector<DeliveryRow> items;
  std::optional<std::string> next_after;
  static constexpr std::string_view kRecordName = "DeliveryPage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &DeliveryPage::items, Visibility::kLawEnforcement, "Unread first, urgent first, newest first."),
        Describe("next_after", &DeliveryPage::next_after, Visibility::kLawEnforcement,
                 "Pass as `after` for the next page; null at the end."));
  }
};

struct HappeningView {
  Instant at;
  Happening what = Happening::kMadeAvailable;
  std::string by;
  Json detail;
  static constexpr std::string_view kRecordName = "DeliveryHistoryEntry";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("at", &HappeningView::at, Visibility::kLawEnforcement, "When."),
        Describe("what", &HappeningView::what, Visibility::kLawEnforcement, "What happened."),
        Describe("by", &HappeningView::by, Visibility::kLawEnforcement, "Login, or empty: the centre."),
        Describe("detail", &HappeningView::detail, Visibility::kLawEnforcement, "Codes."));
  }
};

struct OutcomeView {
  std::string code;
  std::optional<std::string> on;
  static constexpr std::string_view kRecordName = "FeedbackOutcome";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("code", &OutcomeView::code, Visibility::kLawEnforcement, "Code of feedback_outcomes."),
        Describe("on", &OutcomeView::on, Visibility::kLawEnforcement, "Date."));
  }
};

struct FeedbackView {
  Instant at;
  std::optional<Usefulness> usefulness;
  std::vector<OutcomeView> outcomes;
  std::vector<std::string> gaps;
  static constexpr std::string_view kRecordName = "Feedback";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("at", &FeedbackView::at, Visibility::kLawEnforcement, "When."),
        Describe("usefulness", &FeedbackView::usefulness, Visibility::kLawEnforcement, "How useful it was."),
        Describe("outcomes", &FeedbackView::outcomes, Visibility::kLawEnforcement, "What came of it."),
        Describe("gaps", &FeedbackView::gaps, Visibility::kLawEnforcement, "What was missing."));
  }
};

struct PackageView {
  int number = 0;
  Instant at;
  std::int64_t bytes = 0;
  std::string sha256;
  std::vector<std::string> encrypted_to;
  static constexpr std::string_view kRecordName = "DeliveryPackage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("number", &PackageView::number, Visibility::kLawEnforcement, "From 1."),
        Describe("at", &PackageView::at, Visibility::kLawEnforcement, "When it was made."),
        Describe("bytes", &PackageView::bytes, Visibility::kLawEnforcement, "Size."),
        Describe("sha256", &PackageView::sha256, Visibility::kLawEnforcement, "Of the whole file, hex."),
        Describe("encrypted_to", &PackageView::encrypted_to, Visibility::kLawEnforcement,
                 "SHA-256 of the certificates whose owners can open it, hex; empty: it is a plain ZIP."));
  }
};

struct SamePersonView {
  DeliveryId delivery;
  tipline::ReportId report_id;
  Instant received_at;
  std::string reported_by;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  DeliveryState state = DeliveryState::kMadeAvailable;
  static constexpr std::string_view kRecordName = "SamePersonDelivery";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("delivery", &SamePersonView::delivery, Visibility::kLawEnforcement, "Your delivery of the other report."),
        Describe("report_id", &SamePersonView::report_id, Visibility::kLawEnforcement, "Its number."),
        Describe("received_at", &SamePersonView::received_at, Visibility::kLawEnforcement, "When the centre received it."),
        Describe("reported_by", &SamePersonView::reported_by, Visibility::kLawEnforcement, "The platform; empty for the public."),
        Describe("incident_type", &SamePersonView::incident_type, Visibility::kLawEnforcement, "Kind of incident."),
        Describe("state", &SamePersonView::state, Visibility::kLawEnforcement, "How far the delivery has come."));
  }
};

struct DeliveryDetail {
  DeliveryRow delivery;
  ReportContentView report;
  std::vector<PlaceReasonView> why_here;
  std::optional<PackageView> package;
  std::vector<HappeningView> history;
  std::vector<FeedbackView> feedback;
  std::vector<deconfliction::NoticeView> call_first;
  std::vector<SamePersonView> same_person;
  static constexpr std::string_view kRecordName = "DeliveryDetail";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("delivery", &DeliveryDetail::delivery, Visibility::kLawEnforcement, "The row of the list."),
        Describe("report", &DeliveryDetail::report, Visibility::kLawEnforcement, "What was reported and what the centre found."),
        Describe("why_here", &DeliveryDetail::why_here, Visibility::kLawEnforcement, "What leads to your agency."),
        Describe("package", &DeliveryDetail::package, Visibility::kLawEnforcement, "The newest package; null while it is being made."),
        Describe("history", &DeliveryDetail::history, Visibility::kLawEnforcement, "What happened, oldest first."),
        Describe("feedback", &DeliveryDetail::feedback, Visibility::kLawEnforcement, "What you said, oldest first."),
        Describe("call_first", &DeliveryDetail::call_first, Visibility::kLawEnforcement,
                 "Agencies that work on somebody in it: call them before you act."),
        Describe("same_person", &DeliveryDetail::same_person, Visibility::kLawEnforcement,
                 "What else your agency has of the same person, newest first; at most 200."));
  }
};

struct AgencyCountsView {
  std::string agency;
  std::string agency_name;
  std::int64_t unread = 0;
  std::int64_t unread_urgent = 0;
  std::int64_t bundled_unread = 0;
  std::int64_t ending = 0;
  static constexpr std::string_view kRecordName = "AgencyCounts";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agency", &AgencyCountsView::agency, Visibility::kLawEnforcement, "Code of your agency."),
        Describe("agency_name", &AgencyCountsView::agency_name, Visibility::kLawEnforcement, "Its name."),
        Describe("unread", &AgencyCountsView::unread, Visibility::kLawEnforcement, "1,000 means that or more."),
        Describe("unread_urgent", &AgencyCountsView::unread_urgent, Visibility::kLawEnforcement, "Likewise."),
        Describe("bundled_unread", &AgencyCountsView::bundled_unread, Visibility::kLawEnforcement, "Likewise, copies of viral items."),
        Describe("ending", &AgencyCountsView::ending, Visibility::kLawEnforcement,
                 "Likewise, what the platform need not keep much longer; no copies of viral items."));
  }
};

struct RedirectRequest {
  std::string agency;
  static constexpr std::string_view kRecordName = "RedirectRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("agency", &RedirectRequest::agency, Visibility::kPublic, "Code of the agency it concerns."));
  }
};

struct FeedbackRequest {
  std::optional<Usefulness> usefulness;
  std::vector<OutcomeView> outcomes;
  std::vector<std::string> gaps;
  static constexpr std::string_view kRecordName = "FeedbackRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("usefulness", &FeedbackRequest::usefulness, Visibility::kPublic, "How useful it was."),
        Describe("outcomes", &FeedbackRequest::outcomes, Visibility::kPublic, "What came of it."),
        Describe("gaps", &FeedbackRequest::gaps, Visibility::kPublic, "What was missing, codes of feedback_gaps."));
  }
};

struct BulkFeedbackRequest {
  std::vector<DeliveryId> deliveries;
  FeedbackRequest feedback;
  static constexpr std::string_view kRecordName = "BulkFeedbackRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("deliveries", &BulkFeedbackRequest::deliveries, Visibility::kPublic, "Numbers, at most 200."),
        Describe("feedback", &BulkFeedbackRequest::feedback, Visibility::kPublic, "Said of each of them."));
  }
};

struct BulkAnswer {
  std::vector<DeliveryId> done;
  std::vector<DeliveryId> unknown;
  static constexpr std::string_view kRecordName = "BulkAnswer";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("done", &BulkAnswer::done, Visibility::kLawEnforcement, "Those it was said of."),
        Describe("unknown", &BulkAnswer::unknown, Visibility::kLawEnforcement, "Those that are none of yours."));
  }
};

}  // namespace porchlight::referrals
