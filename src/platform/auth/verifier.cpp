#include "platform/auth/verifier.h"

#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::auth {

namespace {

constexpr std::size_t kDigestDigits = 64;

constexpr store::Statement kPassword{"auth.find_password", "SELECT password FROM auth_accounts WHERE login_digest = $1"};
constexpr store::Statement kFindFailures{"auth.find_failures",
                                         "SELECT failures, locked_until FROM auth_failures WHERE login_digest = $1"};
constexpr store::Statement kCountFailure{
    "auth.count_failure",
    "INSERT INTO auth_failures (login_digest, failures, last_at, locked_until) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (login_digest) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, "
    "locked_until = excluded.locked_until"};

Error LockedOut(Duration left) {
  const std::int64_t seconds = (left.microseconds + 999'999) / 1'000'000;
  return Error{ErrorCode::kTooManyRequests, "Too many attempts. Please wait and try again.", "login is locked out", {}, seconds};
}

}  // namespace

struct Verifier::Known {
  std::optional<Account> account;
  std::string phc;
  std::optional<Instant> locked_until;
};

std::string FailureKey(std::string_view login, std::string_view peer, LockScope scope) {
  if (scope == LockScope::kLogin) return LoginDigest(login);
  return LoginDigest(login) + "@" + HexEncode(crypto::Sha256(RateLimiter::PeerOf(peer)));
}

Error SignInFailed() {
  return Error{ErrorCode::kUnauthenticated, "The login, password or code is not right.", "sign-in failed", {}, 0};
}

Verifier::Verifier(store::Database& database, const Clock& clock, Random& random, PasswordGate& gate, const LockOutPolicy& policy,
                   Witness witness)
    : database_(database),
      clock_(clock),
      gate_(gate),
      policy_(policy),
      witness_(std::move(witness)),
      by_login_(policy.login_per_minute_max, clock, random),
      by_peer_(policy.peer_per_minute_max, clock, random) {}

Result<Account> Verifier::Verify(std::string_view login, std::string_view password, std::string_view peer, LockScope scope) {
  if (!CheckLogin(login).ok() || password.empty() || password.size() > kPasswordBytesMax) {
    // No account can have these, so refusing at once tells nothing; the peer is still held to its rate.
    PL_TRY(by_peer_.TakeForPeer(peer));
    return SignInFailed();
  }
  const std::string digest = LoginDigest(login);
  PL_TRY(by_peer_.TakeForPeer(peer));
  const std::string failure_key = FailureKey(login, peer, scope);
  PL_TRY(by_login_.Take(failure_key));
  const auto look = [&](store::ReadTransaction& transaction) -> Result<Known> {
    Known found;
    found.account = PL_TRY(FindAccountByLogin(transaction, login));
    const std::optional<store::Row> phc = PL_TRY(transaction.First(kPassword, digest));
    const std::optional<store::Row> failures = PL_TRY(transaction.First(kFindFailures, failure_key));
    if (phc) found.phc = phc->Text(0);
    if (failures) found.locked_until = failures->OptionalTime(1);
    return found;
  };
  Known known = PL_TRY(database_.Read(look));
  const Instant now = clock_.Now();
  if (known.locked_until && now < *known.locked_until) return LockedOut(*known.locked_until - now);

  const bool matches = PL_TRY(gate_.Matches(known.phc, password));
  if (matches && known.account && known.account->state == AccountState::kActive) return *std::move(known.account);
  return Fail(failure_key, known.account ? known.account->id : AccountId{});
}

Error Verifier::Fail(const std::string& failure_key, AccountId account) {
  const Result<void> counted = database_.Write(
      [&](store::WriteTransaction& transaction) { return RecordFailure(transaction, failure_key, account); });
  // What cannot be counted is not answered as an ordinary failure: guessing must not be free while the disk is full.
  if (!counted.ok()) return counted.error();
  return SignInFailed();
}

Result<void> Verifier::RecordFailure(store::WriteTransaction& transaction, const std::string& failure_key, AccountId account) {
  const Instant now = clock_.Now();
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindFailures, failure_key));
  std::int64_t failures = (row ? row->Integer(0) : 0) + 1;
  std::optional<Instant> locked_until;
  SignInEvent event = SignInEvent::kFailed;
  if (failures >= policy_.failures_max) {
    failures = 0;
    locked_until = now + policy_.lock_out;
    event = SignInEvent::kLockedOut;
  } else if (row && row->OptionalTime(1) && now < *row->OptionalTime(1)) {
    locked_until = row->OptionalTime(1);  // Two failures at the same moment: the second must not open the lock.
  }
  PL_TRY(transaction.Execute(kCountFailure, failure_key, failures, now, locked_until));
  return witness_(transaction, event, account, failure_key.substr(0, kDigestDigits));
}

Result<void> Verifier::Settle(const std::string& failure_key) {
  const std::optional<store::Row> row =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return transaction.First(kFindFailures, failure_key); }));
  if (!row) return {};
  return database_.Write([&](store::WriteTransaction& transaction) { return ForgetFailures(transaction, failure_key); });
}

Result<void> Verifier::RecordSuccess(store::WriteTransaction& transaction, const std::string& failure_key) {
  return ForgetFailures(transaction, failure_key);
}

}  // namespace porchlight::auth
