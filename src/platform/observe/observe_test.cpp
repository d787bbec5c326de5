// Goal: log lines are one JSON object each, whatever is in them, and never block; metrics add up across threads.
// Method: log into files and full pipes, read them back; count from several threads and read the exposition.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#include "base/json.h"
#include "base/text.h"
#include "platform/observe/log.h"
#include "platform/observe/metrics.h"

namespace porchlight::observe {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("observe_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::vector<Json> LinesOf(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<Json> lines;
    for (std::string line; std::getline(file, line);) {
      EXPECT_LE(line.size(), 4096U);
      const Result<Json> parsed = ParseJson(line);
      EXPECT_TRUE(parsed.ok()) << line;
      if (parsed.ok()) lines.push_back(*parsed);
    }
    return lines;
  }

  std::filesystem::path folder_;
};

TEST_F(LogTest, WritesOneJsonObjectPerLineWithTypedFields) {
  const std::string path = folder_ / "log";
  OpenLog(path, Level::kInfo)
      ->Info("job.done", {{"count", std::int64_t{3}}, {"ratio", 0.5}, {"late", true}, {"lane", std::string("bulk\n\"x\"")}});
  const std::vector<Json> lines = LinesOf(path);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].Text("event"), "job.done");
  EXPECT_EQ(lines[0].Text("level"), "info");
  EXPECT_EQ(*lines[0].Find("count")->AsInteger(), 3);
  EXPECT_EQ(*lines[0].Find("ratio")->AsDouble(), 0.5);
  EXPECT_TRUE(*lines[0].Find("late")->AsBool());
  EXPECT_EQ(lines[0].Text("lane"), "bulk\n\"x\"");
  EXPECT_EQ(lines[0].Text("time").back(), 'Z');
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  const std::string path = folder_ / "log";
  const auto log = OpenLog(path, Level::kWarning);
  log->Info("quiet");
  log->Warning("heard");
  log->Error("heard");
  EXPECT_EQ(LinesOf(path).size(), 2U);
}

TEST_F(LogTest, CutsLongTextAndEncodesWhatIsNoUtf8) {
  const std::string path = folder_ / "log";
  const auto log = OpenLog(path, Level::kInfo);
  log->Info("long", {{"text", std::string(100'000, 'a')}});
  log->Info("bytes", {{"text", std::string("\xff\xfe", 2)}, {"number", std::numeric_limits<double>::infinity()}});
  std::vector<LogField> many(100, {"text", std::string(1000, '\x01')});
  log->Info("many", many);
  const std::vector<Json> lines = LinesOf(path);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_LE(lines[0].Text("text").size(), 1024U + 3U);
  EXPECT_EQ(lines[1].Text("text"), "hex:fffe");
  EXPECT_TRUE(lines[1].Find("number")->IsNull());
  EXPECT_TRUE(*lines[2].Find("cut")->AsBool());
}

TEST_F(LogTest, AppendsToWhatIsThere) {
  const std::string path = folder_ / "log";
  OpenLog(path, Level::kInfo)->Info("first");
  OpenLog(path, Level::kInfo)->Info("second");
  EXPECT_EQ(LinesOf(path).size(), 2U);
}

TEST_F(LogTest, AReaderThatStandsStillCostsLinesNotTime) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string path = "/proc/self/fd/" + std::to_string(ends[1]);
  const auto log = OpenLog(path, Level::kInfo);
  for (int i = 0; i < 1000; ++i) log->Info("flood", {{"text", std::string(1000, 'a')}});
  std::string drained(1 << 20, '\0');
  ASSERT_GT(read(ends[0], drained.data(), drained.size()), 0);
  log->Info("after");
  const ssize_t size = read(ends[0], drained.data(), drained.size());
  ASSERT_GT(size, 0);
  std::istringstream rest(drained.substr(0, static_cast<std::size_t>(size)));
  std::string line;
  bool told = false;
  bool after = false;
  while (std::getline(rest, line)) {
    told = told || line.find("log.lines_dropped") != std::string::npos;
    after = after || line.find("after") != std::string::npos;
  }
  EXPECT_TRUE(told);
  EXPECT_TRUE(after);
  close(ends[0]);
  close(ends[1]);
}

TEST(MetricsTest, CountsFromSeveralThreadsAddUp) {
  const auto metrics = NewMetrics();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) metrics->Count("things_total", "lane", j % 2 == 0 ? "even" : "odd");
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics->Exposition();
  EXPECT_NE(text.find("things_total{lane=\"even\"} 2000"), std::string::npos) << text;
  EXPECT_NE(text.find("things_total{lane=\"odd\"} 2000"), std::string::npos) << text;
}

TEST(MetricsTest, GaugesKeepTheLastValueAndDurationsFallIntoBuckets) {
  const auto metrics = NewMetrics();
  metrics->SetGauge("open", 5);
  metrics->SetGauge("open", 2);
  metrics->Observe("took_seconds", "route", "one", 0.0002);
  metrics->Observe("took_seconds", "route", "one", 500);
  metrics->Count("plain_total", "", "");
  const std::string text = metrics->Exposition();
  EXPECT_NE(text.find("open 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("plain_total 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds_bucket{route=\"one\",le=\"0.0001\"} 0"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds_bucket{route=\"one\",le=\"100\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds_count{route=\"one\"} 2"), std::string::npos) << text;
}

}  // namespace
}  // namespace porchlight::observe
