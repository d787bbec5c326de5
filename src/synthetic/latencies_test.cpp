// Goal: percentiles are right within one step of a sixteenth. Method: known series.
#include "synthetic/latencies.h"

#include <gtest/gtest.h>

namespace porchlight::synthetic {
namespace {

TEST(LatenciesTest, AnEmptyOneHasZeros) {
  const Latencies latencies;
  EXPECT_EQ(latencies.count(), 0U);
  EXPECT_EQ(latencies.Percentile(990).microseconds, 0);
}

TEST(LatenciesTest, PercentilesOfAThousandValuesAreWithinOneStepAbove) {
  Latencies latencies;
  for (std::int64_t value = 1; value <= 1000; ++value) latencies.Add(Duration::Milliseconds(value));
  for (const int permille : {1, 10, 500, 900, 990}) {
    const auto exact = static_cast<double>(permille) * 1000;
    const auto found = static_cast<double>(latencies.Percentile(permille).microseconds);
    EXPECT_GE(found, exact) << permille;
    EXPECT_LE(found, exact * 17 / 16) << permille;
  }
  EXPECT_EQ(latencies.Percentile(1000), Duration::Seconds(1));
  EXPECT_EQ(latencies.max(), Duration::Seconds(1));
}

TEST(LatenciesTest, SmallAndHugeValuesAreKept) {
  for (std::int64_t value = 0; value < 200; ++value) {
    Latencies latencies;
    latencies.Add({value});
    EXPECT_EQ(latencies.Percentile(500).microseconds, value);
  }
  Latencies latencies;
  latencies.Add(Duration::Days(400));
  EXPECT_EQ(latencies.max(), Duration::Days(400));
  EXPECT_GT(latencies.Percentile(500).microseconds, Duration::Minutes(60).microseconds);
}

TEST(LatenciesTest, MergingAddsUp) {
  Latencies left;
  Latencies right;
  for (int index = 0; index < 90; ++index) left.Add({100});
  for (int index = 0; index < 10; ++index) right.Add({5000});
  left.Merge(right);
  EXPECT_EQ(left.count(), 100U);
  EXPECT_LE(left.Percentile(900).microseconds, 106);
  EXPECT_GE(left.Percentile(910).microseconds, 5000);
}

}  // namespace
}  // namespace porchlight::synthetic
