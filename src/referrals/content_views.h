#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"
#include "referrals/delivery.h"

// What agencies are given of a report. The one description of each record: the page of an agency, the package's JSON and XML
// follow from it. What names a victim is V5: it is in the package, which a named officer fetches, and on no page.
namespace porchlight::referrals {

struct PlaceReasonView {
  EvidenceKind kind = EvidenceKind::kUploadIp;
  Whose whose = Whose::kSuspect;
  std::string country;
  std::string region;
  int weight = 0;
  std::optional<Instant> at;
  std::vector<EvidenceNote> notes;
  std::string where;
  std::string layer;
  static constexpr std::string_view kRecordName = "PlaceReason";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &PlaceReasonView::kind, Visibility::kLawEnforcement, "What leads there."),
        Describe("whose", &PlaceReasonView::whose, Visibility::kLawEnforcement, "Whose place: the suspect's or the victim's."),
        Describe("country", &PlaceReasonView::country, Visibility::kLawEnforcement, "ISO 3166-1; empty: it leads nowhere."),
        Describe("region", &PlaceReasonView::region, Visibility::kLawEnforcement, "Second part of ISO 3166-2, or empty."),
        Describe("weight", &PlaceReasonView::weight, Visibility::kLawEnforcement, "1 to 99: how much it says; 0: nothing."),
        Describe("at", &PlaceReasonView::at, Visibility::kLawEnforcement, "When it was so, if that is known."),
        Describe("notes", &PlaceReasonView::notes, Visibility::kLawEnforcement, "What lowers it, or why it leads nowhere."),
        Describe("where", &PlaceReasonView::where, Visibility::kLawEnforcement, "Where in the report."),
        Describe("layer", &PlaceReasonView::layer, Visibility::kLawEnforcement, "Table or database that placed an address."));
  }
};

struct ContentAccountView {
  tipline::IdentifierKind kind = tipline::IdentifierKind::kUserId;
  tipline::Party party = tipline::Party::kReported;
  std::string value;
  std::string scope;
  bool verified = false;
  static constexpr std::string_view kRecordName = "ReportedAccount";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &ContentAccountView::kind, Visibility::kLawEnforcement, "Kind of identifier."),
        Describe("party", &ContentAccountView::party, Visibility::kLawEnforcement, "Whose."),
        Describe("value", &ContentAccountView::value, Visibility::kLawEnforcement, "As reported."),
        Describe("scope", &ContentAccountView::scope, Visibility::kLawEnforcement, "Service, or kind of device id."),
        Describe("verified", &ContentAccountView::verified, Visibility::kLawEnforcement, "Verified by the platform."));
  }
};

struct ContentNetworkView {
  std::string address;
  int port = 0;
  std::string event;
  std::optional<Instant> at;
  std::string at_as_given;
  tipline::Party party = tipline::Party::kReported;
  tipline::Answer possible_proxy = tipline::Answer::kMissing;
  std::string file;
  static constexpr std::string_view kRecordName = "ReportedNetworkUse";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("address", &ContentNetworkView::address, Visibility::kLawEnforcement, "As reported."),
        Describe("port", &ContentNetworkView::port, Visibility::kLawEnforcement, "0: not given."),
        Describe("event", &ContentNetworkView::event, Visibility::kLawEnforcement,
                 "login, registration, purchase, upload, other or unknown."),
        Describe("at", &ContentNetworkView::at, Visibility::kLawEnforcement, "When, in UTC."),
        Describe("at_as_given", &ContentNetworkView::at_as_given, Visibility::kLawEnforcement, "With the zone as reported."),
        Describe("party", &ContentNetworkView::party, Visibility::kLawEnforcement, "Whose."),
        Describe("possible_proxy", &ContentNetworkView::possible_proxy, Visibility::kLawEnforcement,
                 "Whether the platform thinks of a proxy."),
        Describe("file", &ContentNetworkView::file, Visibility::kLawEnforcement, "Wire id of the file it belongs to, or empty."));
  }
};

struct ContentPlaceView {
  std::string kind;
  tipline::Party party = tipline::Party::kReported;
  std::string city;
  std::string region;
  std::string country;
  std::string school;
  bool verified = false;
  static constexpr std::string_view kRecordName = "ReportedPlace";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &ContentPlaceView::kind, Visibility::kLawEnforcement, "estimated, billing, home, other, incident or school."),
        Describe("party", &ContentPlaceView::party, Visibility::kLawEnforcement, "Whose."),
        Describe("city", &ContentPlaceView::city, Visibility::kLawEnforcement, "As reported."),
        Describe("region", &ContentPlaceView::region, Visibility::kLawEnforcement, "As reported."),
        Describe("country", &ContentPlaceView::country, Visibility::kLawEnforcement, "As reported."),
        Describe("school", &ContentPlaceView::school, Visibility::kLawEnforcement, "Name of the school."),
        Describe("verified", &ContentPlaceView::verified, Visibility::kLawEnforcement, "Verified by the platform."));
  }
};

struct ContentTextView {
  std::string kind;
  tipline::Party party = tipline::Party::kNobody;
  std::string text;
  static constexpr std::string_view kRecordName = "ReportedText";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("kind", &ContentTextView::kind, Visibility::kLawEnforcement, "escalation, conversation, note, biography or file_note."),
        Describe("party", &ContentTextView::party, Visibility::kLawEnforcement, "Whose words, if that is known."),
        Describe("text", &ContentTextView::text, Visibility::kLawEnforcement, "As reported; of a very long one head and tail."));
  }
};

struct ContentHashView {
  std::string algorithm;
  std::string value;
  static constexpr std::string_view kRecordName = "DeclaredHash";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("algorithm", &ContentHashView::algorithm, Visibility::kLawEnforcement, "As the platform names it."),
        Describe("value", &ContentHashView::value, Visibility::kLawEnforcement, "As the platform gives it."));
  }
};

struct ContentFileView {
  int number = 0;
  std::string entry;
  bool open = false;
  bool unreadable = false;
  std::string gate_rule;
  std::string gate_label;
  std::int64_t bytes = 0;
  tipline::FileKind kind = tipline::FileKind::kUnknown;
  std::string media_type;
  std::string md5;
  std::string sha1;
  std::string sha256;
  tipline::Answer viewed_by_esp = tipline::Answer::kMissing;
  tipline::Answer publicly_available = tipline::Answer::kMissing;
  bool supplemental = false;
  std::string industry_classification;
  std::vector<std::string> annotations;
  std::vector<ContentHashView> hashes;
  static constexpr std::string_view kRecordName = "DeliveredFile";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("number", &ContentFileView::number, Visibility::kLawEnforcement, "From 1, in the order of upload."),
        Describe("entry", &ContentFileView::entry, Visibility::kLawEnforcement, "Name in the package; empty: it is not in it."),
        Describe("open", &ContentFileView::open, Visibility::kLawEnforcement, "Whether the file gate lets it be opened."),
        Describe("unreadable", &ContentFileView::unreadable, Visibility::kLawEnforcement,
                 "In a package: the stored file could not be read when it was made."),
        Describe("gate_rule", &ContentFileView::gate_rule, Visibility::kLawEnforcement, "The rule that decided."),
        Describe("gate_label", &ContentFileView::gate_label, Visibility::kLawEnforcement, "The rule in words."),
        Describe("bytes", &ContentFileView::bytes, Visibility::kLawEnforcement, "Size."),
        Describe("kind", &ContentFileView::kind, Visibility::kLawEnforcement, "Image, video or other, by its content."),
        Describe("media_type", &ContentFileView::media_type, Visibility::kLawEnforcement, "Found in the bytes."),
        Describe("md5", &ContentFileView::md5, Visibility::kLawEnforcement, "MD5, hex."),
        Describe("sha1", &ContentFileView::sha1, Visibility::kLawEnforcement, "SHA-1, hex."),
        Describe("sha256", &ContentFileView::sha256, Visibility::kLawEnforcement, "SHA-256, hex."),
        Describe("viewed_by_esp", &ContentFileView::viewed_by_esp, Visibility::kLawEnforcement,
                 "Whether the platform viewed it; missing counts as no."),
        Describe("publicly_available", &ContentFileView::publicly_available, Visibility::kLawEnforcement,
                 "Whether it was public; missing counts as no."),
        Describe("supplemental", &ContentFileView::supplemental, Visibility::kLawEnforcement,
                 "Context rather than the reason for the report."),
        Describe("industry_classification", &ContentFileView::industry_classification, Visibility::kLawEnforcement,
                 "A1 to B2, as labelled by the platform."),
        Describe("annotations", &ContentFileView::annotations, Visibility::kLawEnforcement, "Flags set by the platform."),
        Describe("hashes", &ContentFileView::hashes, Visibility::kLawEnforcement, "Hashes that the platform names."));
  }
};

struct ReportContentView {
  tipline::ReportId report_id;
  std::optional<Instant> preserve_until;
  bool urgent = false;
  int priority = 3;
  std::vector<std::string> priority_rules;
  tipline::IncidentType incident_type = tipline::IncidentType::kCsam;
  tipline::IncidentType incident_type_reported = tipline::IncidentType::kCsam;
  Instant incident_at;
  std::string incident_at_as_given;
  Instant received_at;
  tipline::ReportSource source = tipline::ReportSource::kPlatform;
  std::string reported_by;
  std::string service;
  std::vector<std::string> annotations;
  std::vector<PlaceReasonView> place_evidence;
  int place_evidence_left_out = 0;
  std::vector<ContentAccountView> accounts;
  std::vector<ContentAccountView> victim_accounts;
  std::vector<ContentNetworkView> network;
  std::vector<ContentNetworkView> victim_network;
  std::vector<ContentPlaceView> places;
  std::vector<ContentPlaceView> victim_places;
  std::vector<int> victim_ages;
  std::vector<std::string> urls;
  std::vector<ContentTextView> texts;
  std::vector<ContentTextView> victim_texts;
  std::vector<ContentFileView> files;
  std::vector<std::int64_t> earlier_reports;
  bool cut = false;
  static constexpr std::string_view kRecordName = "DeliveredReport";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("report_id", &ReportContentView::report_id, Visibility::kLawEnforcement, "Number of the report."),
        Describe("preserve_until", &ReportContentView::preserve_until, Visibility::kLawEnforcement,
                 "Until when the platform must keep the content: send legal process before."),
        Describe("urgent", &ReportContentView::urgent, Visibility::kLawEnforcement, "A child may be in danger now."),
        Describe("priority", &ReportContentView::priority, Visibility::kLawEnforcement,
                 "1 imminent danger or ongoing abuse, 2 actionable, 3 low."),
        Describe("priority_rules", &ReportContentView::priority_rules, Visibility::kLawEnforcement, "Why it stands there, in words."),
        Describe("incident_type", &ReportContentView::incident_type, Visibility::kLawEnforcement,
                 "Kind of incident, as the centre sees it."),
        Describe("incident_type_reported", &ReportContentView::incident_type_reported, Visibility::kLawEnforcement, "As reported."),
        Describe("incident_at", &ReportContentView::incident_at, Visibility::kLawEnforcement, "When it happened, in UTC."),
        Describe("incident_at_as_given", &ReportContentView::incident_at_as_given, Visibility::kLawEnforcement,
                 "With the zone as reported."),
        Describe("received_at", &ReportContentView::received_at, Visibility::kLawEnforcement, "When the report was opened."),
        Describe("source", &ReportContentView::source, Visibility::kLawEnforcement, "A platform or the public."),
        Describe("reported_by", &ReportContentView::reported_by, Visibility::kLawEnforcement,
                 "Name of the platform; empty for the public."),
        Describe("service", &ReportContentView::service, Visibility::kLawEnforcement, "Service where it happened, as reported."),
        Describe("annotations", &ReportContentView::annotations, Visibility::kLawEnforcement, "Flags of the report."),
        Describe("place_evidence", &ReportContentView::place_evidence, Visibility::kLawEnforcement,
                 "What says where its people are."),
        Describe("place_evidence_left_out", &ReportContentView::place_evidence_left_out, Visibility::kLawEnforcement,
                 "How many weaker pieces are not listed."),
        Describe("accounts", &ReportContentView::accounts, Visibility::kLawEnforcement,
                 "Identifiers of reported persons and their circle."),
        Describe("victim_accounts", &ReportContentView::victim_accounts, Visibility::kRestricted, "Identifiers of victims."),
        Describe("network", &ReportContentView::network, Visibility::kLawEnforcement, "IP addresses with time and port."),
        Describe("victim_network", &ReportContentView::victim_network, Visibility::kRestricted, "IP addresses of victims."),
        Describe("places", &ReportContentView::places, Visibility::kLawEnforcement, "Addresses and places as reported."),
        Describe("victim_places", &ReportContentView::victim_places, Visibility::kRestricted, "Places of victims as reported."),
        Describe("victim_ages", &ReportContentView::victim_ages, Visibility::kLawEnforcement, "As reported."),
        Describe("urls", &ReportContentView::urls, Visibility::kLawEnforcement,
                 "Pages named in the report; do not follow them from an office network."),
        Describe("texts", &ReportContentView::texts, Visibility::kLawEnforcement, "What people wrote."),
        Describe("victim_texts", &ReportContentView::victim_texts, Visibility::kRestricted,
                 "What victims wrote, or what says who they are."),
        Describe("files", &ReportContentView::files, Visibility::kLawEnforcement, "Every file, also those that are not in the package."),
        Describe("earlier_reports", &ReportContentView::earlier_reports, Visibility::kLawEnforcement,
                 "Numbers of earlier reports that the platform names."),
        Describe("cut", &ReportContentView::cut, Visibility::kLawEnforcement, "More is in the original than is listed here."));
  }
};

}  // namespace porchlight::referrals
