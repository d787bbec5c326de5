#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::audit {

std::vector<store::Migration> Migrations();

}  // namespace porchlight::audit
