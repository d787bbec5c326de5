// Goal: the index answers what a walk through everything answers, whatever is in it. Method: the same additions,
// removals and questions to both, over random hashes, crowds of near ones and hashes made to lie just on either side
// of each distance; then each single rule.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "platform/fingerprint/pdq_index.h"

namespace porchlight::fingerprint {
namespace {

PdqHash RandomHash(Random& random) { return PdqHash::FromBytes(random.Bytes(32)).value(); }

// `count` different bits turned over.
PdqHash Near(PdqHash hash, int count, Random& random) {
  std::set<std::size_t> bits;
  while (bits.size() < static_cast<std::size_t>(count)) bits.insert(random.Below(256));
  for (const std::size_t bit : bits) hash.SetBit(bit, !hash.Bit(bit));
  return hash;
}

// Spread over the slots as evenly as can be: what an index of slots finds hardest.
PdqHash NearEvenly(PdqHash hash, int count, Random& random) {
  const std::size_t first = random.Below(16);
  for (int index = 0; index < count; ++index) {
    const std::size_t slot = (first + static_cast<std::size_t>(index)) % 16;
    const std::size_t bit = slot * 16 + static_cast<std::size_t>(index / 16);
    hash.SetBit(bit, !hash.Bit(bit));
  }
  return hash;
}

std::vector<PdqMatch> BruteForce(const std::set<PdqEntry>& all, const PdqHash& hash, int distance_max) {
  std::vector<PdqMatch> matches;
  for (const PdqEntry& one : all) {
    const int distance = Distance(hash, one.hash);
    if (distance <= distance_max) matches.push_back({one.entry, distance});
  }
  std::sort(matches.begin(), matches.end(), [](const PdqMatch& left, const PdqMatch& right) {
    return std::pair(left.distance, left.entry) < std::pair(right.distance, right.entry);
  });
  return matches;
}

TEST(PdqIndexTest, AnswersWhatAWalkThroughEverythingAnswers) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    SeededRandom random(seed);
    PdqIndex index;
    std::set<PdqEntry> all;
    std::vector<PdqHash> centres;
    for (int centre = 0; centre < 20; ++centre) centres.push_back(RandomHash(random));
    centres.push_back(PdqHash());
    const auto some = [&] {
      const PdqHash& centre = centres[random.Below(centres.size())];
      const int distance = static_cast<int>(random.Below(40));
      return random.Below(4) == 0 ? RandomHash(random) : random.Below(2) == 0 ? Near(centre, distance, random) : NearEvenly(centre, distance, random);
    };
    std::size_t matched = 0;
    for (int round = 0; round < 6000; ++round) {
      const std::int64_t entry = static_cast<std::int64_t>(random.Below(100'000)) - 50'000;
      const PdqHash hash = some();
      EXPECT_EQ(index.Add(hash, entry), all.insert({hash, entry}).second);
      if (round % 5 == 0) {
        auto victim = all.lower_bound({some(), 0});
        if (victim == all.end()) victim = all.begin();
        EXPECT_TRUE(index.Remove(victim->hash, victim->entry));
        all.erase(victim);
      }
      if (round % 10 != 0) continue;
      const PdqHash asked = some();
      const int distance_max = static_cast<int>(random.Below(32));
      const auto expected = BruteForce(all, asked, distance_max);
      ASSERT_EQ(index.Lookup(asked, distance_max), expected);
      matched += expected.size();
    }
    EXPECT_EQ(index.size(), all.size());
    EXPECT_GT(matched, 1000U);
  }
}

TEST(PdqIndexTest, ManyAtOnceAreTheSameAsOneByOne) {
  SeededRandom random(9);
  std::vector<PdqEntry> entries;
  const PdqHash centre = RandomHash(random);
  for (std::int64_t entry = 0; entry < 20'000; ++entry) {
    entries.push_back({entry % 3 == 0 ? Near(centre, static_cast<int>(entry % 41), random) : RandomHash(random), entry});
  }
  PdqIndex index;
  EXPECT_TRUE(index.Add(entries[5].hash, 5));
  entries.push_back(entries[7]);
  EXPECT_EQ(index.AddAll(entries), 19'999U);
  EXPECT_EQ(index.AddAll(entries), 0U);
  EXPECT_EQ(index.size(), 20'000U);
  EXPECT_EQ(index.Lookup(centre), BruteForce({entries.begin(), entries.end()}, centre, 31));
}

TEST(PdqIndexTest, EachDistanceIsFoundUpToItAndNotBeyond) {
  SeededRandom random(4);
  for (int distance = 0; distance <= 32; ++distance) {
    for (int round = 0; round < 50; ++round) {
      const PdqHash hash = RandomHash(random);
      PdqIndex index;
      index.AddAll(std::vector<PdqEntry>{{round % 2 == 0 ? NearEvenly(hash, distance, random) : Near(hash, distance, random), 1}});
      if (distance <= 31) {
        EXPECT_EQ(index.Lookup(hash, distance), (std::vector<PdqMatch>{{1, distance}}));
      }
      if (distance >= 1) {
        EXPECT_TRUE(index.Lookup(hash, distance - 1).empty());
      }
    }
  }
}

TEST(PdqIndexTest, AnEmptyIndexAndOneOfASingleHashAnswer) {
  PdqIndex index;
  EXPECT_TRUE(index.Lookup(PdqHash()).empty());
  EXPECT_FALSE(index.Remove(PdqHash(), 1));
  EXPECT_TRUE(index.Add(PdqHash(), 1));
  EXPECT_EQ(index.Lookup(PdqHash()), (std::vector<PdqMatch>{{1, 0}}));
}

TEST(PdqIndexTest, RepeatsAreRefusedAndRemovedEntriesMatchNothing) {
  SeededRandom random(5);
  const PdqHash hash = RandomHash(random);
  PdqIndex index;
  EXPECT_TRUE(index.Add(hash, 1));
  EXPECT_FALSE(index.Add(hash, 1));
  EXPECT_TRUE(index.Add(hash, 2));
  EXPECT_TRUE(index.Remove(hash, 1));
  EXPECT_FALSE(index.Remove(hash, 1));
  EXPECT_EQ(index.Lookup(hash), (std::vector<PdqMatch>{{2, 0}}));
  EXPECT_TRUE(index.Add(hash, 1));
  EXPECT_EQ(index.Lookup(hash), (std::vector<PdqMatch>{{1, 0}, {2, 0}}));
}

TEST(PdqIndexTest, ManyEqualHashesAreAllFound) {
  PdqIndex index;
  std::vector<PdqEntry> entries;
  for (std::int64_t entry = 0; entry < 5000; ++entry) entries.push_back({PdqHash(), entry});
  index.AddAll(entries);
  EXPECT_EQ(index.Lookup(PdqHash()).size(), 5000U);
  EXPECT_EQ(index.Lookup(PdqHash(), 0).size(), 5000U);
}

TEST(PdqIndexTest, AnEntryTakesAHundredAndFourBytesAndABit) {
  SeededRandom random(6);
  std::vector<PdqEntry> entries;
  for (std::int64_t entry = 0; entry < 50'000; ++entry) entries.push_back({RandomHash(random), entry});
  PdqIndex index;
  const std::size_t empty = index.bytes();
  EXPECT_NEAR(static_cast<double>(empty), 4 << 20, 1000);
  index.AddAll(entries);
  EXPECT_GE(index.bytes() - empty, entries.size() * 104);
  EXPECT_LE(index.bytes() - empty, entries.size() * 150);  // Arrays grow by doubling.
}

TEST(PdqIndexDeathTest, DistancesThatItCannotAnswerEndTheProcess) {
  const PdqIndex index;
  EXPECT_DEATH(index.Lookup(PdqHash(), 32), "");
  EXPECT_DEATH(index.Lookup(PdqHash(), -1), "");
}

}  // namespace
}  // namespace porchlight::fingerprint
