#pragma once

#include <string>
#include <string_view>

#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "triage/tip.h"

// The pieces that the units of work of tip_actions.cpp and handing_over.cpp share. Nobody else uses them.
namespace porchlight::triage {

Error Over(std::string_view field, std::string text);                                   // kConflict
// What to say of a report that is paused or held, else `otherwise`.
std::string WhyNotWaiting(const Tip& tip, std::string otherwise);
bool IsClaimed(const Tip& tip, Instant now);
bool IsClaimedBy(const Tip& tip, const auth::Caller& caller, Instant now);
Result<void> RequireClaim(const Tip& tip, const auth::Caller& caller, Instant now);     // Errors: kConflict, field "claim".
// The state in both rooms' rows, and the claim with it.
Result<void> Move(store::WriteTransaction& transaction, Tip& tip, tipline::ReportState to);
// The decision on the lead is the bundle's: a job follows with the members.
Result<void> EnqueueMembers(store::WriteTransaction& transaction, BundleId bundle, Instant now);

}  // namespace porchlight::triage
