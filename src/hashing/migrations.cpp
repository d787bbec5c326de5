#include "hashing/migrations.h"

#include "base/check.h"
#include "base/text.h"
#include "hashing_migrations_embedded.h"

namespace porchlight::hashing {

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations;
  for (const auto& [name, sql] : embedded::hashing_migrations()) {
    const auto version = ParseInteger(name.substr(0, 4));
    PL_CHECK(version.has_value());
    migrations.push_back({*version, name, sql});
  }
  return migrations;
}

}  // namespace porchlight::hashing
