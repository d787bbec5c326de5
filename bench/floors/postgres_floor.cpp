#include <libpq-fe.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "common/load_client.h"
#include "floors/floors.h"

namespace porchlight::bench {
namespace {

constexpr std::size_t kRowBytes = 4096;

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, FinishConnection>;
using Answer = std::unique_ptr<PGresult, ClearResult>;

bool Done(const Answer& answer) { return PQresultStatus(answer.get()) == PGRES_COMMAND_OK; }

struct Share {
  std::uint64_t count = 0;
  synthetic::Latencies latencies;
  std::string problem;
};

// A row whose 4 KB come from here, and one whose 4 KB the server makes of 128 digests of 32 bytes, as scripts of pgbench do.
constexpr const char* kSentRow = "INSERT INTO porchlight_floor(content) VALUES($1)";
constexpr const char* kMadeRow =
    "INSERT INTO porchlight_floor(content) SELECT convert_to(string_agg(md5(random()::text), ''), 'UTF8') FROM generate_series(1, 128)";

// One connection's rows until the end.
void InsertRows(const std::string& conninfo, PostgresRows rows, Duration end, Share& share) {
  const int count = rows == PostgresRows::kSent ? 1 : 0;
  const Connection connection(PQconnectdb(conninfo.c_str()));
  const Answer prepared(PQprepare(connection.get(), "row", count == 1 ? kSentRow : kMadeRow, count, nullptr));
  if (!Done(prepared)) {
    share.problem = PQerrorMessage(connection.get());
    return;
  }
  const std::string row(kRowBytes, 'x');
  const std::array<const char*, 1> values = {row.data()};
  const std::array<int, 1> sizes = {static_cast<int>(row.size())};
  const std::array<int, 1> formats = {1};
  while (MonotonicNow() < end) {
    const Duration begun = MonotonicNow();
    const Answer inserted(
        PQexecPrepared(connection.get(), "row", count, values.data(), sizes.data(), formats.data(), 1));
    if (!Done(inserted)) {
      share.problem = PQerrorMessage(connection.get());
      return;
    }
    share.latencies.Add({MonotonicNow().microseconds - begun.microseconds});
    ++share.count;
  }
}

}  // namespace

Result<Measurement> MeasurePostgresRows(const std::string& conninfo, PostgresRows rows, int connections, double seconds) {
  const Connection connection(PQconnectdb(conninfo.c_str()));
  const auto run = [&](const char* sql) { return Done(Answer(PQexec(connection.get(), sql))); };
  if (!run("SET client_min_messages = warning") || !run("DROP TABLE IF EXISTS porchlight_floor") ||
      !run("CREATE TABLE porchlight_floor(id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content BYTEA NOT NULL)") ||
      // Incompressible rows would be stored as they are; ours must not shrink either.
      !run("ALTER TABLE porchlight_floor ALTER content SET STORAGE EXTERNAL")) {
    const std::string problem = PQerrorMessage(connection.get());
    return Error{ErrorCode::kUnavailable, problem, problem, "", 0};
  }
  Measurement measurement;
  const bool sent = rows == PostgresRows::kSent;
  measurement.name = sent ? "PostgreSQL, 4 KB rows, one a commit" : "PostgreSQL, made there, 4 KB rows, one a commit";
  const Answer fsync(PQexec(connection.get(), "SHOW fsync"));
  measurement.note = std::to_string(connections) + " connections, fsync " + PQgetvalue(fsync.get(), 0, 0);
  const Duration start = MonotonicNow();
  const double cpu = OwnCpuSeconds();
  const Duration end = {start.microseconds + static_cast<std::int64_t>(seconds * 1e6)};
  std::vector<Share> shares(static_cast<std::size_t>(connections));
  std::vector<std::thread> threads;
  for (Share& share : shares) threads.emplace_back([&] { InsertRows(conninfo, rows, end, share); });
  for (std::thread& thread : threads) thread.join();
  measurement.seconds = static_cast<double>(MonotonicNow().microseconds - start.microseconds) / 1e6;
  measurement.own_cpu_seconds = OwnCpuSeconds() - cpu;
  for (const Share& share : shares) {
    measurement.count += share.count;
    measurement.latencies.Merge(share.latencies);
    if (!share.problem.empty()) ++measurement.errors[share.problem.substr(0, share.problem.find('\n'))];
  }
  run("DROP TABLE porchlight_floor");
  return measurement;
}

}  // namespace porchlight::bench
