#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::triage {

// Steps 0500 to 0549 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::triage
