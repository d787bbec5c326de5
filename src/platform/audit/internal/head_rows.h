#pragma once

#include <optional>
#include <string>

#include "platform/audit/audit.h"
#include "platform/audit/internal/merkle.h"

namespace porchlight::audit::internal {

struct StoredHead {
  TreeHead head;
  std::string frontier;  // As stored.
};

// In ascending order of size, those above `size`.
Result<std::vector<StoredHead>> HeadsAbove(store::ReadTransaction& transaction, std::int64_t size, int count_max);
Result<std::optional<StoredHead>> NewestHead(store::ReadTransaction& transaction);
Result<std::optional<StoredHead>> HeadOfSize(store::ReadTransaction& transaction, std::int64_t size);
Result<void> InsertHead(store::WriteTransaction& transaction, const StoredHead& stored);

}  // namespace porchlight::audit::internal
