// Goal: what is special to the S3 vault: parts, refusals, a server that is away. Method: a server that checks
// signatures, named by PORCHLIGHT_TEST_S3; the common behaviour is in vault_test.cpp.
#include <gtest/gtest.h>

#include "platform/vault/testing/temporary_folder.h"
#include "platform/vault/testing/test_vaults.h"
#include "platform/vault/vault.h"

namespace porchlight::vault {
namespace {

class S3VaultTest : public ::testing::Test {
 protected:
  static Result<StoredObject> Store(Vault& vault, std::string_view content) {
    std::unique_ptr<Writer> writer = PL_TRY(vault.Begin());
    PL_TRY(writer->Append(content));
    return writer->Commit();
  }

  testing::TemporaryFolder folder_;
  SystemRandom random_;
  SystemClock clock_;
  MasterKeys keys_ = MasterKeys::FromSecret("secret");
};

#define PL_NEEDS_S3()                                                                                   \
  do {                                                                                                  \
    if (!testing::IsAvailable(testing::VaultKind::kS3)) {                                               \
      GTEST_SKIP() << "NOT TESTED AGAINST A SERVER: set PORCHLIGHT_TEST_S3, or run under tools/with_s3"; \
    }                                                                                                   \
  } while (false)

TEST_F(S3VaultTest, ALargeContentGoesInParts) {
  PL_NEEDS_S3();
  const auto vault = OpenS3Vault(testing::OptionsOfTestServer(folder_.path() + "/staging"), keys_, random_, clock_).value();
  const std::string content = random_.Bytes(70 * 1024 * 1024);
  const StoredObject stored = Store(*vault, content).value();
  std::size_t at = 0;
  const Result<void> read = vault->Read(stored.reference, [&](std::string_view chunk) -> Result<void> {
    EXPECT_TRUE(std::string_view(content).substr(at).starts_with(chunk));
    at += chunk.size();
    return {};
  });
  EXPECT_TRUE(read.ok()) << read.error().operator_text;
  EXPECT_EQ(at, content.size());
}

TEST_F(S3VaultTest, AWrongSecretIsRefusedByTheServerAndSaidToTheOperator) {
  PL_NEEDS_S3();
  S3Options options = testing::OptionsOfTestServer(folder_.path() + "/staging");
  options.secret_key += "x";
  const auto vault = OpenS3Vault(options, keys_, random_, clock_).value();
  const Result<StoredObject> stored = Store(*vault, "content");
  ASSERT_FALSE(stored.ok());
  EXPECT_EQ(stored.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(stored.error().operator_text.find("403"), std::string::npos) << stored.error().operator_text;
  EXPECT_EQ(stored.error().operator_text.find(options.secret_key), std::string::npos);
}

TEST_F(S3VaultTest, AServerThatIsAwayIsUnavailable) {
  S3Options options;
  options.endpoint = "http://127.0.0.1:1";
  options.region = "us-east-1";
  options.bucket = "bucket";
  options.staging_directory = folder_.path() + "/staging";
  const auto vault = OpenS3Vault(options, keys_, random_, clock_).value();
  EXPECT_EQ(Store(*vault, "content").error().code, ErrorCode::kUnavailable);
}

TEST_F(S3VaultTest, AnEndpointThatIsNoAddressIsRefusedAtTheStart) {
  S3Options options;
  options.bucket = "bucket";
  options.staging_directory = folder_.path() + "/staging";
  for (const char* endpoint : {"", "s3.example", "https://s3.example/", "ftp://s3.example"}) {
    options.endpoint = endpoint;
    EXPECT_EQ(OpenS3Vault(options, keys_, random_, clock_).error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace porchlight::vault
