#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/mail/mail.h"

namespace porchlight::app {

// Everything an operator may set. Defaults are fit for a small centre on one machine.
struct Config {
  std::string data_directory;                 // Database, vault, keys and witness file live here unless set apart.
  std::string listen = "127.0.0.1:8080";
  std::string public_url;                     // How platforms reach us; for receipts and links. Empty: from `listen`.
  std::string tls_certificate;
  std::string tls_key;
  bool behind_proxy = false;                  // TLS ends at a proxy of ours: trust X-Forwarded-For, cookies are Secure.
  std::string engine = "sqlite";              // or "postgres"
  std::string conninfo;                       // PostgreSQL; a secret, never shown.
  std::int64_t connections = 32;
  std::string vault = "folder";               // or "s3"
  std::string vault_directory;                // Empty: DATA/vault
  std::string s3_endpoint;
  std::string s3_region;
  std::string s3_bucket;
  std::string s3_access_key;
  std::string s3_secret_key;
  std::string master_key_file;                // Empty: DATA/keys/master.key
  std::string audit_key_file;                 // Empty: DATA/keys/audit.key
  std::string witness_file;                   // Empty: DATA/audit/heads.log
  std::string profile_directory;              // Empty: the built-in profile.
  std::string profile = "us";
  std::string geo_overlays;                   // Paths with commas between them, asked in this order.
  std::string geo_databases;                  // Likewise: MMDB files, asked after the overlays.
  std::string package_key_file;               // Empty: DATA/keys/package.key
  bool hash_pictures = true;
  std::string mail_server;                    // Empty: nobody is written to.
  std::string mail_user;
  std::string mail_password;
  std::string mail_from;
  std::string mail_duty;                      // Addresses with commas between them.
  std::string contact;                        // How agencies reach the centre; printed on packages.
  std::int64_t handler_threads = 64;
  std::int64_t socket_threads = 1;
  std::int64_t connections_max = 4096;
  std::int64_t worker_threads = 1;
  std::int64_t downloads_max = 16;
  std::int64_t upload_bytes_max = 8LL * 1024 * 1024 * 1024;
  std::int64_t report_bytes_max = 4LL * 1024 * 1024;
  std::int64_t public_reports_per_minute = 60;
  std::string log_file;                       // Empty: standard error.
  std::string log_level = "info";
};

// One setting: its name in the file ("store.engine"), what it means, and how a text becomes the value.
struct Setting {
  std::string_view name;
  std::string_view about;
  bool secret = false;
  std::function<Result<void>(Config&, std::string_view)> assign;
  std::function<std::string(const Config&)> show;

  // "PORCHLIGHT_STORE_ENGINE"
  std::string EnvironmentName() const;
};
const std::vector<Setting>& Settings();

mail::MailServer MailServerOf(const Config& config);
std::vector<std::string> DutyOf(const Config& config);

// Reads the file (TOML; may be empty for none), then the environment, then `flags` (setting name -> value), each over
// the one before, and checks the whole. Errors: kInvalidArgument, naming file and line, variable or flag, and what is
// allowed; kNotFound for a missing file.
Result<Config> LoadConfig(const std::string& file, const std::function<const char*(const char*)>& environment,
                          const std::map<std::string, std::string>& flags);

}  // namespace porchlight::app
