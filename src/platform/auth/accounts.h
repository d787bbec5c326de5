#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/record.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"

// The rows of accounts. Every function works inside the caller's transaction, so that the change and its audit entry
// exist together or not at all. What an account may do is decided above: here a role is a word.
namespace porchlight::auth {

// Stored as numbers: never renumber, never reuse.
enum class AccountKind : std::uint8_t {
  kPlatform = 1,  // Another organisation's system: HTTP Basic, and sign-in without a second factor.
  kStaff = 2,     // A person: signs in to the console.
  kMachine = 3,   // Tokens only; has no usable password.
};
enum class AccountState : std::uint8_t { kActive = 1, kDisabled = 2 };

struct Account {
  AccountId id;
  std::string login;
  AccountKind kind = AccountKind::kStaff;
  OrganisationId organisation;             // 0: the centre.
  std::vector<std::string> roles;
  AccountState state = AccountState::kActive;
  bool test_traffic = false;
  bool has_second_factor = false;
  std::int64_t version = 0;                // Grows with every change of password, roles, state or second factor.
  Instant created_at;
  std::optional<Instant> locked_until;     // May be past.
};

// Three to 64 of A-Z a-z 0-9 . _ @ - ; so that "without case" means the same everywhere. Errors: kInvalidArgument.
Result<void> CheckLogin(std::string_view login);
// SHA-256, hex, of the login in lower case: what failures and audit entries name instead of the login.
std::string LoginDigest(std::string_view login);

struct NewAccount {
  std::string login;
  AccountKind kind = AccountKind::kStaff;
  OrganisationId organisation;
  std::vector<std::string> roles;
  std::string password_phc;                // From PasswordGate; empty for machines.
  bool test_traffic = false;
};
// Errors: kInvalidArgument (login), kConflict (login taken, in any case of letters).
Result<AccountId> InsertAccount(store::WriteTransaction& transaction, const NewAccount& account, Instant now);

// Errors: kNotFound.
Result<Account> FindAccount(store::ReadTransaction& transaction, AccountId id);
Result<std::optional<Account>> FindAccountByLogin(store::ReadTransaction& transaction, std::string_view login);
// By id, ascending, above `after`; of one organisation, or of all when absent.
Result<std::vector<Account>> ListAccounts(store::ReadTransaction& transaction, std::optional<OrganisationId> organisation,
                                          AccountId after, int count_max);

// The changes. Each ends the account's sessions at once, except enabling. Errors: kNotFound.
Result<void> SetAccountState(store::WriteTransaction& transaction, AccountId id, AccountState state);
Result<void> SetPassword(store::WriteTransaction& transaction, AccountId id, std::string_view password_phc);
Result<void> SetRoles(store::WriteTransaction& transaction, AccountId id, const std::vector<std::string>& roles);
Result<void> RemoveSecondFactor(store::WriteTransaction& transaction, AccountId id);
// A success: what was counted under this key (verifier.h) is forgotten.
Result<void> ForgetFailures(store::WriteTransaction& transaction, std::string_view failure_key);
// Ends every lock-out of the login, whichever peer it holds for.
Result<void> EndLockOuts(store::WriteTransaction& transaction, std::string_view login);

// Makes units of work that decide over the set of administrators come one after another on every engine. Call it
// first in the transaction.
Result<void> TakeAdministratorsGuard(store::WriteTransaction& transaction);

// Roles as stored: a JSON array of texts.
std::string RolesText(const std::vector<std::string>& roles);
std::vector<std::string> RolesFromText(std::string_view text);

}  // namespace porchlight::auth

namespace porchlight {

template <>
struct EnumNames<auth::AccountKind> {
  using E = auth::AccountKind;
  static constexpr std::string_view kName = "AccountKind";
  static constexpr std::array kAll = {std::pair{E::kPlatform, std::string_view("platform")},
                                      std::pair{E::kStaff, std::string_view("staff")},
                                      std::pair{E::kMachine, std::string_view("machine")}};
};

template <>
struct EnumNames<auth::AccountState> {
  using E = auth::AccountState;
  static constexpr std::string_view kName = "AccountState";
  static constexpr std::array kAll = {std::pair{E::kActive, std::string_view("active")},
                                      std::pair{E::kDisabled, std::string_view("disabled")}};
};

}  // namespace porchlight
