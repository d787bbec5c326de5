#include "tipline/public_form.h"

#include <algorithm>

#include "base/text.h"
#include "tipline/wire.h"

namespace porchlight::tipline {

namespace {

constexpr std::size_t kAddressesMax = 10;
constexpr std::size_t kAddressCharactersMax = 2'000;

std::string_view ValueOf(const FormFields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : Trim(found->second);
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char one) { return (static_cast<unsigned char>(one) & 0xc0U) != 0x80U; }));
}

// Without what XML 1.0 cannot hold (section 2.2).
std::string XmlText(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = byte < 0x20 && byte != '\n' && byte != '\t';
    const bool noncharacter = text.substr(i, 3) == "\xef\xbf\xbe" || text.substr(i, 3) == "\xef\xbf\xbf";
    if (noncharacter) i += 2;
    else if (!control) clean += text[i];
  }
  return EscapeMarkup(clean);
}

void Add(std::string& out, std::string_view element, std::string_view text) {
  if (text.empty()) return;
  out.append("<").append(element).append(">").append(XmlText(text)).append("</").append(element).append(">");
}

std::vector<std::string_view> AddressesOf(const FormFields& fields) {
  std::vector<std::string_view> addresses;
  for (const std::string_view line : Split(ValueOf(fields, "address"), '\n')) {
    if (!Trim(line).empty()) addresses.push_back(Trim(line));
  }
  return addresses;
}

bool HasSpace(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char one) { return static_cast<unsigned char>(one) <= 0x20 || one == 0x7f; });
}

// "2026-01-02", a day that exists and is not ahead of every zone's calendar.
std::optional<Instant> DayOf(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const Result<OffsetInstant> day = ParseDateTime(std::string(text) + "T00:00:00Z");
  if (!day.ok()) return std::nullopt;
  return day->instant;
}

void AddIncident(std::string& out, const FormFields& fields, bool urgent, Instant now) {
  const IncidentType type = FromName<IncidentType>(ValueOf(fields, "kind")).value_or(IncidentType::kCsam);
  out += "<incidentSummary>";
  Add(out, "incidentType", wire::WireWordOf(type));
  Add(out, "platform", ValueOf(fields, "platform"));
  if (urgent) {
    const bool said = ValueOf(fields, "danger") == "yes";
    Add(out, "escalateToHighPriority", said ? "The reporter says that a child is in danger now." : "The reporter's words suggest danger.");
  }
  const std::optional<Instant> day = DayOf(ValueOf(fields, "when"));
  // A day without a time stays a day: the time of the element stands for nothing, and the description says so.
  Add(out, "incidentDateTime", FormatInstant(day ? std::min(*day, now) : now));
  Add(out, "incidentDateTimeDescription",
      day ? "The reporter gave the day " + std::string(ValueOf(fields, "when")) + " and no time."
          : std::string("The reporter gave no time; this is the time of the report."));
  out += "</incidentSummary>";
}

void AddReporter(std::string& out, const FormFields& fields) {
  out += "<reporter><reportingPerson>";
  Add(out, "firstName", ValueOf(fields, "your_name"));
  Add(out, "phone", ValueOf(fields, "your_phone"));
  Add(out, "email", ValueOf(fields, "your_email"));
  out += "</reportingPerson></reporter>";
}

}  // namespace

const std::vector<FormField>& PublicFormFields() {
  static const std::vector<FormField> kFields = {
      {"what", 10'000},     {"when", 10},         {"platform", 256},   {"address", 20'000},  {"who_name", 256},
      {"who_other", 4'000}, {"child", 4'000},     {"your_name", 100},  {"your_email", 255},  {"your_phone", 50}};
  return kFields;
}

std::vector<FormProblem> CheckPublicForm(const FormFields& fields, Instant now) {
  std::vector<FormProblem> problems;
  if (!FromName<IncidentType>(ValueOf(fields, "kind"))) problems.push_back({"kind", "problem_choose"});
  if (ValueOf(fields, "what").empty()) problems.push_back({"what", "problem_missing"});
  for (const FormField& field : PublicFormFields()) {
    const std::string_view value = ValueOf(fields, field.name);
    if (!IsUtf8(value)) problems.push_back({std::string(field.name), "problem_unreadable"});
    else if (Characters(value) > field.characters_max) problems.push_back({std::string(field.name), "problem_too_long"});
  }
  const std::string_view when = ValueOf(fields, "when");
  const std::optional<Instant> day = DayOf(when);
  if (!when.empty() && !day) problems.push_back({"when", "problem_day"});
  // Somewhere it is tomorrow already.
  if (day && *day > now + Duration::Hours(14)) problems.push_back({"when", "problem_future"});
  const std::vector<std::string_view> addresses = AddressesOf(fields);
  const bool bad = std::any_of(addresses.begin(), addresses.end(),
                               [](std::string_view one) { return HasSpace(one) || Characters(one) > kAddressCharactersMax; });
  if (bad) problems.push_back({"address", "problem_address"});
  if (addresses.size() > kAddressesMax) problems.push_back({"address", "problem_addresses"});
  const std::string_view email = ValueOf(fields, "your_email");
  const std::size_t at = email.find('@');
  if (!email.empty() && (at == 0 || at == std::string_view::npos || at + 1 == email.size() || HasSpace(email))) {
    problems.push_back({"your_email", "problem_email"});
  }
  return problems;
}

bool SuggestsDanger(const FormFields& fields, std::string_view danger_words) {
  for (const std::string_view name : {"what", "child", "who_other"}) {
    const std::string text = LowerAscii(ValueOf(fields, name));
    for (const std::string_view word : Split(danger_words, ',')) {
      const std::string_view wanted = Trim(word);
      if (!wanted.empty() && text.find(LowerAscii(wanted)) != std::string::npos) return true;
    }
  }
  return false;
}

std::string DocumentOfPublicForm(const FormFields& fields, bool urgent, Instant now) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><report>";
  AddIncident(out, fields, urgent, now);
  const std::vector<std::string_view> addresses = AddressesOf(fields);
  if (!addresses.empty()) {
    out += "<internetDetails><webPageIncident>";
    for (const std::string_view address : addresses) Add(out, "url", address);
    out += "</webPageIncident></internetDetails>";
  }
  AddReporter(out, fields);
  if (!ValueOf(fields, "who_name").empty() || !ValueOf(fields, "who_other").empty()) {
    out += "<personOrUserReported>";
    Add(out, "screenName", ValueOf(fields, "who_name"));
    Add(out, "additionalInfo", ValueOf(fields, "who_other"));
    out += "</personOrUserReported>";
  }
  if (!ValueOf(fields, "child").empty()) {
    out += "<victim><victimPerson/>";
    Add(out, "additionalInfo", ValueOf(fields, "child"));
    out += "</victim>";
  }
  Add(out, "additionalInfo", ValueOf(fields, "what"));
  out += "</report>";
  return out;
}

}  // namespace porchlight::tipline
