#pragma once

#include "base/instant.h"
#include "platform/store/database.h"
#include "triage/tip.h"

// For the room of deconfliction: a report that goes to nobody until two agencies have been told of each other. It stays in the
// queue. Each is part of the caller's unit of work, which records it; `tip` was locked and is what stands afterwards.
namespace porchlight::triage {

// A claim ends with it. False, and nothing is changed, when the report does not wait for anybody.
Result<bool> Pause(store::WriteTransaction& transaction, Tip& tip, Instant now);

// It waits again where it stood, or follows its bundle. False when it is not paused.
Result<bool> EndPause(store::WriteTransaction& transaction, Tip& tip, Instant now);

}  // namespace porchlight::triage
