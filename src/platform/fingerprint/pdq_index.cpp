#include "platform/fingerprint/pdq_index.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"

namespace porchlight::fingerprint {
namespace {

constexpr std::size_t kUnsortedMin = 1024;
constexpr std::size_t kUnsortedShare = 64;
constexpr std::size_t kAhead = 8;  // Hashes fetched before their turn: they lie all over the memory.

}  // namespace

PdqIndex::PdqIndex() : starts_(kSlots * (kSlotValues + 1)) {}

std::span<const std::uint32_t> PdqIndex::Bucket(std::size_t slot, std::uint16_t value) const {
  const std::uint32_t* start = &starts_[slot * (kSlotValues + 1) + value];
  return std::span(places_).subspan(slot * sorted_count_ + start[0], start[1] - start[0]);
}

std::size_t PdqIndex::Find(const PdqHash& hash, std::int64_t entry) const {
  // The shortest bucket that it can be in, because some values are common.
  std::span<const std::uint32_t> shortest = Bucket(0, hash.Row(0));
  for (std::size_t slot = 1; slot < kSlots; ++slot) {
    const std::span<const std::uint32_t> bucket = Bucket(slot, hash.Row(slot));
    if (bucket.size() < shortest.size()) shortest = bucket;
  }
  for (const std::uint32_t place : shortest) {
    if (entries_[place] == entry && hashes_[place] == hash && !gone_[place]) return place;
  }
  for (std::size_t place = sorted_count_; place < hashes_.size(); ++place) {
    if (entries_[place] == entry && hashes_[place] == hash && !gone_[place]) return place;
  }
  return kNone;
}

void PdqIndex::Append(const PdqHash& hash, std::int64_t entry) {
  PL_CHECK(hashes_.size() < std::numeric_limits<std::uint32_t>::max());
  hashes_.push_back(hash);
  entries_.push_back(entry);
  gone_.push_back(false);
}

bool PdqIndex::Add(const PdqHash& hash, std::int64_t entry) {
  if (Find(hash, entry) != kNone) return false;
  Append(hash, entry);
  if (hashes_.size() - sorted_count_ > std::max(kUnsortedMin, sorted_count_ / kUnsortedShare)) Sort();
  return true;
}

std::size_t PdqIndex::AddAll(std::span<const PdqEntry> entries) {
  std::vector<PdqEntry> fresh(entries.begin(), entries.end());
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
  if (hashes_.size() != sorted_count_) Sort();
  std::erase_if(fresh, [this](const PdqEntry& one) { return Find(one.hash, one.entry) != kNone; });
  for (const PdqEntry& one : fresh) Append(one.hash, one.entry);
  if (!fresh.empty()) Sort();
  return fresh.size();
}

bool PdqIndex::Remove(const PdqHash& hash, std::int64_t entry) {
  const std::size_t place = Find(hash, entry);
  if (place == kNone) return false;
  gone_[place] = true;
  ++gone_count_;
  if (gone_count_ > std::max(kUnsortedMin, hashes_.size() / 4)) Sort();
  return true;
}

void PdqIndex::DropGone() {
  std::size_t kept = 0;
  for (std::size_t place = 0; place < hashes_.size(); ++place) {
    if (gone_[place]) continue;
    hashes_[kept] = hashes_[place];
    entries_[kept] = entries_[place];
    ++kept;
  }
  hashes_.resize(kept);
  entries_.resize(kept);
  gone_.assign(kept, false);
  gone_count_ = 0;
}

// A counting sort for each slot.
void PdqIndex::Sort() {
  DropGone();
  sorted_count_ = hashes_.size();
  places_.resize(kSlots * sorted_count_);
  std::fill(starts_.begin(), starts_.end(), 0);
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    std::uint32_t* starts = &starts_[slot * (kSlotValues + 1)];
    for (const PdqHash& hash : hashes_) ++starts[hash.Row(slot) + 1];
    for (std::size_t value = 0; value < kSlotValues; ++value) starts[value + 1] += starts[value];
    std::uint32_t* places = places_.data() + slot * sorted_count_;
    std::vector<std::uint32_t> next(starts, starts + kSlotValues);
    for (std::size_t place = 0; place < sorted_count_; ++place) {
      places[next[hashes_[place].Row(slot)]++] = static_cast<std::uint32_t>(place);
    }
  }
}

std::vector<PdqMatch> PdqIndex::Lookup(const PdqHash& hash, int distance_max) const {
  PL_CHECK(distance_max >= 0 && distance_max <= kDistanceMax);
  std::vector<std::uint32_t> found;
  const auto verify = [&](std::size_t place) {
    if (Distance(hash, hashes_[place]) <= distance_max && !gone_[place]) found.push_back(static_cast<std::uint32_t>(place));
  };
  const auto search = [&](std::span<const std::uint32_t> bucket) {
    for (std::size_t index = 0; index < bucket.size(); ++index) {
      if (index + kAhead < bucket.size()) __builtin_prefetch(&hashes_[bucket[index + kAhead]]);
      verify(bucket[index]);
    }
  };
  // If every slot differed in more bits than are tried in it, the sum would be over the distance: with one bit tried
  // in n slots and none in the rest, over 2 n + (16 - n) - 1 = 15 + n.
  const std::size_t near_slots = distance_max < static_cast<int>(kSlots) ? 0 : static_cast<std::size_t>(distance_max) - kSlots + 1;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const std::uint16_t value = hash.Row(slot);
    search(Bucket(slot, value));
    if (slot >= near_slots) continue;
    for (std::size_t bit = 0; bit < 16; ++bit) search(Bucket(slot, static_cast<std::uint16_t>(value ^ (1U << bit))));
  }
  for (std::size_t place = sorted_count_; place < hashes_.size(); ++place) verify(place);

  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<PdqMatch> matches;
  matches.reserve(found.size());
  for (const std::uint32_t place : found) matches.push_back({entries_[place], Distance(hash, hashes_[place])});
  std::sort(matches.begin(), matches.end(), [](const PdqMatch& left, const PdqMatch& right) {
    return std::pair(left.distance, left.entry) < std::pair(right.distance, right.entry);
  });
  return matches;
}

std::size_t PdqIndex::bytes() const {
  return hashes_.capacity() * sizeof(PdqHash) + entries_.capacity() * sizeof(std::int64_t) + gone_.capacity() / 8 +
         (starts_.capacity() + places_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace porchlight::fingerprint
