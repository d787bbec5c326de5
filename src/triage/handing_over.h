#pragma once

#include <optional>

#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "triage/tip.h"

// For the room that refers: how a report leaves the analysts' desks. Each is part of the caller's unit of work, which records
// it. Bundles follow: what is decided on a lead is decided for its members.
namespace porchlight::triage {

// The row of a report that the caller has claimed and may give to agencies; nobody else changes it before this transaction ends. Errors:
// as HandOver.
Result<Tip> LockForHandOver(store::WriteTransaction& transaction, const auth::Caller& caller, tipline::ReportId id, Instant now);

// Likewise that of a member of a bundle whose lead was handed over, which waits to follow. Nothing when it is no such member.
Result<std::optional<Tip>> LockMember(store::WriteTransaction& transaction, tipline::ReportId id);

// The caller, who has claimed it, gives the report to agencies. Errors: kNotFound; kConflict, field "claim" or "state".
Result<Tip> HandOver(store::WriteTransaction& transaction, const auth::Caller& caller, tipline::ReportId id, Instant now);

// A member of a bundle whose lead was handed over goes to agencies of its own. Nothing when it is no such member, stands on its
// own by now, or went before.
Result<std::optional<Tip>> HandOverMember(store::WriteTransaction& transaction, tipline::ReportId id, Instant now);

// The same for a member that leads nowhere: it is closed with its bundle. False when it is no waiting member.
Result<bool> CloseMember(store::WriteTransaction& transaction, tipline::ReportId id, Instant now);

// It is with agencies, or was closed after that: not opened again, held, paused, or closed as something else.
bool IsHandedOver(const Tip& tip);
// It is with agencies, and not over.
bool IsWithAgencies(const Tip& tip);

// An agency said something about it; a repeat changes nothing. Errors: kNotFound.
Result<void> NoteFeedback(store::WriteTransaction& transaction, tipline::ReportId id);

// Closed with the disposition it has: its agencies have answered or will not, or nobody has it. False when it does not wait for them.
Result<bool> CloseHandedOver(store::WriteTransaction& transaction, tipline::ReportId id, Instant now);

// The row as it stands; nobody else changes it before this transaction ends. Errors: kNotFound.
Result<Tip> LockForReferral(store::WriteTransaction& transaction, tipline::ReportId id);

}  // namespace porchlight::triage
