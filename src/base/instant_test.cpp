// Goal: time texts are read as XML Schema writes them and written as RFC 3339, at both sides of every limit.
// Method: known instants, then round trips over many seeds.
#include "base/instant.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace porchlight {
namespace {

std::int64_t Read(std::string_view text) { return ParseDateTime(text).value().instant.microseconds; }

TEST(InstantTest, TheEpochIsZeroInEveryZone) {
  EXPECT_EQ(Read("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(Read("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(Read("1969-12-31T19:00:00-05:00"), 0);
}

TEST(InstantTest, AMissingZoneStaysMissing) {
  const OffsetInstant given = ParseDateTime("2026-01-02T03:04:05").value();
  EXPECT_FALSE(given.offset_minutes.has_value());
  EXPECT_EQ(FormatInstant(given.instant), "2026-01-02T03:04:05Z");
  EXPECT_EQ(ParseDateTime("2026-01-02T03:04:05-03:30").value().offset_minutes, -210);
}

TEST(InstantTest, DigitsBeyondMicrosecondsAreCutOff) {
  EXPECT_EQ(FormatInstant(ParseDateTime("2026-01-02T03:04:05.123456789Z").value().instant), "2026-01-02T03:04:05.123456Z");
  EXPECT_EQ(FormatInstant(ParseDateTime("2026-01-02T03:04:05.5Z").value().instant), "2026-01-02T03:04:05.500000Z");
}

TEST(InstantTest, HourTwentyFourIsTheNextMidnight) {
  EXPECT_EQ(Read("2026-01-02T24:00:00Z"), Read("2026-01-03T00:00:00Z"));
}

TEST(InstantTest, SurroundingWhiteSpaceIsCollapsed) { EXPECT_EQ(Read(" \n2026-01-02T03:04:05Z\t"), Read("2026-01-02T03:04:05Z")); }

class RefusedDateTimeTest : public testing::TestWithParam<const char*> {};

TEST_P(RefusedDateTimeTest, IsRefused) {
  const Result<OffsetInstant> parsed = ParseDateTime(GetParam());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(InstantTest, RefusedDateTimeTest,
                         testing::Values("", "2026", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
                                         "2026-01-32T00:00:00Z", "2026-01-02 03:04:05Z", "2026-01-02T24:00:01Z",
                                         "2026-01-02T25:00:00Z", "2026-01-02T03:60:00Z", "2026-01-02T03:04:60Z",
                                         "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+15:00", "2026-01-02T03:04:05+14:01",
                                         "2026-01-02T03:04:05z", "2026-01-02T03:04:05Z ,", "0000-01-01T00:00:00Z",
                                         "2026-01-02T3:04:05Z", "2026-01-02T03:04:05+0200"));

TEST(InstantTest, LeapDaysAreKnown) {
  EXPECT_TRUE(ParseDateTime("2024-02-29T00:00:00Z").ok());
  EXPECT_TRUE(ParseDateTime("2000-02-29T00:00:00Z").ok());
  EXPECT_FALSE(ParseDateTime("1900-02-29T00:00:00Z").ok());
}

TEST(InstantTest, ADateIsTenCharactersOfADayThatExists) {
  EXPECT_TRUE(IsDate("2024-02-29"));
  for (const std::string_view text : {"", "2026-02-29", "2026-1-2", "26-01-02", " 2026-01-02", "2026-01-02Z", "2026-01-021"}) {
    EXPECT_FALSE(IsDate(text)) << text;
  }
}

TEST(InstantTest, AYearAfterALeapDayIsTheLastOfFebruary) {
  EXPECT_EQ(FormatInstant(AddYears(ParseDateTime("2024-02-29T10:00:00.25Z").value().instant, 1)), "2025-02-28T10:00:00.250000Z");
  EXPECT_EQ(FormatInstant(AddYears(ParseDateTime("2026-11-23T00:00:00Z").value().instant, 1)), "2027-11-23T00:00:00Z");
}

TEST(InstantTest, WhatIsWrittenIsReadBack) {
  SeededRandom random(7);
  for (int round = 0; round < 2000; ++round) {
    const Instant instant{static_cast<std::int64_t>(random.Below(8'000'000'000'000'000)) - 2'000'000'000'000'000};
    EXPECT_EQ(ParseDateTime(FormatInstant(instant)).value().instant, instant);
  }
}

}  // namespace
}  // namespace porchlight
