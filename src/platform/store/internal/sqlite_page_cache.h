#pragma once

namespace porchlight::store::internal {

// Puts a thin layer before SQLite's own page cache, for the whole process; to be called once, before anything else of SQLite is.
//
// At each commit SQLite tells its cache where the database ends, and the cache drops the pages behind. Its own one looks at every page
// it holds whenever a page behind the end was in use since the commit before, and that is the case nearly always in databases of less
// than 1 GiB: a tree that is being balanced lends one of its pages the number of the page at 1 GiB (where lock bytes lie and no page can)
// for a moment. With a cache of 64 MB each commit then walked through 16,000 pages, a tenth of the writer's time. The layer knows which
// numbers pages really have, and asks for nothing to be dropped where there is nothing.
//
// Answers false when SQLite is in use already; it then goes on with its own cache alone.
bool SpareWalksAtCommit();

// Whether connections opened now get that layer. For tests, with SQLite out of use.
bool WalksAreSpared();

}  // namespace porchlight::store::internal
