#include "app/facts.h"

#include "base/text.h"

namespace porchlight::app {
namespace {

constexpr store::Statement kFindFact{"app.find_fact", "SELECT value, at FROM app_facts WHERE name = $1"};
constexpr store::Statement kSaveFact{
    "app.save_fact",
    "INSERT INTO app_facts (name, value, at) VALUES ($1, $2, $3) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at"};

}  // namespace

Result<std::optional<Fact>> FindFact(store::ReadTransaction& transaction, std::string_view name) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindFact, name));
  if (!row) return std::optional<Fact>();
  return std::optional<Fact>(Fact{row->Text(0), row->Time(1)});
}

Result<void> SaveFact(store::WriteTransaction& transaction, std::string_view name, std::string_view value, Instant now) {
  PL_TRY(transaction.Execute(kSaveFact, name, value, now));
  return {};
}

Result<std::int64_t> FindNumber(store::ReadTransaction& transaction, std::string_view name) {
  const std::optional<Fact> fact = PL_TRY(FindFact(transaction, name));
  return fact ? ParseInteger(fact->value).value_or(0) : 0;
}

Result<void> RaiseNumber(store::Database& database, std::string_view name, std::int64_t number, Instant now) {
  if (PL_TRY(database.Read([&](store::ReadTransaction& transaction) { return FindNumber(transaction, name); })) >= number) return {};
  return database.Write([&](store::WriteTransaction& transaction) -> Result<void> {
    if (PL_TRY(FindNumber(transaction, name)) >= number) return {};
    return SaveFact(transaction, name, std::to_string(number), now);
  });
}

}  // namespace porchlight::app
