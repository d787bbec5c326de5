#include "directory/authenticator.h"

#include "base/json.h"
#include "directory/rules.h"
#include "platform/audit/audit.h"

namespace porchlight::directory {

namespace {

auth::LockOutPolicy LockOut(const profile::Profile& profile) {
  return {profile.Number("sign_in_failures_max"), Duration::Minutes(profile.Number("lock_out_minutes")),
          profile.Number("sign_in_login_per_minute_max"), profile.Number("sign_in_peer_per_minute_max")};
}

auth::SignInPolicy Policy(const profile::Profile& profile) {
  return {{profile.Clock("session_idle"), profile.Clock("session_absolute")},
          profile.Clock("second_factor_enrolment"),
          profile.centre_name,
          [&profile](const std::vector<std::string>& roles) { return NeedsSecondFactor(profile, roles); }};
}

auth::Sealing SealingOf(const vault::Sealer& sealer) {
  return {[&sealer](std::string_view plain, std::string_view context) { return sealer.Seal(plain, context); },
          [&sealer](std::string_view sealed, std::string_view context) { return sealer.Unseal(sealed, context); }};
}

std::string_view ActionOf(auth::SignInEvent event) {
  switch (event) {
    case auth::SignInEvent::kSignedIn: return "directory.session.begin";
    case auth::SignInEvent::kSignedOut: return "directory.session.end";
    case auth::SignInEvent::kFailed: return "directory.sign_in.failed";
    case auth::SignInEvent::kLockedOut: return "directory.sign_in.locked_out";
    case auth::SignInEvent::kSecondFactorEnrolled: return "directory.second_factor.enrol";
  }
  PL_CHECK(false);
}

bool IsFailure(auth::SignInEvent event) {
  return event == auth::SignInEvent::kFailed || event == auth::SignInEvent::kLockedOut;
}

}  // namespace

Authenticator::Authenticator(store::Database& database, const profile::Profile& profile, const Clock& clock, Random& random,
                             const vault::Sealer& sealer, observe::Log& log, const AuthenticatorOptions& options)
    : database_(database),
      profile_(profile),
      clock_(clock),
      log_(log),
      options_(options),
      passwords_(options.passwords, random),
      verifier_(database, clock, random, passwords_, LockOut(profile),
                [this](store::WriteTransaction& transaction, auth::SignInEvent event, auth::AccountId account,
                       const std::string& login_digest) { return Witness(transaction, event, account, login_digest); }),
      basic_(database, clock, random, verifier_),
      sign_in_(database, clock, random, verifier_, SealingOf(sealer), Policy(profile),
               [this](store::WriteTransaction& transaction, auth::SignInEvent event, auth::AccountId account,
                      const std::string& login_digest) { return Witness(transaction, event, account, login_digest); }) {}

Result<auth::Caller> Authenticator::ByBasic(std::string_view login, std::string_view password, std::string_view peer) {
  const auth::Account account = PL_TRY(basic_.Check(login, password, peer));
  return CallerOf(account, auth::Proof::kBasic);
}

Result<auth::Caller> Authenticator::BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) {
  const auth::LiveSession live = PL_TRY(sign_in_.Continue(cookie, csrf_token, csrf_needed));
  return CallerOf(live);
}

Result<auth::Caller> Authenticator::ByToken(std::string_view token) {
  const auth::LiveToken live = PL_TRY(sign_in_.ByToken(token));
  return CallerOf(live.account, auth::Proof::kToken);
}

auth::Caller Authenticator::CallerOf(const auth::Account& account, auth::Proof proof) const {
  auth::Caller caller;
  caller.account = account.id;
  caller.login = account.login;
  caller.organisation = account.organisation;
  caller.proof = proof;
  caller.test_traffic = account.test_traffic;
  GrantRoles(profile_, account.roles, caller);
  return caller;
}

auth::Caller Authenticator::CallerOf(const auth::LiveSession& live) const {
  auth::Account account = live.account;
  if (sign_in_.StandingOf(live) != auth::SecondFactor::kDone) account.roles.clear();
  auth::Caller caller = CallerOf(account, auth::Proof::kSession);
  caller.session = live.session.id;
  return caller;
}

void Authenticator::Denied(const auth::Caller& caller, const http::Route& route, const http::RequestHead& head) {
  audit::Entry entry;
  entry.action = "directory.denied";
  entry.subject_kind = "route";
  entry.subject_key = route.name;
  entry.detail = Json().Set("permission", route.permission).Serialize();
  entry.denied = true;
  entry.request_id = head.request_id;
  const Result<void> recorded = database_.Write(
      [&](store::WriteTransaction& transaction) { return audit::Record(transaction, caller, entry, clock_.Now()); });
  if (recorded.ok()) return;
  log_.Error("directory.denial_not_audited", {{"account", caller.account.value}, {"route", route.name}, {"request_id", head.request_id},
                                              {"cause", recorded.error().operator_text}});
}

Result<void> Authenticator::Witness(store::WriteTransaction& transaction, auth::SignInEvent event, auth::AccountId account,
                                    const std::string& login_digest) const {
  // Who failed to prove who they are is the public, whatever account they named.
  auth::Caller caller = auth::PublicCaller();
  if (!IsFailure(event)) {
    const auth::Account row = PL_TRY(auth::FindAccount(transaction, account));
    caller = CallerOf(row, auth::Proof::kSession);
  }
  audit::Entry entry;
  entry.action = ActionOf(event);
  entry.subject_kind = "account";
  entry.subject = account.value;
  entry.subject_key = login_digest;
  entry.denied = IsFailure(event);
  return audit::Record(transaction, caller, entry, clock_.Now());
}

}  // namespace porchlight::directory
