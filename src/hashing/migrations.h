#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::hashing {

// Steps 0750 to 0799 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::hashing
