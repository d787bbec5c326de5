#pragma once

#include <array>
#include <memory>
#include <string>

#include "platform/vault/vault.h"

// One of each kind of vault, for the behaviour suite.
namespace porchlight::vault::testing {

enum class VaultKind { kFolder };
constexpr std::array<VaultKind, 1> kAllVaultKinds = {VaultKind::kFolder};

std::string NameOf(VaultKind kind);
bool IsAvailable(VaultKind kind);

// A new and empty place of that kind; vaults may be opened on it again and again.
class VaultPlace {
 public:
  virtual ~VaultPlace() = default;
  virtual std::unique_ptr<Vault> Open(const MasterKeys& keys) = 0;
};
std::unique_ptr<VaultPlace> NewPlace(VaultKind kind);

}  // namespace porchlight::vault::testing
