#include "platform/store/internal/postgres_connection.h"

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/text.h"
#include "platform/store/internal/failure.h"

namespace porchlight::store::internal {

namespace {

constexpr std::int64_t kPreparedMax = 512;
// A unit is short. One that stands still would hold locks, and hold back the outbox's readers.
constexpr const char* kSetUp =
    "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s'; "
    "SET standard_conforming_strings = on; SET bytea_output = 'hex'; SET timezone = 'UTC'";

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, FreeResult>;

// libpq's message names host, port and user before the reason; only the reason is ours to repeat.
std::string ReasonOf(const PGconn* raw) {
  std::string_view text = PQerrorMessage(raw);
  const std::size_t failed = text.rfind("failed: ");
  if (failed == std::string_view::npos) return "no connection";
  text = text.substr(failed + 8);
  text = text.substr(0, text.find('\n'));
  if (const std::size_t user = text.find(" for user "); user != std::string_view::npos) text = text.substr(0, user);
  return std::string(text);
}

}  // namespace

// The results of one statement as they arrive. A nested statement needs the wire, so the rest is then taken in first.
class PostgresConnection::Stream {
 public:
  explicit Stream(PostgresConnection& connection) : connection_(connection), outer_(connection.stream_) {
    if (outer_ != nullptr) outer_->TakeInRest();
    connection.stream_ = this;
  }
  ~Stream() {
    while (Next() != nullptr) {}
    if (is_pipeline && PQstatus(connection_.raw_) == CONNECTION_OK) PQexitPipelineMode(connection_.raw_);
    connection_.stream_ = outer_;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  ResultPointer Next() {
    if (!taken_in_.empty()) {
      ResultPointer first = std::move(taken_in_.front());
      taken_in_.pop_front();
      return first;
    }
    return Receive();
  }

  bool is_open = false;        // Something was sent.
  bool is_pipeline = false;    // BEGIN went ahead of it; a sync point ends it.

 private:
  ResultPointer Receive() {
    if (!is_open) return nullptr;
    ResultPointer result(PQgetResult(connection_.raw_));
    if (is_pipeline && result == nullptr && PQstatus(connection_.raw_) == CONNECTION_OK) {
      result.reset(PQgetResult(connection_.raw_));  // After the statement's own end comes the sync point.
    }
    if (result == nullptr || PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
      is_open = false;
      return nullptr;
    }
    return result;
  }
  void TakeInRest() {
    while (ResultPointer result = Receive()) taken_in_.push_back(std::move(result));
    if (is_pipeline && PQstatus(connection_.raw_) == CONNECTION_OK) PQexitPipelineMode(connection_.raw_);
    is_pipeline = false;
  }

  PostgresConnection& connection_;
  Stream* outer_;
  std::deque<ResultPointer> taken_in_;
};

PostgresConnection::~PostgresConnection() { PQfinish(raw_); }

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(const std::string& conninfo) {
  // Ours first: what the conninfo says overrides it.
  const char* const keywords[] = {"application_name", "connect_timeout", "tcp_user_timeout", "keepalives_idle",
                                  "keepalives_interval", "keepalives_count", "client_encoding", "dbname", nullptr};
  const char* const values[] = {"porchlight", "5", "15000", "15", "5", "3", "UTF8", conninfo.c_str(), nullptr};
  auto connection = std::make_unique<PostgresConnection>(PQconnectdbParams(keywords, values, 1));
  if (PQstatus(connection->raw_) != CONNECTION_OK) {
    return Unavailable("cannot connect to PostgreSQL: " + ReasonOf(connection->raw_));
  }
  PQsetNoticeReceiver(connection->raw_, [](void*, const PGresult*) {}, nullptr);
  PL_TRY(connection->Script(kSetUp, "setting up the connection"));
  return connection;
}

void PostgresConnection::Begin(PostgresMode mode) {
  mode_ = mode;
  begun_ = false;
  failure_ = PostgresFailure::kNone;
  if (prepared_count_ > kPreparedMax) {
    prepared_.clear();
    prepared_count_ = 0;
    ResultPointer(PQexec(raw_, "DEALLOCATE ALL"));
  }
}

const char* PostgresConnection::BeginSql() const {
  return mode_ == PostgresMode::kWrite ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                       : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

Error PostgresConnection::ErrorOf(const PGresult* result, const std::string& what) {
  const char* state_field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = state_field == nullptr ? "" : state_field;
  const std::string kind = state.substr(0, 2);
  std::string text = "PostgreSQL " + (state.empty() ? "connection lost" : state) + " in " + what;
  // These two classes quote values in their messages.
  if (kind == "22" || kind == "23") {
    const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    if (constraint != nullptr) text += std::string(" (") + constraint + ")";
  } else if (!state.empty()) {
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message != nullptr) text += std::string(": ") + message;
  }
  failure_ = PostgresFailure::kFinal;
  if (state.empty() || PQstatus(raw_) == CONNECTION_BAD || kind == "08" || state == "57P01" || state == "57P02" || state == "57P03") {
    failure_ = PostgresFailure::kLost;
    return Unavailable(std::move(text));
  }
  if (state == "40001" || state == "40P01") {
    failure_ = PostgresFailure::kRepeat;
    return Unavailable(std::move(text));
  }
  if (state == "26000" || (state == "0A000" && text.find("cached plan") != std::string::npos)) {
    failure_ = PostgresFailure::kStale;
    prepared_.clear();
    return Unavailable(std::move(text));
  }
  if (state == "23505" || state == "23503" || state == "23P01") return Conflict(std::move(text));
  if (state == "53100" || state == "58030") return NoSpace(std::move(text));
  // A server that turned into a standby, ran out of something, or gave up waiting.
  if ((state == "25006" && mode_ == PostgresMode::kWrite) || kind == "53" || kind == "55" || kind == "57" || kind == "25") {
    return state == "25006" && mode_ == PostgresMode::kRead ? Internal(std::move(text)) : Unavailable(std::move(text));
  }
  if (state == "XX001" || state == "XX002") return Corrupt(std::move(text));
  return Internal(std::move(text));
}

Result<PostgresConnection::Prepared> PostgresConnection::Prepare(const Statement& statement, const std::vector<Value>& parameters) {
  if (static_cast<std::size_t>(HighestPlaceholder(statement.sql)) != parameters.size()) {
    failure_ = PostgresFailure::kFinal;
    return Internal(std::string(statement.name) + " takes " + std::to_string(HighestPlaceholder(statement.sql)) +
                    " parameters and was given " + std::to_string(parameters.size()));
  }
  Prepared prepared;
  prepared.name = std::string(statement.name).substr(0, 40) + "#" + std::to_string(++prepared_count_);
  for (const Value& parameter : parameters) prepared.types.push_back(TypeOf(parameter));
  const auto count = static_cast<int>(parameters.size());
  const ResultPointer done(PQprepare(raw_, prepared.name.c_str(), statement.sql, count, prepared.types.data()));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) return ErrorOf(done.get(), statement.name);
  // What the server made of a NULL decides which values a later run may send to the same prepared statement.
  const ResultPointer described(PQdescribePrepared(raw_, prepared.name.c_str()));
  if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return ErrorOf(described.get(), statement.name);
  for (std::size_t index = 0; index < prepared.types.size(); ++index) {
    prepared.types[index] = PQparamtype(described.get(), static_cast<int>(index));
  }
  return prepared;
}

Result<PostgresConnection::Prepared> PostgresConnection::Acquire(const Statement& statement, const std::vector<Value>& parameters) {
  PreparedSet& set = prepared_[&statement];
  if (set.sql != statement.sql) set = {statement.sql, {}};
  for (const Prepared& variant : set.variants) {
    bool fits = variant.types.size() == parameters.size();
    for (std::size_t index = 0; fits && index < parameters.size(); ++index) fits = Fits(variant.types[index], parameters[index]);
    if (fits) return variant;
  }
  Prepared prepared = PL_TRY(Prepare(statement, parameters));
  prepared_[&statement].variants.push_back(prepared);
  return prepared;
}

Result<void> PostgresConnection::Send(const Statement& statement, const Prepared& prepared, const WireParameters& parameters,
                                      Stream& stream) {
  const bool first = !begun_;
  bool sent = true;
  if (first) {
    sent = PQenterPipelineMode(raw_) == 1 && PQsendQueryParams(raw_, BeginSql(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
  }
  sent = sent && PQsendQueryPrepared(raw_, prepared.name.c_str(), parameters.count(), parameters.pointers(), parameters.lengths(),
                                     parameters.formats(), 1) == 1;
  if (first) sent = sent && PQpipelineSync(raw_) == 1;
  stream.is_open = true;
  stream.is_pipeline = first;
  if (!sent) return ErrorOf(nullptr, statement.name);
  if (first) {
    begun_ = true;
    const ResultPointer begun(PQgetResult(raw_));
    if (PQresultStatus(begun.get()) != PGRES_COMMAND_OK) return ErrorOf(begun.get(), "BEGIN");
    ResultPointer end_of_begin(PQgetResult(raw_));
  }
  PQsetSingleRowMode(raw_);
  return {};
}

Result<std::int64_t> PostgresConnection::Run(const Statement& statement, const std::vector<Value>& parameters,
                                             const std::function<bool(Row&&)>& visit) {
  PL_TRY(CheckTexts(statement, parameters));
  Stream stream(*this);
  const Prepared prepared = PL_TRY(Acquire(statement, parameters));
  PL_TRY(Send(statement, prepared, WireParameters(parameters, prepared.types), stream));
  std::int64_t changed = 0;
  bool visiting = true;
  bool ended = false;
  while (const ResultPointer result = stream.Next()) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_SINGLE_TUPLE) {
      if (visiting) visiting = visit(PL_TRY(ReadWireRow(result.get(), 0, statement)));
    } else if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      ended = true;
      const bool is_select = std::strncmp(PQcmdStatus(result.get()), "SELECT", 6) == 0;
      changed = is_select ? 0 : std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
    } else if (status == PGRES_EMPTY_QUERY) {
      return Internal(std::string(statement.name) + " holds no statement");
    } else {
      return ErrorOf(result.get(), statement.name);
    }
  }
  if (!ended) return ErrorOf(nullptr, statement.name);
  return changed;
}

Result<void> PostgresConnection::Script(const std::string& sql, const std::string& what) {
  const ResultPointer result(PQexec(raw_, sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return ErrorOf(result.get(), what);
  return {};
}

Result<void> PostgresConnection::Commit() {
  if (!begun_) return {};
  begun_ = false;
  const ResultPointer result(PQexec(raw_, "COMMIT"));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return ErrorOf(result.get(), "COMMIT");
  if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") != 0) {
    failure_ = PostgresFailure::kFinal;
    return Internal("PostgreSQL rolled back instead of committing");
  }
  return {};
}

void PostgresConnection::RollBack() {
  begun_ = false;
  if (PQstatus(raw_) == CONNECTION_OK && PQtransactionStatus(raw_) != PQTRANS_IDLE) ResultPointer(PQexec(raw_, "ROLLBACK"));
}

}  // namespace porchlight::store::internal
