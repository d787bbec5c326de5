// Goal: what the contract in vault.h says holds for every kind of vault. Method: one suite over all of them; the S3
// vault needs a server, named by PORCHLIGHT_TEST_S3 ("endpoint|region|bucket|access|secret"; tools/with_s3 starts one).
#include "platform/vault/vault.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <set>
#include <thread>

#include "base/text.h"
#include "platform/vault/testing/temporary_folder.h"
#include "platform/vault/testing/test_vaults.h"

namespace porchlight::vault {
namespace {

constexpr Instant kEndOfTime{std::int64_t{4'000'000'000} * 1'000'000};
constexpr std::size_t kChunk = 64 * 1024;

bool Nobody(const std::string&) { return false; }

class VaultTest : public ::testing::TestWithParam<testing::VaultKind> {
 protected:
  void SetUp() override {
    if (!testing::IsAvailable(GetParam())) GTEST_SKIP() << "PORCHLIGHT_TEST_S3 is not set: the S3 vault was NOT tested";
    place_ = testing::NewPlace(GetParam());
    vault_ = place_->Open(keys_);
  }

  std::string Content(std::size_t size) { return random_.Bytes(size); }

  Result<StoredObject> Store(std::string_view content, std::size_t piece = 1'000'000) {
    std::unique_ptr<Writer> writer = PL_TRY(vault_->Begin());
    for (std::size_t at = 0; at < content.size(); at += piece) PL_TRY(writer->Append(content.substr(at, piece)));
    return writer->Commit();
  }

  Result<std::string> Load(const ObjectReference& reference) {
    std::string content;
    PL_TRY(vault_->Read(reference, [&](std::string_view chunk) -> Result<void> {
      content += chunk;
      return {};
    }));
    return content;
  }

  SeededRandom random_{42};
  MasterKeys keys_ = MasterKeys::FromSecret("a secret of the tests");
  std::unique_ptr<testing::VaultPlace> place_;
  std::unique_ptr<Vault> vault_;
};

TEST_P(VaultTest, ContentOfEverySizeAroundTheLimitsComesBackAsItWas) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk,
                                 2 * kChunk + 1, std::size_t{1'048'000}, std::size_t{1'100'000}, std::size_t{3'000'000}}) {
    const std::string content = Content(size);
    const StoredObject stored = Store(content).value();
    EXPECT_FALSE(stored.already_there);
    EXPECT_EQ(stored.reference.bytes, static_cast<std::int64_t>(size));
    EXPECT_EQ(stored.reference.name.size(), 64U);
    EXPECT_EQ(stored.digests.sha256, crypto::Sha256(content));
    EXPECT_EQ(stored.digests.sha1, crypto::Sha1(content));
    EXPECT_EQ(stored.digests.md5, crypto::Md5(content));
    EXPECT_EQ(Load(stored.reference).value(), content) << size;
    EXPECT_TRUE(vault_->Verify(stored.reference).ok());
  }
}

TEST_P(VaultTest, HowTheContentIsCutOnItsWayInDoesNotMatter) {
  const std::string content = Content(300'001);
  const std::string name = Store(content).value().reference.name;
  for (const std::size_t piece : {std::size_t{777}, kChunk, kChunk + 1}) {
    const StoredObject stored = Store(content, piece).value();
    EXPECT_EQ(stored.reference.name, name);
    EXPECT_TRUE(stored.already_there);
  }
}

TEST_P(VaultTest, TheSameContentTwiceIsStoredOnceAndBothReferencesOpenIt) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5'000}, std::size_t{2'000'000}}) {
    const std::string content = Content(size);
    const StoredObject first = Store(content).value();
    const StoredObject second = Store(content).value();
    EXPECT_FALSE(first.already_there);
    EXPECT_TRUE(second.already_there);
    EXPECT_EQ(first.reference.name, second.reference.name);
    EXPECT_EQ(Load(first.reference).value(), content);
    EXPECT_EQ(Load(second.reference).value(), content);
  }
}

TEST_P(VaultTest, NothingOpensWithoutTheRightReference) {
  const std::string content = Content(100'000);
  const ObjectReference good = Store(content).value().reference;
  const ObjectReference other = Store(Content(100'000)).value().reference;

  ObjectReference wrong = good;
  wrong.wrapped_key = other.wrapped_key;
  EXPECT_EQ(Load(wrong).error().code, ErrorCode::kCorrupt);
  wrong = good;
  wrong.name = other.name;
  EXPECT_EQ(Load(wrong).error().code, ErrorCode::kCorrupt);
  wrong = good;
  wrong.bytes += 1;
  EXPECT_EQ(Load(wrong).error().code, ErrorCode::kCorrupt);
  wrong = good;
  wrong.master_version = 2;
  EXPECT_EQ(Load(wrong).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Load(wrong).error().field, kMasterKeyField) << "the operator's to mend, not the object's end";
  wrong = good;
  wrong.name = std::string(64, '0');
  EXPECT_FALSE(Load(wrong).ok());
  EXPECT_EQ(Load(good).value(), content);
}

TEST_P(VaultTest, AnotherMasterKeyOpensNothing) {
  const ObjectReference reference = Store("content").value().reference;
  const MasterKeys other = MasterKeys::FromSecret("another secret");
  vault_.reset();
  vault_ = place_->Open(other);
  EXPECT_EQ(Load(reference).error().code, ErrorCode::kCorrupt);
}

TEST_P(VaultTest, AReaderThatStopsIsAnsweredWithItsOwnError) {
  const ObjectReference reference = Store(Content(500'000)).value().reference;
  int chunks = 0;
  const Result<void> read = vault_->Read(reference, [&](std::string_view) -> Result<void> {
    ++chunks;
    return Error{ErrorCode::kTimeout, "Too slow.", "", {}, 0};
  });
  EXPECT_EQ(read.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(chunks, 1);
}

TEST_P(VaultTest, AWriterThatIsDroppedLeavesNothing) {
  for (const std::size_t size : {std::size_t{10'000}, std::size_t{3'000'000}}) {
    std::unique_ptr<Writer> writer = vault_->Begin().value();
    ASSERT_TRUE(writer->Append(Content(size)).ok());
  }
  EXPECT_EQ(vault_->Sweep(kEndOfTime, Nobody).value(), 0);
}

TEST_P(VaultTest, CommitsLeftToTheVaultAreDoneThoughTheirWritersHaveGone) {
  struct Heard {
    std::string content;
    std::promise<Result<StoredObject>> stored;
  };
  std::vector<std::shared_ptr<Heard>> all;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunk, std::size_t{100'000}, std::size_t{1'048'000}, std::size_t{3'000'000}}) {
    all.push_back(std::make_shared<Heard>());
    all.back()->content = Content(size);
    std::unique_ptr<Writer> writer = vault_->Begin().value();
    ASSERT_TRUE(writer->Append(all.back()->content).ok());
    writer->CommitThen([heard = all.back()](Result<StoredObject> stored) { heard->stored.set_value(std::move(stored)); });
  }
  for (const auto& heard : all) EXPECT_EQ(Load(heard->stored.get_future().get().value().reference).value(), heard->content);
}

TEST_P(VaultTest, TheSameContentCommittedAtOnceIsStoredOnce) {
  const std::string content = Content(100'000);
  std::vector<std::shared_ptr<std::promise<Result<StoredObject>>>> heard;
  std::vector<std::thread> threads;
  for (int index = 0; index < 8; ++index) {
    heard.push_back(std::make_shared<std::promise<Result<StoredObject>>>());
    threads.emplace_back([&, promise = heard.back()] {
      std::unique_ptr<Writer> writer = vault_->Begin().value();
      ASSERT_TRUE(writer->Append(content).ok());
      writer->CommitThen([promise](Result<StoredObject> stored) { promise->set_value(std::move(stored)); });
    });
  }
  int first = 0;
  for (const auto& promise : heard) first += promise->get_future().get().value().already_there ? 0 : 1;
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(first, GetParam() == testing::VaultKind::kFolder ? 1 : 8);
  EXPECT_GE(first, 1);
}

TEST_P(VaultTest, TheVaultsEndWaitsForWhatIsBeingCommitted) {
  std::atomic<int> stored = 0;
  const std::string content = Content(100'000);
  for (int index = 0; index < 20; ++index) {
    std::unique_ptr<Writer> writer = vault_->Begin().value();
    ASSERT_TRUE(writer->Append(content + std::to_string(index)).ok());
    writer->CommitThen([&stored](const Result<StoredObject>& object) { stored += object.ok() ? 1 : 0; });
  }
  vault_.reset();
  EXPECT_EQ(stored, 20);
  vault_ = place_->Open(keys_);
  EXPECT_TRUE(Store(content + "7").value().already_there);
}

TEST_P(VaultTest, ASpentWriterIsRefused) {
  std::unique_ptr<Writer> writer = vault_->Begin().value();
  ASSERT_TRUE(writer->Append("x").ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_FALSE(writer->Append("y").ok());
  EXPECT_FALSE(writer->Commit().ok());
  std::optional<Result<StoredObject>> heard;
  writer->CommitThen([&heard](Result<StoredObject> stored) { heard = std::move(stored); });
  EXPECT_FALSE(heard.value().ok());
}

TEST_P(VaultTest, ASweepTakesOnlyWhatIsOldAndNotReferredTo) {
  const ObjectReference kept = Store(Content(4'000)).value().reference;
  const ObjectReference kept_large = Store(Content(1'500'000)).value().reference;
  const ObjectReference unreferred = Store(Content(5'000)).value().reference;
  const ObjectReference unreferred_large = Store(Content(2'500'000)).value().reference;
  const auto is_kept = [&](const std::string& name) { return name == kept.name || name == kept_large.name; };

  EXPECT_EQ(vault_->Sweep(Instant{0}, Nobody).value(), 0);
  EXPECT_TRUE(vault_->Verify(unreferred).ok());

  EXPECT_EQ(vault_->Sweep(kEndOfTime, is_kept).value(), 2);
  EXPECT_EQ(Load(unreferred).error().code, ErrorCode::kNotFound);
  EXPECT_NE(Load(unreferred).error().field, kMasterKeyField);
  EXPECT_EQ(Load(unreferred_large).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(vault_->Verify(kept).ok());
  EXPECT_TRUE(vault_->Verify(kept_large).ok());
  EXPECT_EQ(vault_->Sweep(kEndOfTime, is_kept).value(), 0);
}

TEST_P(VaultTest, WhatWasSweptCanBeStoredAgain) {
  const std::string content = Content(9'000);
  const ObjectReference old = Store(content).value().reference;
  ASSERT_EQ(vault_->Sweep(kEndOfTime, Nobody).value(), 1);
  const StoredObject again = Store(content).value();
  EXPECT_FALSE(again.already_there);
  EXPECT_EQ(again.reference.name, old.name);
  EXPECT_EQ(Load(again.reference).value(), content);
}

TEST_P(VaultTest, AllIsThereAfterOpeningAgain) {
  const std::string small = Content(50'000);
  const std::string large = Content(1'300'000);
  const ObjectReference small_reference = Store(small).value().reference;
  const ObjectReference large_reference = Store(large).value().reference;
  vault_.reset();
  vault_ = place_->Open(keys_);
  EXPECT_EQ(Load(small_reference).value(), small);
  EXPECT_EQ(Load(large_reference).value(), large);
  EXPECT_TRUE(Store(small).value().already_there);
}

TEST_P(VaultTest, ManyThreadsStoreTheSameAndDifferentContentAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 12;
  const std::string shared = Content(30'000);
  std::vector<std::vector<std::pair<std::string, ObjectReference>>> stored(kThreads);
  std::vector<std::thread> threads;
  for (int index = 0; index < kThreads; ++index) {
    threads.emplace_back([&, index] {
      for (int round = 0; round < kRounds; ++round) {
        const std::string content = round % 3 == 0 ? shared + std::to_string(round)
                                                   : shared + std::to_string(index) + "/" + std::to_string(round);
        stored[static_cast<std::size_t>(index)].emplace_back(content, Store(content).value().reference);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> names;
  for (const auto& one : stored) {
    for (const auto& [content, reference] : one) {
      EXPECT_EQ(Load(reference).value(), content);
      names.insert(reference.name);
    }
  }
  // Four shared contents, and eight of its own per thread.
  EXPECT_EQ(names.size(), 4U + kThreads * 8U);
  EXPECT_EQ(vault_->Sweep(kEndOfTime, Nobody).value(), static_cast<std::int64_t>(names.size()));
}

INSTANTIATE_TEST_SUITE_P(EachKind, VaultTest, ::testing::ValuesIn(testing::kAllVaultKinds),
                         [](const auto& kind) { return testing::NameOf(kind.param); });

}  // namespace
}  // namespace porchlight::vault
