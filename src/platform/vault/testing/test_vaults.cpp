#include "platform/vault/testing/test_vaults.h"

#include "platform/vault/testing/temporary_folder.h"

namespace porchlight::vault::testing {
namespace {

class FolderPlace final : public VaultPlace {
 public:
  std::unique_ptr<Vault> Open(const MasterKeys& keys) override {
    return OpenFolderVault(folder_.path() + "/vault", keys, random_).value();
  }

 private:
  TemporaryFolder folder_;
  SystemRandom random_;
};

}  // namespace

std::string NameOf(VaultKind kind) {
  switch (kind) {
    case VaultKind::kFolder: return "Folder";
  }
  return "";
}

bool IsAvailable(VaultKind) { return true; }

std::unique_ptr<VaultPlace> NewPlace(VaultKind kind) {
  switch (kind) {
    case VaultKind::kFolder: return std::make_unique<FolderPlace>();
  }
  return nullptr;
}

}  // namespace porchlight::vault::testing
