#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/views.h"

// What /api/v1 takes and shows of the gate's tables, and of decisions that a newer one would make otherwise.
namespace porchlight::evidence {

struct GateTableRow {
  std::string version;
  std::string valid_from;
  std::string reason;
  bool holds = false;
  std::optional<Instant> added_at;
  std::string added_by_login;
  static constexpr std::string_view kRecordName = "GateTableRow";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("version", &GateTableRow::version, Visibility::kCentre, "Its version."),
        Describe("valid_from", &GateTableRow::valid_from, Visibility::kCentre, "Date (UTC)."),
        Describe("reason", &GateTableRow::reason, Visibility::kCentre, "Why it is as it is."),
        Describe("holds", &GateTableRow::holds, Visibility::kCentre, "It decides today."),
        Describe("added_at", &GateTableRow::added_at, Visibility::kCentre, "When it was added; null: it came with the profile."),
        Describe("added_by_login", &GateTableRow::added_by_login, Visibility::kCentre, "By whom."));
  }
};

struct GateTableListView {
  std::vector<GateTableRow> items;
  static constexpr std::string_view kRecordName = "GateTableList";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &GateTableListView::items, Visibility::kCentre, "By the day from which each is valid."));
  }
};

struct GateTableRequest {
  std::string document;
  static constexpr std::string_view kRecordName = "GateTableRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("document", &GateTableRequest::document, Visibility::kPublic,
                                    "The table as docs/formats/gate.md has it, at most 1 MiB."));
  }
};

struct GateTrialView {
  TableView table;
  std::int64_t looked_at = 0;
  std::int64_t would_open = 0;
  std::int64_t would_block = 0;
  static constexpr std::string_view kRecordName = "GateTrial";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("table", &GateTrialView::table, Visibility::kCentre, "The table in words."),
        Describe("looked_at", &GateTrialView::looked_at, Visibility::kCentre,
                 "Newest decided files that it was tried on, at most 5,000."),
        Describe("would_open", &GateTrialView::would_open, Visibility::kCentre, "Of those, blocked now and open by this table."),
        Describe("would_block", &GateTrialView::would_block, Visibility::kCentre, "Open now and blocked by this table."));
  }
};

struct FlaggedFileView {
  tipline::ReportId report_id;
  tipline::FileId file;
  Outcome decision = Outcome::kBlocked;
  std::string rule;
  std::string table;
  std::string jurisdiction;
  ReviewView review;
  static constexpr std::string_view kRecordName = "FlaggedFile";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &FlaggedFileView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("file", &FlaggedFileView::file, Visibility::kCentre, "Our number of the file."),
        Describe("decision", &FlaggedFileView::decision, Visibility::kCentre, "The decision that holds."),
        Describe("rule", &FlaggedFileView::rule, Visibility::kCentre, "The rule that decided."),
        Describe("table", &FlaggedFileView::table, Visibility::kCentre, "Of which table."),
        Describe("jurisdiction", &FlaggedFileView::jurisdiction, Visibility::kCentre, "Whose rules."),
        Describe("review", &FlaggedFileView::review, Visibility::kCentre, "What the table of today would decide."));
  }
};

struct FlaggedFilesView {
  std::vector<FlaggedFileView> items;
  bool searched = false;
  std::optional<std::int64_t> next_after;
  static constexpr std::string_view kRecordName = "FlaggedFiles";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &FlaggedFilesView::items, Visibility::kCentre, "By file; a page may be short or empty before the end."),
        Describe("searched", &FlaggedFilesView::searched, Visibility::kCentre,
                 "All files were looked at by the table of today; false: the search is under way."),
        Describe("next_after", &FlaggedFilesView::next_after, Visibility::kCentre, "Pass as `after` for the next page; null at the end."));
  }
};

struct DecideAgainRequest {
  std::optional<std::string> jurisdiction;
  static constexpr std::string_view kRecordName = "DecideAgainRequest";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("jurisdiction", &DecideAgainRequest::jurisdiction, Visibility::kPublic,
                                    "Whose rules from now on; absent: as before."));
  }
};

struct DecidedAgainView {
  int files = 0;
  static constexpr std::string_view kRecordName = "DecidedAgain";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("files", &DecidedAgainView::files, Visibility::kCentre, "Files that have a new decision."));
  }
};

}  // namespace porchlight::evidence
