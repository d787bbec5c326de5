#include "platform/store/buffered_index.h"

#include <string_view>

#include "platform/store/internal/failure.h"

namespace porchlight::store {

namespace {

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

  // For `IN ($1, $2)` SQLite makes a table of the two, which costs more than all the rest.
  const StatementOf find_both =
      Of("store.index_find_both",
         "SELECT id, {column} FROM {table} WHERE id = $1 UNION ALL SELECT id, {column} FROM {table} WHERE id = $2");
  const StatementOf merged = Of("store.index_merged", "SELECT number FROM {table}_merged WHERE id = 1");
  const StatementOf note_merged = Of("store.index_note_merged", "UPDATE {table}_merged SET number = $1 WHERE id = 1");
};

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column) : BufferedIndex(table, column, Bounds()) {}

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column, Bounds bounds)
    : bounds_(bounds), statements_(std::make_unique<const Statements>(table, column)) {}

BufferedIndex::~BufferedIndex() = default;

Result<std::optional<std::int64_t>> BufferedIndex::Begin(Database& database) {
  if (database.engine() != Engine::kSqlite) return std::optional<std::int64_t>();
  is_holding_ = false;
  const std::optional<Row> merged =
      PL_TRY(database.Read([&](ReadTransaction& transaction) { return transaction.First(statements_->merged); }));
  if (!merged) return internal::Internal("the row that says how far an index is merged is gone");
  held_.clear();
  way_ = Way{.newest = merged->Integer(0)};
  is_holding_ = true;
  return std::optional(merged->Integer(0));
}

Result<std::optional<std::int64_t>> BufferedIndex::FindOrPut(WriteTransaction& transaction, std::int64_t key, std::int64_t older_key,
                                                             std::int64_t number) {
  if (!is_holding_) return FindOrPutInTable(transaction, key, older_key, number);
  const auto at = held_.lower_bound(key);
  if (at != held_.end() && at->first == key) return std::optional(at->second);
  std::optional<std::int64_t> older = FindHeld(older_key);
  for (const Row& row : PL_TRY(transaction.All(statements_->find_both, key, older_key))) {
    if (row.Integer(0) == key) return std::optional(row.Integer(1));
    older = row.Integer(1);
  }
  held_.emplace_hint(at, key, number);
  transaction.IfUndone([this, key] { held_.erase(key); });
  if (++put_since_merge_ >= bounds_.merged_at_once / 2) {
    put_since_merge_ = 0;
    if (held_.size() > bounds_.held) PL_TRY(Merge(transaction, number));
  }
  return older;
}

Result<std::optional<std::int64_t>> BufferedIndex::FindOrPutInTable(WriteTransaction& transaction, std::int64_t key,
                                                                    std::int64_t older_key, std::int64_t number) {
  const bool is_new = PL_TRY(transaction.Execute(statements_->put_in_table, key, number)) == 1;
  const std::optional<Row> found = PL_TRY(transaction.First(statements_->find_in_table, is_new ? older_key : key));
  return found ? std::optional(found->Integer(0)) : std::nullopt;
}

std::optional<std::int64_t> BufferedIndex::FindHeld(std::int64_t key) const {
  // Older keys come before newer ones where the owner orders them by time: then there is nothing to walk through.
  if (held_.empty() || key < held_.begin()->first) return std::nullopt;
  const auto found = held_.find(key);
  return found == held_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> BufferedIndex::Merge(WriteTransaction& transaction, std::int64_t newest) {
  // Taken back before any entry is moved: a statement that fails leaves the rest where it was.
  auto moved = std::make_shared<std::vector<Entries::node_type>>();
  transaction.IfUndone([this, moved, before = way_] {
    way_ = before;
    for (Entries::node_type& entry : *moved) held_.insert(std::move(entry));
  });
  auto entry = held_.lower_bound(way_.next_key);
  while (entry != held_.end() && moved->size() < bounds_.merged_at_once) {
    PL_TRY(transaction.Execute(statements_->put_in_table, entry->first, entry->second));
    moved->push_back(held_.extract(entry++));
  }
  if (entry != held_.end()) {
    way_.next_key = entry->first;
    return {};
  }
  PL_TRY(transaction.Execute(statements_->note_merged, way_.newest));
  way_ = Way{.newest = newest};
  return {};
}

}  // namespace porchlight::store
