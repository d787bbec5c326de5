// migrate, backup, restore, config, openapi: keeping a centre and describing it.
#include <cstdio>

#include "app/backup.h"
#include "app/command_support.h"
#include "app/serving.h"

namespace porchlight::app {

int RunMigrate(const CommonArguments& common) {
  return WithCentre(common, Centre::Access::kCreate, [](Centre&) -> Result<void> {
    std::printf("The database has schema version %lld.\n", static_cast<long long>(AllMigrations().back().version));
    return {};
  });
}

int RunBackup(const CommonArguments& common, const std::string& target, bool with_keys) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) -> Result<void> {
    const BackupSummary summary = PL_TRY(BackUp(centre, target, with_keys));
    std::printf("Backed up to %s: %s, %lld evidence objects (%lld bytes), checked.\n", target.c_str(),
                summary.database ? "the database" : "NOT the database (back up PostgreSQL with its own tools)",
                static_cast<long long>(summary.objects), static_cast<long long>(summary.bytes));
    if (!with_keys) std::printf("The keys are not in it: keep a copy of %s elsewhere.\n", MasterKeyPath(centre.config()).c_str());
    return {};
  });
}

int RunRestore(const std::string& source, const std::string& data, const std::string& keys) {
  const Result<BackupSummary> restored = Restore(source, data, keys);
  if (!restored.ok()) return Complain(restored.error());
  std::printf("Restored into %s: %s, %lld evidence objects (%lld bytes). Check the log next:\n  porchlight audit verify --data %s\n",
              data.c_str(), restored->database ? "the database" : "no database (restore PostgreSQL with its own tools)",
              static_cast<long long>(restored->objects), static_cast<long long>(restored->bytes), data.c_str());
  return 0;
}

int RunConfig() {
  const Config defaults;
  std::printf("# Every setting with its default. Save as a file and give it with --config; or set the variable named beside it.\n");
  std::string section;
  for (const bool in_section : {false, true}) {  // TOML wants the settings without a section first.
    for (const Setting& setting : Settings()) {
      const auto dot = setting.name.find('.');
      if ((dot != std::string_view::npos) != in_section) continue;
      if (in_section && setting.name.substr(0, dot) != section) {
        section = setting.name.substr(0, dot);
        std::printf("\n[%s]\n", section.c_str());
      }
      const std::string key(in_section ? setting.name.substr(dot + 1) : setting.name);
      const std::string value = setting.show(defaults);
      const bool bare =
          value == "true" || value == "false" || (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos);
      std::printf("# %s (%s)\n# %s = %s\n", std::string(setting.about).c_str(), setting.EnvironmentName().c_str(), key.c_str(),
                  bare ? value.c_str() : ("\"" + value + "\"").c_str());
    }
  }
  return 0;
}

int RunOpenApi() {
  const std::string text = http::OpenApiDocument("Porchlight JSON API", "1", AllOperations()).SerializePretty();
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace porchlight::app
