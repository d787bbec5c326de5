#pragma once

struct sqlite3;

namespace porchlight::store::internal {

// The name of a file layer for sqlite3_open_v2 that can gather what is written to the write-ahead log while a commit runs. SQLite
// hands each page over in two calls, its head and its body, and one commit can be thousands of them; gathered, they are one call
// for some thirty pages. Sets SQLite up, so it is asked for before anything else of SQLite is; any thread. Answers nullptr, SQLite's
// own layer, when this one could not be registered.
const char* GatheringLayer();

// Gathers for as long as it lives: around a COMMIT of a connection opened with that layer, and nothing else. The connection then
// holds the lock of writers, and everything gathered is handed on before SQLite asks for the log to be made durable, after which
// alone other connections are shown it (with synchronous=FULL; with less they would be shown it at once). What is left at the
// end belongs to a commit that failed, and is forgotten: with the lock gone, its place may be another process's already.
class CommitGathering {
 public:
  explicit CommitGathering(sqlite3* connection);
  ~CommitGathering();
  CommitGathering(const CommitGathering&) = delete;
  CommitGathering& operator=(const CommitGathering&) = delete;
  // Always so after a COMMIT that answered OK: what is left would be pages that other connections were shown.
  bool nothing_left() const;

 private:
  sqlite3* connection_;
};

}  // namespace porchlight::store::internal
