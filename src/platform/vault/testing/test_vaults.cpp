#include "platform/vault/testing/test_vaults.h"

#include <cstdlib>

#include "base/check.h"
#include "base/text.h"
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

class S3Place final : public VaultPlace {
 public:
  S3Place() : options_(OptionsOfTestServer(folder_.path() + "/staging")) {}
  std::unique_ptr<Vault> Open(const MasterKeys& keys) override { return OpenS3Vault(options_, keys, random_, clock_).value(); }

 private:
  TemporaryFolder folder_;
  SystemRandom random_;
  SystemClock clock_;
  S3Options options_;
};

}  // namespace

S3Options OptionsOfTestServer(const std::string& staging_directory) {
  const std::vector<std::string_view> parts = Split(std::getenv("PORCHLIGHT_TEST_S3"), '|');
  PL_CHECK(parts.size() == 5);
  S3Options options;
  options.endpoint = parts[0];
  options.region = parts[1];
  options.bucket = parts[2];
  options.access_key = parts[3];
  options.secret_key = parts[4];
  options.prefix = "test/" + HexEncode(SystemRandom().Bytes(8)) + "/";
  options.staging_directory = staging_directory;
  return options;
}

std::string NameOf(VaultKind kind) {
  switch (kind) {
    case VaultKind::kFolder: return "Folder";
    case VaultKind::kS3: return "S3";
  }
  return "";
}

bool IsAvailable(VaultKind kind) { return kind != VaultKind::kS3 || std::getenv("PORCHLIGHT_TEST_S3") != nullptr; }

std::unique_ptr<VaultPlace> NewPlace(VaultKind kind) {
  switch (kind) {
    case VaultKind::kFolder: return std::make_unique<FolderPlace>();
    case VaultKind::kS3: return std::make_unique<S3Place>();
  }
  return nullptr;
}

}  // namespace porchlight::vault::testing
