#include "triage/normal_forms.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "triage/internal/letters.h"

namespace porchlight::triage {

namespace {

constexpr std::size_t kHandleBytesMin = 3;
constexpr std::size_t kPhoneDigitsMin = 5;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSeparator(std::uint32_t point) {
  return point == '_' || point == '.' || point == '-' || point == ' ' || point == '\t' || point == 0xA0 || point == 0x3000;
}

// What a Cyrillic or Greek letter, in lower case, passes for: in its own form or in that of its capital.
constexpr std::array<std::pair<std::uint32_t, char>, 38> kLookAlikes = {{
    {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'},
    {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0451, 'e'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0457, 'i'},
    {0x0458, 'j'}, {0x04BB, 'h'}, {0x04CF, 'l'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'}, {0x03B1, 'a'}, {0x03B2, 'b'},
    {0x03B5, 'e'}, {0x03B6, 'z'}, {0x03B7, 'h'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BC, 'm'}, {0x03BD, 'n'}, {0x03BF, 'o'},
    {0x03C1, 'p'}, {0x03C4, 't'}, {0x03C5, 'y'}, {0x03C7, 'x'}, {0x0131, 'i'}, {0x0261, 'g'},
}};

// Greek and Cyrillic letters with a mark that have a code point of their own, in lower case, and Greek's sigma at the end of a word.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 12> kMarked = {{
    {0x03AC, 0x03B1}, {0x03AD, 0x03B5}, {0x03AE, 0x03B7}, {0x03AF, 0x03B9}, {0x03CC, 0x03BF}, {0x03CD, 0x03C5}, {0x03CE, 0x03C9},
    {0x03CA, 0x03B9}, {0x03CB, 0x03C5}, {0x03C2, 0x03C3}, {0x0439, 0x0438}, {0x0453, 0x0433},
}};
// Their capitals, where those do not stand 32 before them.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 7> kMarkedCapitals = {{
    {0x0386, 0x03AC}, {0x0388, 0x03AD}, {0x0389, 0x03AE}, {0x038A, 0x03AF}, {0x038C, 0x03CC}, {0x038E, 0x03CD}, {0x038F, 0x03CE},
}};

template <std::size_t N>
std::uint32_t Mapped(const std::array<std::pair<std::uint32_t, std::uint32_t>, N>& map, std::uint32_t point) {
  const auto found = std::find_if(map.begin(), map.end(), [&](const auto& one) { return one.first == point; });
  return found == map.end() ? point : found->second;
}

// Of ASCII, Greek and Cyrillic; Latin-1 goes by WithoutMark, and of other letters nothing is known here.
std::uint32_t LowerOf(std::uint32_t point) {
  if (point >= 'A' && point <= 'Z') return point + 0x20;
  if (point >= 0x0391 && point <= 0x03AB) return point + 0x20;
  if (point >= 0x0410 && point <= 0x042F) return point + 0x20;
  if (point >= 0x0400 && point <= 0x040F) return point + 0x50;
  if (point == 0x04C0) return 0x04CF;
  if (point >= 0x0386 && point <= 0x038F) return Mapped(kMarkedCapitals, point);
  const bool in_pairs =
      (point >= 0x0460 && point <= 0x0481) || (point >= 0x048A && point <= 0x04BF) || (point >= 0x04D0 && point <= 0x052F);
  return in_pairs && point % 2 == 0 ? point + 1 : point;
}

// Full-width forms of ASCII, as keyboards of East Asia write them.
std::uint32_t HalfWidthOf(std::uint32_t point) { return point >= 0xFF01 && point <= 0xFF5E ? point - 0xFEE0 : point; }

// Takes no room on the screen: soft hyphen, zero-width characters and joiners, marks of direction, variation selectors.
bool IsInvisible(std::uint32_t point) {
  return point == 0xAD || point == 0x034F || (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x2064) || (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF ||
         (point >= 0xFE00 && point <= 0xFE0F);
}

char FoldAscii(char c) {
  switch (c) {
    case '0': return 'o';
    case '1': case '|': case '!': return 'l';
    case '3': return 'e';
    case '4': case '@': return 'a';
    case '5': case '$': return 's';
    case '7': return 't';
    default: return c;
  }
}

char LookOf(std::uint32_t point) {
  if (const char plain = WithoutMark(point); plain != '\0') return plain;
  const auto found = std::find_if(kLookAlikes.begin(), kLookAlikes.end(), [&](const auto& one) { return one.first == point; });
  return found == kLookAlikes.end() ? '\0' : found->second;
}

void AppendUtf8(std::string& text, std::uint32_t point) {
  if (point >= 0x10000) text += static_cast<char>(0xF0U | point >> 18U);
  if (point >= 0x10000) text += static_cast<char>(0x80U | (point >> 12U & 0x3FU));
  else if (point >= 0x800) text += static_cast<char>(0xE0U | point >> 12U);
  if (point >= 0x800) text += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
  else text += static_cast<char>(0xC0U | point >> 6U);
  text += static_cast<char>(0x80U | (point & 0x3FU));
}

}  // namespace

std::string NormalEmail(std::string_view email) {
  const std::string lower = LowerAscii(Trim(email));
  const auto at = lower.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == lower.size()) return {};
  // What follows a plus is the owner's own label; the mailbox is one.
  const std::string local = lower.substr(0, std::min(at, lower.find('+')));
  if (local.empty()) return {};
  return local + lower.substr(at);
}

std::string NormalPhone(std::string_view phone, std::string_view calling_code) {
  std::string digits;
  for (const char c : phone) {
    if (IsDigit(c)) digits += c;
  }
  if (digits.size() < kPhoneDigitsMin) return {};
  std::string code;
  for (const char c : calling_code) {
    if (IsDigit(c)) code += c;
  }
  if (Trim(phone).starts_with('+') || (!code.empty() && digits.starts_with(code) && digits.size() > 10)) return digits;
  return code + digits;
}

std::string NormalHandle(std::string_view handle) {
  std::string folded;
  const std::string_view text = Trim(handle);
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = LetterAt(text, at);
    at += letter.bytes;
    const std::uint32_t point = Mapped(kMarked, LowerOf(HalfWidthOf(letter.point)));
    const bool opens = point == '@' && folded.empty();   // "@name" is how people point at an account.
    if (opens || IsInvisible(point) || IsCombining(point) || IsSeparator(point)) continue;
    const char plain = point < 0x80 ? static_cast<char>(point) : LookOf(point);
    if (plain != '\0') folded += FoldAscii(plain);
    else AppendUtf8(folded, point);
  }
  return folded.size() < kHandleBytesMin ? std::string() : folded;
}

std::string NormalUrl(std::string_view url) {
  std::string_view rest = Trim(url);
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto slash = std::min(rest.find('/'), rest.size());
  std::string host = LowerAscii(rest.substr(0, slash));
  if (host.starts_with("www.")) host.erase(0, 4);
  if (host.empty() || host.find('.') == std::string::npos) return {};
  std::string_view path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  return host + std::string(path);
}

std::string LinkText(const tipline::Identifier& identifier) {
  using Kind = tipline::IdentifierKind;
  const auto with = [](std::string_view kind, const std::string& form) { return form.empty() ? form : std::string(kind) + form; };
  switch (identifier.kind) {
    case Kind::kUserId:
      if (Trim(identifier.value).empty()) return {};
      return "user:" + LowerAscii(Trim(identifier.scope)) + "/" + std::string(Trim(identifier.value));
    case Kind::kScreenName: return with("name:", NormalHandle(identifier.value));
    case Kind::kEmail: return with("email:", NormalEmail(identifier.value));
    case Kind::kPhone: return with("phone:", NormalPhone(identifier.value, identifier.scope));
    case Kind::kDevice: return with("device:" + LowerAscii(Trim(identifier.scope)) + "/", LowerAscii(Trim(identifier.value)));
    case Kind::kProfileUrl: return with("url:", NormalUrl(identifier.value));
    case Kind::kGroup: return {};   // A group is many people.
  }
  PL_CHECK(false);
}

}  // namespace porchlight::triage
