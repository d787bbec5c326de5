#include "platform/store/internal/sqlite_log.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <new>

#include "platform/store/internal/sqlite_page_cache.h"

namespace porchlight::store::internal {

namespace {

constexpr const char* kName = "porchlight";
constexpr std::size_t kGatheredMax = 131'071;  // More in one call SQLite's layer for Unix takes for a full disk.

// What is gathered lies in one piece from `begin` on.
struct Gathered {
  std::array<char, kGatheredMax> bytes;
  std::size_t size = 0;
  sqlite3_int64 begin = 0;
  bool on = false;

  sqlite3_int64 end() const { return begin + static_cast<sqlite3_int64>(size); }
};

// SQLite allocates it; the file of the layer below lies behind it.
struct LogFile {
  sqlite3_file as_seen = {};
  Gathered* gathered = nullptr;

  static LogFile& Of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }
  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

int WriteBelow(LogFile& log, const void* bytes, std::size_t size, sqlite3_int64 at) {
  return log.below()->pMethods->xWrite(log.below(), bytes, static_cast<int>(size), at);
}

// What could not be written is forgotten: SQLite is told in the middle of a commit, and takes all of it back.
int HandOn(LogFile& log) {
  Gathered& gathered = *log.gathered;
  if (gathered.size == 0) return SQLITE_OK;
  const int code = WriteBelow(log, gathered.bytes.data(), gathered.size, gathered.begin);
  gathered.size = 0;
  return code;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  LogFile& log = LogFile::Of(file);
  Gathered& gathered = *log.gathered;
  const auto count = static_cast<std::size_t>(size);
  if (at != gathered.end() || gathered.size + count > kGatheredMax) {
    const int code = HandOn(log);
    if (code != SQLITE_OK) return code;
  }
  if (!gathered.on || count > kGatheredMax) return WriteBelow(log, bytes, count, at);
  if (gathered.size == 0) gathered.begin = at;
  std::memcpy(gathered.bytes.data() + gathered.size, bytes, count);
  gathered.size += count;
  return SQLITE_OK;
}

// A page that is not among the gathered ones is read past them: after a commit that failed they must not be written any more.
int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) {
  LogFile& log = LogFile::Of(file);
  const bool among = at < log.gathered->end() && log.gathered->begin < at + size;
  const int code = among ? HandOn(log) : SQLITE_OK;
  return code != SQLITE_OK ? code : log.below()->pMethods->xRead(log.below(), bytes, size, at);
}

int Sync(sqlite3_file* file, int flags) {
  LogFile& log = LogFile::Of(file);
  const int code = HandOn(log);
  return code != SQLITE_OK ? code : log.below()->pMethods->xSync(log.below(), flags);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = LogFile::Of(file);
  const int code = HandOn(log);
  return code != SQLITE_OK ? code : log.below()->pMethods->xTruncate(log.below(), size);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = LogFile::Of(file);
  const int code = HandOn(log);
  return code != SQLITE_OK ? code : log.below()->pMethods->xFileSize(log.below(), size);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  LogFile& log = LogFile::Of(file);
  return log.below()->pMethods->xFileControl(log.below(), operation, argument);
}

int SectorSize(sqlite3_file* file) {
  LogFile& log = LogFile::Of(file);
  return log.below()->pMethods->xSectorSize(log.below());
}

int Characteristics(sqlite3_file* file) {
  LogFile& log = LogFile::Of(file);
  return log.below()->pMethods->xDeviceCharacteristics(log.below());
}

int Close(sqlite3_file* file) {
  LogFile& log = LogFile::Of(file);
  delete log.gathered;
  log.gathered = nullptr;
  return log.below()->pMethods->xClose(log.below());
}

// A log is locked through the database's file, never itself.
int NeverLocked(sqlite3_file*, int) { return SQLITE_IOERR_LOCK; }
int NeverAsked(sqlite3_file*, int*) { return SQLITE_IOERR_CHECKRESERVEDLOCK; }

constexpr sqlite3_io_methods kLogMethods = {
    1,     Close,       Read,        Write,      Truncate,        Sync,    FileSize, NeverLocked, NeverLocked, NeverAsked,
    FileControl, SectorSize, Characteristics, nullptr, nullptr,  nullptr,     nullptr,     nullptr, nullptr};

sqlite3_vfs& Below(sqlite3_vfs* layer) { return *static_cast<sqlite3_vfs*>(layer->pAppData); }

// Every file but the log is opened by the layer below as if this one were not there.
int Open(sqlite3_vfs* layer, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs& below = Below(layer);
  if ((flags & SQLITE_OPEN_WAL) == 0) return below.xOpen(&below, name, file, flags, flags_out);
  auto* log = new (file) LogFile();
  const int code = below.xOpen(&below, name, log->below(), flags, flags_out);
  if (code != SQLITE_OK) return code;
  log->gathered = new (std::nothrow) Gathered();
  if (log->gathered == nullptr) {
    log->below()->pMethods->xClose(log->below());
    return SQLITE_NOMEM;
  }
  log->as_seen.pMethods = &kLogMethods;
  return SQLITE_OK;
}

sqlite3_vfs* MakeLayer() {
  sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
  if (below == nullptr) return nullptr;
  static sqlite3_vfs layer = *below;
  layer.pNext = nullptr;
  layer.zName = kName;
  layer.pAppData = below;
  layer.szOsFile = static_cast<int>(sizeof(LogFile)) + below->szOsFile;
  layer.xOpen = Open;
  return &layer;
}

// SQLite counts the memory it uses under one lock of the whole process, at every allocation: readers would hold up the writer.
// Nobody asks for that count, and it can only be turned off before SQLite is first used, as the page cache can only be set then. Where
// SQLite refuses either, it works all the same, more slowly.
bool Register() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)SpareWalksAtCommit();
  sqlite3_vfs* layer = MakeLayer();
  return layer != nullptr && sqlite3_vfs_register(layer, 0) == SQLITE_OK;
}

Gathered* LogOf(sqlite3* connection) {
  sqlite3_file* log = nullptr;
  const int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
  if (code != SQLITE_OK || log == nullptr || log->pMethods != &kLogMethods) return nullptr;
  return LogFile::Of(log).gathered;
}

}  // namespace

const char* GatheringLayer() {
  static const bool registered = Register();
  return registered ? kName : nullptr;
}

CommitGathering::CommitGathering(sqlite3* connection) : connection_(connection) {
  Gathered* gathered = LogOf(connection_);
  if (gathered != nullptr) gathered->on = true;
}

bool CommitGathering::nothing_left() const {
  const Gathered* gathered = LogOf(connection_);
  return gathered == nullptr || gathered->size == 0;
}

CommitGathering::~CommitGathering() {
  Gathered* gathered = LogOf(connection_);
  if (gathered == nullptr) return;
  gathered->on = false;
  gathered->size = 0;
}

}  // namespace porchlight::store::internal
