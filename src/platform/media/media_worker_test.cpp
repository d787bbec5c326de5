// Goal: whatever a file does to the process that decodes it, this process learns an outcome and goes on; and that process
// can do nothing but compute. Method: damaged files through the real worker, and a worker that misbehaves on demand in the
// real sandbox (testing/trials).
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <thread>

#include "base/random.h"
#include "platform/media/internal/sandbox.h"
#include "platform/media/internal/wire.h"
#include "platform/media/media.h"
#include "platform/media/testing/pictures.h"

namespace porchlight::media {
namespace {

const SystemClock kClock;

MediaOptions Options(const std::string& program) {
  MediaOptions options;
  options.worker_path = program;
  return options;
}

Examination Trial(const std::string& name, MediaOptions options = Options(PORCHLIGHT_MEDIA_TRIALS)) {
  const auto worker = MediaWorker::Create(options, kClock);
  PL_CHECK(worker.ok());
  const Result<Examination> result = (*worker)->Examine("GIF89a" + name);
  PL_CHECK(result.ok());
  return *result;
}

std::ptrdiff_t OpenDescriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

// Whether the kernel takes 32-bit calls at all; some are built or started without, and some hypervisors have none.
bool HasEntryOfOldCalls() {
#ifdef __x86_64__
  const pid_t child = fork();
  PL_CHECK(child >= 0);
  if (child == 0) {
    long answer = 20;  // getpid.
    asm volatile("int $0x80" : "+a"(answer) : : "memory", "r8", "r9", "r10", "r11");
    _exit(answer > 0 ? 0 : 1);
  }
  int status = 0;
  PL_CHECK(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
#else
  return false;
#endif
}

TEST(SandboxTest, AForbiddenSystemCallKillsTheProcess) {
  EXPECT_EQ(NameOf(Trial("nothing").outcome), "hashed");
  for (const std::string name : {"open", "create", "socket", "fork", "exec", "signal", "code", "turn_to_code", "map_file", "read_other",
                                 "write_other", "more_limits", "other_memory"}) {
    const Examination found = Trial(name);
    EXPECT_EQ(NameOf(found.outcome), "crashed") << name;
    EXPECT_NE(found.operator_text.find("SIGSYS"), std::string::npos) << name << ": " << found.operator_text;
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/porchlight-media-trial"));
}

TEST(SandboxTest, TheEntryOfOldCallsIsShut) {
  const Examination found = Trial("old_calls");
  EXPECT_EQ(NameOf(found.outcome), "crashed");
  if (HasEntryOfOldCalls()) {
    EXPECT_NE(found.operator_text.find("SIGSYS"), std::string::npos) << found.operator_text;
  } else {
    GTEST_SKIP() << "NOT TESTED whether the sandbox shuts it: this kernel has no 32-bit entry, whoever tries it is ended.";
  }
}

TEST(SandboxTest, TheWorkerHasNoEnvironmentAndThreeDescriptors) {
  ASSERT_EQ(setenv("PORCHLIGHT_MEDIA_SECRET", "1", 1), 0);
  const int inherited = dup(1);  // Not closed on exec.
  const Examination found = Trial("nothing");
  close(inherited);
  ASSERT_TRUE(found.picture.has_value());
  EXPECT_EQ(found.picture->size, (PictureSize{100 + 0, 100 + 3}));
}

TEST(SandboxTest, MemoryBeyondTheLimitIsTooLarge) {
  if (!MemoryIsLimited()) GTEST_SKIP() << "NOT TESTED under a sanitizer: its shadow memory forbids a limit.";
  EXPECT_EQ(NameOf(Trial("memory").outcome), "too_large");
}

TEST(SandboxTest, WithoutASandboxNothingIsDecodedAndItIsOurFault) {
  const auto worker = MediaWorker::Create(Options(PORCHLIGHT_MEDIA_TRIALS), kClock);
  ASSERT_TRUE(worker.ok());
  EXPECT_EQ((*worker)->Examine("GIF89ano_sandbox").error().code, ErrorCode::kUnavailable);
}

TEST(MediaWorkerTest, EveryWayToDieOrToLieIsAnOutcome) {
  const std::map<std::string, std::string> expected = {{"trap", "crashed"},  {"null", "crashed"},     {"abort", "crashed"}, {"leave", "crashed"},
                                                       {"half", "crashed"},  {"nonsense", "crashed"}, {"huge", "crashed"},  {"chatter", "crashed"}};
  for (const auto& [name, outcome] : expected) {
    const Examination found = Trial(name);
    EXPECT_EQ(NameOf(found.outcome), outcome) << name;
    EXPECT_FALSE(found.operator_text.empty()) << name;
    EXPECT_FALSE(found.picture.has_value()) << name;
  }
}

TEST(MediaWorkerTest, ComputingTooLongAndWaitingTooLongAreEnded) {
  MediaOptions short_cpu = Options(PORCHLIGHT_MEDIA_TRIALS);
  short_cpu.cpu_seconds_max = 1;
  const Examination spun = Trial("spin", short_cpu);
  EXPECT_EQ(NameOf(spun.outcome), "took_too_long");
  EXPECT_NE(spun.operator_text.find("SIGXCPU"), std::string::npos) << spun.operator_text;
  MediaOptions short_wall = Options(PORCHLIGHT_MEDIA_TRIALS);
  short_wall.wall_time_max = {2'000'000};
  EXPECT_EQ(NameOf(Trial("hang", short_wall).outcome), "took_too_long");
}

TEST(MediaWorkerTest, BytesOverTheLimitAreNotEvenSent) {
  MediaOptions options = Options(PORCHLIGHT_MEDIA_WORKER);
  const std::string bytes = WritePng(Draw({50, 50}));
  options.bytes_max = bytes.size();
  EXPECT_EQ(NameOf((*MediaWorker::Create(options, kClock))->Examine(bytes)->outcome), "hashed");
  options.bytes_max = bytes.size() - 1;
  EXPECT_EQ(NameOf((*MediaWorker::Create(options, kClock))->Examine(bytes)->outcome), "too_large");
}

TEST(MediaWorkerTest, ALargeFileGoesThroughTheSocket) {
  const auto worker = MediaWorker::Create(Options(PORCHLIGHT_MEDIA_WORKER), kClock);
  std::string bytes = WritePng(Draw({50, 50}));
  bytes.resize(64 << 20);
  EXPECT_EQ(NameOf((*worker)->Examine(bytes)->outcome), "hashed");
}

TEST(MediaWorkerTest, TruncatedFilesNeverHurt) {
  const auto worker = MediaWorker::Create(Options(PORCHLIGHT_MEDIA_WORKER), kClock);
  const Drawing few = DrawFewColours({64, 48});
  std::map<std::string_view, int> outcomes;
  for (const std::string& whole : {WritePng(few), WriteJpeg(few), WriteJpeg(few, {false, false, true}), WriteGif(few), WriteWebp(few), WriteMovingWebp(few, 2, 2)}) {
    for (std::size_t part = 0; part < 40; ++part) {
      const Result<Examination> found = (*worker)->Examine(whole.substr(0, whole.size() * part / 40));
      ASSERT_TRUE(found.ok());
      ++outcomes[NameOf(found->outcome)];
      if (found->picture) {
        EXPECT_FALSE(found->picture->complete);
      }
    }
  }
  EXPECT_EQ(outcomes["crashed"], 0);
  EXPECT_EQ(outcomes["took_too_long"], 0);
  EXPECT_GT(outcomes["damaged"], 100);
  EXPECT_GT(outcomes["hashed"], 20);  // JPEG shows what there is.
}

TEST(MediaWorkerTest, FlippedBitsNeverHurt) {
  const auto worker = MediaWorker::Create(Options(PORCHLIGHT_MEDIA_WORKER), kClock);
  const Drawing few = DrawFewColours({64, 48});
  SeededRandom random(1);
  std::map<std::string_view, int> outcomes;
  for (const std::string& whole : {WritePng(few), WriteJpeg(few), WriteJpeg(few, {false, false, true}), WriteGif(few), WriteWebp(few), WriteMovingWebp(few, 2, 2)}) {
    for (int round = 0; round < 100; ++round) {
      std::string bytes = whole;
      for (std::uint64_t flips = 1 + random.Below(4); flips > 0; --flips) {
        // Half of them where the headers are.
        const std::size_t place = random.Below(random.Below(2) == 0 ? std::min<std::size_t>(bytes.size(), 80) : bytes.size());
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << random.Below(8)));
      }
      const Result<Examination> found = (*worker)->Examine(bytes);
      ASSERT_TRUE(found.ok());
      ++outcomes[NameOf(found->outcome)];
    }
  }
  EXPECT_EQ(outcomes["crashed"], 0);
  EXPECT_EQ(outcomes["took_too_long"], 0);
}

TEST(MediaWorkerTest, ManyThreadsMayAskAtOnceAndNothingIsLeftBehind) {
  MediaOptions options = Options(PORCHLIGHT_MEDIA_WORKER);
  options.processes_max = 3;
  const auto worker = MediaWorker::Create(options, kClock);
  ASSERT_TRUE(worker.ok());
  const std::ptrdiff_t before = OpenDescriptors();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t number = 0; number < 6; ++number) {
    threads.emplace_back([&, number] {
      const Drawing drawing = Draw({120, 90}, number);
      for (int round = 0; round < 10; ++round) {
        const Result<Examination> found = (*worker)->Examine(WritePng(drawing));
        right += found.ok() && found->picture && found->picture->pdq == fingerprint::HashRgb(drawing.size, drawing.rgb).value() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 60);
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(MediaWorkerTest, AProgramThatIgnoresItsChildrenGetsAnswersToo) {
  const auto worker = MediaWorker::Create(Options(PORCHLIGHT_MEDIA_WORKER), kClock);
  const auto earlier = std::signal(SIGCHLD, SIG_IGN);
  const Result<Examination> found = (*worker)->Examine(WritePng(Draw({50, 50})));
  std::signal(SIGCHLD, earlier);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(NameOf(found->outcome), "hashed");
}

TEST(MediaWorkerTest, AProgramThatIsMissingOrAnotherIsToldAtTheStart) {
  for (const std::string& program : {std::string("/nonexistent/worker"), std::string("/bin/true"), std::string("/bin/false"), std::string("/")}) {
    EXPECT_EQ(MediaWorker::Create(Options(program), kClock).error().code, ErrorCode::kUnavailable) << program;
  }
  MediaOptions nothing = Options(PORCHLIGHT_MEDIA_WORKER);
  nothing.pixels_max = 0;
  EXPECT_EQ(MediaWorker::Create(nothing, kClock).error().code, ErrorCode::kInvalidArgument);
}

TEST(MediaWorkerTest, TheWorkerIsLookedForBesideTheProgram) {
  EXPECT_TRUE(MediaWorker::Create({}, kClock).ok());  // The tests lie in the same folder.
}

TEST(WireTest, RequestsAndAnswersAreReadBackAndNothingElseIs) {
  const Request request{fingerprint::PdqLoader::kShrink512, 1ULL << 40, 3, 4, 5};
  EXPECT_EQ(ReadRequest(WriteRequest(request)), request);
  EXPECT_FALSE(ReadRequest(WriteRequest(request) + "x"));
  EXPECT_FALSE(ReadRequest("XXXX" + WriteRequest(request).substr(4)));
  Answer answer;
  answer.outcome = MediaOutcome::kHashed;
  answer.picture = {MediaFormat::kGif, {7, 9}, {}, false};
  answer.picture.pdq.quality = 100;
  answer.picture.pdq.turned[3].SetBit(200, true);
  const std::string written = WriteAnswer(answer);
  ASSERT_TRUE(ReadAnswer(written, 63).has_value());
  EXPECT_EQ(WriteAnswer(*ReadAnswer(written, 63)), written);
  EXPECT_FALSE(ReadAnswer(written, 62));
  EXPECT_FALSE(ReadAnswer(written.substr(1), 63));
  for (const auto& [place, value] : {std::pair{0, 0}, std::pair{0, 7}, std::pair{1, 0}, std::pair{1, 5}, std::pair{2, 2}, std::pair{3, 101}, std::pair{4, 0}}) {
    std::string wrong = written;
    wrong[static_cast<std::size_t>(place)] = static_cast<char>(value);
    EXPECT_FALSE(ReadAnswer(wrong, 63)) << place;
  }
}

}  // namespace
}  // namespace porchlight::media
