// Goal: the witness file keeps every head it acknowledged, also across a crash in the middle of a line.
#include "platform/audit/witness.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/check.h"

namespace porchlight::audit {
namespace {

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "porchlight_witness_XXXXXX").string();
    PL_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~WitnessTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  static TreeHead Head(std::int64_t size) {
    TreeHead head;
    head.size = size;
    head.root = std::string(32, '\x01');
    head.at = {size * 1000};
    head.signature = std::string(64, '\x02');
    head.key_id = "0123456789abcdef";
    head.previous = std::string(32, '\x03');
    return head;
  }

  std::string path() const { return folder_ + "/heads.log"; }

  std::string folder_;
};

TEST_F(WitnessTest, HeadsComeBackInOrderFromAFileOnlyItsOwnerCanRead) {
  ASSERT_TRUE(AppendToWitness(path(), Head(1)).ok());
  ASSERT_TRUE(AppendToWitness(path(), Head(5)).ok());
  const WitnessedHeads witnessed = ReadWitness(path()).value();
  ASSERT_EQ(witnessed.heads.size(), 2U);
  EXPECT_TRUE(witnessed.problems.empty());
  EXPECT_EQ(TreeHeadText(witnessed.heads[1]), TreeHeadText(Head(5)));
  EXPECT_EQ(witnessed.heads[1].signature, Head(5).signature);
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(WitnessTest, AFileThatIsNotThereHasNoHeads) {
  EXPECT_TRUE(ReadWitness(path()).value().heads.empty());
}

TEST_F(WitnessTest, ALineTornByACrashIsToldAndDoesNotSpoilTheNext) {
  ASSERT_TRUE(AppendToWitness(path(), Head(1)).ok());
  std::ofstream(path(), std::ios::app) << "head1 2 0101";
  ASSERT_TRUE(AppendToWitness(path(), Head(3)).ok());
  const WitnessedHeads witnessed = ReadWitness(path()).value();
  ASSERT_EQ(witnessed.heads.size(), 2U);
  EXPECT_EQ(witnessed.heads[1].size, 3);
  ASSERT_EQ(witnessed.problems.size(), 1U);
  EXPECT_NE(witnessed.problems[0].find("line 2 "), std::string::npos);
}

TEST_F(WitnessTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(AppendToWitness(folder_ + "/absent/heads.log", Head(1)).ok());
}

}  // namespace
}  // namespace porchlight::audit
