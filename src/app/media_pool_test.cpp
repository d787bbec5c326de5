// Goal: where nothing can be decoded, that is said, tried again after a while, and stops nothing else.
#include <gtest/gtest.h>

#include "app/media_pool.h"

namespace porchlight::app {
namespace {

media::MediaOptions With(const std::string& program) {
  media::MediaOptions options;
  options.worker_path = program;
  return options;
}

TEST(MediaPoolTest, IsMadeWhenItIsNeededAndKept) {
  const SystemClock clock;
  const auto log = observe::SilentLog();
  MediaPool pool(clock, *log);
  const auto first = pool.Worker();
  ASSERT_TRUE(first.ok()) << first.error().operator_text;
  EXPECT_EQ(*pool.Worker(), *first);
  EXPECT_TRUE(pool.Works());
  EXPECT_EQ((*first)->MakePreview("no picture", media::PreviewBlur::kStrong)->refusal, media::MediaOutcome::kUnsupported);
}

TEST(MediaPoolTest, AMachineThatCannotDecodeSaysSoAndIsTriedAgainAfterAMinute) {
  ManualClock clock(Instant{1});
  class CountingLog final : public observe::Log {
   public:
    void Write(observe::Level, std::string_view, std::vector<observe::LogField>) override { ++lines; }
    int lines = 0;
  } log;
  MediaPool pool(clock, log, With("/nonexistent/worker"));
  for (int times = 0; times < 3; ++times) EXPECT_EQ(pool.Worker().error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(pool.Works());
  EXPECT_EQ(log.lines, 1);
  clock.Advance(Duration::Seconds(61));
  EXPECT_FALSE(pool.Works());
  EXPECT_EQ(log.lines, 2);
}

}  // namespace
}  // namespace porchlight::app
