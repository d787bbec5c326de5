#pragma once

namespace porchlight::store::internal {

// The name of a file layer for sqlite3_open_v2 that gathers what is written to the write-ahead log. SQLite hands each page
// over in two calls, its head and its body; one unit of work is thousands of them. Gathered, they are one call for some thirty pages.
// Everything gathered is handed on before SQLite asks for the log to be made durable, to be read, measured or cut, so that
// its order of steps, and what another connection or a crash can see, stay as they are. That holds for synchronous=FULL
// alone: with less, SQLite would announce pages to other connections before it asks for anything.
// The first call registers the layer; any thread. Answers nullptr, SQLite's own layer, when it could not be registered.
const char* GatheringLayer();

}  // namespace porchlight::store::internal
