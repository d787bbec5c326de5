#pragma once

#include <string>
#include <vector>

#include "platform/auth/accounts.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"

// What an account may be and do, from the profile's roles. Pure rules and one look over the administrators.
namespace porchlight::directory {

// The permission that makes an administrator.
inline constexpr std::string_view kAdministers = "directory.account.write";

// 1 to 16 known roles, none twice; outside roles for other organisations and only those, the centre's for the centre;
// no role with a second factor for platforms and machines, which have none; whoever administers accounts holds no case
// data (domain rule: system administrators have no case data by role). Errors: kInvalidArgument at /roles.
Result<void> CheckRoles(const profile::Profile& profile, auth::AccountKind kind, auth::OrganisationId organisation,
                        const std::vector<std::string>& roles);

bool NeedsSecondFactor(const profile::Profile& profile, const std::vector<std::string>& roles);

// What the roles give an account of that organisation. A role the profile does not know, or one of the wrong side of
// the door, gives nothing.
void GrantRoles(const profile::Profile& profile, const std::vector<std::string>& roles, auth::Caller& caller);

// Errors: kConflict when no active person of the centre would be left who may administer accounts.
Result<void> RequireAdministrator(store::ReadTransaction& transaction, const profile::Profile& profile);

}  // namespace porchlight::directory
