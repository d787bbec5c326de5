// Goal: what the system's generator hands out is never handed out twice: not in one thread, not in two, not in a child process, and
// whatever the sizes asked for. Method: many draws of each size side by side, and a fork between two draws.
#include "base/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>
#include <vector>

namespace porchlight {
namespace {

TEST(SystemRandomTest, NothingIsHandedOutTwice) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int round = 0; round < 200; ++round) {
    for (const std::size_t size : {16U, 24U, 63U, 64U, 65U, 512U, 600U}) {
      const std::string bytes = random.Bytes(size);
      ASSERT_EQ(bytes.size(), size);
      for (std::size_t at = 0; at + 16 <= size; at += 16) EXPECT_TRUE(seen.insert(bytes.substr(at, 16)).second);
    }
  }
}

TEST(SystemRandomTest, ThreadsDoNotShareWhatTheyDraw) {
  constexpr std::size_t kThreads = 8;
  std::vector<std::vector<std::string>> drawn(kThreads);
  std::vector<std::thread> threads;
  for (auto& mine : drawn) {
    threads.emplace_back([&mine] {
      SystemRandom random;
      for (int i = 0; i < 500; ++i) mine.push_back(random.Bytes(12));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> seen;
  for (const auto& one : drawn) seen.insert(one.begin(), one.end());
  EXPECT_EQ(seen.size(), kThreads * 500);
}

TEST(SystemRandomTest, AChildProcessDrawsItsOwn) {
  SystemRandom random;
  (void)random.Bytes(16);  // So that there is something left over to be inherited.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string bytes = random.Bytes(16);
    _exit(write(ends[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
  }
  std::string of_child(16, '\0');
  ASSERT_EQ(read(ends[0], of_child.data(), of_child.size()), 16);
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(random.Bytes(16), of_child);
  close(ends[0]);
  close(ends[1]);
}

TEST(SystemRandomTest, AnEmptyDrawIsEmpty) { EXPECT_EQ(SystemRandom().Bytes(0), ""); }

}  // namespace
}  // namespace porchlight
