#include "deconfliction/migrations.h"

#include "base/check.h"
#include "base/text.h"
#include "deconfliction_migrations_embedded.h"

namespace porchlight::deconfliction {

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations;
  for (const auto& [name, sql] : embedded::deconfliction_migrations()) {
    const auto version = ParseInteger(name.substr(0, 4));
    PL_CHECK(version.has_value());
    migrations.push_back({*version, name, sql});
  }
  return migrations;
}

}  // namespace porchlight::deconfliction
