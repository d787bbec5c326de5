#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::relations {

// Steps 0650 to 0699 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::relations
