#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "platform/geo/geo.h"

struct MMDB_s;

namespace porchlight::geo {

// One MMDB file in memory, apart from the one on disk: what was checked and digested is what is looked up, even if
// somebody writes over the file. Immutable after Open; safe from any thread.
class MmdbFile {
 public:
  // `name` is the file's, for messages. Errors: kCorrupt; kInternal when the system has no memory for it.
  static Result<std::unique_ptr<const MmdbFile>> Open(std::string_view bytes, const std::string& name);

  MmdbFile(const MmdbFile&) = delete;
  MmdbFile& operator=(const MmdbFile&) = delete;
  ~MmdbFile();

  // Null if the file knows no place. Lives as long as this.
  const Place* Find(const Address& address) const;
  std::uint64_t build_epoch() const;  // Seconds since 1970 UTC.

 private:
  explicit MmdbFile(std::unique_ptr<MMDB_s> file);
  Result<std::optional<Place>> ReadPlace(std::uint32_t offset, const std::string& name) const;

  std::unique_ptr<MMDB_s> file_;
  std::unordered_map<std::uint32_t, Place> places_;  // By the record's offset; records without a country are left out.
};

}  // namespace porchlight::geo
