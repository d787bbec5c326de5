#include "platform/audit/migrations.h"

#include "audit_migrations_embedded.h"
#include "base/check.h"
#include "base/text.h"

namespace porchlight::audit {

std::vector<store::Migration> Migrations() {
  std::vector<store::Migration> migrations;
  for (const auto& [name, sql] : embedded::audit_migrations()) {
    const auto version = ParseInteger(name.substr(0, 4));
    PL_CHECK(version.has_value());
    migrations.push_back({*version, name, sql});
  }
  return migrations;
}

}  // namespace porchlight::audit
