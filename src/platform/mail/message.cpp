#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/text.h"
#include "platform/mail/mail.h"

namespace porchlight::mail {

namespace {

constexpr std::size_t kLineBytes = 76;           // Of base64; RFC 2045 section 6.8.
constexpr std::size_t kWordBytes = 45;           // Of text in one encoded word: 75 bytes at most (RFC 2047 section 2).

Error Wrong(std::string text, std::string field = {}) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::move(field), 0};
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool IsOfDomain(char c) { return IsLetter(c) || c == '.' || c == '-'; }
bool IsOfAddress(char c) {
  return IsLetter(c) || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// RFC 5322 section 3.3, in UTC: "Sun, 29 Nov 2026 08:24:33 +0000".
std::string DateOf(Instant now) {
  using std::chrono::days;
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(now.microseconds));
  const std::chrono::sys_days day(std::chrono::floor<days>(seconds));
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day.time_since_epoch());
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000", kDays.at(std::chrono::weekday(day).c_encoding()),
                static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

// Plain where it can be, else words of RFC 2047, none of which cuts a letter.
std::string SubjectOf(std::string_view subject) {
  if (IsPlain(subject)) return std::string(subject);
  std::string encoded;
  while (!subject.empty()) {
    std::size_t bytes = std::min(subject.size(), kWordBytes);
    while (bytes < subject.size() && (static_cast<unsigned char>(subject[bytes]) & 0xC0U) == 0x80U) --bytes;
    encoded += (encoded.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + Base64Encode(subject.substr(0, bytes)) + "?=";
    subject.remove_prefix(bytes);
  }
  return encoded;
}

std::string BodyOf(std::string_view text) {
  std::string lines;
  for (const char c : text) {
    if (c == '\n') lines += '\r';
    lines += c;
  }
  const std::string encoded = Base64Encode(lines);
  std::string body;
  for (std::size_t at = 0; at < encoded.size(); at += kLineBytes) body += encoded.substr(at, kLineBytes) + "\r\n";
  return body;
}

Result<void> Check(const Mail& mail) {
  PL_TRY(CheckAddress(mail.to));
  const bool named = !mail.id.empty() && mail.id.size() <= 100 && std::all_of(mail.id.begin(), mail.id.end(), IsOfDomain);
  if (!named) return Wrong("The id of a message is 1 to 100 letters, digits, dots and hyphens.", "id");
  const bool one_line = std::none_of(mail.subject.begin(), mail.subject.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (mail.subject.empty() || mail.subject.size() > kSubjectBytesMax || !one_line) {
    return Wrong("A subject is one line of 1 to 200 bytes.", "subject");
  }
  if (mail.text.size() > kTextBytesMax) return Wrong("A notice has at most 16 KiB.", "text");
  return {};
}

std::string_view HostOf(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t bracket = url.starts_with('[') ? url.find(']') : std::string_view::npos;
  return bracket == std::string_view::npos ? url.substr(0, url.find_first_of(":/")) : url.substr(0, bracket + 1);
}

}  // namespace

Result<void> CheckAddress(std::string_view address) {
  const std::size_t at = address.find('@');
  const bool whole = at != std::string_view::npos && at > 0 && at + 1 < address.size() && address.size() <= kAddressBytesMax;
  const std::string_view local = address.substr(0, at);
  const std::string_view domain = whole ? address.substr(at + 1) : std::string_view();
  const bool good = whole && std::all_of(local.begin(), local.end(), IsOfAddress) && local.size() <= 64 &&
                    std::all_of(domain.begin(), domain.end(), IsOfDomain) && !domain.starts_with('.') && !domain.ends_with('.') &&
                    domain.find("..") == std::string_view::npos;
  if (!good) return Wrong("An e-mail address is like name@mail.example, at most 254 bytes.");
  return {};
}

bool MailServer::RequiresTls() const {
  const std::string_view host = HostOf(url);
  const bool numbers = std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return !(host == "localhost" || host == "[::1]" || (numbers && host.starts_with("127.")));
}

Result<void> CheckServer(const MailServer& server) {
  const bool known = server.url.starts_with("smtp://") || server.url.starts_with("smtps://");
  const bool plain = server.url.find_first_of(std::string_view(" @\r\n\0", 5)) == std::string::npos;
  if (!known || !plain || HostOf(server.url).empty()) {
    return Wrong("The mail server is an address like smtps://mail.example:465 or smtp://mail.example:587, no name or password in it.",
                 "mail.server");
  }
  const Result<void> from = CheckAddress(server.from);
  if (!from.ok()) return Wrong("Mail needs a sender. " + from.error().public_text, "mail.from");
  return {};
}

Result<std::string> MessageOf(const MailServer& server, const Mail& mail, Instant now) {
  PL_TRY(CheckServer(server));
  PL_TRY(Check(mail));
  const std::string domain = server.from.substr(server.from.find('@') + 1);
  return "Date: " + DateOf(now) + "\r\nFrom: <" + server.from + ">\r\nTo: <" + mail.to + ">\r\nMessage-ID: <" + mail.id + "@" + domain +
         ">\r\nSubject: " + SubjectOf(mail.subject) +
         "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         BodyOf(mail.text);
}

}  // namespace porchlight::mail
