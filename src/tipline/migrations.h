#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::tipline {

// Steps 0400 to 0499 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::tipline
