#include "platform/store/internal/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/check.h"
#include "base/text.h"
#include "platform/store/internal/failure.h"
#include "platform/store/internal/sqlite_log.h"

namespace porchlight::store::internal {

namespace {

constexpr std::int64_t kBusyWaitMsMax = 10'000;
constexpr std::size_t kPreparedMax = 512;
constexpr int kOpenAttemptsMax = 200;
// Longer logs are cut back to this when they start over; see README.md for the checkpoint rules.
constexpr const char* kPragmas =
    "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
    "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=167772160;";

// Makes the file ours alone before SQLite sees it: its log and shared memory inherit the mode. An existing file is
// never opened here, because closing a second descriptor would drop the locks of this process on it.
Result<void> PrepareFile(const std::string& path) {
  const int created = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (created >= 0) {
    const bool synced = fsync(created) == 0;
    close(created);
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    const int folder = open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool folder_synced = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) close(folder);
    if (!synced || !folder_synced) return NoSpace("cannot make the new database file durable: " + path);
    return {};
  }
  const int reason = errno;
  if (reason == ENOSPC || reason == EROFS || reason == EDQUOT) {
    return NoSpace("cannot create the database file " + path + ": " + std::strerror(reason));
  }
  if (reason != EEXIST) {
    return Unavailable("cannot create the database file " + path + ": " + std::strerror(reason));
  }
  if (access(path.c_str(), W_OK) != 0 && errno == EROFS) return NoSpace("the database file is on a read-only disk: " + path);
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && (info.st_mode & 077) != 0 && info.st_uid == geteuid()) {
    if (chmod(path.c_str(), 0600) != 0) return Unavailable("cannot close the database file to others: " + path);
  }
  return {};
}

}  // namespace

// Tables, indexes and pragmas are not counted by SQLite as changes.
bool ChangesRows(std::string_view sql) {
  const std::string verb = LowerAscii(Trim(sql).substr(0, 6));
  return verb == "insert" || verb == "update" || verb == "delete";
}

namespace {

constexpr std::string_view kReturningId = " RETURNING id";

// Whether a statement inserts one row of plain values and answers the number that the table gives it. For RETURNING SQLite makes a
// table of its own for the one row; the connection knows that number anyway.
bool AnswersNewId(sqlite3* database, std::string_view sql) {
  constexpr std::string_view kInsert = "INSERT INTO ";
  constexpr std::string_view kValues = ") VALUES (";
  if (!sql.starts_with(kInsert) || !sql.ends_with(kReturningId)) return false;
  const std::size_t values = sql.find(kValues);
  if (values == std::string_view::npos) return false;
  // The first parenthesis that closes is the end: neither further rows nor calls nor ON CONFLICT.
  const std::size_t close = sql.find(')', values + kValues.size());
  if (close + 1 + kReturningId.size() != sql.size()) return false;
  const std::string table(sql.substr(kInsert.size(), sql.find_first_of(" (", kInsert.size()) - kInsert.size()));
  int is_given = 0;
  const int code = sqlite3_table_column_metadata(database, "main", table.c_str(), "id", nullptr, nullptr, nullptr, nullptr, &is_given);
  return code == SQLITE_OK && is_given != 0;
}

}  // namespace

struct SqliteConnection::Prepared {
  sqlite3_stmt* raw = nullptr;
  std::string sql;
  std::vector<int> parameter_numbers;  // By SQLite's own index, from 0: the number after the dollar sign.
  bool reads_only = false;
  bool changes_rows = false;
  bool answers_new_id = false;
  bool in_use = false;

  Prepared() = default;
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  ~Prepared() { sqlite3_finalize(raw); }
};

SqliteConnection::SqliteConnection() : busy_wait_ms_max_(kBusyWaitMsMax) {}

SqliteConnection::~SqliteConnection() {
  prepared_.clear();
  sqlite3_close(raw_);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path, SqliteRole role) {
  const char* const layer = GatheringLayer();
  PL_TRY(PrepareFile(path));
  auto connection = std::make_unique<SqliteConnection>();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &connection->raw_, flags, role == SqliteRole::kWriter ? layer : nullptr);
  if (code != SQLITE_OK) return connection->ErrorOf(code, "opening " + path);
  PL_TRY(connection->Configure(role));
  return connection;
}

Result<void> SqliteConnection::Configure(SqliteRole role) {
  sqlite3_busy_handler(raw_, &SqliteConnection::OnBusy, this);
  sqlite3_db_config(raw_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (role == SqliteRole::kWriter) {
    static constexpr Statement kUseLog{"store.use_log", "PRAGMA journal_mode=WAL"};
    std::string mode;
    // Two processes that open a new file together can find each other half-way; SQLite does not ask OnBusy here.
    Result<std::int64_t> asked = std::int64_t{0};
    for (int attempt = 0; attempt < kOpenAttemptsMax; ++attempt) {
      asked = Run(kUseLog, {}, [&](Row&& row) { mode = row.Text(0); return true; });
      if (asked.ok() || asked.error().code != ErrorCode::kUnavailable) break;
      sqlite3_sleep(10);
    }
    if (!asked.ok()) return asked.error();
    if (mode != "wal") return NoSpace("the database does not take a write-ahead log (journal mode is " + mode + ")");
  }
  PL_TRY(Script(kPragmas, "setting up the connection"));
  switch (role) {
    case SqliteRole::kWriter:
      // After the pragmas: wal_autocheckpoint takes the hook for itself, also when it is turned off.
      sqlite3_wal_hook(raw_, &SqliteConnection::OnCommitted, this);
      return Script("PRAGMA cache_size=-65536", "setting up the writer");
    case SqliteRole::kReader: return Script("PRAGMA query_only=ON; PRAGMA cache_size=-8192", "setting up a reader");
    case SqliteRole::kCheckpointer: return {};
  }
  return {};
}

int SqliteConnection::OnBusy(void* self, int count) {
  // Short naps: another process that writes all the time leaves gaps of some microseconds only, and a nap that grows
  // would miss nearly all of them.
  if (count >= static_cast<SqliteConnection*>(self)->busy_wait_ms_max_) return 0;
  sqlite3_sleep(1);
  return 1;
}

int SqliteConnection::OnCommitted(void* self, sqlite3*, const char*, int frames) {
  static_cast<SqliteConnection*>(self)->log_frames_ = frames;
  return SQLITE_OK;
}

bool SqliteConnection::InTransaction() const { return sqlite3_get_autocommit(raw_) == 0; }

Error SqliteConnection::LastError(const std::string& what) const { return ErrorOf(sqlite3_extended_errcode(raw_), what); }

// SQLite tells a full disk from other I/O errors, but not a full quota or a file size limit; the log's file still knows.
int SqliteConnection::SystemReason() const {
  sqlite3_file* log = nullptr;
  int reason = 0;
  if (raw_ == nullptr) return 0;
  if (sqlite3_file_control(raw_, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log)) == SQLITE_OK && log != nullptr &&
      log->pMethods != nullptr) {
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &reason);
  }
  return reason != 0 ? reason : sqlite3_system_errno(raw_);
}

Error SqliteConnection::ErrorOf(int code, const std::string& what) const {
  const int reason = SystemReason();
  std::string text = "SQLite " + std::to_string(code) + " in " + what + ": " + sqlite3_errmsg(raw_);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE: case SQLITE_CONSTRAINT_PRIMARYKEY: case SQLITE_CONSTRAINT_FOREIGNKEY:
        case SQLITE_CONSTRAINT_ROWID: return Conflict(std::move(text));
        default: return Internal(std::move(text));
      }
    case SQLITE_FULL: case SQLITE_READONLY: return NoSpace(std::move(text));
    case SQLITE_IOERR:
      if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG || reason == EROFS) return NoSpace(std::move(text));
      return Unavailable(text + " (" + std::strerror(reason) + ")");
    case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_NOMEM: case SQLITE_CANTOPEN: case SQLITE_PROTOCOL: case SQLITE_INTERRUPT:
      return Unavailable(std::move(text));
    case SQLITE_CORRUPT: case SQLITE_NOTADB: return Corrupt(std::move(text));
    default: return Internal(std::move(text));
  }
}

Result<std::unique_ptr<SqliteConnection::Prepared>> SqliteConnection::Prepare(const Statement& statement) {
  auto prepared = std::make_unique<Prepared>();
  prepared->sql = statement.sql;
  prepared->answers_new_id = AnswersNewId(raw_, prepared->sql);
  const std::size_t size = prepared->sql.size() - (prepared->answers_new_id ? kReturningId.size() : 0);
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(raw_, prepared->sql.data(), static_cast<int>(size), SQLITE_PREPARE_PERSISTENT, &prepared->raw, &rest);
  if (code != SQLITE_OK) return ErrorOf(code, statement.name);
  const std::string_view left(rest, static_cast<std::size_t>(prepared->sql.data() + size - rest));
  if (prepared->raw == nullptr || !Trim(left).empty()) {
    return Internal(std::string(statement.name) + " holds no statement, or more than one");
  }
  prepared->reads_only = sqlite3_stmt_readonly(prepared->raw) != 0;
  prepared->changes_rows = ChangesRows(prepared->sql);
  // SQLite numbers $1, $2, ... by first appearance, whatever the digits say; PostgreSQL goes by the digits.
  const int count = sqlite3_bind_parameter_count(prepared->raw);
  for (int index = 1; index <= count; ++index) {
    const char* name = sqlite3_bind_parameter_name(prepared->raw, index);
    const std::optional<std::int64_t> number = name != nullptr && name[0] == '$' ? ParseInteger(name + 1) : std::nullopt;
    if (!number || *number < 1 || *number > 1000) {
      return Internal(std::string(statement.name) + " has a placeholder other than $1, $2, ...");
    }
    prepared->parameter_numbers.push_back(static_cast<int>(*number));
  }
  return prepared;
}

Result<SqliteConnection::Prepared*> SqliteConnection::Acquire(const Statement& statement, std::unique_ptr<Prepared>& temporary) {
  const auto found = prepared_.find(&statement);
  if (found != prepared_.end() && found->second->sql == statement.sql) {
    if (!found->second->in_use) return found->second.get();
    temporary = PL_TRY(Prepare(statement));  // Its own visitor runs it again.
    return temporary.get();
  }
  std::unique_ptr<Prepared> prepared = PL_TRY(Prepare(statement));
  const bool in_the_way = found != prepared_.end() && found->second->in_use;
  if (in_the_way) {
    temporary = std::move(prepared);
    return temporary.get();
  }
  if (prepared_.size() >= kPreparedMax) std::erase_if(prepared_, [](const auto& one) { return !one.second->in_use; });
  Prepared* kept = prepared.get();
  prepared_[&statement] = std::move(prepared);
  return kept;
}

Result<void> SqliteConnection::Bind(Prepared& prepared, const Statement& statement, const std::vector<Value>& parameters) {
  int highest = 0;
  for (std::size_t index = 0; index < prepared.parameter_numbers.size(); ++index) {
    const int number = prepared.parameter_numbers[index];
    highest = std::max(highest, number);
    if (static_cast<std::size_t>(number) > parameters.size()) break;
    const Value& value = parameters[static_cast<std::size_t>(number - 1)];
    const int at = static_cast<int>(index) + 1;
    int code = SQLITE_OK;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(prepared.raw, at, *whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(prepared.raw, at, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      code = sqlite3_bind_text64(prepared.raw, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      code = sqlite3_bind_blob64(prepared.raw, at, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    } else {
      code = sqlite3_bind_null(prepared.raw, at);
    }
    if (code != SQLITE_OK) return ErrorOf(code, statement.name);
  }
  if (static_cast<std::size_t>(highest) != parameters.size()) {
    return Internal(std::string(statement.name) + " takes " + std::to_string(highest) + " parameters and was given " +
                    std::to_string(parameters.size()));
  }
  return {};
}

std::int64_t SqliteConnection::ChangesSeen() const { return sqlite3_total_changes64(raw_) + beyond_rows_; }

Row SqliteConnection::ReadRow(sqlite3_stmt* statement) const {
  const int count = sqlite3_column_count(statement);
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) {
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER: values.emplace_back(sqlite3_column_int64(statement, column)); break;
      case SQLITE_FLOAT: values.emplace_back(sqlite3_column_double(statement, column)); break;
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        values.emplace_back(std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))));
        break;
      }
      case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        values.emplace_back(Blob{bytes == nullptr ? std::string() : std::string(bytes, size)});
        break;
      }
      default: values.emplace_back(std::monostate{}); break;
    }
  }
  return Row(std::move(values));
}

Result<std::int64_t> SqliteConnection::Run(const Statement& statement, const std::vector<Value>& parameters,
                                           const std::function<bool(Row&&)>& visit) {
  PL_TRY(CheckTexts(statement, parameters));
  std::unique_ptr<Prepared> temporary;
  Prepared* prepared = PL_TRY(Acquire(statement, temporary));
  // Whatever happens, the statement is reset before its parameters die and before the transaction ends.
  struct Use {
    Prepared& one;
    explicit Use(Prepared& used) : one(used) { one.in_use = true; }
    ~Use() {
      sqlite3_reset(one.raw);
      sqlite3_clear_bindings(one.raw);
      one.in_use = false;
    }
  } use(*prepared);
  PL_TRY(Bind(*prepared, statement, parameters));
  const bool reads_only = prepared->reads_only;
  if (!reads_only && !prepared->changes_rows) ++beyond_rows_;
  const std::int64_t changes_before = sqlite3_total_changes64(raw_);
  bool visiting = true;
  std::int64_t changed = 0;
  for (;;) {
    const int code = sqlite3_step(prepared->raw);
    // Before a visitor's own statements change other rows.
    if (code == SQLITE_DONE && !reads_only && sqlite3_total_changes64(raw_) != changes_before) changed = sqlite3_changes64(raw_);
    if (code == SQLITE_DONE && prepared->answers_new_id) visit(Row({Value(std::int64_t{sqlite3_last_insert_rowid(raw_)})}));
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) return ErrorOf(code, statement.name);
    if (visiting) visiting = visit(ReadRow(prepared->raw));
    if (!visiting && reads_only) break;  // A change with RETURNING always runs to its end.
  }
  return changed;
}

Result<void> SqliteConnection::Control(const Statement& statement) {
  PL_TRY(Run(statement, {}, [](Row&&) { return true; }));
  return {};
}

Result<void> SqliteConnection::Commit() {
  static constexpr Statement kCommit{"store.commit", "COMMIT"};
  const CommitGathering gathering(raw_);
  const Result<void> done = Control(kCommit);
  PL_CHECK(!done.ok() || gathering.nothing_left());  // Nobody was told yet; the log as it is on disk is whole.
  if (done.ok()) undoing_.Forget();
  return done;
}

Result<void> SqliteConnection::Script(const std::string& sql, const std::string& what) {
  const int code = sqlite3_exec(raw_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return ErrorOf(code, what);
  return {};
}

Result<CheckpointProgress> SqliteConnection::Checkpoint(bool restart_log, Duration wait_max) {
  CheckpointProgress progress;
  busy_wait_ms_max_ = wait_max.microseconds / 1000;
  const int mode = restart_log ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(raw_, "main", mode, &progress.log_frames, &progress.copied_frames);
  busy_wait_ms_max_ = kBusyWaitMsMax;
  if (code != SQLITE_OK && code != SQLITE_BUSY) return ErrorOf(code, "checkpoint");
  if (code == SQLITE_OK && restart_log) log_frames_ = 0;
  return progress;
}

}  // namespace porchlight::store::internal
