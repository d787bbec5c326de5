#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/result.h"
#include "platform/store/migration.h"
#include "platform/store/value.h"

// The one door to SQL. A unit of work is a function of a transaction: it runs to its end, possibly more than once
// (lost connection, serialisation failure), so it must touch nothing outside the transaction, but by IfUndone, and must be
// able to run again. Two engines stand behind it, SQLite and PostgreSQL; one behaviour suite holds for both.
namespace porchlight::store {

enum class Engine : std::uint8_t { kSqlite = 1, kPostgres = 2 };

// The first statement of a unit that fails dooms the unit, on both engines (PostgreSQL cannot go on after an error, so
// SQLite does not either): what follows answers the same error, and the unit rolls back whatever its work answers.
// To expect a conflict, write ON CONFLICT DO NOTHING and look at the number of rows changed.
class ReadTransaction {
 public:
  virtual ~ReadTransaction() = default;
  // For the few rooms of the platform whose SQL differs by engine; a domain room never asks.
  virtual Engine engine() const = 0;

  // All rows, in memory: for answers with a stated bound. Errors: kUnavailable, kInternal (SQL refused).
  Result<std::vector<Row>> All(const Statement& statement, const auto&... parameters) {
    std::vector<Row> rows;
    PL_TRY(Run(statement, ToValues(parameters...), [&](Row&& row) { rows.push_back(std::move(row)); return true; }));
    return rows;
  }
  // The first row, if any.
  Result<std::optional<Row>> First(const Statement& statement, const auto&... parameters) {
    std::optional<Row> found;
    PL_TRY(Run(statement, ToValues(parameters...), [&](Row&& row) { found = std::move(row); return false; }));
    return found;
  }
  // Each row as it comes, for answers of any length; the visitor returns false to stop (the engine may still read the
  // rest, so bound the statement by LIMIT where that matters). The visitor may run other statements of the transaction,
  // but must not change the rows it is walking over.
  Result<void> Each(const Statement& statement, std::vector<Value> parameters, const std::function<bool(Row&&)>& visit) {
    PL_TRY(Run(statement, std::move(parameters), visit));
    return {};
  }

 protected:
  // Answers the number of rows changed.
  virtual Result<std::int64_t> Run(const Statement& statement, std::vector<Value> parameters,
                                   const std::function<bool(Row&&)>& visit) = 0;
};

class WriteTransaction;

// What a unit changes last, after its work: rows that many units change, such as counters. PostgreSQL keeps everybody else from a
// changed row until the commit, so the commit should follow at once; and what is changed in one order for all cannot deadlock.
class LastChanges {
 public:
  virtual ~LastChanges() = default;
  // The table that is changed. Those of one unit are made in the order of their tables.
  virtual std::string_view Table() const = 0;
  virtual Result<void> Make(WriteTransaction& transaction) = 0;
};

class WriteTransaction : public ReadTransaction {
 public:
  // Answers the number of rows changed. Errors: kConflict (unique or foreign key), kNoSpace, kUnavailable, kInternal.
  Result<std::int64_t> Execute(const Statement& statement, const auto&... parameters) {
    return Run(statement, ToValues(parameters...), [](Row&&) { return true; });
  }

  // The unit's own T, a LastChanges, to gather in. It is made once the work has answered without an error, and an error of its own
  // undoes the unit; until then the unit does not see its changes. Not to be asked for while it is made.
  template <class T>
  T& Last() {
    PL_CHECK(!making_last_);
    for (const auto& [type, changes] : last_) {
      if (type == std::type_index(typeid(T))) return static_cast<T&>(*changes);
    }
    auto made = std::make_unique<T>();
    T& changes = *made;
    last_.emplace_back(std::type_index(typeid(T)), std::move(made));
    return changes;
  }

  // For memory that follows the database: `undo` takes back what the unit changed there. It is called when the unit is undone, also
  // before its work is run again, the last one first, and neither throws nor touches the database. A unit of which PostgreSQL does not
  // say whether it is stored counts as undone. On SQLite units that write, and what undoes them, run one at a time.
  virtual void IfUndone(std::function<void()> undo) = 0;

 protected:
  Result<void> MakeLastChanges() {
    making_last_ = true;
    std::sort(last_.begin(), last_.end(), [](const auto& one, const auto& other) { return one.second->Table() < other.second->Table(); });
    for (const auto& [type, changes] : last_) PL_TRY(changes->Make(*this));
    return {};
  }

 private:
  std::vector<std::pair<std::type_index, std::unique_ptr<LastChanges>>> last_;
  bool making_last_ = false;
};

// Thread-safe. Destroying it waits for units of work under way.
class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;

  // Runs `work` on a consistent snapshot.
  template <class Work>
  auto Read(Work&& work) -> std::invoke_result_t<Work, ReadTransaction&> {
    using Answer = std::invoke_result_t<Work, ReadTransaction&>;
    std::optional<Answer> answer;
    const Result<void> done = RunRead([&](ReadTransaction& transaction) -> Result<void> {
      answer.emplace(work(transaction));
      return Outcome(*answer);
    });
    if (!done.ok()) return done.error();
    return *std::move(answer);
  }

  // Runs `work` and commits. When this returns a value, it is on stable storage (SQLite: WAL with synchronous=FULL,
  // one fsync shared by all writers of the same moment). An error from `work` rolls back this unit alone.
  // Errors: what `work` answers; kNoSpace (full or read-only disk), kUnavailable (database gone, shutting down).
  // After kUnavailable on PostgreSQL the commit may or may not have happened (the connection died under it).
  template <class Work>
  auto Write(Work&& work) -> std::invoke_result_t<Work, WriteTransaction&> {
    using Answer = std::invoke_result_t<Work, WriteTransaction&>;
    std::optional<Answer> answer;
    const Result<void> done = RunWrite([&](WriteTransaction& transaction) -> Result<void> {
      answer.emplace(work(transaction));
      return Outcome(*answer);
    });
    if (!done.ok()) return done.error();
    return *std::move(answer);
  }

  // As Write, without holding a thread: `then` hears what Write would have answered, on any thread, also before this returns. It must
  // neither wait, nor write, nor throw; what takes longer it hands on. `work` and `then` own, or share, all they use. An exception of
  // `work` becomes kInternal. On PostgreSQL, where each unit has a connection to itself, this waits as Write does.
  template <class Work, class Then>
  void WriteThen(Work work, Then then) {
    RunWriteThen(std::make_shared<LeftUnitOf<Work, Then>>(std::move(work), std::move(then)));
  }

  // Applies what is missing of the migrations, in order of (version), each once; refuses a database that is newer or
  // whose applied migrations differ from ours (by checksum). Errors: kConflict, kNoSpace, kUnavailable, kInternal.
  virtual Result<void> Migrate(const std::vector<Migration>& migrations) = 0;

  // A consistent copy of an embedded database into a new file while writers go on. kUnsupported on PostgreSQL.
  virtual Result<void> BackUpTo(const std::string& path) = 0;

  // Whether memory of this process may hold what the database does not yet. For one process at a time, the first that asks and until it
  // ends or closes its database; not on PostgreSQL, where any process may write what another one reads. Errors: kNoSpace, kUnavailable
  // (it cannot be told, because the file of the lock cannot be opened or locked).
  virtual Result<bool> HoldForThisProcess() = 0;

  // A round trip, for readiness.
  virtual Result<void> Ping() = 0;

 protected:
  virtual Result<void> RunRead(const std::function<Result<void>(ReadTransaction&)>& work) = 0;
  virtual Result<void> RunWrite(const std::function<Result<void>(WriteTransaction&)>& work) = 0;

  // A unit whose caller has gone on. Run as often as it must, then End once.
  class LeftUnit {
   public:
    virtual ~LeftUnit() = default;
    virtual Result<void> Run(WriteTransaction& transaction) = 0;
    virtual void End(Result<void> outcome) = 0;
  };
  virtual void RunWriteThen(std::shared_ptr<LeftUnit> unit);

 private:
  template <class Work, class Then>
  class LeftUnitOf final : public LeftUnit {
   public:
    LeftUnitOf(Work work, Then then) : work_(std::move(work)), then_(std::move(then)) {}
    Result<void> Run(WriteTransaction& transaction) override {
      answer_.emplace(work_(transaction));
      return Outcome(*answer_);
    }
    void End(Result<void> outcome) override {
      if (outcome.ok()) then_(*std::move(answer_));
      else then_(Answer(std::move(outcome).error()));
    }

   private:
    using Answer = std::invoke_result_t<Work&, WriteTransaction&>;
    Work work_;
    Then then_;
    std::optional<Answer> answer_;
  };

  template <class Answer>
  static Result<void> Outcome(const Answer& answer) {
    if (!answer.ok()) return answer.error();
    return {};
  }
};

struct SqliteOptions {
  std::string path;                  // The file is created when absent, with mode 0600.
  int readers_max = 8;               // Connections for reads.
  int write_queue_max = 4096;        // Units waiting; beyond it kUnavailable at once.
  int batch_max = 128;               // Units per commit.
};
// Errors: kUnavailable (locked by another writer process), kNoSpace, kCorrupt (not a database).
Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

struct PostgresOptions {
  std::string conninfo;              // libpq connection string or URI.
  int connections_max = 32;
  Duration wait_max = Duration::Seconds(5);  // For a free connection, and for a lost server to come back.
};
// Does not fail when the server is away: units answer kUnavailable until it is back.
Result<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options);

}  // namespace porchlight::store
