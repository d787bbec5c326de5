#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/person.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::ElementsAre;
using testing::TriageRig;
using testing::Wanted;

class PersonTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  // A report of somebody with these addresses.
  std::int64_t Filed(const std::vector<std::string>& emails, const std::string& login = "acme") {
    Wanted wanted;
    wanted.person = "<personOrUserReportedPerson>";
    for (const std::string& one : emails) wanted.person += "<email>" + one + "@mail.example</email>";
    wanted.person += "</personOrUserReportedPerson>";
    const std::int64_t report = rig_->File(wanted, {}, login);
    rig_->Judge();
    return report;
  }
  Person Of(std::int64_t report) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return PersonOf(transaction, {report}); }).value();
  }
  static std::vector<std::int64_t> Numbers(const Person& person) {
    std::vector<std::int64_t> numbers;
    for (const PersonReport& one : person.reports) numbers.push_back(one.tip.id.value);
    return numbers;
  }

  std::unique_ptr<TriageRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, PersonTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(PersonTest, ReportsOfOnePersonAreFoundThroughOthersAndAcrossPlatforms) {
  const std::int64_t first = Filed({"a"});
  const std::int64_t second = Filed({"a", "b"}, "other");
  const std::int64_t third = Filed({"b", "c"});
  const std::int64_t stranger = Filed({"z"});
  const Person person = Of(first);
  EXPECT_THAT(Numbers(person), ElementsAre(third, second, first));
  EXPECT_EQ(person.reports[2].steps, 0);
  EXPECT_EQ(person.reports[1].steps, 1);
  EXPECT_EQ(person.reports[0].steps, 2);
  EXPECT_TRUE(person.complete);
  EXPECT_THAT(Numbers(Of(third)), ElementsAre(third, second, first)) << "from whichever one looks";
  EXPECT_THAT(Numbers(Of(stranger)), ElementsAre(stranger));
}

TEST_P(PersonTest, ItSaysByHowManyIdentifiersEachWasFound) {
  const std::int64_t first = Filed({"a", "b", "c"});
  const std::int64_t second = Filed({"a", "b"});
  const Person person = Of(first);
  ASSERT_THAT(Numbers(person), ElementsAre(second, first));
  EXPECT_EQ(person.reports.front().identifiers, 2);
}

TEST_P(PersonTest, NothingIsFollowedFartherThanThreeSteps) {
  std::vector<std::int64_t> chain;
  for (int number = 0; number < 6; ++number) chain.push_back(Filed({"n" + std::to_string(number), "n" + std::to_string(number + 1)}));
  EXPECT_THAT(Numbers(Of(chain[0])), ElementsAre(chain[3], chain[2], chain[1], chain[0]));
}

TEST_P(PersonTest, AnIdentifierThatManyShareJoinsNobody) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < kPersonSharedMax; ++number) reports.push_back(Filed({"shared", "own" + std::to_string(number)}));
  EXPECT_EQ(Of(reports.front()).reports.size(), static_cast<std::size_t>(kPersonSharedMax));
  EXPECT_EQ(Of(reports.front()).shared_by_many, 0);
  Filed({"shared"});
  const Person person = Of(reports.front());
  EXPECT_THAT(Numbers(person), ElementsAre(reports.front()));
  EXPECT_EQ(person.shared_by_many, 1);
}

TEST_P(PersonTest, WhatWasNeverJudgedIsNobody) {
  const auto none = rig_->database->Read([](store::ReadTransaction& transaction) { return PersonOf(transaction, {9'999}); });
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace porchlight::triage
