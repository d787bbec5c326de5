#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::directory {

std::vector<store::Migration> Migrations();

}  // namespace porchlight::directory
