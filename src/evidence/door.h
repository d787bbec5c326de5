#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "evidence/gate.h"
#include "platform/auth/caller.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"

// The one door to the content of reported files. Whatever shows, exports or sends a file goes through it. Thread-safe.
namespace porchlight::evidence {

inline constexpr std::string_view kMayOpenFile = "evidence.file.open";

using Sink = std::function<Result<void>(std::string_view)>;
// What else must hold once the gate is open, asked in the unit of work that records the read. May refuse; what it adds to
// `detail` stands in the audit log either way.
using Further = std::function<Result<std::optional<Error>>(store::WriteTransaction&, Json& detail)>;

class Door {
 public:
  // Everything outlives this. `purposes`: what a file may be opened for.
  Door(store::Database& database, vault::Vault& vault, const GateBook& book, const Clock& clock,
       std::set<std::string, std::less<>> purposes)
      : database_(database), vault_(vault), book_(book), clock_(clock), purposes_(std::move(purposes)) {}
  static std::set<std::string, std::less<>> PurposesOf(const profile::Profile& profile);

  // Streams the bytes in order, after the read stands in the audit log with its purpose, and only when the decision that
  // holds at this moment is open: a record that has begun or ended since the last decision is decided about first. Every
  // refusal stands there as denied, before it is answered. Errors: kForbidden without the permission, without class V5, or,
  // field "gate" and naming the rule, when the gate is closed; kInvalidArgument, field "purpose"; kNotFound for a file that
  // does not exist or whose report is not filed, alike; what `further`, the vault and the sink answer.
  Result<void> OpenFile(const auth::Caller& caller, tipline::FileId file, std::string_view purpose, const Sink& sink,
                        std::string_view request_id, const Further& further = {});

 private:
  // The vault's reference, or why not.
  struct Answer {
    vault::ObjectReference object;
    std::optional<Error> refusal;
  };
  std::optional<Error> WhyNot(const auth::Caller& caller, std::string_view purpose) const;
  Result<Answer> Ask(store::WriteTransaction& transaction, const auth::Caller& caller, tipline::FileId file, std::string_view purpose,
                     const Further& further, std::string_view request_id, Instant now) const;

  store::Database& database_;
  vault::Vault& vault_;
  const GateBook& book_;
  const Clock& clock_;
  const std::set<std::string, std::less<>> purposes_;
};

}  // namespace porchlight::evidence
