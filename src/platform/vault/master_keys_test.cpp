// Goal: master keys are made once, kept whole, refused when altered or open to others; rotation leaves all readable.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/text.h"
#include "platform/vault/testing/temporary_folder.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

class MasterKeysTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/master.keys"; }
  std::string FileText() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetFileText(const std::string& text) const { std::ofstream(path(), std::ios::trunc) << text; }

  testing::TemporaryFolder folder_;
  SystemRandom random_;
};

TEST_F(MasterKeysTest, AreMadeOnceForTheirOwnerAloneAndReadAfterwards) {
  const MasterKeys made = MasterKeys::LoadOrCreate(path(), random_).value();
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const MasterKeys read = MasterKeys::LoadOrCreate(path(), random_).value();
  EXPECT_EQ(made.newest(), 1);
  EXPECT_EQ(made.Derive(1, "a").value(), read.Derive(1, "a").value());
  EXPECT_EQ(made.Derive(1, "a").value().size(), 32U);
  EXPECT_NE(made.Derive(1, "a").value(), made.Derive(1, "b").value());
  EXPECT_EQ(made.Derive(0, "a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(made.Derive(2, "a").error().code, ErrorCode::kNotFound);
}

TEST_F(MasterKeysTest, AFileOpenToOthersIsRefused) {
  ASSERT_TRUE(MasterKeys::LoadOrCreate(path(), random_).ok());
  for (const ::mode_t mode : {0640U, 0604U, 0660U}) {
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    EXPECT_EQ(MasterKeys::LoadOrCreate(path(), random_).error().code, ErrorCode::kForbidden);
  }
}

TEST_F(MasterKeysTest, AnAlteredOrCutFileIsRefusedAndNeverReplaced) {
  ASSERT_TRUE(MasterKeys::LoadOrCreate(path(), random_).ok());
  const std::string good = FileText();
  const std::string key(64, 'a');
  for (const std::string& bad :
       {std::string(), std::string("porchlight master keys 1\n"), good.substr(0, good.size() - 1), good.substr(0, 60) + "\n",
        "other\n1 " + key + "\n", good + "3 " + key + "\n", good + "2 " + key + "0\n", good + "2 " + std::string(64, 'g') + "\n",
        good + "\n"}) {
    SetFileText(bad);
    EXPECT_EQ(MasterKeys::LoadOrCreate(path(), random_).error().code, ErrorCode::kCorrupt) << bad;
    EXPECT_EQ(FileText(), bad);
  }
}

TEST_F(MasterKeysTest, AfterRotationOldReferencesOpenAndCanBeRewrapped) {
  const MasterKeys old_keys = MasterKeys::LoadOrCreate(path(), random_).value();
  ObjectReference reference;
  {
    const auto vault = OpenFolderVault(folder_.path() + "/vault", old_keys, random_).value();
    auto writer = vault->Begin().value();
    ASSERT_TRUE(writer->Append("before").ok());
    reference = writer->Commit().value().reference;
  }
  ASSERT_TRUE(MasterKeys::AddVersion(path(), random_).ok());
  const MasterKeys keys = MasterKeys::LoadOrCreate(path(), random_).value();
  ASSERT_EQ(keys.newest(), 2);
  EXPECT_EQ(keys.Derive(1, "a").value(), old_keys.Derive(1, "a").value());
  const auto vault = OpenFolderVault(folder_.path() + "/vault", keys, random_).value();
  EXPECT_TRUE(vault->Verify(reference).ok());
  const ObjectReference rewrapped = Rewrap(reference, keys, random_).value();
  EXPECT_EQ(rewrapped.master_version, 2);
  EXPECT_EQ(rewrapped.name, reference.name);
  EXPECT_TRUE(vault->Verify(rewrapped).ok());
  EXPECT_EQ(Rewrap(rewrapped, old_keys, random_).error().code, ErrorCode::kNotFound);
}

TEST_F(MasterKeysTest, AFileThatGetsAKeyKeepsItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(MasterKeys::LoadOrCreate(path(), random_).ok());
  constexpr ::uid_t kService = 65534;
  ASSERT_EQ(::chown(path().c_str(), kService, kService), 0);
  ASSERT_TRUE(MasterKeys::AddVersion(path(), random_).ok());
  struct stat status {};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, kService);
  EXPECT_EQ(status.st_gid, kService);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(MasterKeysTest, SealedTextsOpenAtTheirPlaceOnlyAndAfterRotation) {
  const MasterKeys old_keys = MasterKeys::LoadOrCreate(path(), random_).value();
  const std::string sealed = Sealer(old_keys, random_).Seal("a report", "tipline.original/17");
  EXPECT_EQ(sealed.find("a report"), std::string::npos);
  ASSERT_TRUE(MasterKeys::AddVersion(path(), random_).ok());
  const MasterKeys keys = MasterKeys::LoadOrCreate(path(), random_).value();
  const Sealer sealer(keys, random_);
  EXPECT_EQ(sealer.Unseal(sealed, "tipline.original/17").value(), "a report");
  EXPECT_EQ(sealer.Unseal(sealed, "tipline.original/18").error().code, ErrorCode::kCorrupt);
  const std::string newer = sealer.Seal("", "here");
  EXPECT_EQ(sealer.Unseal(newer, "here").value(), "");
  EXPECT_EQ(Sealer(old_keys, random_).Unseal(newer, "here").error().code, ErrorCode::kCorrupt);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_EQ(sealer.Unseal(altered, "tipline.original/17").error().code, ErrorCode::kCorrupt) << at;
    EXPECT_FALSE(sealer.Unseal(sealed.substr(0, at), "tipline.original/17").ok());
  }
}

}  // namespace
}  // namespace porchlight::vault
