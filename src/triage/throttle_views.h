#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "triage/throttling.h"

// What /api/v1 takes and shows of throttled senders.
namespace porchlight::triage {

struct ThrottleView {
  ThrottleId id;
  std::int64_t organisation = 0;
  std::string organisation_name;
  Instant at;
  std::int64_t account = 0;
  std::string account_login;
  std::string reason;
  Instant until;
  std::optional<Instant> ended_at;
  std::string ended_by_login;
  std::string note;
  std::int64_t urgent_behind = 0;
  std::int64_t others_behind = 0;
  static constexpr std::string_view kRecordName = "Throttle";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &ThrottleView::id, Visibility::kCentre, "Its number."),
        Describe("organisation", &ThrottleView::organisation, Visibility::kCentre, "The sender."),
        Describe("organisation_name", &ThrottleView::organisation_name, Visibility::kCentre, "Its name."),
        Describe("at", &ThrottleView::at, Visibility::kCentre, "Since when."),
        Describe("account", &ThrottleView::account, Visibility::kCentre, "Who set it."),
        Describe("account_login", &ThrottleView::account_login, Visibility::kCentre, "Their login."),
        Describe("reason", &ThrottleView::reason, Visibility::kCentre, "Why."),
        Describe("until", &ThrottleView::until, Visibility::kCentre, "When it ends by itself."),
        Describe("ended_at", &ThrottleView::ended_at, Visibility::kCentre, "When it ended; null: it holds."),
        Describe("ended_by_login", &ThrottleView::ended_by_login, Visibility::kCentre, "Who ended it; empty: its time was over."),
        Describe("note", &ThrottleView::note, Visibility::kCentre, "Why it was ended before."),
        Describe("urgent_behind", &ThrottleView::urgent_behind, Visibility::kCentre,
                 "Urgent reports that wait behind those of others; 10,000 means that or more."),
        Describe("others_behind", &ThrottleView::others_behind, Visibility::kCentre,
                 "Other reports that wait behind; 10,000 means that or more."));
  }
};

struct ThrottleListView {
  std::vector<ThrottleView> items;
  static constexpr std::string_view kRecordName = "ThrottleList";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &ThrottleListView::items, Visibility::kCentre,
                                    "Those that hold first, then those that ended, newest first; at most 100."));
  }
};

struct ThrottleRequest {
  std::int64_t organisation = 0;
  std::string reason;
  int days = 1;
  static constexpr std::string_view kRecordName = "ThrottleRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("organisation", &ThrottleRequest::organisation, Visibility::kPublic, "Number of the sender; never 0, the public."),
        Describe("reason", &ThrottleRequest::reason, Visibility::kPublic, "Why, at most 500 bytes; nothing of a report's content."),
        Describe("days", &ThrottleRequest::days, Visibility::kPublic, "For how long, 1 to 30 days."));
  }
};

struct EndThrottleRequest {
  std::string note;
  static constexpr std::string_view kRecordName = "EndThrottleRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("note", &EndThrottleRequest::note, Visibility::kPublic, "Why it may end, at most 500 bytes."));
  }
};

}  // namespace porchlight::triage
