#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

// Writes small MMDB files for tests. https://maxmind.github.io/MaxMind-DB/
namespace porchlight::geo::testing {

struct MmdbOptions {
  int record_bits = 24;                  // 24, 28 or 32.
  int ip_version = 6;                    // 4 or 6; an IPv6 file has its IPv4 networks under ::/96.
  std::uint64_t build_epoch = 1'790'000'000;
  std::size_t padding_bytes = 0;         // Bytes between records, to make pointers longer.
};

// Narrower networks win over wider ones only if added after them.
class MmdbWriter {
 public:
  explicit MmdbWriter(MmdbOptions options = {});

  // `record` is made of objects, lists, texts, whole numbers (unsigned) and bools. Bad networks end the test program.
  void Add(std::string_view network, const Json& record);
  void AddCountry(std::string_view network, std::string_view country);  // {"country_code": ...}
  // The network leads to where the IPv4 networks are, as real files do with ::ffff:0:0/96 and 2002::/16.
  void AddIpv4Alias(std::string_view network);
  std::string Write() const;

  // For files that are wrong on purpose.
  static std::string Assemble(std::string_view tree, std::string_view data, std::string_view metadata);
  static std::string Metadata(std::uint64_t node_count, const MmdbOptions& options);
  static std::string Number(int type, std::uint64_t value, std::size_t bytes);
  static std::string Control(int type, std::size_t size);

 private:
  struct Record {
    enum class Kind { kNone, kNode, kData } kind = Kind::kNone;
    std::size_t index = 0;
  };
  Record& Reach(std::string_view network);
  Record& Descend(Record& record, int bit);

  MmdbOptions options_;
  std::vector<std::array<Record, 2>> nodes_;
  std::vector<Json> records_;
};

}  // namespace porchlight::geo::testing
