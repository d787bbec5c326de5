#include <array>
#include <string>

#include "base/text.h"
#include "tipline/internal/facts.h"
#include "tipline/internal/field_rules.h"

namespace porchlight::tipline::internal {
namespace {

using xml::Element;

bool HasText(Element element) {
  std::string scratch;
  return element && !TrimXml(element.TextView(scratch)).empty();
}

bool ChildHasText(Element parent, std::string_view name) {
  for (const Element child : parent.Children()) {
    if (child.Name() == name && HasText(child)) return true;
  }
  return false;
}

// A time that lacks its zone may be local, and the clocks of the earth differ by up to 14 hours.
constexpr Duration kZoneSpread = Duration::Hours(14);

void GatherIncidentTime(Element summary, Instant now, Duration tolerance, wire::ReportFacts& facts, std::vector<wire::Problem>& problems) {
  const Element element = summary.Child("incidentDateTime");
  const Result<OffsetInstant> time = ParseDateTime(element.Text());
  if (!time.ok()) {
    problems.push_back(ProblemAt(element, "time.range", "the year must lie between 0001 and 9999."));
    return;
  }
  facts.incident_at = *time;
  const Instant latest = now + tolerance + (time->offset_minutes ? Duration{} : kZoneSpread);
  if (time->instant > latest) problems.push_back(ProblemAt(element, "time.future", "the moment must lie in the past."));
}

void GatherSummary(Element summary, Instant now, Duration tolerance, wire::ReportFacts& facts, std::vector<wire::Problem>& problems) {
  facts.incident_type = wire::IncidentTypeOf(summary.Child("incidentType").Text()).value_or(IncidentType::kCsam);
  facts.escalated = static_cast<bool>(summary.Child("escalateToHighPriority"));
  if (const Element annotations = summary.Child("reportAnnotations")) {
    for (const Element flag : annotations.Children()) facts.annotations.emplace_back(flag.Name());
  }
  GatherIncidentTime(summary, now, tolerance, facts, problems);
}

void GatherIncident(Element details, wire::ReportFacts& facts) {
  const Element incident = details.FirstChild();
  facts.has_url = facts.has_url || ChildHasText(incident, "url");
  facts.has_chat = facts.has_chat || ChildHasText(incident, "content");
}

// What names the account of a reported person or a recipient.
bool NamesAccount(Element person) {
  for (const std::string_view name : {"espIdentifier", "screenName", "profileUrl", "groupIdentifier"}) {
    if (ChildHasText(person, name)) return true;
  }
  const Element natural = person.Child("personOrUserReportedPerson");
  return natural && (ChildHasText(natural, "email") || ChildHasText(natural, "phone"));
}

bool HasUploadEvent(Element holder) {
  for (const Element child : holder.Children()) {
    if (child.Name() != "ipCaptureEvent") continue;
    const Element event = child.Child("eventName");
    if (event && event.Text() == "Upload") return true;
  }
  return false;
}

bool HasPlace(Element person) {
  const Element natural = person.Child("personOrUserReportedPerson");
  return person.Child("estimatedLocation") || (natural && natural.Child("address"));
}

bool HasEmail(Element reporter) {
  for (const std::string_view name : {"reportingPerson", "contactPerson"}) {
    const Element person = reporter.Child(name);
    if (person && ChildHasText(person, "email")) return true;
  }
  return false;
}

// What is seen of the people and events while going through the report once.
struct Seen {
  bool ip = false;
  bool upload_ip = false;
  bool details = false;
};

void GatherPerson(Element person, wire::ReportFacts& facts, Seen& seen, Notes& notes) {
  ++facts.people_reported;
  const bool account = NamesAccount(person);
  facts.has_account = facts.has_account || account;
  seen.ip = seen.ip || person.Child("ipCaptureEvent");
  seen.upload_ip = seen.upload_ip || HasUploadEvent(person);
  for (const Element child : person.Children()) {
    const std::optional<std::int64_t> number = child.Name() == "priorCTReports" ? ParseInteger(child.Text()) : std::nullopt;
    if (number) facts.prior_reports.push_back(*number);
  }
  if (!account) notes.Add("no_account_identifier", person);
  if (!HasPlace(person)) notes.Add("no_location_estimate", person);
}

bool NeedsVictim(IncidentType type) {
  return type == IncidentType::kEnticement || type == IncidentType::kMolestation || type == IncidentType::kTrafficking;
}

void NoteAbsences(Element report, const wire::ReportFacts& facts, const Seen& seen, Notes& notes) {
  const Element reporter = report.Child("reporter");
  if (facts.people_reported == 0) notes.Add("no_person_reported", report);
  if (!seen.details) notes.Add("no_incident_details", report);
  if (!seen.ip) notes.Add("no_ip", report);
  const bool by_upload = facts.incident_type == IncidentType::kCsam || facts.incident_type == IncidentType::kUnsolicitedObscene;
  if (by_upload && !seen.upload_ip) notes.Add("no_upload_ip", report);
  if (facts.incident_type == IncidentType::kEnticement && !facts.has_chat) notes.Add("no_chat_context", report);
  if (NeedsVictim(facts.incident_type) && facts.victims == 0) notes.Add("no_victim_data", report);
  if (!HasEmail(reporter)) notes.Add("no_contact_email", reporter);
  if (!ChildHasText(reporter, "legalURL")) notes.Add("no_legal_process_url", reporter);
}

}  // namespace

wire::ReportFacts GatherReport(Element report, Instant now, const wire::Limits& limits, Notes& notes,
                               std::vector<wire::Problem>& problems) {
  wire::ReportFacts facts;
  Seen seen;
  for (const Element part : report.Children()) {
    const std::string_view name = part.Name();
    if (name == "batchedReport") facts.batched = true;
    else if (name == "incidentSummary") GatherSummary(part, now, limits.future_tolerance, facts, problems);
    else if (name == "personOrUserReported") GatherPerson(part, facts, seen, notes);
    else if (name == "victim") ++facts.victims;
    else if (name == "internetDetails") {
      seen.details = true;
      GatherIncident(part, facts);
      seen.ip = seen.ip || part.FirstChild().Child("ipCaptureEvent");
      seen.upload_ip = seen.upload_ip || HasUploadEvent(part.FirstChild());
    }
  }
  NoteAbsences(report, facts, seen, notes);
  return facts;
}

}  // namespace porchlight::tipline::internal
