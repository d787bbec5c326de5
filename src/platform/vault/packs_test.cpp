// Goal: the one writer of the packs loses nothing of what it acknowledges, however much comes at once, and what fails for one object
// fails for that one alone. Method: packs in a folder, and files that refuse what is asked of them.
#include "platform/vault/internal/packs.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"
#include "platform/vault/internal/folder_listing.h"
#include "platform/vault/testing/temporary_folder.h"

namespace porchlight::vault::internal {
namespace {

constexpr std::size_t kPage = 4096;

AlignedBytes Object(char letter, std::size_t bytes = kPage) {
  AlignedBytes object;
  std::fill_n(object.Extend(bytes), bytes, letter);
  return object;
}

std::string TextAt(const File& file, std::int64_t offset, std::size_t bytes = kPage) {
  std::string text;
  PL_CHECK(ReadAt(file, offset, bytes, text).ok());
  return text;
}

class PacksTest : public ::testing::Test {
 protected:
  Packs Open(std::int64_t bytes_max = kPackBytesMax) { return {root_.get(), packs_folder_.get(), random_, bytes_max}; }

  static Result<Placed> Append(Packs& packs, AlignedBytes& object) {
    const auto answer = std::make_shared<std::promise<Result<Placed>>>();
    packs.Append(object, [answer](Result<Placed> placed) { answer->set_value(std::move(placed)); });
    return answer->get_future().get();
  }

  std::ptrdiff_t Count(std::string_view suffix) const {
    const std::vector<std::string> names = ListFolder(packs_folder_.get()).value();
    return std::count_if(names.begin(), names.end(), [&](const std::string& name) { return name.ends_with(suffix); });
  }

  File NewFile() const { return OpenAt(root_.get(), "file", O_RDWR | O_CREAT).value(); }

  testing::TemporaryFolder folder_;
  SystemRandom random_;
  File root_ = OpenOrMakeDirectory(AT_FDCWD, folder_.path() + "/vault").value();
  File packs_folder_ = OpenOrMakeDirectory(root_.get(), "packs").value();
};

// What a test does with an answer while the writer waits for it.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST_F(PacksTest, WhatComesWhileTheWriterIsBusyGoesTogetherAndEachHearsOfItsOwn) {
  Packs packs = Open();
  Gate gate;
  AlignedBytes first = Object('0');
  packs.Append(first, [&](const Result<Placed>& placed) {
    EXPECT_TRUE(placed.ok());
    gate.Pass();
  });
  std::vector<AlignedBytes> objects;
  for (char letter = 'a'; letter <= 'z'; ++letter) objects.push_back(Object(letter, letter % 2 == 0 ? kPage : kPage + 100));
  std::vector<std::optional<Result<Placed>>> heard(objects.size());
  for (std::size_t index = 0; index < objects.size(); ++index) {
    packs.Append(objects[index], [&heard, index](Result<Placed> placed) { heard[index] = std::move(placed); });
  }
  gate.Open();
  packs.EndWriting();  // Waits for all of them.
  for (std::size_t index = 0; index < objects.size(); ++index) {
    ASSERT_TRUE(heard[index].has_value() && heard[index]->ok()) << index;
    const Place& place = (*heard[index])->place;
    const File file = packs.Open(place.pack, O_RDONLY).value();
    EXPECT_EQ(TextAt(file, place.offset, objects[index].size()), objects[index].view()) << index;
  }
}

TEST_F(PacksTest, AFullPackIsCompletedByOneWhoComesLater) {
  Packs packs = Open(3 * kPage);
  AlignedBytes object = Object('x');
  std::vector<Place> places;
  for (int index = 0; index < 3; ++index) places.push_back(Append(packs, object).value().place);
  EXPECT_EQ(places[2].pack, places[0].pack);
  EXPECT_EQ(Count(kCompleteSuffix), 0);
  {
    const Placed held = Append(packs, object).value();
    EXPECT_NE(held.place.pack, places[0].pack);
  }
  // The answer to the third object may just be on its way out of the writer's hands: only then does nobody hold the first pack.
  while (Count(kCompleteSuffix) == 0) ASSERT_TRUE(Append(packs, object).ok());
  EXPECT_EQ(TextAt(packs.Open(places[1].pack, O_RDONLY).value(), places[1].offset), object.view());
}

TEST_F(PacksTest, APackIsNotCompleteAsLongAsALinkIsToBeMade) {
  Packs packs = Open(kPage);
  AlignedBytes object = Object('x');
  std::optional<Placed> held = Append(packs, object).value();
  for (int index = 0; index < 5; ++index) ASSERT_TRUE(Append(packs, object).ok());
  EXPECT_TRUE(OpenAt(packs_folder_.get(), held->place.pack + std::string(kActiveSuffix), O_RDONLY).ok());
  const std::string first = held->place.pack;
  held.reset();
  while (!OpenAt(packs_folder_.get(), first + std::string(kCompleteSuffix), O_RDONLY).ok()) ASSERT_TRUE(Append(packs, object).ok());
}

TEST_F(PacksTest, WhatWaitsIsBounded) {
  Packs packs = Open();
  Gate gate;
  AlignedBytes object = Object('x', 1024 * 1024);
  packs.Append(object, [&](const Result<Placed>&) { gate.Pass(); });
  std::atomic<int> handed_over = 0;
  std::atomic<int> done = 0;
  std::thread bringing([&] {
    for (int index = 0; index < 60; ++index) {
      packs.Append(object, [&](const Result<Placed>& placed) { done += placed.ok() ? 1 : 0; });
      ++handed_over;
    }
  });
  while (handed_over < 31) std::this_thread::yield();
  for (int turn = 0; turn < 1'000; ++turn) std::this_thread::yield();
  EXPECT_EQ(handed_over, 31);  // With the one that the writer has, 32 MiB.
  gate.Open();
  bringing.join();
  packs.EndWriting();
  EXPECT_EQ(done, 60);
}

TEST_F(PacksTest, PlacesApartAreWrittenToo) {
  ActivePack pack("a", NewFile(), root_.get(), packs_folder_.get(), kPackBytesMax);
  const AlignedBytes objects[] = {Object('a'), Object('b'), Object('c'), Object('d')};
  PackEntry entries[] = {{objects[0].view(), 6 * kPage}, {objects[1].view(), 0}, {objects[2].view(), 7 * kPage},
                         {objects[3].view(), 2 * kPage}};
  pack.WriteDurably({&entries[0], &entries[1], &entries[2], &entries[3]});
  const File file = NewFile();
  for (int index = 0; index < 4; ++index) {
    EXPECT_TRUE(entries[index].outcome.ok()) << index;
    EXPECT_EQ(TextAt(file, entries[index].offset), objects[index].view()) << index;
  }
}

TEST_F(PacksTest, OneThatHasNoRoomDoesNotTakeTheOthersWithIt) {
  ActivePack pack("a", NewFile(), root_.get(), packs_folder_.get(), kPackBytesMax);
  const AlignedBytes object = Object('a');
  PackEntry entries[] = {{object.view(), 0}, {object.view(), kPage}, {object.view(), 2 * kPage}};
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit limit { 2 * kPage, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  pack.WriteDurably({&entries[0], &entries[1], &entries[2]});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(entries[0].outcome.ok());
  EXPECT_TRUE(entries[1].outcome.ok());
  EXPECT_EQ(entries[2].outcome.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(TextAt(NewFile(), kPage), object.view());
}

TEST_F(PacksTest, AFailedFlushIsNotAcknowledgedAndThePackTakesNothingMore) {
  // A device that takes every write and cannot flush.
  ActivePack pack("a", OpenAt(AT_FDCWD, "/dev/null", O_RDWR).value(), root_.get(), packs_folder_.get(), kPackBytesMax);
  const AlignedBytes object = Object('a');
  PackEntry entries[] = {{object.view(), 0}, {object.view(), kPage}};
  pack.WriteDurably({&entries[0], &entries[1]});
  for (const PackEntry& entry : entries) {
    EXPECT_EQ(entry.outcome.error().code, ErrorCode::kUnavailable);
    EXPECT_GT(entry.outcome.error().retry_after_seconds, 0);
  }
  EXPECT_EQ(pack.Reserve(kPage).value(), std::nullopt);
  PackEntry late{object.view(), 2 * kPage};  // Its room was set aside before.
  pack.WriteDurably({&late});
  EXPECT_EQ(late.outcome.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(late.outcome.error().operator_text.find("failed to flush pack a"), std::string::npos);
  EXPECT_GT(late.outcome.error().retry_after_seconds, 0);
}

}  // namespace
}  // namespace porchlight::vault::internal
