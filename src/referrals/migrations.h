#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::referrals {

// Steps 0600 to 0649 of the schema.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::referrals
