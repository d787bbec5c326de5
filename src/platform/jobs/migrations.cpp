#include "platform/jobs/migrations.h"

#include "base/check.h"
#include "base/text.h"
#include "jobs_migrations_embedded.h"

namespace porchlight::jobs {

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations;
  for (const auto& [file, sql] : embedded::jobs_migrations()) {
    const std::optional<std::int64_t> version = ParseInteger(file.substr(0, 4));
    PL_CHECK(version.has_value());
    migrations.push_back({*version, file, sql});
  }
  return migrations;
}

}  // namespace porchlight::jobs
