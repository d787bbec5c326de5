#pragma once

#include <string>
#include <vector>

#include "platform/store/database.h"

namespace porchlight::triage {

// Counts anew what triage keeps counts of, and compares: each line names a row and what is wrong with it. Empty: all
// holds. Reads every row.
Result<std::vector<std::string>> RecountProblems(store::ReadTransaction& transaction);

}  // namespace porchlight::triage
