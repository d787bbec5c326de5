#include "relations/migrations.h"

#include "base/check.h"
#include "base/text.h"
#include "relations_migrations_embedded.h"

namespace porchlight::relations {

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations;
  for (const auto& [name, sql] : embedded::relations_migrations()) {
    const auto version = ParseInteger(name.substr(0, 4));
    PL_CHECK(version.has_value());
    migrations.push_back({*version, name, sql});
  }
  return migrations;
}

}  // namespace porchlight::relations
