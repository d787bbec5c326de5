#include "platform/store/buffered_index.h"

#include <limits>
#include <string_view>

namespace porchlight::store {

namespace {

constexpr std::int64_t kFirstKey = std::numeric_limits<std::int64_t>::min();

// A statement about the tables of one index. {table} and {column} stand for their names.
class StatementOf {
 public:
  StatementOf(const char* name, std::string_view sql, const std::string& table, const std::string& column) : sql_(sql) {
    Replace("{table}", table);
    Replace("{column}", column);
    statement_ = {name, sql_.c_str()};
  }
  StatementOf(const StatementOf&) = delete;
  StatementOf& operator=(const StatementOf&) = delete;
  operator const Statement&() const { return statement_; }

 private:
  void Replace(std::string_view word, const std::string& by) {
    for (std::size_t at = sql_.find(word); at != std::string::npos; at = sql_.find(word, at + by.size())) sql_.replace(at, word.size(), by);
  }

  std::string sql_;
  Statement statement_{};
};

}  // namespace

struct BufferedIndex::Statements {
  Statements(const std::string& table, const std::string& column) : table_(table), column_(column) {}
  StatementOf Of(const char* name, std::string_view sql) const { return {name, sql, table_, column_}; }

  const std::string table_;
  const std::string column_;
  const StatementOf put_in_table = Of("store.index_put", "INSERT INTO {table} (id, {column}) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING");
  const StatementOf find_in_table = Of("store.index_find", "SELECT {column} FROM {table} WHERE id = $1");

  const StatementOf drop_held = Of("store.index_drop_held", "DROP TABLE IF EXISTS temp.{table}_held");
  const StatementOf create_held =
      Of("store.index_create_held", "CREATE TABLE temp.{table}_held (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)");
  const StatementOf begin_merging =
      Of("store.index_begin_merging", "UPDATE {table}_merging SET next_key = $1, newest = merged WHERE id = 1 RETURNING merged");

  const StatementOf find = Of("store.index_find_held",
                              "SELECT id, number FROM temp.{table}_held WHERE id IN ($1, $2) "
                              "UNION ALL SELECT id, {column} FROM main.{table} WHERE id IN ($1, $2)");
  const StatementOf hold = Of("store.index_hold", "INSERT INTO temp.{table}_held (id, number) VALUES ($1, $2)");

  const StatementOf count_held = Of("store.index_count_held", "SELECT COUNT(*) FROM temp.{table}_held");
  const StatementOf place = Of("store.index_place", "SELECT next_key, newest FROM {table}_merging WHERE id = 1");
  const StatementOf next_key =
      Of("store.index_next_key", "SELECT id FROM temp.{table}_held WHERE id >= $1 ORDER BY id LIMIT 1 OFFSET $2");
  const StatementOf merge = Of("store.index_merge",
                               "INSERT INTO main.{table} (id, {column}) "
                               "SELECT id, number FROM temp.{table}_held WHERE id >= $1 ORDER BY id LIMIT $2");
  const StatementOf let_go = Of("store.index_let_go",
                                "DELETE FROM temp.{table}_held WHERE id IN "
                                "(SELECT id FROM temp.{table}_held WHERE id >= $1 ORDER BY id LIMIT $2)");
  const StatementOf go_on = Of("store.index_go_on", "UPDATE {table}_merging SET next_key = $1 WHERE id = 1");
  const StatementOf begin_anew =
      Of("store.index_begin_anew", "UPDATE {table}_merging SET merged = newest, next_key = $1, newest = $2 WHERE id = 1");
};

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column) : BufferedIndex(table, column, Bounds()) {}

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column, Bounds bounds)
    : bounds_(bounds), statements_(std::make_unique<const Statements>(table, column)) {}

BufferedIndex::~BufferedIndex() = default;

Result<std::optional<std::int64_t>> BufferedIndex::Begin(Database& database) {
  if (database.engine() != Engine::kSqlite) return std::optional<std::int64_t>();
  is_holding_ = false;
  const Result<std::int64_t> merged = database.Write([&](WriteTransaction& transaction) -> Result<std::int64_t> {
    PL_TRY(transaction.Execute(statements_->drop_held));
    PL_TRY(transaction.Execute(statements_->create_held));
    const std::optional<Row> row = PL_TRY(transaction.First(statements_->begin_merging, kFirstKey));
    if (!row) return Error{ErrorCode::kInternal, "Something went wrong on our side.", "the row of an index's merging is gone", {}, 0};
    return row->Integer(0);
  });
  if (!merged.ok()) return merged.error();
  is_holding_ = true;
  return std::optional(*merged);
}

Result<std::optional<std::int64_t>> BufferedIndex::FindOrPut(WriteTransaction& transaction, std::int64_t key, std::int64_t older_key,
                                                             std::int64_t number) {
  if (!is_holding_) return FindOrPutInTable(transaction, key, older_key, number);
  std::optional<std::int64_t> older;
  for (const Row& row : PL_TRY(transaction.All(statements_->find, key, older_key))) {
    if (row.Integer(0) == key) return std::optional(row.Integer(1));
    older = row.Integer(1);
  }
  PL_TRY(transaction.Execute(statements_->hold, key, number));
  if (++put_since_merge_ >= bounds_.merged_at_once / 2) {
    put_since_merge_ = 0;
    PL_TRY(Merge(transaction, number));
  }
  return older;
}

Result<std::optional<std::int64_t>> BufferedIndex::FindOrPutInTable(WriteTransaction& transaction, std::int64_t key,
                                                                    std::int64_t older_key, std::int64_t number) {
  const bool is_new = PL_TRY(transaction.Execute(statements_->put_in_table, key, number)) == 1;
  const std::optional<Row> found = PL_TRY(transaction.First(statements_->find_in_table, is_new ? older_key : key));
  return found ? std::optional(found->Integer(0)) : std::nullopt;
}

Result<void> BufferedIndex::Merge(WriteTransaction& transaction, std::int64_t newest) {
  if (PL_TRY(transaction.First(statements_->count_held))->Integer(0) <= bounds_.held) return {};
  const Row place = *PL_TRY(transaction.First(statements_->place));
  const std::int64_t from = place.Integer(0);
  const std::optional<Row> next = PL_TRY(transaction.First(statements_->next_key, from, bounds_.merged_at_once));
  PL_TRY(transaction.Execute(statements_->merge, from, bounds_.merged_at_once));
  PL_TRY(transaction.Execute(statements_->let_go, from, bounds_.merged_at_once));
  if (next) PL_TRY(transaction.Execute(statements_->go_on, next->Integer(0)));
  else PL_TRY(transaction.Execute(statements_->begin_anew, kFirstKey, newest));
  return {};
}

}  // namespace porchlight::store
