#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/visibility.h"

namespace porchlight::auth {

using AccountId = Id<struct AccountTag>;
using OrganisationId = Id<struct OrganisationTag>;

// How the caller proved who they are.
enum class Proof : std::uint8_t { kNone = 0, kBasic = 1, kSession = 2, kToken = 3, kSystem = 4 };

// Who is asking. Enters with the request and goes down to the store; there is no ambient authority.
struct Caller {
  AccountId account;                    // 0: the public, or the system itself.
  std::string login;
  OrganisationId organisation;          // 0: the centre.
  std::set<std::string> roles;
  std::set<std::string, std::less<>> permissions;
  VisibilitySet visibility;
  Proof proof = Proof::kNone;
  bool test_traffic = false;            // Set on the account: what it files never reaches production counts.
  std::string session;                  // Id of the session row; empty unless proof is kSession.

  bool May(std::string_view permission) const { return permissions.contains(permission); }
  // Errors: kForbidden, or kUnauthenticated when nobody is signed in.
  Result<void> Require(std::string_view permission) const;
};

// The anonymous public, and our own background work.
Caller PublicCaller();
Caller SystemCaller(std::string_view component);

}  // namespace porchlight::auth
