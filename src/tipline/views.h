#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "tipline/report.h"
#include "tipline/wire.h"

// What /api/v1 shows of the tipline. The one description of each record: JSON, OpenAPI and visibility follow from it.
namespace porchlight::tipline {

struct ReportRow {
  ReportId id;
  ReportState state = ReportState::kOpened;
  ReportSource source = ReportSource::kPlatform;
  IncidentType incident_type = IncidentType::kCsam;
  std::int64_t organisation = 0;
  std::string organisation_name;
  Instant received_at;
  std::optional<Instant> finished_at;
  Instant incident_at;
  bool urgent = false;
  bool batched = false;
  bool test = false;
  int files = 0;
  int findings = 0;
  std::optional<ReportId> same_bytes_as;
  static constexpr std::string_view kRecordName = "ReportRow";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &ReportRow::id, Visibility::kSubmitter, "Number of the report."),
        Describe("state", &ReportRow::state, Visibility::kSubmitter, "Where the report stands."),
        Describe("source", &ReportRow::source, Visibility::kSubmitter, "Who reported: a platform or the public."),
        Describe("incident_type", &ReportRow::incident_type, Visibility::kSubmitter, "Kind of incident as reported."),
        Describe("organisation", &ReportRow::organisation, Visibility::kSubmitter, "The reporting platform; 0 for the public."),
        Describe("organisation_name", &ReportRow::organisation_name, Visibility::kSubmitter, "Its name."),
        Describe("received_at", &ReportRow::received_at, Visibility::kSubmitter, "When the report was opened."),
        Describe("finished_at", &ReportRow::finished_at, Visibility::kSubmitter, "When it was filed for good."),
        Describe("incident_at", &ReportRow::incident_at, Visibility::kSubmitter, "When the incident happened, as reported."),
        Describe("urgent", &ReportRow::urgent, Visibility::kSubmitter, "The reporter asked for high priority."),
        Describe("batched", &ReportRow::batched, Visibility::kSubmitter, "Stands for many copies of one viral item."),
        Describe("test", &ReportRow::test, Visibility::kSubmitter, "Test traffic; never counted."),
        Describe("files", &ReportRow::files, Visibility::kSubmitter, "Number of files."),
        Describe("findings", &ReportRow::findings, Visibility::kSubmitter, "Number of field-quality findings."),
        Describe("same_bytes_as", &ReportRow::same_bytes_as, Visibility::kSubmitter,
                 "An earlier report by the same platform with the same bytes."));
  }
};

struct ReportPage {
  std::vector<ReportRow> items;
  std::optional<std::int64_t> next_before;   // Ask again with before=this for older ones.
  bool complete = true;                      // False: the search budget ended before the page was full; go on with next_before.
  std::optional<Instant> searched_back_to;
  static constexpr std::string_view kRecordName = "ReportPage";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("items", &ReportPage::items, Visibility::kPublic, "Newest first."),
        Describe("next_before", &ReportPage::next_before, Visibility::kPublic, "Pass as `before` for the next page; null at the end."),
        Describe("complete", &ReportPage::complete, Visibility::kPublic,
                 "False when the search stopped at its budget before the page was full."),
        Describe("searched_back_to", &ReportPage::searched_back_to, Visibility::kPublic, "How far back the search went."));
  }
};

struct FileView {
  FileId id;
  std::string wire_id;
  Instant received_at;
  std::int64_t bytes = 0;
  FileKind kind = FileKind::kUnknown;
  std::string sniffed_type;
  std::string declared_type;
  Sensitive<std::string> name;
  std::string md5;
  std::string sha1;
  std::string sha256;
  bool described = false;
  Answer viewed_by_esp = Answer::kMissing;
  Answer publicly_available = Answer::kMissing;
  bool supplemental = false;
  std::string industry_classification;
  std::vector<std::string> annotations;
  static constexpr std::string_view kRecordName = "FileView";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("id", &FileView::id, Visibility::kCentre, "Our number of the file."),
        Describe("wire_id", &FileView::wire_id, Visibility::kSubmitter, "The id the platform was given."),
        Describe("received_at", &FileView::received_at, Visibility::kSubmitter, "When its last byte arrived."),
        Describe("bytes", &FileView::bytes, Visibility::kSubmitter, "Size."),
        Describe("kind", &FileView::kind, Visibility::kCentre, "Image, video or other, by its content."),
        Describe("sniffed_type", &FileView::sniffed_type, Visibility::kCentre, "Media type found in the bytes."),
        Describe("declared_type", &FileView::declared_type, Visibility::kSubmitter, "Media type as sent."),
        Describe("name", &FileView::name, Visibility::kRestricted, "File name as sent."),
        Describe("md5", &FileView::md5, Visibility::kSubmitter, "MD5, hex."),
        Describe("sha1", &FileView::sha1, Visibility::kCentre, "SHA-1, hex."),
        Describe("sha256", &FileView::sha256, Visibility::kCentre, "SHA-256, hex."),
        Describe("described", &FileView::described, Visibility::kSubmitter, "File details were sent."),
        Describe("viewed_by_esp", &FileView::viewed_by_esp, Visibility::kSubmitter, "Whether the platform viewed the file."),
        Describe("publicly_available", &FileView::publicly_available, Visibility::kSubmitter, "Whether the file was public."),
        Describe("supplemental", &FileView::supplemental, Visibility::kSubmitter, "Context rather than the reason for the report."),
        Describe("industry_classification", &FileView::industry_classification, Visibility::kCentre,
                 "A1 to B2, as labelled by the platform."),
        Describe("annotations", &FileView::annotations, Visibility::kCentre, "Flags set by the platform."));
  }
};

struct TimelineEntry {
  Instant at;
  std::string what;                           // Code: "opened", "file_received", "file_described", "finished", ...
  std::string detail;
  static constexpr std::string_view kRecordName = "TimelineEntry";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("at", &TimelineEntry::at, Visibility::kSubmitter, "When."),
                           Describe("what", &TimelineEntry::what, Visibility::kSubmitter, "What happened, as a code."),
                           Describe("detail", &TimelineEntry::detail, Visibility::kSubmitter, "File id or code it is about."));
  }
};

struct Receipt {
  ReportId report_id;
  ReportState state = ReportState::kOpened;
  Instant received_at;
  std::optional<Instant> finished_at;
  std::string document_sha256;
  std::optional<Instant> preserve_until;
  std::vector<wire::Finding> findings;
  std::optional<ReportId> same_bytes_as;
  bool test = false;
  static constexpr std::string_view kRecordName = "Receipt";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &Receipt::report_id, Visibility::kSubmitter, "Number of the report."),
        Describe("state", &Receipt::state, Visibility::kSubmitter, "Where the report stands."),
        Describe("received_at", &Receipt::received_at, Visibility::kSubmitter, "When it was opened."),
        Describe("finished_at", &Receipt::finished_at, Visibility::kSubmitter, "When it was filed for good."),
        Describe("document_sha256", &Receipt::document_sha256, Visibility::kSubmitter, "SHA-256 of the submitted bytes, hex."),
        Describe("preserve_until", &Receipt::preserve_until, Visibility::kSubmitter, "Until when the platform must preserve the content."),
        Describe("findings", &Receipt::findings, Visibility::kSubmitter, "Fields that would make the report more actionable."),
        Describe("same_bytes_as", &Receipt::same_bytes_as, Visibility::kSubmitter,
                 "Earlier report with the same bytes: a repeat, counted once."),
        Describe("test", &Receipt::test, Visibility::kSubmitter, "Test traffic."));
  }
};

struct ReportDetail {
  ReportRow report;
  Receipt receipt;
  std::vector<FileView> files;
  std::vector<TimelineEntry> timeline;
  std::vector<std::string> annotations;
  std::vector<std::int64_t> prior_reports;
  Json document;                              // wire::TreeOf the original; null when purged.
  static constexpr std::string_view kRecordName = "ReportDetail";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report", &ReportDetail::report, Visibility::kSubmitter, "The row of the list."),
        Describe("receipt", &ReportDetail::receipt, Visibility::kSubmitter, "What the platform can fetch."),
        Describe("files", &ReportDetail::files, Visibility::kSubmitter, "Files as metadata; content is never sent here."),
        Describe("timeline", &ReportDetail::timeline, Visibility::kSubmitter, "What happened, oldest first."),
        Describe("annotations", &ReportDetail::annotations, Visibility::kSubmitter, "Flags set by the platform."),
        Describe("prior_reports", &ReportDetail::prior_reports, Visibility::kSubmitter, "Earlier reports the platform named."),
        Describe("document", &ReportDetail::document, Visibility::kCentre,
                 "Exactly what was submitted, as a tree; each reading is audited."));
  }
};

struct CountRow {
  std::string name;
  std::int64_t count = 0;
  static constexpr std::string_view kRecordName = "CountRow";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("name", &CountRow::name, Visibility::kPublic, "Code."),
                           Describe("count", &CountRow::count, Visibility::kPublic, "Reports."));
  }
};

struct ReportCounts {
  std::int64_t total = 0;
  std::int64_t today = 0;
  std::vector<CountRow> by_state;
  std::vector<CountRow> by_incident_type;
  std::vector<CountRow> by_source;
  static constexpr std::string_view kRecordName = "ReportCounts";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("total", &ReportCounts::total, Visibility::kCentre, "Accepted reports without test traffic."),
                           Describe("today", &ReportCounts::today, Visibility::kCentre, "Opened since midnight UTC."),
                           Describe("by_state", &ReportCounts::by_state, Visibility::kCentre, "By state."),
                           Describe("by_incident_type", &ReportCounts::by_incident_type, Visibility::kCentre, "By kind of incident."),
                           Describe("by_source", &ReportCounts::by_source, Visibility::kCentre, "By kind of reporter."));
  }
};

}  // namespace porchlight::tipline
