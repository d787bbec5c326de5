#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "evidence/authority.h"
#include "evidence/gate.h"

// What /api/v1 shows of the gate. Never a file's content, and nothing about what is in it.
namespace porchlight::evidence {

struct ReviewView {
  std::string table;
  Outcome decision = Outcome::kBlocked;
  std::string rule;
  Instant at;
  static constexpr std::string_view kRecordName = "GateReview";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("table", &ReviewView::table, Visibility::kCentre, "The newer table."),
        Describe("decision", &ReviewView::decision, Visibility::kCentre, "What it would decide."),
        Describe("rule", &ReviewView::rule, Visibility::kCentre, "By which rule."),
        Describe("at", &ReviewView::at, Visibility::kCentre, "When that was noticed."));
  }
};

struct FileGateView {
  tipline::FileId file;
  Outcome decision = Outcome::kBlocked;
  std::string rule;
  std::string label;
  std::string citation;
  std::string table;
  std::string jurisdiction;
  std::int64_t sequence = 0;
  std::optional<Instant> at;
  std::int64_t account = 0;
  tipline::Answer viewed_by_esp = tipline::Answer::kMissing;
  tipline::Answer publicly_available = tipline::Answer::kMissing;
  std::vector<std::int64_t> authorities;
  std::optional<ReviewView> review;
  std::int64_t reveals = 0;
  static constexpr std::string_view kRecordName = "FileGate";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("file", &FileGateView::file, Visibility::kCentre, "Our number of the file."),
        Describe("decision", &FileGateView::decision, Visibility::kCentre, "The newest decision, which holds."),
        Describe("rule", &FileGateView::rule, Visibility::kCentre, "The rule that decided; none: no rule fits; undecided: not yet."),
        Describe("label", &FileGateView::label, Visibility::kCentre, "The rule in words."),
        Describe("citation", &FileGateView::citation, Visibility::kCentre, "On what the rule rests; to be confirmed with counsel."),
        Describe("table", &FileGateView::table, Visibility::kCentre, "Version of the table that decided."),
        Describe("jurisdiction", &FileGateView::jurisdiction, Visibility::kCentre, "Whose rules."),
        Describe("sequence", &FileGateView::sequence, Visibility::kCentre, "How many decisions there were; 0: none yet."),
        Describe("at", &FileGateView::at, Visibility::kCentre, "When it was decided."),
        Describe("account", &FileGateView::account, Visibility::kCentre, "By whose act; 0: the system."),
        Describe("viewed_by_esp", &FileGateView::viewed_by_esp, Visibility::kCentre, "As decided on; missing counts as no."),
        Describe("publicly_available", &FileGateView::publicly_available, Visibility::kCentre, "Likewise."),
        Describe("authorities", &FileGateView::authorities, Visibility::kCentre, "Records that were in force and name the file."),
        Describe("review", &FileGateView::review, Visibility::kCentre, "Set when the newest table would decide otherwise."),
        Describe("reveals", &FileGateView::reveals, Visibility::kCentre, "How often a preview of it was shown to anybody."));
  }
};

struct AuthorityView {
  AuthorityId id;
  tipline::ReportId report;
  AuthorityKind kind = AuthorityKind::kWarrant;
  std::string reference;
  Instant from;
  std::optional<Instant> until;
  bool all_files = false;
  std::vector<tipline::FileId> files;
  std::int64_t account = 0;
  Instant recorded_at;
  std::optional<Instant> revoked_at;
  std::int64_t revoked_by = 0;
  bool in_force = false;
  static constexpr std::string_view kRecordName = "Authority";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &AuthorityView::id, Visibility::kCentre, "Number of the record."),
        Describe("report", &AuthorityView::report, Visibility::kCentre, "The report whose files it names."),
        Describe("kind", &AuthorityView::kind, Visibility::kCentre, "Warrant, consent or exigency."),
        Describe("reference", &AuthorityView::reference, Visibility::kCentre, "Its number."),
        Describe("from", &AuthorityView::from, Visibility::kCentre, "In force from this moment."),
        Describe("until", &AuthorityView::until, Visibility::kCentre, "And before this one; null: without end."),
        Describe("all_files", &AuthorityView::all_files, Visibility::kCentre, "It names every file of the report."),
        Describe("files", &AuthorityView::files, Visibility::kCentre, "Else these."),
        Describe("account", &AuthorityView::account, Visibility::kCentre, "Who recorded it."),
        Describe("recorded_at", &AuthorityView::recorded_at, Visibility::kCentre, "When."),
        Describe("revoked_at", &AuthorityView::revoked_at, Visibility::kCentre, "When it was revoked, if it was."),
        Describe("revoked_by", &AuthorityView::revoked_by, Visibility::kCentre, "By whom; 0: nobody."),
        Describe("in_force", &AuthorityView::in_force, Visibility::kCentre, "Whether it counts now."));
  }
};

struct GateView {
  tipline::ReportId report_id;
  std::vector<FileGateView> items;
  std::vector<AuthorityView> authorities;
  std::optional<std::int64_t> next_after;
  static constexpr std::string_view kRecordName = "ReportGate";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &GateView::report_id, Visibility::kCentre, "Number of the report."),
        Describe("items", &GateView::items, Visibility::kCentre, "Its files, in the order of upload."),
        Describe("authorities", &GateView::authorities, Visibility::kCentre, "Records that name files of it, oldest first."),
        Describe("next_after", &GateView::next_after, Visibility::kCentre, "Pass as `after` for the next page; null at the end."));
  }
};

struct GateRuleView {
  std::string code;
  std::string label;
  std::string citation;
  std::vector<Condition> when;
  Outcome decision = Outcome::kBlocked;
  static constexpr std::string_view kRecordName = "GateRule";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("code", &GateRuleView::code, Visibility::kCentre, "Code."),
        Describe("label", &GateRuleView::label, Visibility::kCentre, "In words."),
        Describe("citation", &GateRuleView::citation, Visibility::kCentre, "On what it rests; to be confirmed with counsel."),
        Describe("when", &GateRuleView::when, Visibility::kCentre, "Fits when all of these are recorded."),
        Describe("decision", &GateRuleView::decision, Visibility::kCentre, "What it decides."));
  }
};

struct JurisdictionView {
  std::string code;
  std::string label;
  std::string note;
  std::vector<GateRuleView> rules;
  static constexpr std::string_view kRecordName = "GateJurisdiction";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("code", &JurisdictionView::code, Visibility::kCentre, "Code."),
                           Describe("label", &JurisdictionView::label, Visibility::kCentre, "In words."),
                           Describe("note", &JurisdictionView::note, Visibility::kCentre, "How its courts stand."),
                           Describe("rules", &JurisdictionView::rules, Visibility::kCentre, "The first that fits decides."));
  }
};

struct TableView {
  std::string version;
  std::string valid_from;
  std::string reason;
  std::string default_jurisdiction;
  GateRuleView otherwise;
  std::vector<JurisdictionView> jurisdictions;
  std::vector<std::string> versions;
  static constexpr std::string_view kRecordName = "GateTable";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("version", &TableView::version, Visibility::kCentre, "The table that decides now."),
        Describe("valid_from", &TableView::valid_from, Visibility::kCentre, "Since this date."),
        Describe("reason", &TableView::reason, Visibility::kCentre, "Why it is as it is."),
        Describe("default_jurisdiction", &TableView::default_jurisdiction, Visibility::kCentre, "Where nothing else is known."),
        Describe("otherwise", &TableView::otherwise, Visibility::kCentre, "What holds where no rule fits."),
        Describe("jurisdictions", &TableView::jurisdictions, Visibility::kCentre, "Each with its own rules."),
        Describe("versions", &TableView::versions, Visibility::kCentre, "All tables, oldest first."));
  }
};

struct AuthorityRequest {
  AuthorityKind kind = AuthorityKind::kWarrant;
  std::string reference;
  Instant from;
  std::optional<Instant> until;
  std::optional<bool> all_files;
  std::vector<tipline::FileId> files;
  static constexpr std::string_view kRecordName = "AuthorityRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &AuthorityRequest::kind, Visibility::kPublic, "Warrant, consent or exigency."),
        Describe("reference", &AuthorityRequest::reference, Visibility::kPublic, "Its number; no free text."),
        Describe("from", &AuthorityRequest::from, Visibility::kPublic, "In force from this moment."),
        Describe("until", &AuthorityRequest::until, Visibility::kPublic, "And before this one; absent: without end."),
        Describe("all_files", &AuthorityRequest::all_files, Visibility::kPublic, "It names every file of the report."),
        Describe("files", &AuthorityRequest::files, Visibility::kPublic, "Or else these, at most 2000."));
  }
};

}  // namespace porchlight::evidence
