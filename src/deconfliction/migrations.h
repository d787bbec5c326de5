#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::deconfliction {

// Steps 0700 to 0749 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::deconfliction
