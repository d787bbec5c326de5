#include "platform/vault/testing/temporary_folder.h"

#include <cstdlib>
#include <filesystem>

#include "base/check.h"

namespace porchlight::vault::testing {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "porchlight_vault_XXXXXX").string();
  PL_CHECK(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace porchlight::vault::testing
