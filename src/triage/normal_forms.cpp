#include "triage/normal_forms.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"

namespace porchlight::triage {

namespace {

constexpr std::size_t kHandleBytesMin = 3;
constexpr std::size_t kPhoneDigitsMin = 5;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSeparator(char c) { return c == '_' || c == '.' || c == '-' || c == ' ' || c == '\t'; }

// What a Cyrillic or Greek letter, a full-width form or a digit passes for.
constexpr std::array<std::pair<std::string_view, char>, 34> kLookAlikes = {{
    {"\u0430", 'a'}, {"\u0435", 'e'}, {"\u043E", 'o'}, {"\u0440", 'p'}, {"\u0441", 'c'}, {"\u0443", 'y'}, {"\u0445", 'x'},
    {"\u0456", 'i'}, {"\u0458", 'j'}, {"\u0455", 's'}, {"\u0501", 'd'}, {"\u04BB", 'h'}, {"\u0410", 'a'}, {"\u0412", 'b'},
    {"\u0415", 'e'}, {"\u041A", 'k'}, {"\u041C", 'm'}, {"\u041D", 'h'}, {"\u041E", 'o'}, {"\u0420", 'p'}, {"\u0421", 'c'},
    {"\u0422", 't'}, {"\u0425", 'x'}, {"\u03BF", 'o'}, {"\u03B1", 'a'}, {"\u0391", 'a'}, {"\u0392", 'b'}, {"\u0395", 'e'},
    {"\u039A", 'k'}, {"\u039C", 'm'}, {"\u039D", 'n'}, {"\u039F", 'o'}, {"\u03A1", 'p'}, {"\u03A4", 't'},
}};

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

// Answers how many bytes at the front are one letter that looks like another, and that letter.
std::pair<std::size_t, char> LookAlike(std::string_view text) {
  for (const auto& [form, letter] : kLookAlikes) {
    if (text.starts_with(form)) return {form.size(), letter};
  }
  return {0, '\0'};
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
  for (std::string_view rest = Trim(handle); !rest.empty();) {
    const auto [bytes, letter] = LookAlike(rest);
    if (bytes > 0) {
      folded += letter;
      rest.remove_prefix(bytes);
      continue;
    }
    const char c = rest.front();
    rest.remove_prefix(1);
    if (IsSeparator(c)) continue;
    folded += FoldAscii(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (folded.starts_with('a') && Trim(handle).starts_with('@')) folded.erase(0, 1);
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
