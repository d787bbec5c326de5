#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::auth {

std::vector<store::Migration> Migrations();

}  // namespace porchlight::auth
