#pragma once

#include <array>
#include <memory>
#include <string>

#include "platform/vault/vault.h"

// One of each kind of vault, for the behaviour suite.
namespace porchlight::vault::testing {

enum class VaultKind { kFolder, kS3 };
constexpr std::array<VaultKind, 2> kAllVaultKinds = {VaultKind::kFolder, VaultKind::kS3};

std::string NameOf(VaultKind kind);
bool IsAvailable(VaultKind kind);  // S3: PORCHLIGHT_TEST_S3 is set.

// The server under test, with a prefix that nobody else uses and `staging_directory` as told. Only when available.
S3Options OptionsOfTestServer(const std::string& staging_directory);

// A new and empty place of that kind; vaults may be opened on it again and again.
class VaultPlace {
 public:
  virtual ~VaultPlace() = default;
  virtual std::unique_ptr<Vault> Open(const MasterKeys& keys) = 0;
};
std::unique_ptr<VaultPlace> NewPlace(VaultKind kind);

}  // namespace porchlight::vault::testing
