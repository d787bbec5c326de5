// Goal: a centre whose items stood in two tables goes on counting where it was, and an item counts a person once, also when two
// reports bring it at once. Method: the schema of before with rows in it, then the migrations that followed, on both engines; and
// two units of which, on PostgreSQL, the second is seen to wait for the first.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "platform/store/testing/test_database.h"
#include "triage/migrations.h"
#include "triage/recount.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {
namespace {

constexpr std::int64_t kLastOfTwoTables = 503;
constexpr store::Statement kItem{"test.item", "INSERT INTO triage_items (key, people, viral) VALUES ($1, $2, $3)"};
constexpr store::Statement kHolder{"test.holder", "INSERT INTO triage_item_reports (key, person, report) VALUES ($1, $2, $3)"};

class ItemsTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override { PL_NEEDS_ENGINE(GetParam()); }
};

TEST_P(ItemsTest, CountsViralityAndHoldersAreWhatTheyWere) {
  store::DatabasePlace place(GetParam());
  const auto database = place.Open().value();
  std::vector<store::Migration> before = Migrations();
  std::erase_if(before, [](const store::Migration& one) { return one.version > kLastOfTwoTables; });
  ASSERT_TRUE(database->Migrate(before).ok());
  const auto fill = [](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kItem, 7, 2, 1));
    PL_TRY(transaction.Execute(kHolder, 7, -11, 11));
    PL_TRY(transaction.Execute(kHolder, 7, 500, 12));
    PL_TRY(transaction.Execute(kHolder, 7, 500, 13));
    PL_TRY(transaction.Execute(kItem, 8, 1, 0));
    PL_TRY(transaction.Execute(kHolder, 8, 500, 12));
    return {};
  };
  ASSERT_TRUE(database->Write(fill).ok());
  ASSERT_TRUE(database->Migrate(Migrations()).ok());
  const auto look = [](store::WriteTransaction& transaction) -> Result<void> {
    const rows::HeldItem seven = PL_TRY(rows::FindItem(transaction, 7));
    EXPECT_EQ(seven.people, 2);
    EXPECT_TRUE(seven.viral);
    const std::vector<tipline::ReportId> holders = PL_TRY(rows::HoldersOf(transaction, 7, 10));
    EXPECT_EQ(holders, (std::vector<tipline::ReportId>{{11}, {12}, {13}}));
    EXPECT_EQ(PL_TRY(rows::HoldItem(transaction, 8, 500, {14})).people, 1);
    EXPECT_EQ(PL_TRY(rows::HoldItem(transaction, 8, 501, {15})).people, 2);
    EXPECT_FALSE(PL_TRY(rows::FindItem(transaction, 8)).viral);
    EXPECT_EQ(PL_TRY(rows::FindItem(transaction, 9)).people, 0);
    EXPECT_TRUE(PL_TRY(RecountProblems(transaction)).empty());
    return {};
  };
  const Result<void> looked = database->Write(look);
  EXPECT_TRUE(looked.ok()) << looked.error().operator_text;
}

constexpr store::Statement kSelf{"test.self", "SELECT CAST(pg_backend_pid() AS BIGINT)"};
constexpr store::Statement kWaiting{
    "test.waiting", "SELECT COUNT(*) FROM pg_stat_activity WHERE CAST($1 AS BIGINT) = ANY(pg_blocking_pids(pid))"};

TEST_P(ItemsTest, TwoThatBringAPersonAtOnceCountItOnce) {
  const bool postgres = GetParam() == store::Engine::kPostgres;  // The other has one writer, and nobody to be seen waiting.
  store::DatabasePlace place(GetParam());
  const auto database = place.Open().value();
  ASSERT_TRUE(database->Migrate(Migrations()).ok());
  constexpr std::int64_t kKnown = 7;
  constexpr std::int64_t kNew = 8;
  const auto hold = [](store::WriteTransaction& transaction, std::int64_t key, std::int64_t person, std::int64_t report) {
    return rows::HoldItem(transaction, key, person, {report});
  };
  ASSERT_TRUE(database->Write([&](store::WriteTransaction& one) { return hold(one, kKnown, 1, 1); }).ok());
  for (const std::int64_t key : {kKnown, kNew}) {
    std::atomic<std::int64_t> self = 0;
    std::atomic<bool> go_on = false;
    std::thread first([&] {
      const auto work = [&](store::WriteTransaction& transaction) -> Result<void> {
        PL_TRY(hold(transaction, key, 500, 2));
        self = postgres ? PL_TRY(transaction.First(kSelf))->Integer(0) : 1;
        while (!go_on) std::this_thread::yield();
        return {};
      };
      EXPECT_TRUE(database->Write(work).ok());
    });
    while (self == 0) std::this_thread::yield();
    std::thread second([&] {
      EXPECT_TRUE(database->Write([&](store::WriteTransaction& transaction) { return hold(transaction, key, 500, 3); }).ok());
    });
    const auto waiting = [&](store::ReadTransaction& transaction) -> Result<std::int64_t> {
      return PL_TRY(transaction.First(kWaiting, self.load()))->Integer(0);
    };
    while (postgres && database->Read(waiting).value() == 0) std::this_thread::yield();
    go_on = true;
    first.join();
    second.join();
    const auto item = database->Read([&](store::ReadTransaction& transaction) { return rows::FindItem(transaction, key); });
    EXPECT_EQ(item->people, key == kKnown ? 2 : 1);
  }
  EXPECT_TRUE(database->Read([](store::ReadTransaction& transaction) { return RecountProblems(transaction); })->empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ItemsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::triage
