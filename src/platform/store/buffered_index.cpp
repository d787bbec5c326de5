#include "platform/store/buffered_index.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "platform/store/internal/failure.h"

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

  // For `IN ($1, $2)` SQLite makes a table of the two, which costs more than all the rest.
  const StatementOf find_both =
      Of("store.index_find_both",
         "SELECT id, {column} FROM {table} WHERE id = $1 UNION ALL SELECT id, {column} FROM {table} WHERE id = $2");
  const StatementOf merged = Of("store.index_merged", "SELECT number FROM {table}_merged WHERE id = 1");
  const StatementOf note_merged = Of("store.index_note_merged", "UPDATE {table}_merged SET number = $1 WHERE id = 1 AND number < $1");
  const StatementOf forget_below =
      Of("store.index_forget_below", "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id < $1 ORDER BY id LIMIT $2)");
  const StatementOf forget_from =
      Of("store.index_forget_from", "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id >= $1 ORDER BY id LIMIT $2)");
};

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column) : BufferedIndex(table, column, Bounds()) {}

BufferedIndex::BufferedIndex(const std::string& table, const std::string& column, Bounds bounds)
    : bounds_(bounds), statements_(std::make_unique<const Statements>(table, column)) {}

BufferedIndex::~BufferedIndex() = default;

Result<std::optional<std::int64_t>> BufferedIndex::Begin(Database& database) {
  is_holding_ = false;
  if (!PL_TRY(database.HoldForThisProcess())) return std::optional<std::int64_t>();
  const std::optional<Row> merged =
      PL_TRY(database.Read([&](ReadTransaction& transaction) { return transaction.First(statements_->merged); }));
  if (!merged) return internal::Internal("the row that says how far an index is merged is gone");
  held_.clear();
  next_key_ = kFirstKey;
  is_holding_ = true;
  return std::optional(merged->Integer(0));
}

Result<void> BufferedIndex::NoteForgotten(Database& database, std::int64_t number) {
  PL_TRY(database.Write([&](WriteTransaction& transaction) { return transaction.Execute(statements_->note_merged, number); }));
  return {};
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
  transaction.IfUndone([this, key] { held_.erase(key); });
  held_.emplace_hint(at, key, number);
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
  auto moved = std::make_shared<std::vector<Entries::node_type>>();
  moved->reserve(bounds_.merged_at_once);
  transaction.IfUndone([this, moved, before = next_key_] {
    next_key_ = before;
    for (Entries::node_type& entry : *moved) held_.insert(std::move(entry));
  });
  auto entry = held_.lower_bound(next_key_);
  while (entry != held_.end() && moved->size() < bounds_.merged_at_once) {
    PL_TRY(transaction.Execute(statements_->put_in_table, entry->first, entry->second));
    moved->push_back(held_.extract(entry++));
  }
  if (entry != held_.end()) {
    next_key_ = entry->first;
    return {};
  }
  next_key_ = kFirstKey;
  return NoteMerged(transaction, newest);
}

// Whatever is not held stands in the table or is forgotten. `otherwise` holds when nothing is held.
Result<void> BufferedIndex::NoteMerged(WriteTransaction& transaction, std::int64_t otherwise) {
  const auto is_older = [](const auto& one, const auto& other) { return one.second < other.second; };
  const auto lowest = std::min_element(held_.begin(), held_.end(), is_older);
  PL_TRY(transaction.Execute(statements_->note_merged, lowest == held_.end() ? otherwise : lowest->second - 1));
  return {};
}

Result<std::int64_t> BufferedIndex::Forget(WriteTransaction& transaction, std::int64_t first, std::int64_t end, int count_max) {
  std::int64_t forgotten = PL_TRY(transaction.Execute(statements_->forget_below, first, count_max));
  forgotten += PL_TRY(transaction.Execute(statements_->forget_from, end, count_max));
  if (!is_holding_) return forgotten;
  auto dropped = std::make_shared<Entries>();
  transaction.IfUndone([this, dropped] { held_.merge(*dropped); });
  std::int64_t newest = 0;
  const auto drop = [&](Entries::iterator from, Entries::iterator to) {
    while (from != to) {
      newest = std::max(newest, from->second);
      dropped->insert(held_.extract(from++));
    }
  };
  drop(held_.begin(), held_.lower_bound(first));
  drop(held_.lower_bound(end), held_.end());
  if (!dropped->empty()) PL_TRY(NoteMerged(transaction, newest));
  return forgotten + static_cast<std::int64_t>(dropped->size());
}

}  // namespace porchlight::store
