#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "directory/authenticator.h"
#include "directory/organisations.h"
#include "directory/views.h"
#include "platform/audit/audit.h"

namespace porchlight::directory {

// Everything that changes organisations, accounts and tokens. Each call is one write: the rule, the change and its
// audit entry exist together or not at all. The caller must hold the permission named at each call, or be the system
// (the command line). `request_id` goes into the audit entry. Thread-safe.
//
// Passwords and tokens appear in the answer that makes them and nowhere else. Nobody changes their own roles, state
// or second factor, and the centre always keeps an active administrator.
class Administration {
 public:
  Administration(store::Database& database, const profile::Profile& profile, const Clock& clock, Random& random,
                 Authenticator& authenticator)
      : database_(database), profile_(profile), clock_(clock), random_(random), authenticator_(authenticator) {}

  // directory.organisation.write. Errors: kInvalidArgument, kConflict.
  Result<OrganisationView> CreateOrganisation(const auth::Caller& caller, const NewOrganisation& wanted, std::string_view request_id);

  // directory.account.write, as all of these. Errors: kInvalidArgument, kConflict (login taken), kUnavailable.
  Result<CreatedAccount> CreateAccount(const auth::Caller& caller, const NewAccount& wanted, std::string_view request_id);
  // Enabling also ends a lock-out. Errors: kNotFound, kForbidden (oneself), kConflict (the last administrator).
  Result<AccountView> SetState(const auth::Caller& caller, auth::AccountId id, auth::AccountState state, std::string_view request_id);
  // Also ends a lock-out. Errors: kNotFound, kInvalidArgument, kConflict (a machine).
  Result<CreatedAccount> SetPassword(const auth::Caller& caller, auth::AccountId id, const PasswordRequest& wanted,
                                     std::string_view request_id);
  Result<AccountView> SetRoles(const auth::Caller& caller, auth::AccountId id, const std::vector<std::string>& roles,
                               std::string_view request_id);
  // For a lost phone: the next sign-in enrols a new one.
  Result<AccountView> RemoveSecondFactor(const auth::Caller& caller, auth::AccountId id, std::string_view request_id);

  // directory.token.write. Errors: kInvalidArgument, kNotFound.
  Result<IssuedToken> IssueToken(const auth::Caller& caller, const NewToken& wanted, std::string_view request_id);
  Result<TokenView> RevokeToken(const auth::Caller& caller, auth::TokenId id, std::string_view request_id);

  // directory.organisation.read and directory.account.read. Outsiders see their own organisation's only.
  Result<OrganisationPage> ListOrganisations(const auth::Caller& caller, auth::OrganisationId after, int count_max);
  Result<OrganisationView> ShowOrganisation(const auth::Caller& caller, auth::OrganisationId id);
  Result<AccountPage> ListAccounts(const auth::Caller& caller, auth::AccountId after, int count_max);
  Result<AccountView> ShowAccount(const auth::Caller& caller, auth::AccountId id);
  Result<TokenPage> ListTokens(const auth::Caller& caller, auth::TokenId after, int count_max);

 private:
  struct Password;
  Result<Password> MakePassword(const std::optional<Sensitive<std::string>>& given, std::string_view login);
  // One change of one account: finds it, checks, changes, checks that an administrator is left, records.
  template <class Change>
  Result<AccountView> ChangeAccount(const auth::Caller& caller, auth::AccountId id, std::string_view action, std::string_view request_id,
                                    Change&& change);
  Result<auth::Account> FindFor(store::ReadTransaction& transaction, const auth::Caller& caller, auth::AccountId id) const;
  AccountView ViewOf(const auth::Account& account) const;
  Result<void> Record(store::WriteTransaction& transaction, const auth::Caller& caller, audit::Entry entry,
                      std::string_view request_id) const;

  store::Database& database_;
  const profile::Profile& profile_;
  const Clock& clock_;
  Random& random_;
  Authenticator& authenticator_;
};

// What a caller sees of this room's records: their own classes, and for the centre's callers the submitter's and the
// centre's, because whoever may read the directory is the staff concerned with it.
VisibilitySet DirectoryViewer(const auth::Caller& caller);

}  // namespace porchlight::directory
