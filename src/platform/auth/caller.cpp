#include "platform/auth/caller.h"

#include <string>
#include <string_view>

namespace porchlight::auth {

Result<void> Caller::Require(std::string_view permission) const {
  if (May(permission)) return {};
  if (proof == Proof::kNone) {
    return Error{ErrorCode::kUnauthenticated, "Please sign in.", "no credentials for " + std::string(permission), {}, 0};
  }
  return Error{ErrorCode::kForbidden, "Your account is not allowed to do this.",
               "account " + std::to_string(account.value) + " lacks " + std::string(permission), {}, 0};
}

Caller PublicCaller() { return Caller{}; }

Caller SystemCaller(std::string_view component) {
  Caller caller;
  caller.login = "system:" + std::string(component);
  caller.proof = Proof::kSystem;
  // Background work acts on whole records. What it may do is bounded by its code: it holds no permission by name, so
  // a route can never be entered as the system.
  caller.visibility = VisibilitySet::All();
  return caller;
}

}  // namespace porchlight::auth
