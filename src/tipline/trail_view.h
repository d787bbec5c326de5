#pragma once

#include <string>
#include <vector>

#include "base/record.h"

namespace porchlight::tipline {

// One line of a report's audit trail.
struct TrailEntry {
  std::int64_t id = 0;
  Instant at;
  std::string login;
  std::string action;
  std::string purpose;
  std::string detail;
  bool denied = false;
  std::string after_digest;
  std::string request_id;
  std::optional<std::int64_t> leaf;
  static constexpr std::string_view kRecordName = "TrailEntry";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &TrailEntry::id, Visibility::kCentre, "Number of the audit entry."),
        Describe("at", &TrailEntry::at, Visibility::kCentre, "When."),
        Describe("login", &TrailEntry::login, Visibility::kCentre, "Who."),
        Describe("action", &TrailEntry::action, Visibility::kCentre, "What was done, as a code."),
        Describe("purpose", &TrailEntry::purpose, Visibility::kCentre, "Why, from the list of purposes."),
        Describe("detail", &TrailEntry::detail, Visibility::kCentre, "Ids and codes."),
        Describe("denied", &TrailEntry::denied, Visibility::kCentre, "It was refused."),
        Describe("after_digest", &TrailEntry::after_digest, Visibility::kCentre, "SHA-256 of what was received, hex."),
        Describe("request_id", &TrailEntry::request_id, Visibility::kCentre, "Request-ID of the answer."),
        Describe("leaf", &TrailEntry::leaf, Visibility::kCentre, "Place in the signed tree; null until sealed."));
  }
};

struct Trail {
  std::vector<TrailEntry> items;
  static constexpr std::string_view kRecordName = "Trail";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &Trail::items, Visibility::kCentre, "Oldest first."));
  }
};

}  // namespace porchlight::tipline
