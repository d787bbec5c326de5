#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "platform/fingerprint/pdq_hash.h"

namespace porchlight::fingerprint {

struct PdqEntry {
  PdqHash hash;
  std::int64_t entry = 0;  // The owner's number of what has this hash; any value.
  auto operator<=>(const PdqEntry&) const = default;
};

struct PdqMatch {
  std::int64_t entry = 0;
  int distance = 0;  // Bits, 0 to 256.
  bool operator==(const PdqMatch&) const = default;
};

// Which entries have a hash near a given one. Exact: never misses one within the distance, whatever the hashes are
// (multi-index hashing: Norouzi, Punjani, Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014).
// A hash is 16 slots of 16 bits; two hashes within 31 bits are equal, or differ in one bit, in some slot.
//
// Memory: 104 bytes an entry and a bit (hash 32, number 8, its places in 16 tables 64), and 4 MiB in all; bytes() counts.
// Time: a lookup among random hashes verifies one entry in 240; many equal hashes cost no more than themselves.
//
// It does not look at quality: put in, and ask for, only hashes of kPdqQualityMin or better.
// Threads: any number of lookups at once; adding and removing need it alone.
class PdqIndex {
 public:
  static constexpr int kDistanceMax = 31;

  PdqIndex();

  // Adds one; false when this hash with this number is there already. Cheap now and then dear: new entries are kept
  // apart, and sorted in when they are more than a 64th of all. Many at once are better added by AddAll.
  bool Add(const PdqHash& hash, std::int64_t entry);
  // Adds many, leaving out what is there already; returns how many were new.
  std::size_t AddAll(std::span<const PdqEntry> entries);
  // False when it was not there. A removed entry matches nothing from now on.
  bool Remove(const PdqHash& hash, std::int64_t entry);

  // Every entry within the distance, nearest first, then by number. An entry with several hashes may come several
  // times. A distance below 0 or over kDistanceMax ends the process.
  std::vector<PdqMatch> Lookup(const PdqHash& hash, int distance_max = kPdqMatchDistance) const;

  std::size_t size() const { return hashes_.size() - gone_count_; }
  std::size_t bytes() const;  // What its arrays take now, among it room to grow.

 private:
  static constexpr std::size_t kSlots = 16;
  static constexpr std::size_t kSlotValues = 1U << 16;
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::span<const std::uint32_t> Bucket(std::size_t slot, std::uint16_t value) const;
  std::size_t Find(const PdqHash& hash, std::int64_t entry) const;
  void Append(const PdqHash& hash, std::int64_t entry);
  void Sort();
  void DropGone();

  // Parallel arrays; the first sorted_count_ stand in the tables, the rest is searched one by one.
  std::vector<PdqHash> hashes_;
  std::vector<std::int64_t> entries_;
  std::vector<bool> gone_;
  std::size_t gone_count_ = 0;
  std::size_t sorted_count_ = 0;
  std::vector<std::uint32_t> starts_;  // Of slot s and value v: at s * (kSlotValues + 1) + v.
  std::vector<std::uint32_t> places_;  // Indices into the arrays; those of slot s begin at s * sorted_count_.
};

}  // namespace porchlight::fingerprint
