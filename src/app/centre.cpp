#include "app/centre.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "app/facts.h"
#include "app/files.h"
#include "app_migrations_embedded.h"
#include "base/text.h"
#include "deconfliction/migrations.h"
#include "directory/migrations.h"
#include "evidence/migrations.h"
#include "hashing/migrations.h"
#include "platform/audit/migrations.h"
#include "platform/auth/migrations.h"
#include "platform/jobs/migrations.h"
#include "platform/jobs/outbox.h"
#include "profile_us_embedded.h"
#include "referrals/migrations.h"
#include "relations/migrations.h"
#include "tipline/migrations.h"
#include "triage/migrations.h"

namespace porchlight::app {
namespace {

std::string Under(const Config& config, const std::string& configured, const char* name) {
  return configured.empty() ? config.data_directory + "/" + name : configured;
}

Result<std::unique_ptr<store::Database>> OpenDatabase(const Config& config) {
  if (config.engine == "postgres") {
    store::PostgresOptions options;
    options.conninfo = config.conninfo;
    options.connections_max = static_cast<int>(config.connections);
    return store::OpenPostgres(options);
  }
  store::SqliteOptions options;
  options.path = DatabasePath(config);
  return store::OpenSqlite(options);
}

Result<std::unique_ptr<vault::Vault>> OpenVault(const Config& config, const vault::MasterKeys& keys, const Clock& clock, Random& random) {
  if (config.vault == "s3") {
    vault::S3Options options;
    options.endpoint = config.s3_endpoint;
    options.region = config.s3_region;
    options.bucket = config.s3_bucket;
    options.access_key = config.s3_access_key;
    options.secret_key = config.s3_secret_key;
    options.staging_directory = VaultPath(config);
    PL_TRY(MakeFolder(options.staging_directory));
    return vault::OpenS3Vault(options, keys, random, clock);
  }
  PL_TRY(MakeFolder(VaultPath(config)));
  return vault::OpenFolderVault(VaultPath(config), keys, random);
}

Result<void> PrepareFolders(const Config& config) {
  PL_TRY(MakeFolder(config.data_directory));
  for (const std::string& file : {MasterKeyPath(config), AuditKeyPath(config), PackageKeyPath(config), WitnessPath(config)}) {
    const std::string parent = std::filesystem::path(file).parent_path().string();
    if (!parent.empty()) PL_TRY(MakeFolder(parent));
  }
  return {};
}

}  // namespace

std::string DatabasePath(const Config& config) { return config.data_directory + "/porchlight.db"; }
std::string VaultPath(const Config& config) { return Under(config, config.vault_directory, "vault"); }
std::string MasterKeyPath(const Config& config) { return Under(config, config.master_key_file, "keys/master.key"); }
std::string AuditKeyPath(const Config& config) { return Under(config, config.audit_key_file, "keys/audit.key"); }
std::string PackageKeyPath(const Config& config) { return Under(config, config.package_key_file, "keys/package.key"); }
std::string WitnessPath(const Config& config) { return Under(config, config.witness_file, "audit/heads.log"); }

std::vector<store::Migration> AllMigrations() {
  std::vector<store::Migration> all;
  const auto add = [&](const std::vector<store::Migration>& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(jobs::Migrations());
  add(auth::Migrations());
  add(audit::Migrations());
  add(directory::Migrations());
  add(tipline::Migrations());
  add(triage::Migrations());
  add(evidence::Migrations());
  add(hashing::Migrations());
  add(deconfliction::Migrations());
  add(referrals::Migrations());
  add(relations::Migrations());
  for (const auto& [file, sql] : embedded::app_migrations()) {
    all.push_back({ParseInteger(file.substr(0, 4)).value(), file.substr(5, file.size() - 9), sql});
  }
  std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) { return left.version < right.version; });
  return all;
}

Result<profile::Profile> LoadProfile(const Config& config) {
  if (!config.profile_directory.empty()) return profile::LoadFrom(config.profile_directory);
  if (config.profile != "us") {
    return Error{ErrorCode::kInvalidArgument,
                 "There is no built-in profile \"" + config.profile + "\"; built in is: us. Give profile.directory for one of your own.",
                 {},
                 {},
                 0};
  }
  std::map<std::string, std::string, std::less<>> files;
  for (const auto& [name, content] : embedded::profile_us()) files.emplace(name, content);
  return profile::Load(files);
}

Result<crypto::SigningKey> LoadOrCreateSigningKey(const std::string& path, Random& random) {
  if (!std::filesystem::exists(path)) {
    const crypto::SigningKey fresh = crypto::NewSigningKey(random);
    PL_TRY(WriteSmallFile(path, HexEncode(fresh.secret) + "\n"));
    return fresh;
  }
  struct stat facts {};
  if (stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0) {
    return Error{ErrorCode::kForbidden, path + " can be read by others; run: chmod 600 " + path, {}, {}, 0};
  }
  const std::string text = PL_TRY(ReadSmallFile(path));
  const std::optional<std::string> secret = HexDecode(Trim(text));
  // libsodium keeps the public key in the second half of the secret.
  if (!secret || secret->size() != 64)
    return Error{ErrorCode::kCorrupt, path + " does not hold a signing key (128 hex digits).", {}, {}, 0};
  return crypto::SigningKey{*secret, secret->substr(32)};
}

Result<std::unique_ptr<Centre>> Centre::Open(const Config& config, Access access, const Clock& clock, Random& random, Seams seams) {
  if (config.data_directory.empty()) return Error{ErrorCode::kInvalidArgument, "Say where the data is: --data DIR.", {}, "data", 0};
  const bool without_database = config.engine == "sqlite" && !std::filesystem::exists(DatabasePath(config));
  if (access == Access::kExisting && (without_database || !std::filesystem::exists(MasterKeyPath(config)))) {
    return Error{
        ErrorCode::kNotFound, "There is no centre in " + config.data_directory + ": `porchlight serve --data` makes one.", {}, {}, 0};
  }
  PL_TRY(PrepareFolders(config));
  std::unique_ptr<Centre> centre(new Centre(config, clock, random));
  centre->profile_ = PL_TRY(LoadProfile(config));
  centre->gate_ = PL_TRY(evidence::GateBook::Read(centre->profile_.Tables("gate")));
  centre->rules_ = PL_TRY(triage::RuleBook::Read(centre->profile_.Tables("triage")));
  centre->routing_ = PL_TRY(referrals::RoutingBook::Read(centre->profile_.Tables("routing")));
  centre->agencies_ = PL_TRY(referrals::AgencyBook::Read(centre->profile_.Tables("agencies")));
  centre->master_keys_ = std::make_unique<vault::MasterKeys>(PL_TRY(vault::MasterKeys::LoadOrCreate(MasterKeyPath(config), random)));
  centre->audit_key_ = PL_TRY(LoadOrCreateSigningKey(AuditKeyPath(config), random));
  centre->package_key_ = PL_TRY(LoadOrCreateSigningKey(PackageKeyPath(config), random));
  centre->sealer_ = std::make_unique<vault::Sealer>(*centre->master_keys_, random);
  centre->database_ = PL_TRY(OpenDatabase(config));
  PL_TRY(centre->database_->Migrate(AllMigrations()));
  PL_TRY(RaiseNumber(*centre->database_, kMasterKeys, centre->master_keys_->newest(), clock.Now()));
  PL_TRY(jobs::PrepareOutbox(*centre->database_));
  centre->vault_ = PL_TRY(OpenVault(config, *centre->master_keys_, clock, random));
  if (seams.database) centre->database_ = seams.database(std::move(centre->database_));
  if (seams.vault) centre->vault_ = seams.vault(std::move(centre->vault_));
  centre->judging_ = std::make_unique<triage::Judging>(centre->rules_, *centre->sealer_, centre->DeriveKey("triage.keys"));
  centre->passwords_ = seams.passwords;
  return centre;
}

std::string Centre::witness_file() const { return WitnessPath(config_); }

std::string Centre::DeriveKey(std::string_view purpose) const { return master_keys_->Derive(1, purpose).value(); }

}  // namespace porchlight::app
