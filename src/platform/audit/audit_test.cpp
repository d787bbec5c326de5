// Goal: what is recorded cannot be changed unseen, every entry gets its leaf, and each proof holds. Method: on both
// engines, seal a log, tamper with it by SQL as a thief of the database could, and read what the verification says.
#include "platform/audit/audit.h"
#include "platform/audit/internal/late_entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "base/random.h"
#include "platform/audit/internal/entry_rows.h"
#include "platform/audit/migrations.h"
#include "platform/crypto/digest.h"
#include "platform/store/testing/test_database.h"

namespace porchlight::audit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AuditTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    database_ = store::FreshDatabase(GetParam(), Migrations());
  }

  Result<void> RecordOne(const Entry& entry, const auth::Caller& caller = auth::SystemCaller("tests")) {
    return database_->Write(
        [&](store::WriteTransaction& transaction) { return Record(transaction, caller, entry, clock_.Now()); });
  }

  void RecordMany(int count) {
    const auth::Caller caller = auth::SystemCaller("tests");
    const Result<void> done = database_->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      for (int index = 0; index < count; ++index) {
        Entry entry{.action = "test.act", .subject_kind = "thing", .subject = index, .subject_key = "", .purpose = "",
                    .before_digest = "", .after_digest = "", .detail = "{}", .denied = false, .request_id = "r"};
        PL_TRY(Record(transaction, caller, entry, clock_.Now()));
      }
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
  }

  TreeHead Seal(int entries_max = 1000) {
    SealerOptions options;
    options.entries_max = entries_max;
    clock_.Advance(Duration::Seconds(1));
    const auto head = SealOnce(*database_, key_, clock_, options);
    PL_CHECK(head.ok() && head->has_value());
    heads_.push_back(**head);
    return **head;
  }

  void Change(const char* sql) {
    static std::deque<store::Statement> statements;  // Engines know a statement by its address.
    const store::Statement& statement = statements.emplace_back(store::Statement{"test.change", sql});
    const auto changed = database_->Write([&](store::WriteTransaction& transaction) { return transaction.Execute(statement); });
    ASSERT_TRUE(changed.ok()) << changed.error().operator_text;
    ASSERT_GE(*changed, 1);
  }

  Verdict Check(const std::vector<TreeHead>& witnessed = {}) {
    Result<Verdict> verdict = Verify(*database_, key_.public_key, witnessed, {});
    PL_CHECK(verdict.ok());
    return *std::move(verdict);
  }

  std::vector<std::string> Problems(const std::vector<TreeHead>& witnessed = {}) { return Check(witnessed).problems; }

  ManualClock clock_{Instant{std::int64_t{1'800'000'000} * 1'000'000}};
  SeededRandom random_{7};
  crypto::SigningKey key_ = crypto::NewSigningKey(random_);
  std::vector<TreeHead> heads_;
  std::unique_ptr<store::Database> database_;
};

// Ten entries under three heads: leaves 0-3, 4-7, 8-9 hold entries 1-4, 5-8, 9-10.
class TamperingTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    if (IsSkipped()) return;
    RecordMany(10);
    Seal(4);
    Seal(4);
    Seal(4);
    ASSERT_THAT(Problems(heads_), IsEmpty());
  }
};

TEST_P(AuditTest, EntriesComeBackAsRecordedNewestFirstOrOfOneRecord) {
  auth::Caller caller;
  caller.account = {17};
  caller.login = "analyst";
  caller.proof = auth::Proof::kSession;
  const Entry full{.action = "tipline.report.open", .subject_kind = "report", .subject = 5, .subject_key = "k",
                   .purpose = "triage", .before_digest = "aa", .after_digest = "bb", .detail = R"({"code":"é"})",
                   .denied = true, .request_id = "req-1"};
  ASSERT_TRUE(RecordOne(full, caller).ok());
  RecordMany(2);
  ASSERT_TRUE(RecordOne(full).ok());
  const auto all = database_->Read([](store::ReadTransaction& transaction) { return List(transaction, 0, 3); }).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, 4);
  EXPECT_EQ(all[2].id, 2);
  EXPECT_FALSE(all[0].leaf.has_value());
  const auto older = database_->Read([](store::ReadTransaction& transaction) { return List(transaction, 2, 10); }).value();
  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0].account, 17);
  EXPECT_EQ(older[0].login, "analyst");
  EXPECT_EQ(older[0].proof, "session");
  EXPECT_EQ(older[0].at, clock_.Now());
  EXPECT_TRUE(older[0].entry.denied);
  EXPECT_EQ(older[0].entry.detail, R"({"code":"é"})");
  EXPECT_EQ(older[0].entry.purpose, "triage");
  Seal();
  const auto of_report =
      database_->Read([](store::ReadTransaction& transaction) { return ListOf(transaction, "report", 5, 10); }).value();
  ASSERT_EQ(of_report.size(), 2U);
  EXPECT_EQ(of_report[0].id, 1);
  EXPECT_EQ(of_report[0].leaf, 0);
  EXPECT_EQ(of_report[1].leaf, 3);
}

TEST_P(AuditTest, AnEntryOverItsLimitsIsRefusedSoThatTheActFails) {
  Entry entry;
  EXPECT_FALSE(RecordOne(entry).ok()) << "without an action";
  entry.action = std::string(200, 'a');
  EXPECT_TRUE(RecordOne(entry).ok());
  entry.action += "a";
  EXPECT_FALSE(RecordOne(entry).ok());
  entry.action = "x";
  entry.detail = std::string(4000, 'd');
  EXPECT_TRUE(RecordOne(entry).ok());
  entry.detail += "d";
  EXPECT_FALSE(RecordOne(entry).ok());
  entry.detail = "\xff";
  EXPECT_FALSE(RecordOne(entry).ok());
  entry.detail = std::string(1, '\0');
  EXPECT_FALSE(RecordOne(entry).ok());
}

TEST_P(AuditTest, TheTextOfAnEntryIsThatOfTheFormatsPage) {
  RecordedEntry recorded;
  recorded.id = 12;
  recorded.at = {1'767'323'045'678'901};
  recorded.account = 3;
  recorded.login = "m.ito";
  recorded.proof = "session";
  recorded.entry = Entry{.action = "tipline.report.read", .subject_kind = "report", .subject = 4711, .subject_key = "",
                         .purpose = "triage", .before_digest = "", .after_digest = "", .detail = "{}", .denied = false,
                         .request_id = "9f2c"};
  EXPECT_EQ(internal::EntryText(recorded),
            "porchlight audit entry 1\n2:12\n16:1767323045678901\n1:3\n5:m.ito\n7:session\n19:tipline.report.read\n6:report\n"
            "4:4711\n0:\n6:triage\n0:\n0:\n2:{}\n1:0\n4:9f2c\n");
}

TEST_P(AuditTest, SealingNothingMakesNoHeadAndAnEmptyLogIsIntact) {
  EXPECT_FALSE(SealOnce(*database_, key_, clock_, {}).value().has_value());
  const Verdict verdict = Check();
  EXPECT_THAT(verdict.problems, IsEmpty());
  EXPECT_EQ(verdict.heads, 0);
}

// Found by a million reports: the search for late entries read the whole log once a second.
TEST_P(AuditTest, LateEntriesAreLookedForInTheGapsAlone) {
  if (GetParam() != store::Engine::kSqlite) GTEST_SKIP() << "the order of the join is SQLite's alone to get wrong";
  static const std::string kSql = "EXPLAIN QUERY PLAN " + std::string(internal::kLateEntries.sql);
  static const store::Statement kPlan{"test.plan", kSql.c_str()};
  const auto plan = database_->Read([](store::ReadTransaction& transaction) { return transaction.All(kPlan, 1'000); }).value();
  ASSERT_FALSE(plan.empty());
  EXPECT_THAT(plan[0].Text(3), ::testing::HasSubstr("SCAN g"));
}

// A flood of a few thousand entries a second must not leave the tail open for ever longer.
TEST_P(AuditTest, SealingAllLeavesNothingOpenHoweverMuchThereIs) {
  RecordMany(2'501);
  SealerOptions options;
  options.entries_max = 500;
  int witnessed = 0;
  options.witness = [&](const TreeHead&) -> Result<void> {
    ++witnessed;
    return {};
  };
  EXPECT_EQ(SealAll(*database_, key_, clock_, options).value().value().size, 2'501);
  EXPECT_EQ(witnessed, 6);
  EXPECT_FALSE(SealAll(*database_, key_, clock_, options).value().has_value());
  RecordMany(1);
  EXPECT_EQ(SealAll(*database_, key_, clock_, options).value().value().size, 2'502);
  EXPECT_THAT(Problems(), IsEmpty());
}

TEST_P(AuditTest, HeadsFormAChainAndCountWhatIsSealed) {
  RecordMany(5);
  const TreeHead first = Seal(2);
  const TreeHead second = Seal(2);
  EXPECT_EQ(first.size, 2);
  EXPECT_EQ(second.size, 4);
  EXPECT_EQ(first.previous, std::string(32, '\0'));
  EXPECT_EQ(second.previous, crypto::Sha256(TreeHeadText(first)));
  EXPECT_TRUE(crypto::SignatureHolds(key_.public_key, TreeHeadText(second), second.signature));
  const auto latest = database_->Read([](store::ReadTransaction& transaction) { return LatestHead(transaction); }).value();
  EXPECT_EQ(TreeHeadText(latest.value()), TreeHeadText(second));
  const Verdict verdict = Check(heads_);
  EXPECT_THAT(verdict.problems, IsEmpty());
  EXPECT_EQ(verdict.entries, 5);
  EXPECT_EQ(verdict.sealed, 4);
  EXPECT_EQ(verdict.heads, 2);
}

TEST_P(AuditTest, ALongLogIsIntactAndItsProofsHoldAcrossStoredNodes) {
  RecordMany(1500);
  const TreeHead early = Seal(700);
  const TreeHead late = Seal(1000);
  std::int64_t last_total = 0;
  const Result<Verdict> verdict =
      Verify(*database_, key_.public_key, heads_, [&](std::int64_t done, std::int64_t total) { last_total = done == total ? total : 0; });
  EXPECT_THAT(verdict->problems, IsEmpty());
  EXPECT_EQ(last_total, 1500);
  for (const std::int64_t entry : {1, 255, 256, 257, 511, 512, 513, 699, 700}) {
    EXPECT_TRUE(ProofHolds(Prove(*database_, entry, early).value(), early, key_.public_key)) << entry;
    EXPECT_TRUE(ProofHolds(Prove(*database_, entry, late).value(), late, key_.public_key)) << entry;
  }
  EXPECT_EQ(Prove(*database_, 701, early).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(ProofHolds(Prove(*database_, 1500, late).value(), late, key_.public_key));
  EXPECT_EQ(Prove(*database_, 1501, late).error().code, ErrorCode::kNotFound);
}

TEST_P(AuditTest, AProofHoldsForItsEntryHeadAndKeyOnly) {
  RecordMany(21);
  const TreeHead head = Seal();
  const InclusionProof good = Prove(*database_, 9, head).value();
  ASSERT_TRUE(ProofHolds(good, head, key_.public_key));
  InclusionProof wrong = good;
  wrong.entry_text += "x";
  EXPECT_FALSE(ProofHolds(wrong, head, key_.public_key));
  wrong = good;
  wrong.leaf += 1;
  EXPECT_FALSE(ProofHolds(wrong, head, key_.public_key));
  wrong = good;
  wrong.size += 1;
  EXPECT_FALSE(ProofHolds(wrong, head, key_.public_key));
  TreeHead forged = head;
  forged.at = forged.at + Duration::Seconds(1);
  EXPECT_FALSE(ProofHolds(good, forged, key_.public_key));
  EXPECT_FALSE(ProofHolds(good, head, crypto::NewSigningKey(random_).public_key));
}

TEST_P(AuditTest, AFailingWitnessHoldsSealingUpAndTheSameHeadIsOfferedAgain) {
  RecordMany(2);
  std::vector<std::string> offered;
  bool is_well = false;
  SealerOptions options;
  options.witness = [&](const TreeHead& head) -> Result<void> {
    offered.push_back(TreeHeadText(head));
    if (is_well) return {};
    return Error{ErrorCode::kNoSpace, "", "", {}, 0};
  };
  EXPECT_EQ(SealOnce(*database_, key_, clock_, options).error().code, ErrorCode::kNoSpace);
  RecordMany(1);
  EXPECT_EQ(SealOnce(*database_, key_, clock_, options).error().code, ErrorCode::kNoSpace);
  ASSERT_EQ(offered.size(), 2U);
  EXPECT_EQ(offered[0], offered[1]);
  is_well = true;
  EXPECT_EQ(SealOnce(*database_, key_, clock_, options).value().value().size, 3);
  ASSERT_EQ(offered.size(), 4U);
  EXPECT_EQ(offered[2], offered[0]);
  EXPECT_THAT(Problems(), IsEmpty());
}

TEST_P(AuditTest, AnEntryThatCommitsLateBecomesALaterLeaf) {
  RecordMany(4);
  // As PostgreSQL numbers them: entry 2's transaction commits after entry 4's.
  Change("UPDATE audit_entries SET id = 1002 WHERE id = 2");
  Change("DELETE FROM audit_entries WHERE id = 1002");
  EXPECT_EQ(Seal().size, 3);
  Change("INSERT INTO audit_entries (id, at, account, login, proof, action, subject_kind, subject, subject_key, purpose, "
          "before_digest, after_digest, detail, denied, request_id) "
          "SELECT 2, at, account, login, proof, action, subject_kind, subject, subject_key, purpose, before_digest, "
          "after_digest, detail, denied, request_id FROM audit_entries WHERE id = 1");
  EXPECT_EQ(Seal().size, 4);
  const auto all = database_->Read([](store::ReadTransaction& transaction) { return List(transaction, 3, 1); }).value();
  EXPECT_EQ(all.at(0).id, 2);
  EXPECT_EQ(all.at(0).leaf, 3);
  EXPECT_THAT(Problems(heads_), IsEmpty());
}

TEST_P(AuditTest, SealersAtOnceMakeOneTree) {
  RecordMany(300);
  std::vector<std::thread> sealers;
  std::vector<int> failures(4);
  for (std::size_t index = 0; index < failures.size(); ++index) {
    sealers.emplace_back([this, &failures, index] {
      SealerOptions options;
      options.entries_max = 10;
      for (;;) {
        const auto head = SealOnce(*database_, key_, clock_, options);
        if (!head.ok()) ++failures[index];
        if (!head.ok() || !head->has_value()) return;
      }
    });
  }
  for (std::thread& sealer : sealers) sealer.join();
  EXPECT_EQ(failures, std::vector<int>(4));
  const Verdict verdict = Check();
  EXPECT_THAT(verdict.problems, IsEmpty());
  EXPECT_EQ(verdict.sealed, 300);
  EXPECT_EQ(verdict.heads, 30);
}

TEST_P(AuditTest, AnEntryLeftUnsealedTooLongIsWarnedAbout) {
  RecordMany(1);
  clock_.Advance(kUnsealedWindow);
  RecordMany(1);
  // The first entry's number is past the sealer's view, as if somebody had taken its leaf.
  Seal(1);
  Change("DELETE FROM audit_heads");
  Change("DELETE FROM audit_leaves");
  Change("UPDATE audit_entries SET id = 100 WHERE id = 1");
  clock_.Advance(kUnsealedWindow);
  Seal(1);
  const Verdict verdict = Check();
  EXPECT_THAT(verdict.problems, IsEmpty());
  EXPECT_THAT(verdict.warnings, Contains(HasSubstr("entry 100 ")));
}

TEST_P(TamperingTest, AnEditedEntryIsNamed) {
  Change("UPDATE audit_entries SET subject = 99 WHERE id = 6");
  const std::vector<std::string> problems = Problems(heads_);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("entry 6 (leaf 5) is not what was sealed"));
}

TEST_P(TamperingTest, ARemovedEntryIsNamed) {
  Change("DELETE FROM audit_entries WHERE id = 7");
  const std::vector<std::string> problems = Problems(heads_);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("entry 7 (leaf 6) was removed"));
}

TEST_P(TamperingTest, ARemovedLeafIsNamedWithItsEntryAndTheRestStillJudged) {
  Change("DELETE FROM audit_leaves WHERE leaf = 5");
  Change("UPDATE audit_entries SET login = 'x' WHERE id = 10");
  const std::vector<std::string> problems = Problems(heads_);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_THAT(problems[0], HasSubstr("leaf 5 was removed; its entry must be entry 6"));
  EXPECT_THAT(problems[1], HasSubstr("entry 10 (leaf 9) is not what was sealed"));
}

TEST_P(TamperingTest, ARemovedLastLeafIsNamedWithItsEntry) {
  Change("DELETE FROM audit_leaves WHERE leaf = 9");
  EXPECT_THAT(Problems(), Contains(HasSubstr("leaf 9 was removed; its entry must be entry 10")));
}

TEST_P(TamperingTest, EntryAndLeafRemovedTogetherLeaveAHole) {
  Change("DELETE FROM audit_entries WHERE id = 6");
  Change("DELETE FROM audit_leaves WHERE leaf = 5");
  const std::vector<std::string> problems = Problems(heads_);
  EXPECT_THAT(problems, Contains("leaf 5 was removed"));
  EXPECT_THAT(problems, Contains(HasSubstr("head of size 8: its root is not that of the leaves")));
  EXPECT_EQ(problems.size(), 2U) << "the later head is judged on its own";
}

TEST_P(TamperingTest, ExchangedLeavesAreNamed) {
  Change("UPDATE audit_leaves SET leaf = 100 WHERE leaf = 4");
  Change("UPDATE audit_leaves SET leaf = 4 WHERE leaf = 5");
  Change("UPDATE audit_leaves SET leaf = 5 WHERE leaf = 100");
  const std::vector<std::string> problems = Problems(heads_);
  EXPECT_THAT(problems, Contains(HasSubstr("entry 5 (leaf 5) is out of order")));
  EXPECT_THAT(problems, Contains(HasSubstr("head of size 8: its root is not that of the leaves")));
}

TEST_P(TamperingTest, AnEntryEditedTogetherWithItsLeafIsPinnedToItsHead) {
  Change("UPDATE audit_entries SET purpose = 'other' WHERE id = 6");
  const auto hash = database_->Read([](store::ReadTransaction& transaction) -> Result<std::string> {
    const auto entries = PL_TRY(List(transaction, 7, 1));
    return LeafHash(internal::EntryText(entries.at(0)));
  }).value();
  static constexpr store::Statement kSetLeaf{"test.set_leaf", "UPDATE audit_leaves SET hash = $1 WHERE leaf = 5"};
  ASSERT_TRUE(database_->Write([&](store::WriteTransaction& transaction) {
    return transaction.Execute(kSetLeaf, store::Blob{hash});
  }).ok());
  const std::vector<std::string> problems = Problems(heads_);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("head of size 8: its root is not that of the leaves; the change lies in leaves 4 to 7"));
}

TEST_P(TamperingTest, AnEditedHeadAndARemovedHeadAreNamed) {
  Change("UPDATE audit_heads SET at = at + 1 WHERE size = 4");
  EXPECT_THAT(Problems(), Contains(HasSubstr("head of size 4: the signature does not hold")));
  Change("DELETE FROM audit_heads WHERE size = 4");
  EXPECT_THAT(Problems(), Contains(HasSubstr("head of size 8: the head before it was edited or removed")));
}

TEST_P(TamperingTest, AHeadOfAnotherKeyIsNamed) {
  Change("DELETE FROM audit_heads WHERE size = 10");
  EXPECT_THAT(Problems(), Contains("leaves 8 to 9 are under no head"));
  const crypto::SigningKey thief = crypto::NewSigningKey(random_);
  EXPECT_THAT(Verify(*database_, thief.public_key, {}, {})->problems, Contains(HasSubstr("head of size 4: signed with key")));
}

TEST_P(TamperingTest, ALogThatWasCutAndSealedAgainContradictsItsWitness) {
  Change("DELETE FROM audit_heads WHERE size > 4");
  Change("DELETE FROM audit_leaves WHERE leaf > 3");
  Change("DELETE FROM audit_entries WHERE id > 8");
  const std::vector<TreeHead> witnessed = heads_;
  Seal();  // The thief has the key: everything inside the database fits.
  EXPECT_THAT(Problems(), IsEmpty());
  const std::vector<std::string> problems = Problems(witnessed);
  EXPECT_THAT(problems, Contains(HasSubstr("head of size 8: the head witnessed outside the database is another one")));
  EXPECT_THAT(problems, Contains(HasSubstr("head of size 10 was witnessed outside the database and is not in it")));
}

TEST_P(TamperingTest, SealingDoesNotBuildOnAnAlteredHead) {
  Change("UPDATE audit_heads SET at = at + 1 WHERE size = 10");
  RecordMany(1);
  EXPECT_EQ(SealOnce(*database_, key_, clock_, {}).error().code, ErrorCode::kCorrupt);
}

TEST_P(TamperingTest, AForgedHeadOfAbsurdSizeDoesNotKeepTheVerificationBusy) {
  Change("UPDATE audit_heads SET size = 4000000000000000000 WHERE size = 10");
  EXPECT_THAT(Problems(), Contains(HasSubstr("the verification stops here")));
}

INSTANTIATE_TEST_SUITE_P(Engines, AuditTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());
INSTANTIATE_TEST_SUITE_P(Engines, TamperingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::audit
