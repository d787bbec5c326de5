#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/store/database.h"

// What both engines share of migrating: the table store_migrations, the order, the refusals.
namespace porchlight::store::internal {

struct AppliedMigration {
  std::int64_t version = 0;
  std::string name;
  std::string checksum;
};

extern const Statement kListMigrations;
extern const Statement kRecordMigration;
std::string MigrationTableSql();

// Replaces PL_IDENTITY, PL_BYTES and PL_DOUBLE.
std::string SqlFor(Engine engine, std::string_view sql);
// Of the text as shipped, so that it is the same on both engines. Guards against mistakes, not against malice.
std::string Checksum(std::string_view sql);

// In ascending order of version. Errors: kInternal when a version is twice there, or a type is named that means
// different things on the two engines.
Result<std::vector<Migration>> SortedMigrations(std::vector<Migration> migrations);
Result<std::vector<AppliedMigration>> ListApplied(ReadTransaction& transaction);
// What is still to be applied. Errors: kConflict when the database is newer than the program or differs from it.
Result<std::vector<Migration>> MissingMigrations(const std::vector<Migration>& sorted, const std::vector<AppliedMigration>& applied);
Result<void> RecordMigration(WriteTransaction& transaction, const Migration& migration, Instant now);

}  // namespace porchlight::store::internal
