// Goal: no column of the sealed log can be changed unseen. Method: for every column of every table, change one bit or
// one character in rows chosen from a seed, verify, put it back; the list of columns is compared with the migration.
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/audit/migrations.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::audit {
namespace {

constexpr int kEntries = 300;
constexpr int kRowsPerColumn = 4;

struct Table {
  const char* name;
  const char* key;  // Numbers the rows.
  std::vector<const char*> columns;
};

const std::vector<Table>& SealedTables() {
  static const std::vector<Table> kTables = {
      {"audit_entries", "id",
       {"id", "at", "account", "login", "proof", "action", "subject_kind", "subject", "subject_key", "purpose",
        "before_digest", "after_digest", "detail", "denied", "request_id"}},
      {"audit_leaves", "leaf", {"leaf", "entry", "hash"}},
      {"audit_nodes", "position", {"level", "position", "hash"}},
      {"audit_heads", "size", {"size", "root", "at", "previous", "frontier", "key_id", "signature"}}};
  return kTables;
}

class AnyChangeTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = store::FreshDatabase(GetParam(), Migrations());
    const Result<void> recorded = database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      for (int index = 0; index < kEntries; ++index) {
        Entry entry;
        entry.action = "test.act";
        entry.subject = index;
        entry.detail = "{}";
        entry.denied = index % 2 == 0;
        PL_TRY(Record(transaction, auth::SystemCaller("tests"), entry, clock_.Now()));
      }
      return {};
    });
    ASSERT_TRUE(recorded.ok());
    SealerOptions options;
    options.entries_max = 70;
    while (SealOnce(*database_, key_, clock_, options).value().has_value()) {
    }
    ASSERT_TRUE(Problems().empty());
  }

  std::vector<std::string> Problems() { return Verify(*database_, key_.public_key, {}, {}).value().problems; }

  // Engines know a statement by its address, so each text is made once.
  static const store::Statement& StatementOf(const std::string& sql) {
    static std::deque<std::pair<std::string, store::Statement>> made;
    for (const auto& [text, statement] : made) {
      if (text == sql) return statement;
    }
    auto& one = made.emplace_back(sql, store::Statement{"test.any_change", nullptr});
    one.second.sql = one.first.c_str();
    return one.second;
  }

  std::vector<store::Row> Rows(const std::string& sql) {
    return database_->Read([&](store::ReadTransaction& transaction) { return transaction.All(StatementOf(sql)); }).value();
  }

  Result<std::int64_t> Update(const Table& table, const char* column, std::int64_t key, const store::Value& value) {
    const std::string sql = std::string("UPDATE ") + table.name + " SET " + column + " = $1 WHERE " + table.key + " = $2";
    return database_->Write([&](store::WriteTransaction& transaction) {
      return transaction.Execute(StatementOf(sql), value, store::Value(key));
    });
  }

  // The second column of `row`, by the kind that the column of that name is.
  static store::Value ValueOf(const store::Row& row, const std::string& column) {
    static const std::set<std::string> kBytes = {"hash", "root", "previous", "frontier", "signature"};
    static const std::set<std::string> kNumbers = {"id", "at", "account", "subject", "denied", "leaf", "entry",
                                                   "level", "position", "size"};
    if (kBytes.contains(column)) return store::Blob{row.Bytes(1)};
    if (kNumbers.contains(column)) return row.Integer(1);
    return row.Text(1);
  }

  // One bit of a number or of bytes, one character of a text.
  store::Value Changed(const std::string& column, const store::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return column == "denied" ? 1 - *number : *number ^ (std::int64_t{1} << (9 + random_.Below(20)));
    }
    if (const auto* bytes = std::get_if<store::Blob>(&value)) {
      store::Blob altered = *bytes;
      const std::size_t at = random_.Below(altered.bytes.size());
      altered.bytes[at] = static_cast<char>(altered.bytes[at] ^ (1 << random_.Below(8)));
      return altered;
    }
    std::string text = std::get<std::string>(value);
    if (text.empty()) return std::string("x");
    const std::size_t at = random_.Below(text.size());
    text[at] = text[at] == 'x' ? 'y' : 'x';
    return text;
  }

  ManualClock clock_{Instant{std::int64_t{1'800'000'000} * 1'000'000}};
  SeededRandom random_{20'26};
  crypto::SigningKey key_ = crypto::NewSigningKey(random_);
  std::unique_ptr<store::Database> database_;
};

TEST_P(AnyChangeTest, OfAnySealedColumnIsFound) {
  for (const Table& table : SealedTables()) {
    for (const char* column : table.columns) {
      const std::vector<store::Row> rows =
          Rows(std::string("SELECT ") + table.key + ", " + column + " FROM " + table.name + " ORDER BY " + table.key);
      for (int round = 0; round < kRowsPerColumn; ++round) {
        const store::Row& row = rows[random_.Below(rows.size())];
        const std::int64_t key = row.Integer(0);
        const store::Value before = ValueOf(row, column);
        const store::Value after = Changed(column, before);
        const bool is_key = std::string_view(column) == table.key;
        ASSERT_EQ(Update(table, column, key, after).value(), 1);
        EXPECT_FALSE(Problems().empty()) << table.name << "." << column << " of row " << key;
        ASSERT_EQ(Update(table, column, is_key ? std::get<std::int64_t>(after) : key, before).value(), 1);
      }
      ASSERT_TRUE(Problems().empty()) << table.name << "." << column << " was not put back";
    }
  }
}

// A column that somebody adds to these tables must come into the sealed text and into the list above.
TEST(AnyChangeColumnsTest, TheListIsComplete) {
  const std::string sql(Migrations().at(0).sql);
  for (const Table& table : SealedTables()) {
    const std::size_t begin = sql.find(std::string("CREATE TABLE ") + table.name + " (");
    ASSERT_NE(begin, std::string::npos);
    std::size_t columns = 0;
    const std::string definition = sql.substr(begin, sql.find(");", begin) - begin);
    for (std::string_view line : Split(definition, '\n')) {
      line = Trim(line);
      if (!line.starts_with("CREATE") && !line.starts_with("PRIMARY") && !line.empty()) ++columns;
    }
    EXPECT_EQ(columns, table.columns.size()) << table.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, AnyChangeTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::audit
