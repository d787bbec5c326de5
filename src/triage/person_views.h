#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "triage/tip.h"

// What /api/v1 shows of other reports of a report's people: those of one person, and those of handles that differ by little.
namespace porchlight::triage {

struct PersonReportView {
  tipline::ReportId report_id;
  Instant received_at;
  std::int64_t organisation = 0;
  std::string organisation_name;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  tipline::ReportState state = tipline::ReportState::kTriaged;
  std::optional<Disposition> disposition;
  int value = kLevelLast;
  bool urgent = false;
  int steps = 0;
  int identifiers = 0;
  static constexpr std::string_view kRecordName = "PersonReport";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &PersonReportView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("received_at", &PersonReportView::received_at, Visibility::kCentre, "When it came."),
        Describe("organisation", &PersonReportView::organisation, Visibility::kCentre, "The reporting platform; 0 for the public."),
        Describe("organisation_name", &PersonReportView::organisation_name, Visibility::kCentre, "Its name."),
        Describe("incident_type", &PersonReportView::incident_type, Visibility::kCentre, "Kind of incident, as corrected."),
        Describe("state", &PersonReportView::state, Visibility::kCentre, "Where it stands."),
        Describe("disposition", &PersonReportView::disposition, Visibility::kCentre, "What was decided."),
        Describe("value", &PersonReportView::value, Visibility::kCentre, "Level, 1 to 3."),
        Describe("urgent", &PersonReportView::urgent, Visibility::kCentre, "A child may be in danger now."),
        Describe("steps", &PersonReportView::steps, Visibility::kCentre,
                 "0: the report asked for; 1: shares an identifier with it; 2: with one of those, and so on."),
        Describe("identifiers", &PersonReportView::identifiers, Visibility::kCentre, "By how many it was found."));
  }
};

struct PersonView {
  tipline::ReportId report_id;
  std::vector<PersonReportView> items;
  std::int64_t platforms = 0;
  std::int64_t shared_by_many = 0;
  bool complete = true;
  static constexpr std::string_view kRecordName = "PersonOfInterest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &PersonView::report_id, Visibility::kCentre, "The report asked for."),
        Describe("items", &PersonView::items, Visibility::kCentre, "Reports that name the same person, newest first; at most 200."),
        Describe("platforms", &PersonView::platforms, Visibility::kCentre, "From how many reporters they came; the public counts as one."),
        Describe("shared_by_many", &PersonView::shared_by_many, Visibility::kCentre,
                 "Identifiers left aside, since more than 50 reports hold them."),
        Describe("complete", &PersonView::complete, Visibility::kCentre, "False: there are more than 200."));
  }
};

struct NearReportView {
  tipline::ReportId report_id;
  Instant received_at;
  std::int64_t organisation = 0;
  std::string organisation_name;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  tipline::ReportState state = tipline::ReportState::kTriaged;
  int value = kLevelLast;
  bool urgent = false;
  std::string own;
  std::string other;
  static constexpr std::string_view kRecordName = "NearReport";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &NearReportView::report_id, Visibility::kCentre, "The other report."),
        Describe("received_at", &NearReportView::received_at, Visibility::kCentre, "When it came."),
        Describe("organisation", &NearReportView::organisation, Visibility::kCentre, "The reporting platform; 0 for the public."),
        Describe("organisation_name", &NearReportView::organisation_name, Visibility::kCentre, "Its name."),
        Describe("incident_type", &NearReportView::incident_type, Visibility::kCentre, "Kind of incident, as corrected."),
        Describe("state", &NearReportView::state, Visibility::kCentre, "Where it stands."),
        Describe("value", &NearReportView::value, Visibility::kCentre, "Level, 1 to 3."),
        Describe("urgent", &NearReportView::urgent, Visibility::kCentre, "A child may be in danger now."),
        Describe("own", &NearReportView::own, Visibility::kCentre, "A handle of this report, in its normal form."),
        Describe("other", &NearReportView::other, Visibility::kCentre, "The handle of the other one that it is near to."));
  }
};

struct NearReportsView {
  tipline::ReportId report_id;
  std::vector<NearReportView> items;
  int left_aside = 0;
  bool complete = true;
  static constexpr std::string_view kRecordName = "NearReports";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &NearReportsView::report_id, Visibility::kCentre, "The report asked for."),
        Describe("items", &NearReportsView::items, Visibility::kCentre,
                 "Reports of a handle that differs by one letter, or by two in turn; newest first, at most 20. A suggestion, no link."),
        Describe("left_aside", &NearReportsView::left_aside, Visibility::kCentre,
                 "Handles that are too short or long, too many, or near to one that more than 50 reports hold."),
        Describe("complete", &NearReportsView::complete, Visibility::kCentre, "False: there are more than 20."));
  }
};

}  // namespace porchlight::triage
