#include "tipline/content.h"

#include <algorithm>
#include <array>
#include <variant>

#include "base/text.h"
#include "platform/xml/document.h"
#include "tipline/internal/wire_types.h"
#include "tipline/wire.h"

namespace porchlight::tipline {

namespace {

using internal::TrimXml;
using xml::Element;

std::string TextOf(Element element) {
  if (!element) return {};
  const std::string text = element.Text();
  return std::string(TrimXml(text));
}

// Never in the middle of a character.
std::string HeadOf(std::string_view text, std::size_t bytes) {
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return std::string(text.substr(0, bytes));
}

std::string TailOf(std::string_view text, std::size_t bytes) {
  std::size_t from = text.size() - bytes;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U) ++from;
  return std::string(text.substr(from));
}

bool IsTrue(std::string_view text) { return text == "true" || text == "1"; }

Answer AnswerOf(Element element) {
  if (!element) return Answer::kMissing;
  return IsTrue(TextOf(element)) ? Answer::kYes : Answer::kNo;
}

NetworkEvent EventOf(std::string_view word) {
  constexpr std::array kWords = {
      std::pair{std::string_view("Login"), NetworkEvent::kLogin},
      std::pair{std::string_view("Registration"), NetworkEvent::kRegistration},
      std::pair{std::string_view("Purchase"), NetworkEvent::kPurchase},
      std::pair{std::string_view("Upload"), NetworkEvent::kUpload},
      std::pair{std::string_view("Other"), NetworkEvent::kOther}};
  const auto* const found = std::find_if(kWords.begin(), kWords.end(), [&](const auto& one) { return one.first == word; });
  return found == kWords.end() ? NetworkEvent::kUnknown : found->second;
}

PlaceKind AddressKindOf(std::string_view word) {
  if (word == "Billing") return PlaceKind::kBilling;
  return word == "Home" ? PlaceKind::kHome : PlaceKind::kOtherAddress;
}

// Goes through one document once. Every list is bounded.
class Gatherer {
 public:
  ReportContent Report(Element report) {
    for (const Element part : report.Children()) {
      const std::string_view name = part.Name();
      if (name == "batchedReport") content_.batched = true;
      else if (name == "incidentSummary") Summary(part);
      else if (name == "internetDetails") Incident(part.FirstChild());
      else if (name == "reporter") Reporter(part);
      else if (name == "personOrUserReported") Reported(part);
      else if (name == "intendedRecipient") User(part, Party::kRecipient);
      else if (name == "victim") Victim(part);
      else if (name == "additionalInfo") Say(Passage::Where::kNote, Party::kNobody, part);
    }
    return std::move(content_);
  }

  FileContent File(Element details) {
    FileContent file;
    for (const Element part : details.Children()) {
      const std::string_view name = part.Name();
      if (name == "originalFileHash") Hash(part, file);
      else if (name == "ipCaptureEvent") Network(part, Party::kReported);
      else if (name == "deviceId") Device(part, Party::kReported);
      else if (name == "locationOfFile") file.location = TextOf(part);
      else if (name == "additionalInfo") Say(Passage::Where::kFileNote, Party::kNobody, part);
    }
    file.network = std::move(content_.network);
    file.devices = std::move(content_.identifiers);
    file.passages = std::move(content_.passages);
    return file;
  }

 private:
  template <class T>
  void Keep(std::vector<T>& list, T item) {
    if (list.size() < kContentItemsMax) list.push_back(std::move(item));
    else content_.cut = true;
  }

  void Say(Passage::Where where, Party party, Element element) {
    std::string text = TextOf(element);
    if (text.empty()) return;
    // The newest lines of a conversation stand at its end.
    if (text.size() > kPassageBytesMax) {
      text = HeadOf(text, kPassageBytesMax / 2) + " " + TailOf(text, kPassageBytesMax / 2);
      content_.cut = true;
    }
    Keep(content_.passages, Passage{where, party, std::move(text)});
  }

  void Identify(IdentifierKind kind, Party party, Element element, std::string scope = {}) {
    std::string value = TextOf(element);
    if (value.empty()) return;
    const bool verified = IsTrue(element.Attribute("verified").value_or(""));
    Keep(content_.identifiers, Identifier{kind, party, std::move(value), std::move(scope), verified});
  }

  void Summary(Element summary) {
    content_.incident_type = wire::IncidentTypeOf(summary.Child("incidentType").Text()).value_or(IncidentType::kCsam);
    content_.platform = TextOf(summary.Child("platform"));
    const Result<OffsetInstant> time = ParseDateTime(summary.Child("incidentDateTime").Text());
    if (time.ok()) content_.incident_at = *time;
    if (const Element escalation = summary.Child("escalateToHighPriority")) {
      content_.escalated = true;
      Say(Passage::Where::kEscalation, Party::kNobody, escalation);
    }
    if (const Element annotations = summary.Child("reportAnnotations")) {
      for (const Element flag : annotations.Children()) Keep(content_.annotations, std::string(flag.Name()));
    }
    if (const Element words = summary.Child("incidentDateTimeDescription")) Say(Passage::Where::kNote, Party::kNobody, words);
  }

  void Incident(Element incident) {
    content_.has_incident_details = true;
    for (const Element part : incident.Children()) {
      const std::string_view name = part.Name();
      if (name == "url") Keep(content_.urls, TextOf(part));
      else if (name == "content") Say(Passage::Where::kConversation, Party::kNobody, part);
      else if (name == "additionalInfo") Say(Passage::Where::kNote, Party::kNobody, part);
      else if (name == "emailAddress") Identify(IdentifierKind::kEmail, Party::kNobody, part);
      else if (name == "ipCaptureEvent") Network(part, Party::kReported);
      else if (name == "incidentAddress") Address(part, Party::kNobody, PlaceKind::kIncident);
    }
  }

  void Reporter(Element reporter) {
    const bool asks = reporter.Child("contactPerson") && !TextOf(reporter.Child("contactPerson").Child("email")).empty();
    content_.legal_process_named = asks || !TextOf(reporter.Child("legalURL")).empty();
    for (const Element part : reporter.Children()) {
      if (part.Name() == "companyTemplate") Say(Passage::Where::kNote, Party::kReporter, part);
    }
  }

  void Reported(Element person) {
    ++content_.people_reported;
    User(person, Party::kReported);
  }

  void Victim(Element victim) {
    ++content_.victims;
    const std::string school = TextOf(victim.Child("schoolName"));
    if (!school.empty()) Keep(content_.places, StatedPlace{PlaceKind::kSchool, Party::kVictim, {}, {}, {}, school, false});
    User(victim, Party::kVictim);
  }

  // A reported user, a recipient, a victim, or an account associated with one of them: the same parts.
  void User(Element user, Party party) {
    const std::string service = TextOf(user.Child("espService"));
    for (const Element part : user.Children()) {
      const std::string_view name = part.Name();
      if (name.ends_with("Person")) Natural(part, party);
      else if (name == "espIdentifier") Identify(IdentifierKind::kUserId, party, part, service);
      else if (name == "screenName") Identify(IdentifierKind::kScreenName, party, part, service);
      else if (name == "profileUrl") Identify(IdentifierKind::kProfileUrl, party, part);
      else if (name == "groupIdentifier") Identify(IdentifierKind::kGroup, party, part, service);
      else if (name == "email") Identify(IdentifierKind::kEmail, party, part);
      else if (name == "phone") Phone(part, party);
      else if (name == "ipCaptureEvent") Network(part, party);
      else if (name == "deviceId") Device(part, party);
      else if (name == "estimatedLocation") Estimate(part, party);
      else if (name == "address") Address(part, party, AddressKindOf(part.Attribute("type").value_or("")));
      else if (name == "profileBio") Say(Passage::Where::kBiography, party, part);
      else if (name == "additionalInfo") Say(Passage::Where::kNote, party, part);
      else if (name == "associatedAccount") User(part, party == Party::kReported ? Party::kAssociated : party);
      else if (name == "priorCTReports" || name == "priorCTReport") Prior(part);
    }
  }

  void Natural(Element person, Party party) {
    for (const Element part : person.Children()) {
      const std::string_view name = part.Name();
      if (name == "email") Identify(IdentifierKind::kEmail, party, part);
      else if (name == "phone") Phone(part, party);
      else if (name == "address") Address(part, party, AddressKindOf(part.Attribute("type").value_or("")));
      else if (name == "age" && party == Party::kVictim) Age(part);
    }
  }

  void Age(Element element) {
    const std::optional<std::int64_t> years = ParseInteger(TextOf(element));
    if (years && *years >= 0 && *years < 150) Keep(content_.victim_ages, static_cast<int>(*years));
  }

  void Phone(Element element, Party party) {
    Identify(IdentifierKind::kPhone, party, element, element.Attribute("countryCallingCode").value_or(""));
  }

  void Prior(Element element) {
    const std::optional<std::int64_t> number = ParseInteger(TextOf(element));
    if (number) Keep(content_.prior_reports, *number);
  }

  void Device(Element device, Party party) {
    Identify(IdentifierKind::kDevice, party, device.Child("idValue"), TextOf(device.Child("idType")));
  }

  void Network(Element event, Party party) {
    NetworkUse use;
    use.address = TextOf(event.Child("ipAddress"));
    use.party = party;
    use.event = EventOf(TextOf(event.Child("eventName")));
    use.port = static_cast<int>(ParseInteger(TextOf(event.Child("port"))).value_or(0));
    use.possible_proxy = AnswerOf(event.Child("possibleProxy"));
    if (const Element time = event.Child("dateTime")) {
      const Result<OffsetInstant> at = ParseDateTime(time.Text());
      if (at.ok()) use.at = *at;
    }
    Keep(content_.network, std::move(use));
  }

  void Estimate(Element estimate, Party party) {
    const bool verified = IsTrue(estimate.Attribute("verified").value_or(""));
    Keep(content_.places, StatedPlace{PlaceKind::kEstimated, party, TextOf(estimate.Child("city")), TextOf(estimate.Child("region")),
                                      TextOf(estimate.Child("countryCode")), {}, verified});
  }

  void Address(Element address, Party party, PlaceKind kind) {
    const std::string state = TextOf(address.Child("state"));
    const std::string region = state.empty() ? TextOf(address.Child("nonUsaState")) : state;
    Keep(content_.places,
         StatedPlace{kind, party, TextOf(address.Child("city")), region, TextOf(address.Child("country")), {}, false});
  }

  void Hash(Element hash, FileContent& file) {
    std::string value = TextOf(hash);
    if (!value.empty()) Keep(file.hashes, DeclaredHash{hash.Attribute("hashType").value_or(""), std::move(value)});
  }

  ReportContent content_;
};

Result<xml::Document> Parse(std::string_view bytes) {
  auto parsed = xml::Document::Parse(bytes, xml::Limits{});
  if (const auto* problem = std::get_if<xml::ParseProblem>(&parsed)) {
    return Error{ErrorCode::kMalformed, "The document cannot be read.", "line " + std::to_string(problem->place.line), {}, 0};
  }
  return std::get<xml::Document>(std::move(parsed));
}

}  // namespace

Result<ReportContent> ReadReportContent(std::string_view bytes) {
  const xml::Document document = PL_TRY(Parse(bytes));
  if (document.Root().Name() != "report") return Error{ErrorCode::kMalformed, "The document is not a report.", {}, {}, 0};
  return Gatherer().Report(document.Root());
}

Result<FileContent> ReadFileContent(std::string_view bytes) {
  const xml::Document document = PL_TRY(Parse(bytes));
  return Gatherer().File(document.Root());
}

}  // namespace porchlight::tipline
