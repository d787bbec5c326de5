#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "platform/auth/basic.h"
#include "platform/auth/sign_in.h"
#include "platform/http/routing.h"
#include "platform/observe/log.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"

namespace porchlight::directory {

struct AuthenticatorOptions {
  auth::PasswordGate::Options passwords;
  bool behind_tls_proxy = false;           // Cookies are Secure although we ourselves speak plain HTTP.
};

// Turns credentials into callers: auth proves who, the profile's roles say what. Owns the parts of sign-in; everything
// it is given outlives it. Thread-safe.
class Authenticator final : public http::Authenticator {
 public:
  Authenticator(store::Database& database, const profile::Profile& profile, const Clock& clock, Random& random,
                const vault::Sealer& sealer, observe::Log& log, const AuthenticatorOptions& options);

  Result<auth::Caller> ByBasic(std::string_view login, std::string_view password, std::string_view peer) override;
  // Before the second factor is done, a caller with neither roles nor permissions.
  Result<auth::Caller> BySession(std::string_view cookie, std::string_view csrf_token, bool csrf_needed) override;
  Result<auth::Caller> ByToken(std::string_view token) override;
  void Denied(const auth::Caller& caller, const http::Route& route, const http::RequestHead& head) override;

  auth::Caller CallerOf(const auth::Account& account, auth::Proof proof) const;
  auth::Caller CallerOf(const auth::LiveSession& live) const;

  auth::SignIn& sign_in() { return sign_in_; }
  auth::BasicSignIn& basic() { return basic_; }
  auth::PasswordGate& passwords() { return passwords_; }
  bool CookiesAreSecure(const http::RequestHead& head) const { return head.tls || options_.behind_tls_proxy; }

 private:
  Result<void> Witness(store::WriteTransaction& transaction, auth::SignInEvent event, auth::AccountId account,
                       const std::string& login_digest) const;

  store::Database& database_;
  const profile::Profile& profile_;
  const Clock& clock_;
  observe::Log& log_;
  const AuthenticatorOptions options_;
  auth::PasswordGate passwords_;
  auth::Verifier verifier_;
  auth::BasicSignIn basic_;
  auth::SignIn sign_in_;
};

}  // namespace porchlight::directory
