// keys list, keys add: the master keys of the vault.
#include <cstdio>

#include "app/command_support.h"
#include "base/json.h"
#include "platform/audit/audit.h"

namespace porchlight::app {
namespace {

// Recorded before the file is touched: a key that nobody recorded must not be there, a record of one that could not be added may.
Result<void> RecordAdding(Centre& centre) {
  const Instant now = centre.clock().Now();
  return centre.database().Write([&](store::WriteTransaction& transaction) -> Result<void> {
    audit::Entry entry;
    entry.action = "vault.master_key.add";
    entry.subject_kind = "vault";
    entry.detail = Json().Set("keys_before", centre.master_keys().newest()).Serialize();
    return audit::Record(transaction, auth::SystemCaller("command-line"), entry, now);
  });
}

}  // namespace

int RunKeysList(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kExisting, [](Centre& centre) -> Result<void> {
    const auto newest = static_cast<long long>(centre.master_keys().newest());
    std::printf("%lld master key%s in %s; what comes in is sealed under number %lld.\n", newest, newest == 1 ? "" : "s",
                MasterKeyPath(centre.config()).c_str(), newest);
    return {};
  });
}

int RunKeysAdd(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kExisting, [](Centre& centre) -> Result<void> {
    const std::string path = MasterKeyPath(centre.config());
    PL_TRY(RecordAdding(centre));
    PL_TRY(vault::MasterKeys::AddVersion(path, centre.random()));
    std::printf(
        "A master key was added to %s. Next:\n"
        "  1. copy the file to where its offline copy is: without it what comes from now on cannot be opened by anyone\n"
        "  2. if several servers share the database, copy it to all of them before any of them starts again\n"
        "  3. start the servers again; from then on what comes in is sealed under the new key\n"
        "What older keys keep stays under them, so keep all of them.\n",
        path.c_str());
    return {};
  });
}

}  // namespace porchlight::app
