#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "tipline/report.h"

// What /api/v1 shows a supervisor: who has what, what is late, who sends how much.
namespace porchlight::triage {

struct LoadView {
  std::int64_t account = 0;
  std::string login;
  std::int64_t claimed = 0;
  std::int64_t urgent = 0;
  std::optional<Instant> first_ends;
  static constexpr std::string_view kRecordName = "AnalystLoad";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("account", &LoadView::account, Visibility::kCentre, "The analyst."),
        Describe("login", &LoadView::login, Visibility::kCentre, "Their login."),
        Describe("claimed", &LoadView::claimed, Visibility::kCentre, "Reports they have claimed; 200 means that or more."),
        Describe("urgent", &LoadView::urgent, Visibility::kCentre, "Of those, urgent."),
        Describe("first_ends", &LoadView::first_ends, Visibility::kCentre, "When the first of their claims ends."));
  }
};

struct ClockView {
  tipline::ReportId report_id;
  Instant received_at;
  Instant due_at;
  std::string organisation_name;
  static constexpr std::string_view kRecordName = "TipClock";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &ClockView::report_id, Visibility::kCentre, "An urgent report that nobody has claimed."),
        Describe("received_at", &ClockView::received_at, Visibility::kCentre, "When it came."),
        Describe("due_at", &ClockView::due_at, Visibility::kCentre, "When somebody must have looked at it."),
        Describe("organisation_name", &ClockView::organisation_name, Visibility::kCentre, "From."));
  }
};

struct VolumeView {
  std::int64_t organisation = 0;
  std::string organisation_name;
  std::int64_t today = 0;
  std::int64_t usual = 0;
  std::vector<std::int64_t> days;
  bool unusual = false;
  static constexpr std::string_view kRecordName = "PlatformVolume";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("organisation", &VolumeView::organisation, Visibility::kCentre, "The reporter; 0: the public."),
        Describe("organisation_name", &VolumeView::organisation_name, Visibility::kCentre, "Its name."),
        Describe("today", &VolumeView::today, Visibility::kCentre, "Reports of this day so far (UTC)."),
        Describe("usual", &VolumeView::usual, Visibility::kCentre, "Of a day, in the middle of the thirteen days before."),
        Describe("days", &VolumeView::days, Visibility::kCentre, "Reports of fourteen days, the oldest first, today last."),
        Describe("unusual", &VolumeView::unusual, Visibility::kCentre, "Today is more than three times the usual, and at least 100."));
  }
};

struct VolumesView {
  std::vector<VolumeView> items;
  std::int64_t others = 0;
  static constexpr std::string_view kRecordName = "PlatformVolumes";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &VolumesView::items, Visibility::kCentre, "Unusual ones first, then those who send most today; at most 50."),
        Describe("others", &VolumesView::others, Visibility::kCentre, "How many more sent something in fourteen days."));
  }
};

struct SupervisionView {
  std::vector<LoadView> loads;
  std::vector<ClockView> clocks;
  static constexpr std::string_view kRecordName = "TipSupervision";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("loads", &SupervisionView::loads, Visibility::kCentre, "Who has what, most first."),
        Describe("clocks", &SupervisionView::clocks, Visibility::kCentre,
                 "Urgent ones that wait, the longest waiting first; at most 50."));
  }
};

}  // namespace porchlight::triage
