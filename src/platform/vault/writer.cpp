#include "platform/vault/internal/guarded.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {

void Writer::CommitThen(std::function<void(Result<StoredObject>)> then) {
  then(internal::Guarded([this] { return Commit(); }));
}

}  // namespace porchlight::vault
