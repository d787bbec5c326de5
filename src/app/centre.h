#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "base/random.h"
#include "evidence/gate.h"
#include "platform/auth/password.h"
#include "platform/crypto/secret.h"
#include "platform/profile/profile.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "referrals/agencies.h"
#include "referrals/routing_table.h"
#include "triage/judging.h"

namespace porchlight::app {

// Every migration of every room, in order of version.
std::vector<store::Migration> AllMigrations();

// The embedded profile of that name, or the one in the configured folder.
Result<profile::Profile> LoadProfile(const Config& config);

// Where tests reach between a centre and the world: each may wrap what it is given. Untouched in production.
struct Seams {
  std::function<std::unique_ptr<store::Database>(std::unique_ptr<store::Database>)> database;
  std::function<std::unique_ptr<vault::Vault>(std::unique_ptr<vault::Vault>)> vault;
  auth::PasswordGate::Options passwords;      // Cheaper hashing, so that a test may have many accounts.
};

// What every subcommand that works on a data folder needs: keys, profile, database (migrated), vault. Wired by hand,
// in order; destroyed in reverse.
class Centre {
 public:
  enum class Access { kCreate, kExisting };
  // kCreate makes the folder, keys and database when they are not there; kExisting refuses with kNotFound, so that a
  // mistyped folder does not become a second, empty centre.
  static Result<std::unique_ptr<Centre>> Open(const Config& config, Access access, const Clock& clock, Random& random,
                                              Seams seams = {});

  const Config& config() const { return config_; }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  const profile::Profile& profile() const { return profile_; }
  const triage::Judging& judging() const { return *judging_; }
  const evidence::GateBook& gate() const { return gate_; }
  const referrals::RoutingBook& routing() const { return routing_; }
  const referrals::AgencyBook& agencies() const { return agencies_; }
  const crypto::SigningKey& package_key() const { return package_key_; }
  store::Database& database() { return *database_; }
  vault::Vault& vault() { return *vault_; }
  const vault::MasterKeys& master_keys() const { return *master_keys_; }  // As they were when it was opened.
  const vault::Sealer& sealer() const { return *sealer_; }
  const crypto::SigningKey& audit_key() const { return audit_key_; }
  const auth::PasswordGate::Options& passwords() const { return passwords_; }
  std::string witness_file() const;
  // A random key of this installation for keyed digests that must be the same in every process.
  std::string DeriveKey(std::string_view purpose) const;

 private:
  Centre(Config config, const Clock& clock, Random& random) : config_(std::move(config)), clock_(clock), random_(random) {}
  Config config_;
  const Clock& clock_;
  Random& random_;
  profile::Profile profile_;
  triage::RuleBook rules_;
  evidence::GateBook gate_;
  referrals::RoutingBook routing_;
  referrals::AgencyBook agencies_;
  crypto::SigningKey package_key_;
  auth::PasswordGate::Options passwords_;
  std::unique_ptr<vault::MasterKeys> master_keys_;
  crypto::SigningKey audit_key_;
  std::unique_ptr<vault::Sealer> sealer_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<triage::Judging> judging_;
};

// The key that signs tree heads: one hex line, mode 0600, made when absent. Errors: kCorrupt, kForbidden, kNoSpace.
Result<crypto::SigningKey> LoadOrCreateSigningKey(const std::string& path, Random& random);

// Paths below the data folder, where the configuration does not say otherwise.
std::string DatabasePath(const Config& config);
std::string VaultPath(const Config& config);
std::string MasterKeyPath(const Config& config);
std::string AuditKeyPath(const Config& config);
std::string PackageKeyPath(const Config& config);
std::string WitnessPath(const Config& config);

}  // namespace porchlight::app
