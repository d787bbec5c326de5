#include "directory/administration.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "directory/rules.h"
#include "platform/crypto/digest.h"

namespace porchlight::directory {

namespace {

constexpr std::size_t kMadePasswordBytes = 18;   // 24 characters, 144 bits.

Result<void> RequireOrSystem(const auth::Caller& caller, std::string_view permission) {
  if (caller.proof == auth::Proof::kSystem) return {};
  return caller.Require(permission);
}

template <class View>
std::string DigestOf(const View& view) {
  return HexEncode(crypto::Sha256(ToJson(view, VisibilitySet::All()).Serialize()));
}

OrganisationView View(const Organisation& organisation) {
  return {organisation.id, organisation.name, organisation.kind, organisation.country, organisation.contact, organisation.test,
          organisation.created_at};
}

TokenView View(const auth::Token& token, const auth::Account& account) {
  return {token.id.value, token.name, token.account, account.login, token.roles, token.created_at, token.expires_at,
          token.last_used_at, token.revoked_at};
}

Json RolesJson(const std::vector<std::string>& roles) {
  Json::Array array;
  for (const std::string& role : roles) array.emplace_back(role);
  return Json(std::move(array));
}

std::optional<auth::OrganisationId> ScopeOf(const auth::Caller& caller) {
  if (caller.organisation.value == 0) return std::nullopt;
  return caller.organisation;
}

Error NotOneself() {
  return Error{ErrorCode::kForbidden, "Nobody changes their own account this way. Ask another administrator.", {}, {}, 0};
}

Error Wrong(std::string text, std::string field) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::move(field), 0};
}

}  // namespace

struct Administration::Password {
  std::string phc;
  std::optional<std::string> made;
};

VisibilitySet DirectoryViewer(const auth::Caller& caller) {
  VisibilitySet viewer = caller.visibility;
  viewer.Add(Visibility::kSubmitter);
  if (caller.organisation.value == 0) viewer.Add(Visibility::kCentre);
  return viewer;
}

AccountView Administration::ViewOf(const auth::Account& account) const {
  AccountView view{account.id,    account.login,        account.kind,              account.organisation.value, account.roles,
                   account.state, account.test_traffic, account.has_second_factor, std::nullopt,               account.created_at};
  if (account.locked_until && clock_.Now() < *account.locked_until) view.locked_until = account.locked_until;
  return view;
}

Result<void> Administration::Record(store::WriteTransaction& transaction, const auth::Caller& caller, audit::Entry entry,
                                    std::string_view request_id) const {
  entry.request_id = request_id;
  return audit::Record(transaction, caller, entry, clock_.Now());
}

Result<Administration::Password> Administration::MakePassword(const std::optional<Sensitive<std::string>>& given, std::string_view login) {
  Password password;
  if (!given) password.made = Base64UrlEncode(random_.Bytes(kMadePasswordBytes));
  const std::string& text = given ? given->Reveal() : *password.made;
  PL_TRY(auth::CheckPassword(text, login, profile_.Number("password_length_min")));
  password.phc = PL_TRY(authenticator_.passwords().Hash(text));
  return password;
}

Result<OrganisationView> Administration::CreateOrganisation(const auth::Caller& caller, const NewOrganisation& wanted,
                                                            std::string_view request_id) {
  PL_TRY(RequireOrSystem(caller, "directory.organisation.write"));
  if (ScopeOf(caller)) return Error{ErrorCode::kForbidden, "Only the centre adds organisations.", {}, {}, 0};
  Organisation organisation{{}, wanted.name, wanted.kind, wanted.country, wanted.contact.value_or(""), wanted.test.value_or(false),
                            clock_.Now()};
  PL_TRY(CheckOrganisation(profile_, organisation));
  const auto create = [&](store::WriteTransaction& transaction) -> Result<OrganisationView> {
    organisation.id = PL_TRY(InsertOrganisation(transaction, organisation));
    const OrganisationView view = View(organisation);
    audit::Entry entry;
    entry.action = "directory.organisation.create";
    entry.subject_kind = "organisation";
    entry.subject = organisation.id.value;
    entry.after_digest = DigestOf(view);
    PL_TRY(Record(transaction, caller, entry, request_id));
    return view;
  };
  return database_.Write(create);
}

Result<CreatedAccount> Administration::CreateAccount(const auth::Caller& caller, const NewAccount& wanted, std::string_view request_id) {
  PL_TRY(RequireOrSystem(caller, kAdministers));
  if (ScopeOf(caller)) return Error{ErrorCode::kForbidden, "Only the centre adds accounts.", {}, {}, 0};
  const auth::OrganisationId organisation{wanted.organisation};
  if (wanted.organisation < 0) return Wrong("There is no such organisation.", "/organisation");
  if (wanted.kind == auth::AccountKind::kPlatform && wanted.organisation == 0) {
    return Wrong("A platform account belongs to an organisation.", "/organisation");
  }
  PL_TRY(auth::CheckLogin(wanted.login));
  PL_TRY(CheckRoles(profile_, wanted.kind, organisation, wanted.roles));
  const bool machine = wanted.kind == auth::AccountKind::kMachine;
  if (machine && wanted.password) return Wrong("A machine has tokens and no password.", "/password");
  const Password password = machine ? Password{} : PL_TRY(MakePassword(wanted.password, wanted.login));

  const auto create = [&](store::WriteTransaction& transaction) -> Result<AccountView> {
    bool test = wanted.test_traffic.value_or(false);
    if (wanted.organisation != 0) {
      const Result<Organisation> found = FindOrganisation(transaction, organisation);
      if (!found.ok() && found.error().code == ErrorCode::kNotFound) return Wrong("There is no such organisation.", "/organisation");
      if (!found.ok()) return found.error();
      test = test || found->test;
    }
    const auth::NewAccount account{wanted.login, wanted.kind, organisation, wanted.roles, password.phc, test};
    const auth::AccountId id = PL_TRY(auth::InsertAccount(transaction, account, clock_.Now()));
    const AccountView view = ViewOf(PL_TRY(auth::FindAccount(transaction, id)));
    audit::Entry entry;
    entry.action = "directory.account.create";
    entry.subject_kind = "account";
    entry.subject = id.value;
    entry.subject_key = auth::LoginDigest(wanted.login);
    entry.after_digest = DigestOf(view);
    entry.detail = Json().Set("roles", RolesJson(wanted.roles)).Serialize();
    PL_TRY(Record(transaction, caller, entry, request_id));
    return view;
  };
  const AccountView view = PL_TRY(database_.Write(create));
  return CreatedAccount{view, password.made};
}

template <class Change>
Result<AccountView> Administration::ChangeAccount(const auth::Caller& caller, auth::AccountId id, std::string_view action,
                                                  std::string_view request_id, Change&& change) {
  PL_TRY(RequireOrSystem(caller, kAdministers));
  const auto apply = [&](store::WriteTransaction& transaction) -> Result<AccountView> {
    PL_TRY(auth::TakeAdministratorsGuard(transaction));
    const auth::Account before = PL_TRY(FindFor(transaction, caller, id));
    const bool had_administrator = RequireAdministrator(transaction, profile_).ok();
    Json detail{Json::Object{}};
    PL_TRY(change(transaction, before, detail));
    // A centre that has none yet (its first start) is not made worse.
    if (had_administrator) PL_TRY(RequireAdministrator(transaction, profile_));
    const AccountView view = ViewOf(PL_TRY(auth::FindAccount(transaction, id)));
    audit::Entry entry;
    entry.action = action;
    entry.subject_kind = "account";
    entry.subject = id.value;
    entry.before_digest = DigestOf(ViewOf(before));
    entry.after_digest = DigestOf(view);
    entry.detail = detail.Serialize();
    PL_TRY(Record(transaction, caller, entry, request_id));
    return view;
  };
  Result<AccountView> changed = database_.Write(apply);
  authenticator_.basic().Forget(id);
  return changed;
}

Result<AccountView> Administration::SetState(const auth::Caller& caller, auth::AccountId id, auth::AccountState state,
                                             std::string_view request_id) {
  const bool disable = state == auth::AccountState::kDisabled;
  return ChangeAccount(caller, id, disable ? "directory.account.disable" : "directory.account.enable", request_id,
                       [&](store::WriteTransaction& transaction, const auth::Account& before, Json&) -> Result<void> {
                         if (caller.account == id) return NotOneself();
                         if (!disable) PL_TRY(auth::EndLockOuts(transaction, before.login));
                         return auth::SetAccountState(transaction, id, state);
                       });
}

Result<CreatedAccount> Administration::SetPassword(const auth::Caller& caller, auth::AccountId id, const PasswordRequest& wanted,
                                                   std::string_view request_id) {
  PL_TRY(RequireOrSystem(caller, kAdministers));
  const auth::Account account =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindFor(transaction, caller, id); }));
  if (account.kind == auth::AccountKind::kMachine) {
    return Error{ErrorCode::kConflict, "A machine has tokens and no password.", {}, {}, 0};
  }
  const Password password = PL_TRY(MakePassword(wanted.password, account.login));
  const AccountView view =
      PL_TRY(ChangeAccount(caller, id, "directory.account.password", request_id,
                           [&](store::WriteTransaction& transaction, const auth::Account&, Json&) -> Result<void> {
                             const Result<void> forgotten = auth::EndLockOuts(transaction, account.login);
                             if (!forgotten.ok()) return forgotten.error();
                             return auth::SetPassword(transaction, id, password.phc);
                           }));
  return CreatedAccount{view, password.made};
}

Result<AccountView> Administration::SetRoles(const auth::Caller& caller, auth::AccountId id, const std::vector<std::string>& roles,
                                             std::string_view request_id) {
  return ChangeAccount(caller, id, "directory.account.roles", request_id,
                       [&](store::WriteTransaction& transaction, const auth::Account& before, Json& detail) -> Result<void> {
                         if (caller.account == id) return NotOneself();
                         PL_TRY(CheckRoles(profile_, before.kind, before.organisation, roles));
                         detail.Set("before", RolesJson(before.roles)).Set("after", RolesJson(roles));
                         return auth::SetRoles(transaction, id, roles);
                       });
}

Result<AccountView> Administration::RemoveSecondFactor(const auth::Caller& caller, auth::AccountId id, std::string_view request_id) {
  return ChangeAccount(caller, id, "directory.account.second_factor_removed", request_id,
                       [&](store::WriteTransaction& transaction, const auth::Account&, Json&) -> Result<void> {
                         if (caller.account == id) return NotOneself();
                         return auth::RemoveSecondFactor(transaction, id);
                       });
}

Result<IssuedToken> Administration::IssueToken(const auth::Caller& caller, const NewToken& wanted, std::string_view request_id) {
  PL_TRY(RequireOrSystem(caller, "directory.token.write"));
  const Instant now = clock_.Now();
  const Instant latest = now + profile_.Clock("token_life_max");
  const Instant expires_at = wanted.expires_at.value_or(latest);
  if (expires_at <= now || latest < expires_at) {
    return Wrong("A token expires after now and within the time the profile allows.", "/expires_at");
  }
  const std::string secret = auth::NewTokenSecret(random_);
  const auto issue = [&](store::WriteTransaction& transaction) -> Result<TokenView> {
    const auth::Account account = PL_TRY(FindFor(transaction, caller, wanted.account));
    if (account.kind != auth::AccountKind::kMachine || account.state != auth::AccountState::kActive) {
      return Wrong("Tokens are for active machine accounts.", "/account");
    }
    const std::vector<std::string>& roles = wanted.roles.empty() ? account.roles : wanted.roles;
    for (const std::string& role : roles) {
      const bool held = std::find(account.roles.begin(), account.roles.end(), role) != account.roles.end();
      if (!held) return Wrong("The account does not have every role asked for.", "/roles");
    }
    const auth::TokenId id = PL_TRY(auth::InsertToken(transaction, {wanted.name, account.id, roles, expires_at}, secret, now));
    const TokenView view = View(PL_TRY(auth::FindToken(transaction, id)), account);
    audit::Entry entry;
    entry.action = "directory.token.issue";
    entry.subject_kind = "token";
    entry.subject = id.value;
    entry.after_digest = DigestOf(view);
    entry.detail = Json().Set("account", account.id.value).Set("roles", RolesJson(roles)).Serialize();
    PL_TRY(Record(transaction, caller, entry, request_id));
    return view;
  };
  const TokenView view = PL_TRY(database_.Write(issue));
  return IssuedToken{view.id, secret, view};
}

Result<TokenView> Administration::RevokeToken(const auth::Caller& caller, auth::TokenId id, std::string_view request_id) {
  PL_TRY(RequireOrSystem(caller, "directory.token.write"));
  const auto revoke = [&](store::WriteTransaction& transaction) -> Result<TokenView> {
    const auth::Token token = PL_TRY(auth::FindToken(transaction, id));
    const auth::Account account = PL_TRY(FindFor(transaction, caller, token.account));
    const TokenView before = View(token, account);
    PL_TRY(auth::RevokeToken(transaction, id, clock_.Now()));
    const TokenView view = View(PL_TRY(auth::FindToken(transaction, id)), account);
    audit::Entry entry;
    entry.action = "directory.token.revoke";
    entry.subject_kind = "token";
    entry.subject = id.value;
    entry.before_digest = DigestOf(before);
    entry.after_digest = DigestOf(view);
    PL_TRY(Record(transaction, caller, entry, request_id));
    return view;
  };
  return database_.Write(revoke);
}

Result<auth::Account> Administration::FindFor(store::ReadTransaction& transaction, const auth::Caller& caller, auth::AccountId id) const {
  auth::Account account = PL_TRY(auth::FindAccount(transaction, id));
  const std::optional<auth::OrganisationId> scope = ScopeOf(caller);
  // The very answer of an account that does not exist.
  if (scope && account.organisation != *scope) return auth::FindAccount(transaction, auth::AccountId{-1});
  return account;
}

Result<OrganisationPage> Administration::ListOrganisations(const auth::Caller& caller, auth::OrganisationId after, int count_max) {
  PL_TRY(RequireOrSystem(caller, "directory.organisation.read"));
  const std::vector<Organisation> rows = PL_TRY(database_.Read(
      [&](store::ReadTransaction& transaction) { return ListOrganisationsFor(transaction, caller, after, count_max); }));
  OrganisationPage page;
  for (const Organisation& row : rows) page.items.push_back(View(row));
  if (rows.size() == static_cast<std::size_t>(count_max)) page.next_after = rows.back().id.value;
  return page;
}

Result<OrganisationView> Administration::ShowOrganisation(const auth::Caller& caller, auth::OrganisationId id) {
  PL_TRY(RequireOrSystem(caller, "directory.organisation.read"));
  const Organisation organisation =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindOrganisationFor(transaction, caller, id); }));
  return View(organisation);
}

Result<AccountPage> Administration::ListAccounts(const auth::Caller& caller, auth::AccountId after, int count_max) {
  PL_TRY(RequireOrSystem(caller, "directory.account.read"));
  const std::vector<auth::Account> rows = PL_TRY(database_.Read(
      [&](store::ReadTransaction& transaction) { return auth::ListAccounts(transaction, ScopeOf(caller), after, count_max); }));
  AccountPage page;
  for (const auth::Account& row : rows) page.items.push_back(ViewOf(row));
  if (rows.size() == static_cast<std::size_t>(count_max)) page.next_after = rows.back().id.value;
  return page;
}

Result<AccountView> Administration::ShowAccount(const auth::Caller& caller, auth::AccountId id) {
  PL_TRY(RequireOrSystem(caller, "directory.account.read"));
  const auth::Account account =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return FindFor(transaction, caller, id); }));
  return ViewOf(account);
}

Result<TokenPage> Administration::ListTokens(const auth::Caller& caller, auth::TokenId after, int count_max) {
  PL_TRY(RequireOrSystem(caller, "directory.account.read"));
  if (ScopeOf(caller)) return TokenPage{};
  const auto list = [&](store::ReadTransaction& transaction) -> Result<TokenPage> {
    TokenPage page;
    const std::vector<auth::Token> rows = PL_TRY(auth::ListTokens(transaction, after, count_max));
    for (const auth::Token& row : rows) {
      page.items.push_back(View(row, PL_TRY(auth::FindAccount(transaction, row.account))));
    }
    if (page.items.size() == static_cast<std::size_t>(count_max)) page.next_after = page.items.back().id;
    return page;
  };
  return database_.Read(list);
}

}  // namespace porchlight::directory
