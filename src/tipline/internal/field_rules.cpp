#include "tipline/internal/field_rules.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace porchlight::tipline::internal {
namespace {

constexpr FieldRule Characters(int most) { return {most, false, false, false, 0, 0}; }
constexpr FieldRule Range(std::int64_t least, std::int64_t most) { return {0, false, false, true, least, most}; }

constexpr std::array kLimits = {
    FieldLimit{"element:incidentSummary", "platform", Characters(256)},
    FieldLimit{"element:incidentSummary", "escalateToHighPriority", {3000, true, false, false, 0, 0}},
    FieldLimit{"element:incidentSummary", "incidentDateTimeDescription", Characters(3000)},
    FieldLimit{"element:webPageIncident", "url", {0, false, true, false, 0, 0}},
    FieldLimit{"element:newsgroupIncident", "name", Characters(255)},
    FieldLimit{"element:chatImIncident", "chatClient", Characters(255)},
    FieldLimit{"element:chatImIncident", "chatRoomName", Characters(255)},
    FieldLimit{"element:onlineGamingIncident", "gameName", Characters(255)},
    FieldLimit{"element:onlineGamingIncident", "console", Characters(255)},
    FieldLimit{"element:nonInternetIncident", "locationName", Characters(255)},
    FieldLimit{"element:peer2peerIncident", "client", Characters(255)},
    FieldLimit{"element:lawEnforcement", "agencyName", Characters(255)},
    FieldLimit{"element:lawEnforcement", "caseNumber", Characters(100)},
    FieldLimit{"element:reporter", "legalURL", Characters(2083)},
    FieldLimit{"complexType:person", "firstName", Characters(100)},
    FieldLimit{"complexType:person", "lastName", Characters(100)},
    FieldLimit{"complexType:person", "age", Range(0, 150)},
    FieldLimit{"complexType:contactPerson", "firstName", Characters(100)},
    FieldLimit{"complexType:contactPerson", "lastName", Characters(100)},
    FieldLimit{"complexType:address", "address", Characters(255)},
    FieldLimit{"complexType:address", "city", Characters(100)},
    FieldLimit{"complexType:address", "zipCode", Characters(20)},
    FieldLimit{"complexType:address", "nonUsaState", Characters(100)},
    FieldLimit{"complexType:phone", "", Characters(50)},
    FieldLimit{"complexType:phone", "@extension", Characters(10)},
    FieldLimit{"complexType:email", "", Characters(255)},
    FieldLimit{"complexType:estimatedLocation", "city", Characters(255)},
    FieldLimit{"complexType:estimatedLocation", "region", Characters(255)},
    FieldLimit{"complexType:deviceId", "idType", Characters(255)},
    FieldLimit{"complexType:deviceId", "idValue", Characters(2083)},
    FieldLimit{"complexType:ipCaptureEvent", "port", Range(1, 65535)},
    FieldLimit{"complexType:screenName", "", Characters(256)},
    FieldLimit{"element:personOrUserReported", "vehicleDescription", Characters(300)},
    FieldLimit{"element:personOrUserReported", "espIdentifier", Characters(255)},
    FieldLimit{"element:personOrUserReported", "espService", Characters(100)},
    FieldLimit{"element:personOrUserReported", "groupIdentifier", Characters(255)},
    FieldLimit{"element:intendedRecipient", "espIdentifier", Characters(255)},
    FieldLimit{"element:intendedRecipient", "espService", Characters(100)},
    FieldLimit{"element:intendedRecipient", "groupIdentifier", Characters(255)},
    FieldLimit{"element:victim", "espIdentifier", Characters(255)},
    FieldLimit{"element:victim", "espService", Characters(100)},
    FieldLimit{"element:victim", "schoolName", Characters(255)},
    FieldLimit{"complexType:associatedAccount/platform", "", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "firstName", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "middleName", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "lastName", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "approximateAge", Range(0, 150)},
    FieldLimit{"complexType:associatedAccount", "espService", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "espIdentifier", Characters(256)},
    FieldLimit{"complexType:associatedAccount", "groupIdentifier", Characters(256)},
    FieldLimit{"element:fileDetails", "originalFileName", Characters(2056)},
    FieldLimit{"element:fileDetails", "locationOfFile", Characters(2083)},
    FieldLimit{"complexType:hash", "@hashType", Characters(64)},
    FieldLimit{"complexType:nameValue", "name", Characters(64)},
};

// Unicode code points; the text is UTF-8.
std::ptrdiff_t CharactersIn(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

bool HasSpaceOrControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

struct Broken {
  std::string rule;
  std::string sentence;
};

std::optional<Broken> Check(const FieldRule& rule, std::string_view text) {
  if (rule.characters_max > 0 && text.size() > static_cast<std::size_t>(rule.characters_max) && CharactersIn(text) > rule.characters_max) {
    return Broken{"limit.length", "the value is longer than " + std::to_string(rule.characters_max) + " characters."};
  }
  if (rule.not_blank && TrimXml(text).empty()) {
    return Broken{"value.blank", "the value must not be blank; leave the element out instead."};
  }
  if (rule.no_white_space && HasSpaceOrControl(text)) {
    return Broken{"value.white_space", "the value must hold no white space and no control characters."};
  }
  if (rule.ranged) {
    std::string_view digits = TrimXml(text);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const std::optional<std::int64_t> value = ParseInteger(digits);
    if (!value || *value < rule.least || *value > rule.most) {
      return Broken{"limit.range", "the value must lie between " + std::to_string(rule.least) + " and " + std::to_string(rule.most) + "."};
    }
  }
  return std::nullopt;
}

// Required by the published schema; one client gives it under another name, so the schema itself cannot ask for it.
bool LacksAccountType(xml::Element element) {
  return element.Name() == "associatedAccount" && !element.AttributeView("type") && !element.AttributeView("accountType");
}

bool IsSet(const FieldRule& rule) { return rule.characters_max > 0 || rule.not_blank || rule.no_white_space || rule.ranged; }

}  // namespace

std::span<const FieldLimit> FieldLimits() { return kLimits; }

wire::Problem ProblemAt(xml::Element element, std::string rule, std::string_view sentence) {
  const xml::Place place = element.Where();
  std::string name(element.Name());
  std::string message = "Element '" + name + "': " + std::string(sentence);
  return {place.line, place.column, std::move(name), std::move(rule), std::move(message)};
}

std::vector<wire::Problem> CheckFields(const std::vector<Visit>& visits, std::size_t problems_max) {
  std::vector<wire::Problem> problems;
  std::string scratch;
  for (const auto& [element, declared] : visits) {
    if (problems.size() >= problems_max) break;
    for (const FieldRule* rule : {&declared->rule, &declared->type->rule}) {
      if (!IsSet(*rule)) continue;
      const auto broken = Check(*rule, element.TextView(scratch));
      if (broken) problems.push_back(ProblemAt(element, broken->rule, broken->sentence));
    }
    if (LacksAccountType(element)) {
      problems.push_back(ProblemAt(element, "account.type", "the attribute 'type' is required ('accountType' is taken for it)."));
    }
    if (!element.HasAttributes()) continue;
    for (const AttributeType& attribute : declared->type->attributes) {
      if (!IsSet(attribute.rule)) continue;
      const std::optional<std::string_view> value = element.AttributeView(attribute.name);
      const auto broken = value ? Check(attribute.rule, *value) : std::nullopt;
      if (broken) problems.push_back(ProblemAt(element, broken->rule, "attribute '" + attribute.name + "': " + broken->sentence));
    }
  }
  if (problems.size() > problems_max) problems.resize(problems_max);
  return problems;
}

}  // namespace porchlight::tipline::internal
