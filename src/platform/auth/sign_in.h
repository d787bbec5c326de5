#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/sessions.h"
#include "platform/auth/tokens.h"
#include "platform/auth/verifier.h"

namespace porchlight::auth {

// How a second-factor secret is kept in the database. The keys are the vault's; app passes its sealer in.
struct Sealing {
  std::function<std::string(std::string_view plain, std::string_view context)> seal;
  std::function<Result<std::string>(std::string_view sealed, std::string_view context)> unseal;
};

struct SignInPolicy {
  SessionLife session;
  Duration enrolment;                                     // How long an offered secret may be confirmed.
  std::string issuer;                                     // Shown in the authenticator app.
  std::function<bool(const std::vector<std::string>& roles)> needs_second_factor;
};

// In the `field` of the kUnauthenticated error when login and password are right and a code is still needed.
constexpr std::string_view kSecondFactorNeeded = "/code";

enum class SecondFactor : std::uint8_t {
  kDone = 1,     // Given, or not needed by any role.
  kNeeded = 2,   // There is one, and this session has not given it: sign in again.
  kEnrol = 3,    // A role needs one and there is none yet: nothing else is allowed before.
};

// A session that has begun. The secrets go to the browser and nowhere else.
struct Entered {
  SessionSecrets secrets;
  LiveSession live;
  SecondFactor second_factor = SecondFactor::kDone;
};

// What an authenticator app needs. Shown once.
struct Enrolment {
  std::string secret;        // Base32.
  std::string otpauth_uri;
};

// The console's way in, and sessions and tokens afterwards. Thread-safe.
class SignIn {
 public:
  SignIn(store::Database& database, const Clock& clock, Random& random, Verifier& verifier, Sealing sealing, SignInPolicy policy,
         Witness witness);

  // Errors: kUnauthenticated (SignInFailed, or with field kSecondFactorNeeded), kTooManyRequests, kUnavailable.
  Result<Entered> Enter(std::string_view login, std::string_view password, std::string_view code, std::string_view peer);
  // Errors: kUnauthenticated (no live session), kForbidden (the CSRF token is needed and wrong).
  Result<LiveSession> Continue(std::string_view cookie, std::string_view csrf_token, bool csrf_needed);
  // Errors: kUnauthenticated.
  Result<LiveToken> ByToken(std::string_view token);
  SecondFactor StandingOf(const LiveSession& live) const;
  Result<LiveSession> Find(std::string_view session_id);  // Of a caller already let in. Errors: kUnauthenticated.

  // A new secret, to be confirmed with a code within policy.enrolment; a second call replaces it. Errors: kConflict
  // (there is a second factor already: an administrator removes it), kUnauthenticated.
  Result<Enrolment> OfferSecondFactor(std::string_view session_id);
  // Ends every session of the account and begins a new one, with the second factor done. Errors: kInvalidArgument
  // (wrong code, /code), kConflict (nothing offered, or too late), kTooManyRequests, kUnauthenticated.
  Result<Entered> ConfirmSecondFactor(std::string_view session_id, std::string_view code);
  // Ending an ended session is no error.
  Result<void> Leave(std::string_view session_id);
  // Removes expired rows; run now and then.
  Result<std::int64_t> Sweep();

 private:
  Result<std::int64_t> StepOf(std::string_view secret, std::string_view code) const;
  Result<std::int64_t> CheckCode(const Account& account, std::string_view code);

  store::Database& database_;
  const Clock& clock_;
  Random& random_;
  Verifier& verifier_;
  const Sealing sealing_;
  const SignInPolicy policy_;
  const Witness witness_;
  RateLimiter confirmations_;
};

}  // namespace porchlight::auth
