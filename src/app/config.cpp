#include "app/config.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/text.h"

namespace porchlight::app {
namespace {

Error Wrong(std::string text) { return Error{ErrorCode::kInvalidArgument, std::move(text), {}, {}, 0}; }

Setting TextSetting(std::string_view name, std::string Config::*member, std::string_view about, bool secret = false) {
  return {name, about, secret,
          [member](Config& config, std::string_view text) -> Result<void> {
            config.*member = std::string(text);
            return {};
          },
          [member](const Config& config) { return config.*member; }};
}

Setting ChoiceSetting(std::string_view name, std::string Config::*member, std::vector<std::string> choices, std::string_view about) {
  return {name, about, false,
          [member, choices](Config& config, std::string_view text) -> Result<void> {
            if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
              std::string allowed;
              for (const std::string& choice : choices) allowed += (allowed.empty() ? "" : ", ") + choice;
              return Wrong("\"" + std::string(text) + "\" is not one of: " + allowed);
            }
            config.*member = std::string(text);
            return {};
          },
          [member](const Config& config) { return config.*member; }};
}

Setting NumberSetting(std::string_view name, std::int64_t Config::*member, std::int64_t least, std::int64_t most, std::string_view about) {
  return {name, about, false,
          [member, least, most](Config& config, std::string_view text) -> Result<void> {
            const std::optional<std::int64_t> value = ParseInteger(text);
            if (!value || *value < least || *value > most) {
              return Wrong("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
            }
            config.*member = *value;
            return {};
          },
          [member](const Config& config) { return std::to_string(config.*member); }};
}

Setting FlagSetting(std::string_view name, bool Config::*member, std::string_view about) {
  return {name, about, false,
          [member](Config& config, std::string_view text) -> Result<void> {
            if (text != "true" && text != "false") return Wrong("must be true or false");
            config.*member = text == "true";
            return {};
          },
          [member](const Config& config) { return std::string(config.*member ? "true" : "false"); }};
}

Result<void> CheckListen(std::string_view listen) {
  const auto colon = listen.rfind(':');
  const std::optional<std::int64_t> port =
      colon == std::string_view::npos ? std::nullopt : ParseInteger(listen.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535 || colon == 0) {
    return Wrong("listen must be ADDRESS:PORT, for example 127.0.0.1:8080, not \"" + std::string(listen) + "\"");
  }
  return {};
}

bool IsLoopback(std::string_view listen) {
  return listen.starts_with("127.") || listen.starts_with("[::1]") || listen.starts_with("localhost:");
}

Result<void> CheckMail(const Config& config) {
  if (config.mail_server.empty()) return {};
  const Result<void> server = mail::CheckServer(MailServerOf(config));
  if (!server.ok()) return Wrong(server.error().field + ": " + server.error().public_text);
  for (const std::string& one : DutyOf(config)) {
    const Result<void> address = mail::CheckAddress(one);
    if (!address.ok()) return Wrong("mail.duty: " + address.error().public_text);
  }
  return {};
}

Result<void> CheckWhole(const Config& config) {
  PL_TRY(CheckListen(config.listen));
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return Wrong("tls.certificate and tls.key are given together or not at all");
  }
  if (!IsLoopback(config.listen) && config.tls_certificate.empty() && !config.behind_proxy) {
    return Wrong("listen is " + config.listen +
                 ", which others can reach, without TLS: give tls.certificate and tls.key, or set proxy.trusted = true when a "
                 "proxy of yours ends TLS, or listen on 127.0.0.1");
  }
  if (config.engine == "postgres" && config.conninfo.empty()) {
    return Wrong("store.engine is postgres, so store.conninfo is needed, for example \"host=db.example dbname=porchlight\"");
  }
  if (config.vault == "s3" && (config.s3_endpoint.empty() || config.s3_bucket.empty() || config.s3_access_key.empty())) {
    return Wrong("vault.kind is s3, so vault.s3_endpoint, vault.s3_bucket, vault.s3_access_key and vault.s3_secret_key are needed");
  }
  return CheckMail(config);
}

const Setting* FindSetting(std::string_view name) {
  for (const Setting& setting : Settings()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

// The text of a TOML scalar as our settings read it; nothing for tables, lists and dates.
std::optional<std::string> ScalarText(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

std::string At(const std::string& file, const toml::node& node) {
  return file + ", line " + std::to_string(node.source().begin.line) + ": ";
}

Result<void> ApplyTable(Config& config, const std::string& file, const toml::table& table, const std::string& prefix) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      PL_TRY(ApplyTable(config, file, *inner, name));
      continue;
    }
    const Setting* setting = FindSetting(name);
    if (setting == nullptr) {
      return Wrong(At(file, node) + "there is no setting \"" + name + "\"; `porchlight config` lists them");
    }
    const std::optional<std::string> text = ScalarText(node);
    if (!text) return Wrong(At(file, node) + name + " must be a text, a number, or true or false");
    const Result<void> assigned = setting->assign(config, *text);
    if (!assigned.ok()) return Wrong(At(file, node) + name + " " + assigned.error().public_text);
  }
  return {};
}

Result<void> ApplyFile(Config& config, const std::string& file) {
  std::ifstream stream(file);
  if (!stream) return Error{ErrorCode::kNotFound, "The configuration file " + file + " cannot be read.", {}, {}, 0};
  std::stringstream text;
  text << stream.rdbuf();
  const toml::parse_result parsed = toml::parse(text.str(), file);
  if (!parsed) {
    return Wrong(file + ", line " + std::to_string(parsed.error().source().begin.line) + ": " +
                 std::string(parsed.error().description()));
  }
  return ApplyTable(config, file, parsed.table(), "");
}

}  // namespace

std::string Setting::EnvironmentName() const {
  std::string result = "PORCHLIGHT_";
  for (const char c : name) {
    if (c == '.') result += '_';
    else result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return result;
}

const std::vector<Setting>& Settings() {
  constexpr std::int64_t kGigabyte = 1024LL * 1024 * 1024;
  static const std::vector<Setting> kSettings = {
      TextSetting("data", &Config::data_directory, "Folder of the database, vault, keys and witness file."),
      TextSetting("listen", &Config::listen, "ADDRESS:PORT to listen on; port 0 picks a free one."),
      TextSetting("public_url", &Config::public_url, "How platforms and the public reach this server."),
      TextSetting("tls.certificate", &Config::tls_certificate, "PEM file with the certificate chain."),
      TextSetting("tls.key", &Config::tls_key, "PEM file with the private key."),
      FlagSetting("proxy.trusted", &Config::behind_proxy, "A proxy of yours ends TLS and sets X-Forwarded-For."),
      ChoiceSetting("store.engine", &Config::engine, {"sqlite", "postgres"}, "Where records are kept."),
      TextSetting("store.conninfo", &Config::conninfo, "PostgreSQL connection string.", true),
      NumberSetting("store.connections", &Config::connections, 2, 500, "PostgreSQL connections of this process."),
      ChoiceSetting("vault.kind", &Config::vault, {"folder", "s3"}, "Where evidence is kept."),
      TextSetting("vault.directory", &Config::vault_directory, "Folder of the vault; for s3, of files on their way."),
      TextSetting("vault.s3_endpoint", &Config::s3_endpoint, "Address of the object store."),
      TextSetting("vault.s3_region", &Config::s3_region, "Region of the bucket."),
      TextSetting("vault.s3_bucket", &Config::s3_bucket, "Bucket."),
      TextSetting("vault.s3_access_key", &Config::s3_access_key, "Access key."),
      TextSetting("vault.s3_secret_key", &Config::s3_secret_key, "Secret key.", true),
      TextSetting("keys.master", &Config::master_key_file, "File with the master keys; keep it apart from backups."),
      TextSetting("keys.audit", &Config::audit_key_file, "File with the key that signs tree heads."),
      TextSetting("keys.package", &Config::package_key_file, "File with the key that signs delivery packages."),
      TextSetting("audit.witness", &Config::witness_file, "File outside the database that receives every tree head."),
      TextSetting("profile.directory", &Config::profile_directory, "Folder of a profile of your own."),
      TextSetting("profile.name", &Config::profile, "Built-in profile."),
      TextSetting("geo.overlays", &Config::geo_overlays, "Tables of yours that place addresses; paths with commas between them."),
      TextSetting("geo.databases", &Config::geo_databases, "MMDB files that place addresses, asked after those."),
      FlagSetting("hashing.pictures", &Config::hash_pictures, "Look for copies of reported pictures; a program computes, nobody looks."),
      TextSetting("centre.contact", &Config::contact, "How agencies reach the centre; stands on delivery packages."),
      TextSetting("mail.server", &Config::mail_server, "smtps://HOST:465 or smtp://HOST:587; empty: nobody is written to."),
      TextSetting("mail.user", &Config::mail_user, "Name to sign in with at the mail server; empty: none."),
      TextSetting("mail.password", &Config::mail_password, "Its password.", true),
      TextSetting("mail.from", &Config::mail_from, "Address that notices come from."),
      TextSetting("mail.duty", &Config::mail_duty, "Addresses of whoever is on duty, with commas between."),
      NumberSetting("limits.downloads", &Config::downloads_max, 1, 1024, "Packages sent at once."),
      NumberSetting("limits.handler_threads", &Config::handler_threads, 1, 1024, "Requests handled at once."),
      NumberSetting("limits.socket_threads", &Config::socket_threads, 1, 64, "Threads that read and write sockets."),
      NumberSetting("limits.connections", &Config::connections_max, 8, 100'000, "Open connections."),
      NumberSetting("limits.worker_threads", &Config::worker_threads, 0, 64, "Threads for background jobs; 0: none here."),
      NumberSetting("limits.upload_bytes", &Config::upload_bytes_max, 1024, 1024 * kGigabyte, "Largest reported file."),
      NumberSetting("limits.report_bytes", &Config::report_bytes_max, 1024, 64LL * 1024 * 1024, "Largest report document."),
      NumberSetting("limits.public_reports_per_minute", &Config::public_reports_per_minute, 1, 100'000,
                    "Public form, all senders together."),
      TextSetting("log.file", &Config::log_file, "Log file; empty: standard error."),
      ChoiceSetting("log.level", &Config::log_level, {"debug", "info", "warning", "error"}, "Least level that is written."),
  };
  return kSettings;
}

mail::MailServer MailServerOf(const Config& config) {
  return {config.mail_server, config.mail_user, Sensitive<std::string>(config.mail_password), config.mail_from};
}

std::vector<std::string> DutyOf(const Config& config) {
  std::vector<std::string> addresses;
  for (const std::string_view one : Split(config.mail_duty, ',')) {
    if (!Trim(one).empty()) addresses.emplace_back(Trim(one));
  }
  return addresses;
}

Result<Config> LoadConfig(const std::string& file, const std::function<const char*(const char*)>& environment,
                          const std::map<std::string, std::string>& flags) {
  Config config;
  if (!file.empty()) PL_TRY(ApplyFile(config, file));
  for (const Setting& setting : Settings()) {
    const char* text = environment(setting.EnvironmentName().c_str());
    if (text == nullptr) continue;
    const Result<void> assigned = setting.assign(config, text);
    if (!assigned.ok()) return Wrong("environment variable " + setting.EnvironmentName() + " " + assigned.error().public_text);
  }
  for (const auto& [name, text] : flags) {
    const Setting* setting = FindSetting(name);
    PL_CHECK(setting != nullptr);
    const Result<void> assigned = setting->assign(config, text);
    if (!assigned.ok()) return Wrong("flag for " + name + " " + assigned.error().public_text);
  }
  PL_TRY(CheckWhole(config));
  return config;
}

}  // namespace porchlight::app
