// Goal: a centre whose items stood in two tables goes on counting where it was. Method: the schema of before with rows in it, then
// the migrations that followed, on both engines.
#include <gtest/gtest.h>

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

class EarlierItemsTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override { PL_NEEDS_ENGINE(GetParam()); }
};

TEST_P(EarlierItemsTest, CountsViralityAndHoldersAreWhatTheyWere) {
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

INSTANTIATE_TEST_SUITE_P(Engines, EarlierItemsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::triage
