#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::evidence {

// Steps 0550 to 0599 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::evidence
