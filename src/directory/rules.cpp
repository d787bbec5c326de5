#include "directory/rules.h"

#include <algorithm>
#include <set>

namespace porchlight::directory {

namespace {

constexpr std::size_t kRolesMax = 16;
constexpr int kPageRows = 500;

Error WrongRoles(std::string text) { return Error{ErrorCode::kInvalidArgument, std::move(text), {}, "/roles", 0}; }

const profile::Role* FindRole(const profile::Profile& profile, std::string_view name) {
  const auto found = profile.roles.find(name);
  return found == profile.roles.end() ? nullptr : &found->second;
}

bool HoldsCaseData(const profile::Role& role) {
  return role.visibility.Holds(Visibility::kCentre) || role.visibility.Holds(Visibility::kLawEnforcement) ||
         role.visibility.Holds(Visibility::kRestricted) || role.visibility.Holds(Visibility::kSealed);
}

bool Administers(const profile::Profile& profile, const auth::Account& account) {
  if (account.state != auth::AccountState::kActive || account.kind != auth::AccountKind::kStaff) return false;
  return std::any_of(account.roles.begin(), account.roles.end(), [&](const std::string& name) {
    const profile::Role* role = FindRole(profile, name);
    return role != nullptr && role->permissions.contains(kAdministers);
  });
}

}  // namespace

Result<void> CheckRoles(const profile::Profile& profile, auth::AccountKind kind, auth::OrganisationId organisation,
                        const std::vector<std::string>& roles) {
  if (roles.empty() || roles.size() > kRolesMax) return WrongRoles("An account has 1 to 16 roles.");
  if (std::set<std::string>(roles.begin(), roles.end()).size() != roles.size()) return WrongRoles("A role is given twice.");
  const bool outside = organisation.value != 0;
  bool administers = false;
  bool case_data = false;
  for (const std::string& name : roles) {
    const profile::Role* role = FindRole(profile, name);
    if (role == nullptr) return WrongRoles("There is no role of this name in the profile: " + name.substr(0, 64) + ".");
    if (role->outside != outside) {
      return WrongRoles(outside ? "The role " + name + " is for the centre's own accounts."
                                : "The role " + name + " is for accounts of other organisations.");
    }
    if (role->second_factor && kind != auth::AccountKind::kStaff) {
      return WrongRoles("The role " + name + " needs a second factor, which only a person has.");
    }
    administers = administers || role->permissions.contains(kAdministers);
    case_data = case_data || HoldsCaseData(*role);
  }
  if (administers && case_data) return WrongRoles("Whoever administers accounts holds no role with case data.");
  return {};
}

bool NeedsSecondFactor(const profile::Profile& profile, const std::vector<std::string>& roles) {
  return std::any_of(roles.begin(), roles.end(), [&](const std::string& name) {
    const profile::Role* role = FindRole(profile, name);
    return role != nullptr && role->second_factor;
  });
}

void GrantRoles(const profile::Profile& profile, const std::vector<std::string>& roles, auth::Caller& caller) {
  for (const std::string& name : roles) {
    const profile::Role* role = FindRole(profile, name);
    if (role == nullptr || role->outside != (caller.organisation.value != 0)) continue;
    caller.roles.insert(name);
    caller.permissions.insert(role->permissions.begin(), role->permissions.end());
    for (int one = 0; one <= 6; ++one) {
      const auto visibility = static_cast<Visibility>(one);
      if (role->visibility.Holds(visibility)) caller.visibility.Add(visibility);
    }
  }
}

Result<void> RequireAdministrator(store::ReadTransaction& transaction, const profile::Profile& profile) {
  auth::AccountId after;
  while (true) {
    const std::vector<auth::Account> page = PL_TRY(auth::ListAccounts(transaction, auth::OrganisationId{}, after, kPageRows));
    for (const auth::Account& account : page) {
      if (Administers(profile, account)) return {};
    }
    if (page.size() < static_cast<std::size_t>(kPageRows)) break;
    after = page.back().id;
  }
  return Error{ErrorCode::kConflict, "The centre would be left without an administrator. Make another one first.", {}, {}, 0};
}

}  // namespace porchlight::directory
