#pragma once

#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "base/sensitive.h"

// Sends short notices by SMTP (RFC 5321). Never content of a report: mail is read on telephones and kept by others.
namespace porchlight::mail {

inline constexpr std::size_t kAddressBytesMax = 254;
inline constexpr std::size_t kSubjectBytesMax = 200;
inline constexpr std::size_t kTextBytesMax = 16 * 1024;

struct MailServer {
  std::string url;                  // "smtps://mail.example:465", or "smtp://mail.example:587" with STARTTLS.
  std::string user;                 // Empty: no sign-in.
  Sensitive<std::string> password;
  std::string from;                 // Address.
  // A server on this machine is spoken to without TLS; no other is.
  bool RequiresTls() const;
};

struct Mail {
  std::string to;                   // One address.
  std::string subject;
  std::string text;                 // UTF-8, lines divided by "\n".
  std::string id;                   // Letters, digits, ".", "-": the same for the same notice sent again.
};

// local@domain in ASCII, without spaces, quotes or control characters. Errors: kInvalidArgument; the text does not repeat the address.
Result<void> CheckAddress(std::string_view address);
// Errors: kInvalidArgument naming the setting in `field`: "mail.server", "mail.from".
Result<void> CheckServer(const MailServer& server);

// The whole message as it is sent, lines ending with CRLF. Errors: kInvalidArgument (address, id, too long, a line break in the subject).
Result<std::string> MessageOf(const MailServer& server, const Mail& mail, Instant now);

// Thread-safe; a connection for each message.
class Mailer {
 public:
  explicit Mailer(MailServer server) : server_(std::move(server)) {}
  // Returns when the server has taken the message. Errors: as MessageOf; kUnavailable (not reached, no TLS, not now), kForbidden (the
  // server refuses the sign-in, the sender or the receiver), kTimeout after a quarter of a minute.
  Result<void> Send(const Mail& mail, Instant now) const;

 private:
  const MailServer server_;
};

}  // namespace porchlight::mail
