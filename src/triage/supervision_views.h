#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// What an urgent report still needs in time.
enum class ClockNeed : std::uint8_t { kLook = 1, kAgency = 2 };

}  // namespace porchlight::triage

namespace porchlight {

template <>
struct EnumNames<triage::ClockNeed> {
  using E = triage::ClockNeed;
  static constexpr std::string_view kName = "TipClockNeed";
  static constexpr std::array kAll = {std::pair{E::kLook, std::string_view("look")}, std::pair{E::kAgency, std::string_view("agency")}};
};

}  // namespace porchlight

namespace porchlight::triage {

struct ClockView {
  tipline::ReportId report_id;
  Instant received_at;
  ClockNeed needs = ClockNeed::kLook;
  Instant due_at;
  std::string organisation_name;
  std::string login;
  static constexpr std::string_view kRecordName = "TipClock";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &ClockView::report_id, Visibility::kCentre, "An urgent report that waits."),
        Describe("received_at", &ClockView::received_at, Visibility::kCentre, "When it came."),
        Describe("needs", &ClockView::needs, Visibility::kCentre,
                 "look: nobody has claimed it; agency: somebody has, and no agency was told."),
        Describe("due_at", &ClockView::due_at, Visibility::kCentre, "When somebody must have looked at it, or an agency must have it."),
        Describe("organisation_name", &ClockView::organisation_name, Visibility::kCentre, "From."),
        Describe("login", &ClockView::login, Visibility::kCentre, "Who has claimed it; empty: nobody."));
  }
};

struct AgeView {
  std::optional<std::int64_t> minutes_below;
  std::vector<std::int64_t> levels;
  std::int64_t urgent = 0;
  bool more = false;
  static constexpr std::string_view kRecordName = "WaitingAge";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("minutes_below", &AgeView::minutes_below, Visibility::kCentre,
                 "They wait for less than this, and for as long as the one before says; null: longer."),
        Describe("levels", &AgeView::levels, Visibility::kCentre, "How many, by level from the first."),
        Describe("urgent", &AgeView::urgent, Visibility::kCentre, "Of all of them, urgent."),
        Describe("more", &AgeView::more, Visibility::kCentre, "There are more than were counted: at most 10,000 of each."));
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
  std::vector<AgeView> ages;
  static constexpr std::string_view kRecordName = "TipSupervision";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("loads", &SupervisionView::loads, Visibility::kCentre, "Who has what, most first."),
        Describe("clocks", &SupervisionView::clocks, Visibility::kCentre,
                 "Urgent ones that wait, what is due first in front: the 50 that wait longest unclaimed, and 50 of the others."),
        Describe("ages", &SupervisionView::ages, Visibility::kCentre, "How long what waits has waited, the newest first."));
  }
};

}  // namespace porchlight::triage
