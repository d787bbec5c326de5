#include "tipline/internal/notes.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace porchlight::tipline::internal {
namespace {

enum class Reach { kInvalid, kLocal, kPublic };

struct Address {
  Reach reach = Reach::kInvalid;
  bool version_4 = false;
};

// Addresses that lead to no subscriber without more: private, shared, loopback, link-local, multicast (RFC 6890).
// Documentation ranges count as public: nothing real carries them, and they stand for real ones in tests.
bool IsLocal4(std::uint32_t address) {
  struct Block {
    std::uint32_t prefix;
    int bits;
  };
  constexpr std::array kBlocks = {Block{0x00000000U, 8},  Block{0x0A000000U, 8},  Block{0x64400000U, 10}, Block{0x7F000000U, 8},
                                  Block{0xA9FE0000U, 16}, Block{0xAC100000U, 12}, Block{0xC0A80000U, 16}, Block{0xE0000000U, 3}};
  return std::any_of(kBlocks.begin(), kBlocks.end(), [address](const Block& block) {
    return (address ^ block.prefix) >> static_cast<unsigned>(32 - block.bits) == 0;
  });
}

Address Judge(std::string_view text) {
  const std::string literal(TrimXml(text));
  std::array<unsigned char, 16> bytes{};
  const auto version_4_at = [&bytes](std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24U | static_cast<std::uint32_t>(bytes[at + 1]) << 16U |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8U | static_cast<std::uint32_t>(bytes[at + 3]);
  };
  if (inet_pton(AF_INET, literal.c_str(), bytes.data()) == 1) {
    return {IsLocal4(version_4_at(0)) ? Reach::kLocal : Reach::kPublic, true};
  }
  if (inet_pton(AF_INET6, literal.c_str(), bytes.data()) != 1) return {};
  const bool zeros = std::all_of(bytes.begin(), bytes.begin() + 10, [](unsigned char byte) { return byte == 0; });
  const bool mapped = zeros && bytes[10] == 0xFF && bytes[11] == 0xFF;
  if (mapped) return {IsLocal4(version_4_at(12)) ? Reach::kLocal : Reach::kPublic, true};
  const bool none_or_loopback = zeros && version_4_at(10) == 0 && bytes[14] == 0 && bytes[15] <= 1;
  const bool unique_local = (bytes[0] & 0xFEU) == 0xFC;
  const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80;
  return {none_or_loopback || unique_local || link_local || bytes[0] == 0xFF ? Reach::kLocal : Reach::kPublic, false};
}

void NoteIpEvent(xml::Element event, Notes& notes) {
  const Address address = Judge(event.Child("ipAddress").Text());
  if (address.reach == Reach::kInvalid) return notes.Add("ip_invalid", event);
  if (address.reach == Reach::kLocal) notes.Add("ip_not_public", event);
  if (!event.Child("dateTime")) notes.Add("ip_without_time", event);
  if (address.version_4 && address.reach == Reach::kPublic && !event.Child("port")) notes.Add("ip_without_port", event);
}

void NoteTime(std::string_view text, xml::Element where, Instant latest, Notes& notes) {
  const Result<OffsetInstant> time = ParseDateTime(text);
  if (!time.ok()) return notes.Add("time_unreadable", where);
  if (!time->offset_minutes) notes.Add("time_without_zone", where);
  if (time->instant > latest) notes.Add("time_in_future", where);
}

void NoteDegrees(xml::Element element, double most, Notes& notes) {
  const std::string text = element.Text();
  std::string_view digits = TrimXml(text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool readable = error == std::errc() && end == digits.data() + digits.size();
  if (!readable || !std::isfinite(value) || std::fabs(value) > most) notes.Add("place_off_the_map", element);
}

bool LooksLikeEmail(std::string_view text) {
  const std::string_view address = TrimXml(text);
  const auto at = address.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < address.size() && address.find_first_of(" \t\r\n") == std::string_view::npos;
}

void NoteRegion(xml::Element location, Notes& notes) {
  const xml::Element country = location.Child("countryCode");
  const xml::Element region = location.Child("region");
  if (!country || !region || country.Text() != "US") return;
  const std::string text = region.Text();
  const std::string_view state = TrimXml(text);
  const bool abbreviation = state.size() == 2 && std::all_of(state.begin(), state.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!abbreviation) notes.Add("region_not_a_state", location);
}

void NoteTimes(const Visit& visit, Instant latest, std::string& scratch, Notes& notes) {
  const auto& [element, declared] = visit;
  if (declared->type->basic == Basic::kDateTime) NoteTime(element.TextView(scratch), element, latest, notes);
  if (declared->type->basic == Basic::kDate) {
    const std::string date(TrimXml(element.TextView(scratch)).substr(0, 10));
    if (date > FormatDate(latest)) notes.Add("time_in_future", element);
  }
  if (!element.HasAttributes()) return;
  for (const AttributeType& attribute : declared->type->attributes) {
    if (attribute.basic != Basic::kDateTime) continue;
    const std::optional<std::string_view> value = element.AttributeView(attribute.name);
    // An account may be due to come back later.
    const Instant bound = attribute.name == "reenabledDate" ? Instant{INT64_MAX} : latest;
    if (value) NoteTime(*value, element, bound, notes);
  }
}

}  // namespace

void NoteValues(const std::vector<Visit>& visits, Instant now, Duration future_tolerance, Notes& notes) {
  std::string scratch;
  for (const Visit& visit : visits) {
    const auto& [element, declared] = visit;
    const ElementType& type = *declared->type;
    NoteTimes(visit, now + future_tolerance, scratch, notes);
    if (declared->name == "ipCaptureEvent") NoteIpEvent(element, notes);
    else if (declared->name == "estimatedLocation") NoteRegion(element, notes);
    else if (declared->name == "latitude") NoteDegrees(element, 90, notes);
    else if (declared->name == "longitude") NoteDegrees(element, 180, notes);
    else if (type.basic == Basic::kText && (declared->name == "email" || declared->name == "emailAddress")) {
      if (!LooksLikeEmail(element.TextView(scratch))) notes.Add("email_invalid", element);
    }
  }
}

}  // namespace porchlight::tipline::internal
