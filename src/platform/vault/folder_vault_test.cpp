// Goal: the folder vault keeps what it acknowledged through crashes, full disks, damage and a second process.
// Method: look at and change the files themselves. A power cut is imitated by a child process that ends without a
// word, after which all links it made are taken away: nobody flushed those.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/check.h"
#include "base/text.h"
#include "platform/vault/testing/temporary_folder.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

namespace fs = std::filesystem;

constexpr Instant kEndOfTime{std::int64_t{4'000'000'000} * 1'000'000};

bool Nobody(const std::string&) { return false; }

class FolderVaultTest : public ::testing::Test {
 protected:
  std::unique_ptr<Vault> Open() { return OpenFolderVault(path(), keys_, random_).value(); }
  std::string path() const { return folder_.path() + "/vault"; }

  static Result<StoredObject> Store(Vault& vault, std::string_view content) {
    std::unique_ptr<Writer> writer = PL_TRY(vault.Begin());
    PL_TRY(writer->Append(content));
    return writer->Commit();
  }

  static Result<std::string> Load(Vault& vault, const ObjectReference& reference) {
    std::string content;
    PL_TRY(vault.Read(reference, [&](std::string_view chunk) -> Result<void> {
      content += chunk;
      return {};
    }));
    return content;
  }

  std::vector<fs::path> FilesIn(const char* folder) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path() + "/" + folder)) {
      if (entry.is_symlink() || entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  // Runs `work` in a child process that ends without any tidying up.
  template <class Work>
  static void InACrashingProcess(Work work) {
    AwaitEndOf(Fork(work));
  }

  template <class Work>
  static ::pid_t Fork(Work work) {
    const ::pid_t child = ::fork();
    PL_CHECK(child >= 0);
    if (child == 0) {
      work();
      ::_exit(0);
    }
    return child;
  }

  static void AwaitEndOf(::pid_t child) {
    int status = 0;
    PL_CHECK(::waitpid(child, &status, 0) == child);
    PL_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  static void FlipByte(const fs::path& file, std::int64_t offset) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(offset);
    const char byte = static_cast<char>(stream.get() ^ 0x40);
    stream.seekp(offset);
    stream.put(byte);
  }

  testing::TemporaryFolder folder_;
  SystemRandom random_;
  SeededRandom contents_{5};
  MasterKeys keys_ = MasterKeys::FromSecret("secret");
};

TEST_F(FolderVaultTest, FoldersAndFilesAreForTheirOwnerAloneAndNothingPlainIsInThem) {
  const auto vault = Open();
  const std::string content(100'000, 'P');
  ASSERT_TRUE(Store(*vault, content).ok());
  ASSERT_TRUE(Store(*vault, std::string(2'000'000, 'P')).ok());
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path())) {
    struct stat status {};
    ASSERT_EQ(::lstat(entry.path().c_str(), &status), 0);
    if (entry.is_symlink()) continue;
    EXPECT_EQ(status.st_mode & 0777U, entry.is_directory() ? 0700U : 0600U) << entry.path();
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    EXPECT_EQ(bytes.find("PPPPPPPP"), std::string::npos) << entry.path();
  }
  EXPECT_GE(files, 2);
}

TEST_F(FolderVaultTest, WhatWasAcknowledgedBeforeAPowerCutIsFoundAgain) {
  // The references go through a pipe, as a row would have gone to the database.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  InACrashingProcess([&] {
    const auto vault = Open();
    for (int index = 0; index < 20; ++index) {
      const ObjectReference reference = Store(*vault, "object " + std::to_string(index)).value().reference;
      const std::string line = reference.name + reference.wrapped_key;
      PL_CHECK(::write(ends[1], line.data(), line.size()) == static_cast<::ssize_t>(line.size()));
    }
    ::_exit(0);
  });
  for (const fs::path& link : FilesIn("objects")) fs::remove(link);

  const auto vault = Open();
  for (int index = 0; index < 20; ++index) {
    std::string line(64 + 60, '\0');
    ASSERT_EQ(::read(ends[0], line.data(), line.size()), static_cast<::ssize_t>(line.size()));
    const std::string content = "object " + std::to_string(index);
    const ObjectReference reference{line.substr(0, 64), line.substr(64), 1, static_cast<std::int64_t>(content.size())};
    EXPECT_EQ(Load(*vault, reference).value(), content);
  }
  ::close(ends[0]);
  ::close(ends[1]);
  for (const fs::path& pack : FilesIn("packs")) EXPECT_NE(pack.extension(), ".active");
}

TEST_F(FolderVaultTest, AnObjectTornByAPowerCutIsNotTakenForAWholeOneAndTheNextOnesAreFound) {
  const std::string torn = contents_.Bytes(50'000);
  const std::string whole = contents_.Bytes(60'000);
  InACrashingProcess([&] {
    const auto vault = Open();
    (void)Store(*vault, torn).value();
    (void)Store(*vault, whole).value();
    ::_exit(0);
  });
  for (const fs::path& link : FilesIn("objects")) fs::remove(link);
  for (const fs::path& pack : FilesIn("packs")) {
    if (pack.extension() == ".active") FlipByte(pack, 20'000);
  }
  const auto vault = Open();
  EXPECT_FALSE(Store(*vault, torn).value().already_there);
  EXPECT_TRUE(Store(*vault, whole).value().already_there);
  EXPECT_EQ(Load(*vault, Store(*vault, torn).value().reference).value(), torn);
}

TEST_F(FolderVaultTest, AWriterThatDiesLeavesATemporaryFileThatASweepRemoves) {
  InACrashingProcess([&] {
    const auto vault = Open();
    const auto writer = vault->Begin().value();
    PL_CHECK(writer->Append(std::string(3'000'000, 'x')).ok());
    ::_exit(0);
  });
  ASSERT_EQ(FilesIn("tmp").size(), 1U);
  const auto vault = Open();
  EXPECT_EQ(vault->Sweep(Instant{0}, Nobody).value(), 0);
  EXPECT_EQ(vault->Sweep(kEndOfTime, Nobody).value(), 1);
  EXPECT_TRUE(FilesIn("tmp").empty());
  EXPECT_TRUE(FilesIn("objects").empty());
}

TEST_F(FolderVaultTest, ASweepLeavesALivingWriterAlone) {
  const auto vault = Open();
  const auto writer = vault->Begin().value();
  const std::string content = contents_.Bytes(3'000'000);
  ASSERT_TRUE(writer->Append(content).ok());
  EXPECT_EQ(vault->Sweep(kEndOfTime, Nobody).value(), 0);
  EXPECT_EQ(Load(*vault, writer->Commit().value().reference).value(), content);
}

TEST_F(FolderVaultTest, AnyFlippedByteIsFoundBeforeItsChunkIsHandedOn) {
  const std::string content = contents_.Bytes(1'200'000);  // A file of its own.
  const auto vault = Open();
  const ObjectReference reference = Store(*vault, content).value().reference;
  const std::vector<fs::path> files = FilesIn("objects");
  ASSERT_EQ(files.size(), 1U);
  const auto size = static_cast<std::int64_t>(fs::file_size(files[0]));
  for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{9}, std::int64_t{30}, std::int64_t{60}, std::int64_t{147},
                                    std::int64_t{148}, std::int64_t{70'000}, size / 2, size - 1}) {
    FlipByte(files[0], offset);
    std::string got;
    const Result<void> read = vault->Read(reference, [&](std::string_view chunk) -> Result<void> {
      got += chunk;
      return {};
    });
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << offset;
    EXPECT_TRUE(std::string_view(content).starts_with(got)) << offset;
    FlipByte(files[0], offset);
  }
  fs::resize_file(files[0], static_cast<std::uintmax_t>(size - 65'552));  // A whole chunk less.
  EXPECT_EQ(Load(*vault, reference).error().code, ErrorCode::kCorrupt);
}

TEST_F(FolderVaultTest, ADamagedCopyIsReplacedWhenTheContentComesAgainAndOldReferencesOpenIt) {
  for (const std::size_t size : {std::size_t{40'000}, std::size_t{1'400'000}}) {
    const std::string content = contents_.Bytes(size);
    auto vault = Open();
    const ObjectReference old = Store(*vault, content).value().reference;
    vault.reset();
    for (const char* folder : {"objects", "packs"}) {
      for (const fs::path& file : FilesIn(folder)) {
        if (!fs::is_symlink(file) && fs::file_size(file) > 30'000) FlipByte(file, 30'000);
      }
    }
    vault = Open();
    ASSERT_EQ(Load(*vault, old).error().code, ErrorCode::kCorrupt);
    EXPECT_FALSE(Store(*vault, content).value().already_there);
    EXPECT_EQ(Load(*vault, old).value(), content);
    ASSERT_GE(vault->Sweep(kEndOfTime, Nobody).value(), 1);
  }
}

TEST_F(FolderVaultTest, ASweptObjectGivesItsSpaceBackAndAnEmptyPackGoesAway) {
  auto vault = Open();
  ASSERT_TRUE(Store(*vault, contents_.Bytes(500'000)).ok());
  vault.reset();  // The pack is complete.
  ASSERT_EQ(FilesIn("packs").size(), 2U) << "the pack and the lock";
  vault = Open();
  EXPECT_EQ(vault->Sweep(kEndOfTime, Nobody).value(), 1);
  EXPECT_EQ(FilesIn("packs").size(), 1U);
  EXPECT_TRUE(FilesIn("objects").empty());
}

TEST_F(FolderVaultTest, AnotherProcessSeesAndReusesObjectsWhileTheirPackIsOpen) {
  // The other one comes first and waits: a process with threads does not start another that starts some.
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const ::pid_t child = Fork([&] {
    ::close(ends[1]);  // Or it would wait for itself when nothing comes.
    std::string line(64 + 60, '\0');
    PL_CHECK(::read(ends[0], line.data(), line.size()) == static_cast<::ssize_t>(line.size()));
    const auto other = Open();
    PL_CHECK(Load(*other, {line.substr(0, 64), line.substr(64), 1, 6}).value() == "shared");
    PL_CHECK(Store(*other, "shared").value().already_there);
    PL_CHECK(!Store(*other, "theirs").value().already_there);
    ::_exit(0);
  });
  const auto vault = Open();
  const ObjectReference reference = Store(*vault, "shared").value().reference;
  const std::string line = reference.name + reference.wrapped_key;
  ASSERT_EQ(::write(ends[1], line.data(), line.size()), static_cast<::ssize_t>(line.size()));
  AwaitEndOf(child);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_TRUE(Store(*vault, "theirs").value().already_there);
}

TEST_F(FolderVaultTest, NoRoomIsSaidSoLeavesNothingAndHealsByItself) {
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const auto vault = Open();
  const auto set_limit = [&](::rlim_t bytes) {
    const struct rlimit limit { bytes, before.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  };
  set_limit(10'000);
  const Result<StoredObject> small = Store(*vault, contents_.Bytes(50'000));
  const Result<StoredObject> large = Store(*vault, contents_.Bytes(5'000'000));
  set_limit(before.rlim_cur);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(small.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(large.error().code, ErrorCode::kNoSpace);
  EXPECT_TRUE(FilesIn("objects").empty());
  EXPECT_TRUE(FilesIn("tmp").empty());
  EXPECT_TRUE(Store(*vault, contents_.Bytes(50'000)).ok());
  EXPECT_TRUE(Store(*vault, contents_.Bytes(5'000'000)).ok());
}

TEST_F(FolderVaultTest, ALinkWhosePackIsMissingIsDamageNotAbsence) {
  auto vault = Open();
  const ObjectReference reference = Store(*vault, "gone").value().reference;
  vault.reset();
  fs::remove_all(path() + "/packs");
  vault = Open();
  EXPECT_EQ(Load(*vault, reference).error().code, ErrorCode::kCorrupt);
}

TEST_F(FolderVaultTest, FreeBytesAreThoseOfTheDisk) { EXPECT_GT(Open()->BytesFree(), 0); }

// An object as it was stored before format 2, when the check behind the header was a SHA-256.
constexpr std::string_view kFormat1Object =
    "504c4f424a0000010000000100010000000000000000001217fa1c272b4226b2fcc5c8544f06c79f79aba57694e1d46afe72"
    "f17f81f3d1231ed5fc231b05edb82585e9466f0145f5d754325638a2b1bd985cd4b88d3f52d93867fcec7275d459496893b9"
    "31acd66322390f395e648f9bd76f144da441efd4a0c8d60e1ee0fe659ff3d9c4fd38eadac930216e3108652207e8b4bc3512"
    "b0a4bbcc71e85bfe6a28e56a60c797951fcad6b4fc83e03a54baf9fe4d0c9157";

TEST_F(FolderVaultTest, ObjectsOfFormat1AreFoundAfterACrashAndRead) {
  const MasterKeys keys = MasterKeys::FromSecret("format 1");
  const ObjectReference reference{
      "17fa1c272b4226b2fcc5c8544f06c79f79aba57694e1d46afe72f17f81f3d123",
      HexDecode("b4d15b9135368378094bf11bb53ff54f6db4bd80048b7eb95ad52837587837a92e6892c3b3c843f4e17f9d27b70b491b22eaa55902a9"
                "5be843b5c0b4").value(),
      1, 18};
  fs::create_directories(path() + "/packs");
  std::string object = HexDecode(kFormat1Object).value();
  const std::string place = path() + "/packs/0123456789abcdef.active";
  std::ofstream(place, std::ios::binary) << object;
  const auto vault = OpenFolderVault(path(), keys, random_).value();
  EXPECT_EQ(Load(*vault, reference).value(), "stored by format 1");
}

TEST_F(FolderVaultTest, ObjectsOfANewerFormatAreLeftAlone) {
  const StoredObject stored = [&] {
    const auto vault = Open();
    return Store(*vault, "small").value();
  }();
  const std::vector<fs::path> files = FilesIn("packs");
  const auto pack = std::find_if(files.begin(), files.end(), [](const fs::path& file) { return file.extension() == ".pack"; });
  ASSERT_NE(pack, files.end());
  std::fstream(*pack, std::ios::in | std::ios::out | std::ios::binary).seekp(7).put('\3');
  const auto vault = Open();
  EXPECT_EQ(Load(*vault, stored.reference).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(Store(*vault, "small").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(vault->Sweep(kEndOfTime, Nobody).value(), 0);
  EXPECT_EQ(FilesIn("objects").size(), 1U);
}

TEST_F(FolderVaultTest, APackOfANewerFormatThatACrashLeftKeepsTheVaultShut) {
  fs::create_directories(path() + "/packs");
  const std::string pack = path() + "/packs/0123456789abcdef.active";
  std::ofstream(pack, std::ios::binary) << std::string("PLOBJ\0\0\3", 8) << std::string(4088, 'x');
  const auto opened = OpenFolderVault(path(), keys_, random_);
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().operator_text.find("newer version"), std::string::npos) << opened.error().operator_text;
  EXPECT_TRUE(fs::exists(pack));
}

TEST_F(FolderVaultTest, ATornObjectOfFormat1IsNotFound) {
  const MasterKeys keys = MasterKeys::FromSecret("format 1");
  fs::create_directories(path() + "/packs");
  std::string object = HexDecode(kFormat1Object).value();
  object.back() = static_cast<char>(object.back() ^ 1);
  std::ofstream(path() + "/packs/0123456789abcdef.active", std::ios::binary) << object;
  const auto vault = OpenFolderVault(path(), keys, random_).value();
  EXPECT_TRUE(FilesIn("objects").empty());
}

}  // namespace
}  // namespace porchlight::vault
