// keys list, keys add: the master keys of the vault.
#include <cstdio>

#include "app/command_support.h"
#include "app/facts.h"
#include "base/json.h"
#include "platform/audit/audit.h"

namespace porchlight::app {
namespace {

// Keys are numbered by their place in the file: one added to an older copy of it would have the number of another, and what that one
// keeps could never be opened beside it.
Result<void> RefuseAnOlderFile(store::ReadTransaction& transaction, std::int64_t keys, const std::string& path) {
  const std::int64_t had = PL_TRY(FindNumber(transaction, kMasterKeys));
  if (keys >= had) return {};
  return Error{ErrorCode::kConflict,
               path + " holds " + std::to_string(keys) + " of the " + std::to_string(had) +
                   " keys that this centre has had. It is an older copy: put the newest back first.",
               {}, {}, 0};
}

// Recorded before the file is touched: a key that nobody recorded must not be there, a record of one that could not be added may.
Result<void> RecordAdding(Centre& centre, std::int64_t keys, const std::string& path) {
  const Instant now = centre.clock().Now();
  return centre.database().Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(RefuseAnOlderFile(transaction, keys, path));
    audit::Entry entry;
    entry.action = "vault.master_key.add";
    entry.subject_kind = "vault";
    entry.detail = Json().Set("keys_before", keys).Serialize();
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
    // As they are now: somebody else may have added one since the centre was opened.
    const vault::MasterKeys now_there = PL_TRY(vault::MasterKeys::LoadOrCreate(path, centre.random()));
    PL_TRY(RecordAdding(centre, now_there.newest(), path));
    PL_TRY(vault::MasterKeys::AddVersion(path, centre.random()));
    std::printf(
        "A master key was added to %s. Next:\n"
        "  1. copy the file to where its offline copy is: without it what comes from now on cannot be opened by anyone\n"
        "  2. if several servers share the database, copy it to all of them before any of them starts again; never add one on each\n"
        "  3. start the servers again; from then on what comes in is sealed under the new key\n"
        "What older keys keep stays under them, so keep all of them.\n",
        path.c_str());
    return {};
  });
}

}  // namespace porchlight::app
