#include "platform/auth/sign_in.h"

#include <algorithm>

#include "base/text.h"
#include "platform/crypto/secret.h"

namespace porchlight::auth {

namespace {

constexpr std::int64_t kStepMicroseconds = 30'000'000;
constexpr std::size_t kSecretBytes = 20;                  // RFC 4226 section 4, R6.
constexpr Duration kSeenEvery = Duration::Minutes(1);     // One write a minute per session at most.
constexpr int kConfirmationsPerMinute = 5;
constexpr std::size_t kCredentialBytesMax = 200;

constexpr store::Statement kFindFactor{"auth.find_second_factor",
                                       "SELECT second_factor, second_factor_step FROM auth_accounts WHERE id = $1"};
// The step moves forward only: a code that was used, or an older one, changes no row.
constexpr store::Statement kUseStep{"auth.use_second_factor_step",
                                    "UPDATE auth_accounts SET second_factor_step = $1 WHERE id = $2 AND second_factor_step < $3"};
constexpr store::Statement kOffer{
    "auth.offer_second_factor",
    "UPDATE auth_accounts SET pending_factor = $1, pending_until = $2 WHERE id = $3 AND second_factor IS NULL"};
constexpr store::Statement kFindPending{"auth.find_pending_factor",
                                        "SELECT pending_factor, pending_until FROM auth_accounts WHERE id = $1"};
constexpr store::Statement kConfirm{
    "auth.confirm_second_factor",
    "UPDATE auth_accounts SET second_factor = pending_factor, second_factor_step = $1, pending_factor = NULL, "
    "pending_until = NULL, version = version + 1 WHERE id = $2 AND second_factor IS NULL AND pending_factor = $3"};

std::string FactorContext(AccountId account) { return "auth.second_factor/" + std::to_string(account.value); }

Error SessionEnded() {
  return Error{ErrorCode::kUnauthenticated, "Your session has ended. Please sign in again.", "no live session", {}, 0};
}

Error WrongCode() { return Error{ErrorCode::kInvalidArgument, "The code is not right. Please enter the next one.", {}, "/code", 0}; }

bool IsCode(std::string_view code) {
  return code.size() == 6 && std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

SignIn::SignIn(store::Database& database, const Clock& clock, Random& random, Verifier& verifier, Sealing sealing,
               SignInPolicy policy, Witness witness)
    : database_(database),
      clock_(clock),
      random_(random),
      verifier_(verifier),
      sealing_(std::move(sealing)),
      policy_(std::move(policy)),
      witness_(std::move(witness)),
      confirmations_(kConfirmationsPerMinute, clock, random) {}

Result<Entered> SignIn::Enter(std::string_view login, std::string_view password, std::string_view code, std::string_view peer) {
  const Account account = PL_TRY(verifier_.Verify(login, password, peer, LockScope::kLogin));
  const std::string digest = LoginDigest(login);
  if (account.kind == AccountKind::kMachine) return verifier_.Fail(digest, account.id);
  std::int64_t step = 0;
  if (account.has_second_factor) {
    if (code.empty()) {
      return Error{ErrorCode::kUnauthenticated, "Enter the code from your authenticator app.", "code needed",
                   std::string(kSecondFactorNeeded), 0};
    }
    Result<std::int64_t> checked = CheckCode(account, code);
    if (!checked.ok() && checked.error().code == ErrorCode::kInvalidArgument) return verifier_.Fail(digest, account.id);
    step = PL_TRY(std::move(checked));
  }

  const SessionSecrets secrets = NewSessionSecrets(random_);
  const Instant now = clock_.Now();
  const auto begin = [&](store::WriteTransaction& transaction) -> Result<std::optional<Session>> {
    const Account current = PL_TRY(FindAccount(transaction, account.id));
    // Disabled or changed since the password was checked: this sign-in is of the past.
    if (current.version != account.version) return std::optional<Session>();
    if (account.has_second_factor) {
      const std::int64_t used = PL_TRY(transaction.Execute(kUseStep, step, account.id, step));
      if (used != 1) return std::optional<Session>();
    }
    PL_TRY(Verifier::RecordSuccess(transaction, digest));
    Session made = PL_TRY(InsertSession(transaction, secrets, account.id, account.has_second_factor, now));
    PL_TRY(witness_(transaction, SignInEvent::kSignedIn, account.id, digest));
    return std::optional<Session>(std::move(made));
  };
  const std::optional<Session> session = PL_TRY(database_.Write(begin));
  if (!session) return verifier_.Fail(digest, account.id);
  Entered entered{secrets, {*session, account}, SecondFactor::kDone};
  entered.second_factor = StandingOf(entered.live);
  return entered;
}

Result<std::int64_t> SignIn::StepOf(std::string_view secret, std::string_view code) const {
  if (!IsCode(code)) return WrongCode();
  const std::int64_t current = clock_.Now().microseconds / kStepMicroseconds;
  std::optional<std::int64_t> found;
  for (const std::int64_t step : {current - 1, current, current + 1}) {
    if (EqualsInConstantTime(crypto::TotpCode(secret, step), code)) found = step;
  }
  if (!found) return WrongCode();
  return *found;
}

Result<std::int64_t> SignIn::CheckCode(const Account& account, std::string_view code) {
  const std::optional<store::Row> row =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return transaction.First(kFindFactor, account.id); }));
  if (!row || row->IsNull(0)) return WrongCode();
  const std::string secret = PL_TRY(sealing_.unseal(row->Bytes(0), FactorContext(account.id)));
  const std::int64_t step = PL_TRY(StepOf(secret, code));
  if (step <= row->Integer(1)) return WrongCode();
  return step;
}

Result<LiveSession> SignIn::Continue(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) {
  if (cookie.empty() || cookie.size() > kCredentialBytesMax) return SessionEnded();
  LiveSession live = PL_TRY(Find(SessionId(cookie)));
  if (csrf_needed && !EqualsInConstantTime(csrf_token, live.session.csrf_token)) {
    return Error{ErrorCode::kForbidden, "This page is out of date. Please reload it.", "CSRF token missing or wrong", {}, 0};
  }
  const Instant now = clock_.Now();
  if (now - live.session.last_seen_at >= kSeenEvery) {
    const Result<void> marked = database_.Write(
        [&](store::WriteTransaction& transaction) { return MarkSeen(transaction, live.session.id, now); });
    // On a full disk the console stays readable; the session then ends sooner, never later.
    if (marked.ok()) live.session.last_seen_at = now;
  }
  return live;
}

Result<LiveSession> SignIn::Find(std::string_view session_id) {
  std::optional<LiveSession> live = PL_TRY(database_.Read([&](store::ReadTransaction& transaction) {
    return FindSession(transaction, session_id, policy_.session, clock_.Now());
  }));
  if (!live) return SessionEnded();
  return *std::move(live);
}

Result<LiveToken> SignIn::ByToken(std::string_view token) {
  const Error refused{ErrorCode::kUnauthenticated, "The token is not valid.", "no live token", {}, 0};
  if (token.empty() || token.size() > kCredentialBytesMax) return refused;
  const Instant now = clock_.Now();
  std::optional<LiveToken> live =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindLiveToken(transaction, token, now); }));
  if (!live) return refused;
  if (!live->token.last_used_at || now - *live->token.last_used_at >= kSeenEvery) {
    // Best effort, as for sessions: the mark is for people who look after tokens.
    static_cast<void>(database_.Write(
        [&](store::WriteTransaction& transaction) { return MarkUsed(transaction, live->token.id, now); }));
  }
  return *std::move(live);
}

SecondFactor SignIn::StandingOf(const LiveSession& live) const {
  if (live.session.second_factor_done) return SecondFactor::kDone;
  if (live.account.has_second_factor) return SecondFactor::kNeeded;
  return policy_.needs_second_factor(live.account.roles) ? SecondFactor::kEnrol : SecondFactor::kDone;
}

Result<Enrolment> SignIn::OfferSecondFactor(std::string_view session_id) {
  const LiveSession live = PL_TRY(Find(session_id));
  const std::string secret = random_.Bytes(kSecretBytes);
  const store::Blob sealed{sealing_.seal(secret, FactorContext(live.account.id))};
  const Instant until = clock_.Now() + policy_.enrolment;
  const auto offer = [&](store::WriteTransaction& transaction) -> Result<void> {
    const std::int64_t offered = PL_TRY(transaction.Execute(kOffer, sealed, until, live.account.id));
    if (offered == 1) return {};
    return Error{ErrorCode::kConflict, "There is a second factor already. An administrator can remove it.", {}, {}, 0};
  };
  PL_TRY(database_.Write(offer));
  const std::string text = crypto::Base32Encode(secret);
  const std::string issuer = PercentEncode(policy_.issuer);
  return Enrolment{text, "otpauth://totp/" + issuer + ":" + PercentEncode(live.account.login) + "?secret=" + text + "&issuer=" +
                             issuer + "&algorithm=SHA1&digits=6&period=30"};
}

Result<Entered> SignIn::ConfirmSecondFactor(std::string_view session_id, std::string_view code) {
  LiveSession live = PL_TRY(Find(session_id));
  PL_TRY(confirmations_.Take(session_id));
  const std::optional<store::Row> row = PL_TRY(
      database_.Read([&](store::ReadTransaction& transaction) { return transaction.First(kFindPending, live.account.id); }));
  const Instant now = clock_.Now();
  if (!row || row->IsNull(0) || now >= row->Time(1)) {
    return Error{ErrorCode::kConflict, "The offer has run out. Please begin again.", "no pending second factor", {}, 0};
  }
  const store::Blob sealed{row->Bytes(0)};
  const std::string secret = PL_TRY(sealing_.unseal(sealed.bytes, FactorContext(live.account.id)));
  const std::int64_t step = PL_TRY(StepOf(secret, code));

  // A changed standing gets new secrets, so that whoever knew the old ones is out.
  const SessionSecrets secrets = NewSessionSecrets(random_);
  const auto confirm = [&](store::WriteTransaction& transaction) -> Result<Session> {
    const std::int64_t confirmed = PL_TRY(transaction.Execute(kConfirm, step, live.account.id, sealed));
    if (confirmed != 1) return Error{ErrorCode::kConflict, "The offer has been replaced. Please begin again.", {}, {}, 0};
    PL_TRY(EndSessionsOf(transaction, live.account.id));
    PL_TRY(witness_(transaction, SignInEvent::kSecondFactorEnrolled, live.account.id, LoginDigest(live.account.login)));
    return InsertSession(transaction, secrets, live.account.id, true, now);
  };
  live.session = PL_TRY(database_.Write(confirm));
  live.account.has_second_factor = true;
  ++live.account.version;
  return Entered{secrets, std::move(live), SecondFactor::kDone};
}

Result<void> SignIn::Leave(std::string_view session_id) {
  return database_.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    const std::optional<LiveSession> live = PL_TRY(FindSession(transaction, session_id, policy_.session, clock_.Now()));
    const bool ended = PL_TRY(EndSession(transaction, session_id));
    if (!ended || !live) return {};
    return witness_(transaction, SignInEvent::kSignedOut, live->account.id, LoginDigest(live->account.login));
  });
}

Result<std::int64_t> SignIn::Sweep() {
  return database_.Write(
      [&](store::WriteTransaction& transaction) { return SweepExpired(transaction, policy_.session, clock_.Now()); });
}

}  // namespace porchlight::auth
