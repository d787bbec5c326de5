#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "platform/auth/accounts.h"
#include "platform/auth/limiter.h"
#include "platform/auth/password.h"
#include "platform/store/database.h"

namespace porchlight::auth {

// Stored in audit entries by name, not by number.
enum class SignInEvent : std::uint8_t {
  kSignedIn = 1,
  kSignedOut = 2,
  kFailed = 3,                 // Wrong login, password or code: nobody outside learns which.
  kLockedOut = 4,              // The failure that closed the login for a while.
  kSecondFactorEnrolled = 5,
};

// Hears each event inside its transaction (the audit entry). May run more than once. `account` is 0 when there is none.
using Witness = std::function<Result<void>(store::WriteTransaction&, SignInEvent, AccountId account, const std::string& login_digest)>;

struct LockOutPolicy {
  int failures_max = 5;        // The failure with this number locks.
  Duration lock_out;
  int login_per_minute_max = 10;
  int peer_per_minute_max = 60;
};

// Whom failures lock out. A person's login is locked for everybody: nobody may guess on from elsewhere. A platform's is
// locked only for the peer that failed, because its login is known to many and its reports must not be stopped by a
// stranger who guesses; its password is long and made here.
enum class LockScope : std::uint8_t { kLogin = 1, kLoginAtPeer = 2 };

// Under what failures are counted: the login's digest, with that of the peer behind it where the scope says so.
std::string FailureKey(std::string_view login, std::string_view peer, LockScope scope);

// The one answer for a wrong login, password or code, for a disabled account and for one that does not exist.
Error SignInFailed();

// Checks a login and password. Known and unknown logins take the same steps in the same order (limits, lock, Argon2id,
// one commit on failure), so that answers and times tell nothing. Failures are counted on stable storage by login
// digest, whether or not there is such an account. Thread-safe.
class Verifier {
 public:
  Verifier(store::Database& database, const Clock& clock, Random& random, PasswordGate& gate, const LockOutPolicy& policy,
           Witness witness);

  // The active account whose password this is; failures so far stay counted until RecordSuccess. Errors:
  // kUnauthenticated (SignInFailed), kTooManyRequests (limit or lock-out, with seconds), kUnavailable.
  Result<Account> Verify(std::string_view login, std::string_view password, std::string_view peer, LockScope scope);
  // Counts a failure that Verify could not see: a wrong code after a right password. Answers SignInFailed, or why it
  // could not be counted.
  Error Fail(const std::string& failure_key, AccountId account);
  // The count starts again after a success: in a unit of its own, writing only if there is something to forget ...
  Result<void> Settle(const std::string& failure_key);
  // ... or inside the transaction of the sign-in.
  static Result<void> RecordSuccess(store::WriteTransaction& transaction, const std::string& failure_key);

 private:
  struct Known;
  Result<void> RecordFailure(store::WriteTransaction& transaction, const std::string& failure_key, AccountId account);

  store::Database& database_;
  const Clock& clock_;
  PasswordGate& gate_;
  const LockOutPolicy policy_;
  const Witness witness_;
  RateLimiter by_login_;
  RateLimiter by_peer_;
};

}  // namespace porchlight::auth
