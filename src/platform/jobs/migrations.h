#pragma once

#include <vector>

#include "platform/store/migration.h"

namespace porchlight::jobs {

// The tables of the outbox and of the queue.
std::vector<store::Migration> Migrations();

}  // namespace porchlight::jobs
