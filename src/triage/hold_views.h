#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "triage/legal_hold.h"

// What /api/v1 takes and shows of legal holds.
namespace porchlight::triage {

struct HoldView {
  tipline::ReportId report_id;
  Instant at;
  std::int64_t account = 0;
  std::string account_login;
  std::string reason;
  std::string reference;
  std::string review_on;
  bool overdue = false;
  tipline::ReportState stood = tipline::ReportState::kTriaged;
  bool urgent = false;
  std::optional<Instant> lifted_at;
  std::string lifted_by_login;
  std::string note;
  static constexpr std::string_view kRecordName = "LegalHold";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &HoldView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("at", &HoldView::at, Visibility::kCentre, "Since when."),
        Describe("account", &HoldView::account, Visibility::kCentre, "Who holds it."),
        Describe("account_login", &HoldView::account_login, Visibility::kCentre, "Their login."),
        Describe("reason", &HoldView::reason, Visibility::kCentre, "Code of hold_reasons."),
        Describe("reference", &HoldView::reference, Visibility::kCentre, "Of the order or request."),
        Describe("review_on", &HoldView::review_on, Visibility::kCentre, "Date on which somebody looks at it again."),
        Describe("overdue", &HoldView::overdue, Visibility::kCentre, "That day has come."),
        Describe("stood", &HoldView::stood, Visibility::kCentre, "The state to which the report goes back."),
        Describe("urgent", &HoldView::urgent, Visibility::kCentre, "A child may be in danger now."),
        Describe("lifted_at", &HoldView::lifted_at, Visibility::kCentre, "Until when; null: it stands."),
        Describe("lifted_by_login", &HoldView::lifted_by_login, Visibility::kCentre, "Login of who lifted it."),
        Describe("note", &HoldView::note, Visibility::kCentre, "Why it was lifted."));
  }
};

struct HoldListView {
  std::vector<HoldView> items;
  static constexpr std::string_view kRecordName = "LegalHoldList";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &HoldListView::items, Visibility::kCentre,
                                    "The one to be looked at first before; at most 200."));
  }
};

struct HoldRequest {
  std::string reason;
  std::string reference;
  std::string review_on;
  static constexpr std::string_view kRecordName = "HoldRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("reason", &HoldRequest::reason, Visibility::kPublic, "Code of hold_reasons."),
        Describe("reference", &HoldRequest::reference, Visibility::kPublic, "Of the order or request, at most 500 bytes."),
        Describe("review_on", &HoldRequest::review_on, Visibility::kPublic, "Date, at most a year off."));
  }
};

struct LiftHoldRequest {
  std::string note;
  static constexpr std::string_view kRecordName = "LiftHoldRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("note", &LiftHoldRequest::note, Visibility::kPublic, "Why it may go on, at most 500 bytes."));
  }
};

}  // namespace porchlight::triage
