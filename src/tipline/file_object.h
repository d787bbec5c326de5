#pragma once

#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "tipline/report.h"

namespace porchlight::tipline {

// Where the bytes of a reported file lie, and the key that opens them. Only the room evidence calls this, behind its one door
// (evidence/door.h), after permission, gate and audit; a call from anywhere else would be a way around the law.
// Errors: kNotFound (also when the report was retracted or has expired).
Result<vault::ObjectReference> FindObject(store::ReadTransaction& transaction, FileId file);

}  // namespace porchlight::tipline
