#include "platform/auth/accounts.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "platform/crypto/digest.h"

namespace porchlight::auth {

namespace {

#define PL_ACCOUNT_SELECT                                                                                   \
  "SELECT a.id, a.login, a.kind, a.organisation_id, a.roles, a.state, a.test_traffic, "                     \
  "CASE WHEN a.second_factor IS NULL THEN 0 ELSE 1 END, a.version, a.created_at, f.locked_until "           \
  "FROM auth_accounts a LEFT JOIN auth_failures f ON f.login_digest = a.login_digest "

constexpr store::Statement kInsert{
    "auth.insert_account",
    "INSERT INTO auth_accounts (login, login_digest, kind, organisation_id, roles, password, second_factor_step, state, "
    "test_traffic, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 1, $9) RETURNING id"};
constexpr store::Statement kFind{"auth.find_account", PL_ACCOUNT_SELECT "WHERE a.id = $1"};
constexpr store::Statement kFindByLogin{"auth.find_account_by_login", PL_ACCOUNT_SELECT "WHERE a.login_digest = $1"};
constexpr store::Statement kList{"auth.list_accounts", PL_ACCOUNT_SELECT "WHERE a.id > $1 ORDER BY a.id LIMIT $2"};
constexpr store::Statement kListOf{
    "auth.list_accounts_of", PL_ACCOUNT_SELECT "WHERE a.organisation_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3"};
constexpr store::Statement kSetState{"auth.set_account_state",
                                     "UPDATE auth_accounts SET state = $1, version = version + 1 WHERE id = $2"};
constexpr store::Statement kSetPassword{"auth.set_password",
                                        "UPDATE auth_accounts SET password = $1, version = version + 1 WHERE id = $2"};
constexpr store::Statement kSetRoles{"auth.set_roles",
                                     "UPDATE auth_accounts SET roles = $1, version = version + 1 WHERE id = $2"};
constexpr store::Statement kRemoveSecondFactor{
    "auth.remove_second_factor",
    "UPDATE auth_accounts SET second_factor = NULL, second_factor_step = 0, pending_factor = NULL, pending_until = NULL, "
    "version = version + 1 WHERE id = $1"};
constexpr store::Statement kEndSessions{"auth.end_sessions_of_account", "DELETE FROM auth_sessions WHERE account_id = $1"};
constexpr store::Statement kForgetFailures{"auth.forget_failures", "DELETE FROM auth_failures WHERE login_digest = $1"};
constexpr store::Statement kEndLockOuts{"auth.end_lock_outs", "DELETE FROM auth_failures WHERE substr(login_digest, 1, 64) = $1"};
constexpr store::Statement kGuard{"auth.take_administrators_guard",
                                  "UPDATE auth_guards SET taken = taken + 1 WHERE name = 'administrators'"};

Account ReadAccount(const store::Row& row) {
  Account account;
  account.id = {row.Integer(0)};
  account.login = row.Text(1);
  account.kind = static_cast<AccountKind>(row.Integer(2));
  account.organisation = {row.Integer(3)};
  account.roles = RolesFromText(row.Text(4));
  account.state = static_cast<AccountState>(row.Integer(5));
  account.test_traffic = row.Bool(6);
  account.has_second_factor = row.Bool(7);
  account.version = row.Integer(8);
  account.created_at = row.Time(9);
  account.locked_until = row.OptionalTime(10);
  return account;
}

Error NoSuchAccount(AccountId id) {
  return Error{ErrorCode::kNotFound, "There is no such account.", "account " + std::to_string(id.value), {}, 0};
}

Result<void> ExpectOne(std::int64_t changed, AccountId id) {
  if (changed != 1) return NoSuchAccount(id);
  return {};
}

}  // namespace

Result<void> CheckLogin(std::string_view login) {
  const bool legal = login.size() >= 3 && login.size() <= 64 && std::all_of(login.begin(), login.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' || c == '-';
  });
  if (legal) return {};
  return Error{ErrorCode::kInvalidArgument, "A login is 3 to 64 letters, digits, dots, underscores, hyphens or @.", {}, "/login", 0};
}

std::string LoginDigest(std::string_view login) { return HexEncode(crypto::Sha256(LowerAscii(login))); }

Result<AccountId> InsertAccount(store::WriteTransaction& transaction, const NewAccount& account, Instant now) {
  PL_TRY(CheckLogin(account.login));
  const std::string digest = LoginDigest(account.login);
  const std::optional<Account> taken = PL_TRY(FindAccountByLogin(transaction, account.login));
  if (taken) return Error{ErrorCode::kConflict, "This login is taken.", "login digest " + digest, "/login", 0};
  const std::optional<store::Row> row =
      PL_TRY(transaction.First(kInsert, account.login, digest, account.kind, account.organisation, RolesText(account.roles),
                               account.password_phc, AccountState::kActive, account.test_traffic, now));
  if (!row) return Error{ErrorCode::kInternal, "The account was not stored.", "insert answered no id", {}, 0};
  return AccountId{row->Integer(0)};
}

Result<Account> FindAccount(store::ReadTransaction& transaction, AccountId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
  if (!row) return NoSuchAccount(id);
  return ReadAccount(*row);
}

Result<std::optional<Account>> FindAccountByLogin(store::ReadTransaction& transaction, std::string_view login) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindByLogin, LoginDigest(login)));
  if (!row) return std::optional<Account>();
  return std::optional<Account>(ReadAccount(*row));
}

Result<std::vector<Account>> ListAccounts(store::ReadTransaction& transaction, std::optional<OrganisationId> organisation,
                                          AccountId after, int count_max) {
  const std::vector<store::Row> rows = PL_TRY(organisation ? transaction.All(kListOf, *organisation, after, count_max)
                                                           : transaction.All(kList, after, count_max));
  std::vector<Account> accounts;
  accounts.reserve(rows.size());
  for (const store::Row& row : rows) accounts.push_back(ReadAccount(row));
  return accounts;
}

Result<void> SetAccountState(store::WriteTransaction& transaction, AccountId id, AccountState state) {
  const std::int64_t changed = PL_TRY(transaction.Execute(kSetState, state, id));
  PL_TRY(ExpectOne(changed, id));
  if (state == AccountState::kDisabled) PL_TRY(transaction.Execute(kEndSessions, id));
  return {};
}

Result<void> SetPassword(store::WriteTransaction& transaction, AccountId id, std::string_view password_phc) {
  const std::int64_t changed = PL_TRY(transaction.Execute(kSetPassword, password_phc, id));
  PL_TRY(ExpectOne(changed, id));
  PL_TRY(transaction.Execute(kEndSessions, id));
  return {};
}

Result<void> SetRoles(store::WriteTransaction& transaction, AccountId id, const std::vector<std::string>& roles) {
  const std::int64_t changed = PL_TRY(transaction.Execute(kSetRoles, RolesText(roles), id));
  PL_TRY(ExpectOne(changed, id));
  PL_TRY(transaction.Execute(kEndSessions, id));
  return {};
}

Result<void> RemoveSecondFactor(store::WriteTransaction& transaction, AccountId id) {
  const std::int64_t changed = PL_TRY(transaction.Execute(kRemoveSecondFactor, id));
  PL_TRY(ExpectOne(changed, id));
  PL_TRY(transaction.Execute(kEndSessions, id));
  return {};
}

Result<void> ForgetFailures(store::WriteTransaction& transaction, std::string_view failure_key) {
  PL_TRY(transaction.Execute(kForgetFailures, failure_key));
  return {};
}

Result<void> EndLockOuts(store::WriteTransaction& transaction, std::string_view login) {
  PL_TRY(transaction.Execute(kEndLockOuts, LoginDigest(login)));
  return {};
}

Result<void> TakeAdministratorsGuard(store::WriteTransaction& transaction) {
  PL_TRY(transaction.Execute(kGuard));
  return {};
}

std::string RolesText(const std::vector<std::string>& roles) {
  Json::Array array;
  for (const std::string& role : roles) array.emplace_back(role);
  return Json(std::move(array)).Serialize();
}

std::vector<std::string> RolesFromText(std::string_view text) {
  std::vector<std::string> roles;
  const Result<Json> json = ParseJson(text);
  // A row that cannot be read gives no role: it fails closed.
  if (!json.ok() || json->AsArray() == nullptr) return roles;
  for (const Json& role : *json->AsArray()) {
    if (role.AsString() != nullptr) roles.push_back(*role.AsString());
  }
  return roles;
}

}  // namespace porchlight::auth
