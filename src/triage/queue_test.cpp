// Goal: however the queue is narrowed and sorted, its pages together hold exactly the rows that fit, in order, and no
// request looks at more than its budget. Method: thousands of rows made in SQL, filters alone and together against a walk
// over all rows with small budgets; the engines' own plans are read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "triage/changes.h"
#include "triage/queue.h"
#include "triage/rejudging.h"
#include "triage/supervision.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::HasSubstr;
using testing::TriageRig;

constexpr std::int64_t kRows = 4'000;
constexpr store::Statement kFill{
    "test.fill",
    "INSERT INTO triage_tips (id, state, rank, level, points, urgent, completeness, organisation, source, incident_type, test, "
    "received_at, incidents, folded, waiting, pulled, bundle, scores, claimed_by) "
    "SELECT i, CASE WHEN i % 17 = 0 THEN 9 WHEN i % 19 = 0 THEN 6 ELSE 5 END, "
    "((CASE WHEN i % 101 = 0 THEN 0 ELSE 4 END + CASE WHEN i % 101 = 0 THEN 1 ELSE i % 3 + 1 END) * 2048 + (i * 7) % 1000) * "
    "1099511627776 + $1 + i, CASE WHEN i % 101 = 0 THEN 1 ELSE i % 3 + 1 END, 1999 - (i * 7) % 1000, "
    "CASE WHEN i % 101 = 0 THEN 1 ELSE 0 END, i % 101, CASE WHEN i % 50 = 0 THEN 0 ELSE i % 7 + 1 END, "
    "CASE WHEN i % 50 = 0 THEN 2 ELSE 1 END, CASE WHEN i % 9 = 0 THEN 7 WHEN i % 400 = 0 THEN 5 ELSE 1 END, "
    "CASE WHEN i % 97 = 0 THEN 1 ELSE 0 END, ($1 + i) * 1000000, 1, CASE WHEN i % 5 = 0 THEN 1 ELSE 0 END, "
    "CASE WHEN i % 5 = 0 OR i % 97 = 0 OR i % 17 = 0 THEN 0 ELSE 1 END, 0, "
    "CASE WHEN i % 5 = 0 OR i % 23 = 0 THEN i % 11 + 1 ELSE NULL END, 1, CASE WHEN i % 19 = 0 THEN 950 + i % 2 ELSE NULL END "
    "FROM (WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) SELECT i FROM n) AS numbers"};
// Each was judged once, and every twentieth again.
constexpr store::Statement kFillScores{
    "test.fill_scores",
    "INSERT INTO triage_scores (id, at, rules, cause, account, level, points, urgent, completeness, fired, missing, inputs, news) "
    "SELECT t.id * 1024 + n.i, t.received_at, 'r', CASE WHEN n.i = 1 THEN 'filed' ELSE 'signals' END, 0, t.level, t.points, t.urgent, "
    "t.completeness, '[]', '[]', '{}', CASE WHEN n.i = 2 THEN 1 WHEN t.id % 30 = 0 THEN 2 ELSE 0 END FROM triage_tips AS t JOIN (SELECT 1 AS i UNION ALL SELECT 2) AS n ON n.i = 1 OR t.id % 20 = 0"};
constexpr store::Statement kAnalyse{"test.analyse", "ANALYZE"};
constexpr store::Statement kNothingRare{
    "test.nothing_rare", "UPDATE triage_tips SET bundle = CASE WHEN waiting = 1 THEN NULL ELSE bundle END, claimed_by = NULL"};
constexpr store::Statement kPretendLarge{
    "test.pretend_large", "UPDATE pg_class SET reltuples = 30000000 WHERE (relname LIKE 'triage_tips%' OR relname LIKE 'triage_scores%') AND reltuples > 0"};
constexpr std::int64_t kStart = 1'760'000'000;

class QueueTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    const auto filled = rig_->database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      PL_TRY(transaction.Execute(kFill, kStart, kRows));
      PL_TRY(transaction.Execute(kFillScores));
      PL_TRY(transaction.Execute(kAnalyse));
      return {};
    });
    ASSERT_TRUE(filled.ok()) << filled.error().operator_text;
    QueueFilter everything;
    everything.everything = true;
    all_ = Walk(everything, QueueOrder::kOldest, 200, kQueueBudget);
    ASSERT_EQ(all_.size(), static_cast<std::size_t>(kRows));
  }
  std::vector<Tip> Walk(const QueueFilter& filter, QueueOrder order, int count, std::int64_t budget) {
    std::vector<Tip> tips;
    std::optional<QueueCursor> after;
    for (int pages = 0; pages < 10'000; ++pages) {
      const auto page = rig_->database->Read(
          [&](store::ReadTransaction& transaction) { return ListQueue(transaction, filter, order, after, count, budget); });
      EXPECT_TRUE(page.ok()) << page.error().operator_text;
      if (!page.ok()) return tips;
      EXPECT_LE(page->items.size(), static_cast<std::size_t>(count));
      tips.insert(tips.end(), page->items.begin(), page->items.end());
      if (!page->next) {
        EXPECT_TRUE(page->complete);
        return tips;
      }
      after = page->next;
    }
    ADD_FAILURE() << "the queue has no end";
    return tips;
  }
  static bool Fits(const Tip& tip, const QueueFilter& filter) {
    using tipline::ReportState;
    const bool waits = !tip.folded && !tip.test &&
                       (tip.state == ReportState::kTriaged || tip.state == ReportState::kInReview ||
                        tip.state == ReportState::kPausedDeconfliction);
    return (filter.everything || waits) && (!filter.level || tip.level == *filter.level) && (!filter.urgent || tip.urgent == *filter.urgent) &&
           (!filter.incident_type || tip.incident_type == *filter.incident_type) && (!filter.source || tip.source == *filter.source) &&
           (!filter.organisation || tip.organisation == *filter.organisation) && (!filter.state || tip.state == *filter.state) &&
           (!filter.claimed || tip.claimed_by.has_value() == *filter.claimed) &&
           (!filter.claimed_by || (tip.claimed_by && tip.claimed_by->value == *filter.claimed_by)) &&
           (!filter.bundled || tip.bundle.has_value() == *filter.bundled) &&
           (!filter.completeness_below || tip.completeness < *filter.completeness_below) &&
           (!filter.received_from || tip.received_at >= *filter.received_from) &&
           (!filter.received_to || tip.received_at < *filter.received_to);
  }
  void ExpectExactly(const QueueFilter& filter, QueueOrder order, const std::string& name) {
    std::vector<Tip> fitting;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(fitting), [&](const Tip& tip) { return Fits(tip, filter); });
    std::sort(fitting.begin(), fitting.end(), [&](const Tip& left, const Tip& right) {
      if (order == QueueOrder::kPriority) return std::pair(left.rank, left.id.value) < std::pair(right.rank, right.id.value);
      return order == QueueOrder::kNewest ? left.id.value > right.id.value : left.id.value < right.id.value;
    });
    std::vector<std::int64_t> expected;
    for (const Tip& tip : fitting) expected.push_back(tip.id.value);
    for (const std::int64_t budget : {kQueueBudget, std::int64_t{150}}) {
      std::vector<std::int64_t> seen;
      for (const Tip& tip : Walk(filter, order, 37, budget)) seen.push_back(tip.id.value);
      EXPECT_EQ(seen, expected) << name << ", budget " << budget;
    }
  }
  std::string PlanOf(const store::Statement& statement) {
    static std::vector<std::unique_ptr<std::string>> texts;
    static std::vector<std::unique_ptr<store::Statement>> statements;
    const bool sqlite = GetParam() == store::Engine::kSqlite;
    texts.push_back(std::make_unique<std::string>((sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + std::string(statement.sql)));
    statements.push_back(std::make_unique<store::Statement>(store::Statement{"test.plan", texts.back()->c_str()}));
    std::vector<store::Value> values;
    const bool list = texts.back()->find("$17") != std::string::npos;
    for (std::int64_t number = 1; number <= (list ? 17 : 4) && texts.back()->find("$" + std::to_string(number)) != std::string::npos; ++number) {
      values.emplace_back(number == 4 ? std::int64_t{70} : list && number >= 5 && number <= 14 ? std::int64_t{-1} : std::int64_t{1});
    }
    std::string plan;
    const auto read = rig_->database->Read([&](store::ReadTransaction& transaction) -> Result<void> {
      return transaction.Each(*statements.back(), values, [&](store::Row&& row) {
        plan += row.Text(sqlite ? 3 : 0) + "\n";
        return true;
      });
    });
    EXPECT_TRUE(read.ok()) << read.error().operator_text;
    return plan;
  }
  std::unique_ptr<TriageRig> rig_;
  std::vector<Tip> all_;
};
INSTANTIATE_TEST_SUITE_P(Engines, QueueTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(QueueTest, EveryFilterAloneAndTogetherInEveryOrder) {
  std::vector<std::pair<std::string, QueueFilter>> filters;
  const auto add = [&](const std::string& name, auto set) {
    QueueFilter filter;
    set(filter);
    filters.emplace_back(name, filter);
  };
  add("none", [](QueueFilter&) {});
  add("level 2", [](QueueFilter& one) { one.level = 2; });
  add("level 3 not urgent", [](QueueFilter& one) { one.level = 3; one.urgent = false; });
  add("urgent", [](QueueFilter& one) { one.urgent = true; });
  add("enticement", [](QueueFilter& one) { one.incident_type = tipline::IncidentType::kEnticement; });
  add("csam", [](QueueFilter& one) { one.incident_type = tipline::IncidentType::kCsam; });
  add("public", [](QueueFilter& one) { one.source = tipline::ReportSource::kPublic; });
  add("platform 3", [](QueueFilter& one) { one.organisation = 3; });
  add("in review", [](QueueFilter& one) { one.state = tipline::ReportState::kInReview; });
  add("claimed by nobody", [](QueueFilter& one) { one.claimed = false; });
  add("bundled", [](QueueFilter& one) { one.bundled = true; });
  add("incomplete", [](QueueFilter& one) { one.completeness_below = 20; });
  add("of an hour", [](QueueFilter& one) {
    one.received_from = Instant{(kStart + 1'000) * 1'000'000};
    one.received_to = Instant{(kStart + 1'900) * 1'000'000};
  });
  add("many", [](QueueFilter& one) {
    one.organisation = 3;
    one.level = 1;
    one.completeness_below = 60;
  });
  add("everything", [](QueueFilter& one) { one.everything = true; });
  for (const auto& [name, filter] : filters) {
    for (const QueueOrder order : {QueueOrder::kPriority, QueueOrder::kNewest, QueueOrder::kOldest}) {
      ExpectExactly(filter, order, name + " in order " + std::to_string(static_cast<int>(order)));
    }
  }
}

TEST_P(QueueTest, WhatSomebodyHasClaimedIsFound) {
  QueueFilter mine;
  mine.claimed_by = 950;
  const std::vector<Tip> tips = Walk(mine, QueueOrder::kPriority, 50, kQueueBudget);
  EXPECT_FALSE(tips.empty());
  for (const Tip& tip : tips) EXPECT_EQ(tip.claimed_by->value, 950);
}

TEST_P(QueueTest, CountsAreOfWhatWaits) {
  const QueueCounts counts = rig_->database->Read(CountQueue).value();
  std::map<std::pair<bool, int>, std::int64_t> expected;
  for (const Tip& tip : all_) {
    if (Fits(tip, {})) ++expected[{tip.urgent, tip.level}];
  }
  for (const QueueCount& count : counts.standing) {
    EXPECT_EQ(count.tips, (expected[{count.urgent, count.level}])) << count.urgent << count.level;
  }
  EXPECT_TRUE(counts.oldest_urgent);
}

TEST_P(QueueTest, EveryStatementUsesItsIndex) {
  if (GetParam() == store::Engine::kPostgres) {
    const auto pretended =
        rig_->database->Write([](store::WriteTransaction& transaction) { return transaction.Execute(kPretendLarge); });
    ASSERT_TRUE(pretended.ok());
  }
  std::vector<PlannedStatement> all = QueueStatements();
  for (const PlannedStatement& planned : SupervisionStatements()) all.push_back(planned);
  for (const PlannedStatement& planned : RejudgingStatements()) all.push_back(planned);
  for (const PlannedStatement& planned : ChangesStatements()) all.push_back(planned);
  for (const PlannedStatement& planned : ThrottleStatements()) all.push_back(planned);
  for (const PlannedStatement& planned : all) {
    const std::string plan = PlanOf(planned.statement);
    EXPECT_THAT(plan, HasSubstr(std::string(planned.index))) << planned.statement.name << "\n" << plan;
  }
}

// A planner that has counted the table while nobody had claimed anything and no lead waited.
TEST_P(QueueTest, TheRareOnesAreWalkedByTheirOwnIndexAlsoWhenThereAreNone) {
  const auto emptied = rig_->database->Write([](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(transaction.Execute(kNothingRare));
    PL_TRY(transaction.Execute(kAnalyse));
    return {};
  });
  ASSERT_TRUE(emptied.ok()) << emptied.error().operator_text;
  for (const PlannedStatement& planned : QueueStatements()) {
    if (planned.index != "triage_tips_leads" && planned.index != "triage_tips_in_review") continue;
    const std::string plan = PlanOf(planned.statement);
    EXPECT_THAT(plan, HasSubstr(std::string(planned.index))) << planned.statement.name << "\n" << plan;
  }
}

TEST(QueueCursorTest, IsReadBackAsWritten) {
  const QueueCursor cursor = ParseCursor(CursorText({123, 456})).value();
  EXPECT_EQ(cursor.rank, 123);
  EXPECT_EQ(cursor.id, 456);
  EXPECT_FALSE(ParseCursor("12"));
  EXPECT_FALSE(ParseCursor("a.1"));
  EXPECT_FALSE(ParseCursor(""));
}

}  // namespace
}  // namespace porchlight::triage
