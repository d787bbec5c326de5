#include "platform/store/internal/sqlite_page_cache.h"

#include <sqlite3.h>

#include <new>

namespace porchlight::store::internal {

namespace {

constexpr unsigned kLockBytesAt = 0x40000000;  // The file format's; no page of a database lies there.

sqlite3_pcache_methods2 below{};

// A cache belongs to one connection, and SQLite never calls into it from two threads at once.
struct PageCache {
  sqlite3_pcache* own = nullptr;
  unsigned highest = 0;      // No page has a higher number but the lent one.
  unsigned lent_number = 0;  // What a page is called while its tree is being balanced.
  bool is_lent = false;

  static PageCache& Of(sqlite3_pcache* cache) { return *reinterpret_cast<PageCache*>(cache); }

  void Saw(unsigned number) {
    if (number == lent_number) is_lent = true;
    else if (number > highest) highest = number;
  }
};

int Initialise(void*) { return below.xInit == nullptr ? SQLITE_OK : below.xInit(below.pArg); }

void ShutDown(void*) {
  if (below.xShutdown != nullptr) below.xShutdown(below.pArg);
}

sqlite3_pcache* Create(int page_bytes, int extra_bytes, int purgeable) {
  auto* cache = new (std::nothrow) PageCache();
  if (cache == nullptr) return nullptr;
  cache->own = below.xCreate(page_bytes, extra_bytes, purgeable);
  if (cache->own == nullptr) {
    delete cache;
    return nullptr;
  }
  cache->lent_number = kLockBytesAt / static_cast<unsigned>(page_bytes) + 1;
  return reinterpret_cast<sqlite3_pcache*>(cache);
}

void SetSize(sqlite3_pcache* cache, int pages) { below.xCachesize(PageCache::Of(cache).own, pages); }
int CountPages(sqlite3_pcache* cache) { return below.xPagecount(PageCache::Of(cache).own); }

sqlite3_pcache_page* Fetch(sqlite3_pcache* cache, unsigned number, int how) {
  PageCache& one = PageCache::Of(cache);
  sqlite3_pcache_page* page = below.xFetch(one.own, number, how);
  if (page != nullptr) one.Saw(number);
  return page;
}

void Unpin(sqlite3_pcache* cache, sqlite3_pcache_page* page, int discard) { below.xUnpin(PageCache::Of(cache).own, page, discard); }

void Rename(sqlite3_pcache* cache, sqlite3_pcache_page* page, unsigned before, unsigned after) {
  PageCache& one = PageCache::Of(cache);
  below.xRekey(one.own, page, before, after);
  if (before == one.lent_number) one.is_lent = false;
  one.Saw(after);
}

void Truncate(sqlite3_pcache* cache, unsigned first) {
  PageCache& one = PageCache::Of(cache);
  if (first > one.highest && !one.is_lent) return;
  below.xTruncate(one.own, first);
  if (first <= one.highest) one.highest = first == 0 ? 0 : first - 1;
  if (first <= one.lent_number) one.is_lent = false;
}

void Destroy(sqlite3_pcache* cache) {
  PageCache& one = PageCache::Of(cache);
  below.xDestroy(one.own);
  delete &one;
}

void Shrink(sqlite3_pcache* cache) { below.xShrink(PageCache::Of(cache).own); }

}  // namespace

bool SpareWalksAtCommit() {
  if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &below) != SQLITE_OK) return false;
  static sqlite3_pcache_methods2 layer = {1,     nullptr, Initialise, ShutDown, Create,  SetSize, CountPages,
                                          Fetch, Unpin,   Rename,     Truncate, Destroy, Shrink};
  return sqlite3_config(SQLITE_CONFIG_PCACHE2, &layer) == SQLITE_OK;
}

bool WalksAreSpared() {
  sqlite3_pcache_methods2 given{};
  return sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &given) == SQLITE_OK && given.xTruncate == &Truncate;
}

}  // namespace porchlight::store::internal
