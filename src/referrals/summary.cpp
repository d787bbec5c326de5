#include "referrals/summary.h"

#include "platform/print/print.h"

namespace porchlight::referrals {

namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kTextMax = 4'000;      // Of one text; report.json has all of it.
constexpr std::size_t kCellMax = 400;        // Of one cell; likewise.
constexpr std::size_t kRowsMax = 200;        // Of one table; likewise.
constexpr std::size_t kTextsMax = 60;

std::string DayOf(const std::optional<Instant>& moment) { return moment ? FormatDate(*moment) : std::string(); }

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

std::string PlaceText(std::string_view country, std::string_view region) {
  if (country.empty()) return "leads nowhere";
  return std::string(country) + (region.empty() ? "" : "-") + std::string(region);
}

std::string Spaced(std::string_view code) {
  std::string text(code);
  for (char& one : text) {
    if (one == '_') one = ' ';
  }
  return text;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// At most so many bytes, cut between characters.
std::string Cut(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + " ... (report.json holds all)";
}

std::string NotesText(const std::vector<EvidenceNote>& notes) {
  std::vector<std::string> words;
  for (const EvidenceNote note : notes) words.push_back(Spaced(NameOf(note)));
  return Joined(words);
}

void CutRows(Rows& rows, print::Document& document) {
  if (rows.size() <= kRowsMax) return;
  document.Paragraph("The first " + std::to_string(kRowsMax) + " of " + std::to_string(rows.size()) + "; report.json holds all.");
  rows.resize(kRowsMax);
}

void AddTable(print::Document& document, std::string_view title, std::vector<std::string> header, Rows rows) {
  if (rows.empty()) return;
  document.Heading(2, title);
  CutRows(rows, document);
  for (std::vector<std::string>& row : rows) {
    for (std::string& cell : row) cell = Cut(cell, kCellMax);
  }
  document.Table(std::move(header), std::move(rows));
}

// Law: a provider must keep what it reported for a year only (18 USC 2258A(h)); after that nothing can be asked for.
void AddHead(print::Document& document, const ReportContentView& report, const SummaryFacts& facts) {
  const std::string until = DayOf(report.preserve_until);
  document.Banner(until.empty() ? "Preservation: no date is known. Send legal process at once."
                                : "The provider keeps its data until " + until + ": send legal process before.",
                  print::BannerKind::kNotice);
  if (report.urgent) {
    document.Banner("Urgent: a child may be in danger now. Acknowledge this within the hour.", print::BannerKind::kUrgent);
  }
  document.Heading(1, "Report " + std::to_string(report.report_id.value) + " for " + facts.agency);
  std::vector<print::Fact> list = {
      {"Kind of incident", Spaced(NameOf(report.incident_type))},
      {"As reported", Spaced(NameOf(report.incident_type_reported))},
      {"When it happened", report.incident_at_as_given},
      {"Received", FormatInstant(report.received_at)},
      {"Reported by", report.reported_by.empty() ? "a member of the public" : report.reported_by},
      {"Service", Cut(report.service, kCellMax)},
      {"Priority", std::to_string(report.priority) + " of 3"},
      {"Why it stands there", Cut(Joined(report.priority_rules), kTextMax)},
      {"Delivery", std::to_string(facts.delivery)},
      {"Made available by", facts.centre_name},
  };
  if (!facts.centre_contact.empty()) list.push_back({"Questions to", facts.centre_contact});
  document.Facts(std::move(list));
}

void AddPlaces(print::Document& document, const ReportContentView& report, const SummaryFacts& facts) {
  const auto rows_of = [](const std::vector<PlaceReasonView>& reasons) {
    Rows rows;
    for (const PlaceReasonView& one : reasons) {
      rows.push_back({Spaced(NameOf(one.kind)), std::string(NameOf(one.whose)), PlaceText(one.country, one.region),
                      std::to_string(one.weight), one.at ? FormatInstant(*one.at) : "", NotesText(one.notes), one.where});
    }
    return rows;
  };
  const std::vector<std::string> header = {"Evidence", "Whose", "Place", "Weight", "When", "Notes", "Where in the report"};
  AddTable(document, "Why it comes to you", header, rows_of(facts.why_here));
  AddTable(document, "All that says where people are", header, rows_of(report.place_evidence));
  if (report.place_evidence_left_out > 0) {
    document.Paragraph(std::to_string(report.place_evidence_left_out) + " weaker pieces of evidence are not listed.");
  }
}

void AddAccounts(print::Document& document, const ReportContentView& report) {
  const auto rows_of = [](const std::vector<ContentAccountView>& accounts) {
    Rows rows;
    for (const ContentAccountView& one : accounts) {
      rows.push_back({Spaced(NameOf(one.kind)), std::string(NameOf(one.party)), one.value, one.scope, YesNo(one.verified)});
    }
    return rows;
  };
  const std::vector<std::string> header = {"Kind", "Whose", "As reported", "Service", "Verified"};
  AddTable(document, "Accounts and identifiers", header, rows_of(report.accounts));
  AddTable(document, "Victims: accounts and identifiers", header, rows_of(report.victim_accounts));
  Rows network;
  for (const ContentNetworkView& one : report.network) {
    network.push_back({one.address, one.port == 0 ? "not given" : std::to_string(one.port), one.event,
                       one.at_as_given.empty() ? "not given" : one.at_as_given, std::string(NameOf(one.party)),
                       std::string(NameOf(one.possible_proxy))});
  }
  AddTable(document, "IP addresses", {"Address", "Port", "Event", "When, as given", "Whose", "Proxy"}, std::move(network));
  Rows places;
  for (const auto* list : {&report.places, &report.victim_places}) {
    for (const ContentPlaceView& one : *list) {
      places.push_back({one.kind, std::string(NameOf(one.party)), one.city, one.region, one.country, one.school, YesNo(one.verified)});
    }
  }
  AddTable(document, "Addresses and places", {"Kind", "Whose", "City", "Region", "Country", "School", "Verified"}, std::move(places));
}

void AddFiles(print::Document& document, const ReportContentView& report) {
  Rows rows;
  for (const ContentFileView& one : report.files) {
    const std::string why = one.unreadable ? "the stored file could not be read" : one.gate_label;
    rows.push_back({std::to_string(one.number), one.entry.empty() ? "not included: " + why : one.entry,
                    std::string(NameOf(one.kind)), std::to_string(one.bytes), one.industry_classification, one.sha256});
  }
  AddTable(document, "Files", {"No.", "In the package as", "Kind", "Bytes", "Class", "SHA-256"}, std::move(rows));
}

void AddTexts(print::Document& document, const ReportContentView& report) {
  if (report.texts.empty()) return;
  document.Heading(2, "What people wrote");
  for (std::size_t index = 0; index < report.texts.size() && index < kTextsMax; ++index) {
    document.Heading(3, Spaced(report.texts[index].kind));
    document.Paragraph(Cut(report.texts[index].text, kTextMax));
  }
  if (report.texts.size() > kTextsMax) document.Paragraph("More texts are in report.json.");
}

}  // namespace

Result<std::string> SummaryPdf(const ReportContentView& report, const SummaryFacts& facts) {
  print::DocumentOptions options;
  options.page = print::PageSize::kLetter;
  options.title = "Report " + std::to_string(report.report_id.value);
  options.created = facts.made_at;
  options.footer = facts.centre_name + " - report " + std::to_string(report.report_id.value) + " - for law enforcement only";
  print::Document document(options);
  AddHead(document, report, facts);
  AddPlaces(document, report, facts);
  AddAccounts(document, report);
  AddFiles(document, report);
  AddTexts(document, report);
  Result<std::string> whole = document.Pdf();
  if (whole.ok() || whole.error().code != ErrorCode::kTooLarge) return whole;
  // Whatever a report holds, its package is made: then people read the head, and programs the rest.
  print::Document head(options);
  AddHead(head, report, facts);
  head.Paragraph("The report is too large to print: report.json and report.xml hold all of it.");
  return head.Pdf();
}

}  // namespace porchlight::referrals
