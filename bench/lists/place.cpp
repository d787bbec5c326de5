#include "lists/place.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace porchlight::bench {
namespace {

constexpr const char* kFile = "lists.sqlite";
constexpr const char* kDatabase = "porchlight_lists_bench";

std::string FileOf(const std::string& folder) { return folder + "/" + kFile; }

// Each regular file below the folder, open for reading; those that vanish meanwhile are passed over.
template <class Visit>
void ForEachFile(const std::string& folder, const Visit& visit) {
  std::error_code ignored;
  for (std::filesystem::recursive_directory_iterator at(folder, ignored), end; at != end; at.increment(ignored)) {
    if (!at->is_regular_file(ignored)) continue;
    const int file = open(at->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    visit(file);
    close(file);
  }
}

}  // namespace

Result<Place> Place::OnDisk(const std::string& folder, Rows rows) {
  Place place;
  place.files_ = folder;
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return Error{ErrorCode::kUnavailable, "Cannot make " + folder, problem.message(), {}, 0};
  const bool there = std::filesystem::exists(FileOf(folder), problem);
  if (there && rows == Rows::kNew) return Error{ErrorCode::kConflict, FileOf(folder) + " is there already.", {}, {}, 0};
  if (!there && rows == Rows::kKept) return Error{ErrorCode::kNotFound, FileOf(folder) + " is missing.", {}, {}, 0};
  return place;
}

Result<Place> Place::OnServer(const std::string& conninfo, const std::string& data, Rows rows) {
  if (conninfo.find('=') == std::string::npos || conninfo.find("://") != std::string::npos) {
    return Error{ErrorCode::kInvalidArgument, "PORCHLIGHT_TEST_POSTGRES must hold key=value pairs.", {}, {}, 0};
  }
  Place place;
  place.engine_ = store::Engine::kPostgres;
  place.server_ = conninfo;
  place.conninfo_ = conninfo + " dbname=" + kDatabase;
  if (access(data.c_str(), R_OK | X_OK) == 0) place.files_ = data + "/base";
  if (rows == Rows::kNew) PL_TRY(place.OnServerDo(conninfo, std::string("CREATE DATABASE ") + kDatabase));
  return place;
}

Result<std::unique_ptr<store::Database>> Place::Open() const {
  if (engine_ == store::Engine::kPostgres) {
    store::PostgresOptions options;
    options.conninfo = conninfo_;
    return store::OpenPostgres(options);
  }
  store::SqliteOptions options;
  options.path = FileOf(files_);
  return store::OpenSqlite(options);
}

Result<void> Place::OnServerDo(const std::string& conninfo, const std::string& sql) const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo.c_str()), &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), &PQclear);
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return {};
  return Error{ErrorCode::kUnavailable, "PostgreSQL refused: " + sql, PQerrorMessage(connection.get()), {}, 0};
}

Result<void> Place::Vacuum() const {
  if (engine_ == store::Engine::kPostgres) return OnServerDo(conninfo_, "VACUUM (ANALYZE)");
  return {};
}

Result<void> Place::Remove() const {
  if (engine_ == store::Engine::kPostgres) return OnServerDo(server_, std::string("DROP DATABASE ") + kDatabase + " WITH (FORCE)");
  for (const char* ending : {"", "-wal", "-shm"}) unlink((FileOf(files_) + ending).c_str());
  return {};
}

std::int64_t Place::Bytes() const {
  std::int64_t bytes = 0;
  std::error_code ignored;
  ForEachFile(files_, [&](int file) { bytes += lseek(file, 0, SEEK_END); });
  return bytes;
}

Result<void> Place::MakeCold() const {
  if (engine_ == store::Engine::kPostgres) PL_TRY(OnServerDo(conninfo_, "CHECKPOINT"));
  ForEachFile(files_, [](int file) {
    // Only what is written out can be dropped.
    if (fdatasync(file) == 0) posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  });
  return {};
}

void Place::MakeWarm() const {
  std::array<char, 1 << 18> buffer;
  ForEachFile(files_, [&](int file) {
    while (read(file, buffer.data(), buffer.size()) > 0) {
    }
  });
}

}  // namespace porchlight::bench
