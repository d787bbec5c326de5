// Goal: whatever a list is narrowed by, its pages together hold exactly the rows that fit, newest first, and no request
// looks at more than its budget. Method: thousands of rows made in SQL, every filter alone and many together held
// against a walk over all rows, with budgets far smaller than the table; the engines' own plans are read.
#include <gmock/gmock.h>

#include <algorithm>

#include "tipline/report_store.h"
#include "tipline/testing/intake_rig.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::tipline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::IntakeRig;

constexpr std::int64_t kRows = 6'000;
constexpr store::Statement kFill{
    "test.fill",
    "INSERT INTO tipline_reports (received_at, incident_at, expires_at, organisation, account, state, source, incident_type, counted, "
    "urgent, batched, content, files, documents, findings) "
    "SELECT $1 + i * 1000000, $1, $1, CASE WHEN i % 50 = 0 THEN 0 ELSE i % 7 + 1 END, 1, "
    "CASE WHEN i % 11 = 0 THEN 1 WHEN i % 13 = 0 THEN 11 ELSE 3 END, CASE WHEN i % 50 = 0 THEN 2 ELSE 1 END, "
    "CASE WHEN i % 9 = 0 THEN 7 WHEN i % 400 = 0 THEN 5 ELSE 1 END, CASE WHEN i % 97 = 0 THEN 2 ELSE 1 END, "
    "CASE WHEN i % 151 = 0 THEN 1 ELSE 0 END, CASE WHEN i % 31 = 0 THEN 1 ELSE 0 END, 0, i % 3, 1, i % 2 "
    "FROM (WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) SELECT i FROM n) AS numbers"};
constexpr store::Statement kAnalyse{"test.analyse", "ANALYZE"};
// PostgreSQL rightly reads a small table from end to end, so it is told that this one has thirty million rows.
constexpr store::Statement kPretendLarge{
    "test.pretend_large", "UPDATE pg_class SET reltuples = 30000000 WHERE relname LIKE 'tipline_reports%' AND reltuples > 0"};

class ReportListTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<IntakeRig>(GetParam());
    const auto filled = rig_->database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
      PL_TRY(transaction.Execute(kFill, rig_->start(), kRows));
      PL_TRY(transaction.Execute(kAnalyse));
      return {};
    });
    ASSERT_TRUE(filled.ok()) << filled.error().operator_text;
    for (std::int64_t before = kRows + 1; before > 1;) {
      const ReportPage page = Page({}, before, 200, ListBudget{});
      all_.insert(all_.end(), page.items.begin(), page.items.end());
      before = page.items.back().id.value;
    }
    ASSERT_EQ(all_.size(), static_cast<std::size_t>(kRows));
  }
  ReportPage Page(const ReportFilter& filter, std::optional<std::int64_t> before, int count, const ListBudget& budget) {
    auto page = rig_->database->Read(
        [&](store::ReadTransaction& transaction) { return ListReports(transaction, filter, before, count, budget); });
    EXPECT_TRUE(page.ok()) << page.error().operator_text;
    return *page;
  }
  std::vector<std::int64_t> Walk(const ReportFilter& filter, int count, const ListBudget& budget) {
    std::vector<std::int64_t> ids;
    std::optional<std::int64_t> before;
    for (int pages = 0; pages < 10'000; ++pages) {
      const ReportPage page = Page(filter, before, count, budget);
      EXPECT_LE(page.items.size(), static_cast<std::size_t>(count));
      for (const ReportRow& row : page.items) ids.push_back(row.id.value);
      if (!page.next_before) {
        EXPECT_TRUE(page.complete);
        return ids;
      }
      if (before) { EXPECT_LT(*page.next_before, *before); }
      before = page.next_before;
    }
    ADD_FAILURE() << "the list has no end";
    return ids;
  }
  static bool Fits(const ReportRow& row, const ReportFilter& filter) {
    return (!filter.state || row.state == *filter.state) && (!filter.incident_type || row.incident_type == *filter.incident_type) &&
           (!filter.source || row.source == *filter.source) && (!filter.organisation || row.organisation == *filter.organisation) &&
           (!filter.urgent || row.urgent == *filter.urgent) && (!filter.test || row.test == *filter.test) &&
           (!filter.batched || row.batched == *filter.batched) && (!filter.has_findings || (row.findings > 0) == *filter.has_findings) &&
           (!filter.has_files || (row.files > 0) == *filter.has_files) &&
           (!filter.received_from || row.received_at >= *filter.received_from) &&
           (!filter.received_to || row.received_at < *filter.received_to);
  }
  void Check(const ReportFilter& filter) {
    std::vector<std::int64_t> wanted;
    for (const ReportRow& row : all_) {
      if (Fits(row, filter)) wanted.push_back(row.id.value);
    }
    EXPECT_EQ(Walk(filter, 40, ListBudget{500, 70}), wanted);
    EXPECT_EQ(Walk(filter, 200, ListBudget{}), wanted);
  }
  std::string PlanOf(const store::Statement& statement) {
    static std::vector<std::unique_ptr<std::string>> texts;
    static std::vector<std::unique_ptr<store::Statement>> statements;
    const bool sqlite = GetParam() == store::Engine::kSqlite;
    texts.push_back(std::make_unique<std::string>((sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + std::string(statement.sql)));
    statements.push_back(std::make_unique<store::Statement>(store::Statement{"test.plan", texts.back()->c_str()}));
    std::vector<store::Value> values;
    const bool list = texts.back()->find("$16") != std::string::npos;
    for (const std::int64_t one : {std::int64_t{5'000}, std::int64_t{0}, std::int64_t{1}, std::int64_t{70}}) values.emplace_back(one);
    for (int i = 5; list && i <= 16; ++i) values.emplace_back(std::int64_t{i == 15 || i == 16 ? 4'000'000'000'000'000 : -1});
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

  std::unique_ptr<IntakeRig> rig_;
  std::vector<ReportRow> all_;
};

TEST_P(ReportListTest, EachFilterAloneGivesExactlyWhatFits) {
  for (const ReportState state : {ReportState::kOpened, ReportState::kFinished, ReportState::kExpiredUnfinished, ReportState::kClosed}) {
    ReportFilter filter;
    filter.state = state;
    Check(filter);
  }
  for (const IncidentType type : {IncidentType::kCsam, IncidentType::kEnticement, IncidentType::kMisleadingDomain, IncidentType::kMolestation}) {
    ReportFilter filter;
    filter.incident_type = type;
    Check(filter);
  }
  for (const ReportSource source : {ReportSource::kPlatform, ReportSource::kPublic}) {
    ReportFilter filter;
    filter.source = source;
    Check(filter);
  }
  for (const std::int64_t organisation : {0, 3, 99}) {
    ReportFilter filter;
    filter.organisation = organisation;
    Check(filter);
  }
}

TEST_P(ReportListTest, EachFlagAloneGivesExactlyWhatFits) {
  for (const bool value : {true, false}) {
    for (auto member : {&ReportFilter::urgent, &ReportFilter::test, &ReportFilter::batched, &ReportFilter::has_findings, &ReportFilter::has_files}) {
      ReportFilter filter;
      filter.*member = value;
      Check(filter);
    }
  }
}

TEST_P(ReportListTest, FiltersTogetherGiveExactlyWhatFits) {
  ReportFilter rare;
  rare.urgent = true;
  rare.organisation = 3;
  rare.has_files = false;
  Check(rare);
  ReportFilter never;
  never.urgent = true;
  never.test = true;
  never.incident_type = IncidentType::kMisleadingDomain;
  Check(never);
  ReportFilter usual;
  usual.state = ReportState::kFinished;
  usual.incident_type = IncidentType::kEnticement;
  usual.batched = false;
  usual.organisation = 2;
  Check(usual);
  ReportFilter of_nobody;
  of_nobody.source = ReportSource::kPublic;
  of_nobody.organisation = 3;
  Check(of_nobody);
}

TEST_P(ReportListTest, ASpanOfTimeHasItsFirstMomentAndNotItsLast) {
  ReportFilter filter;
  filter.received_from = rig_->start() + Duration::Seconds(2'000);
  filter.received_to = rig_->start() + Duration::Seconds(4'000);
  Check(filter);
  filter.has_findings = true;
  filter.state = ReportState::kOpened;
  Check(filter);
  ReportFilter before_all;
  before_all.received_to = rig_->start();
  Check(before_all);
  ReportFilter after_all;
  after_all.received_from = rig_->start() + Duration::Days(1);
  Check(after_all);
}

TEST_P(ReportListTest, ASearchThatReachesItsBudgetSaysHowFarItWent) {
  ReportFilter filter;
  filter.has_findings = true;
  filter.has_files = true;
  filter.organisation = 0;
  filter.incident_type = IncidentType::kMisleadingDomain;
  const ReportPage page = Page(filter, std::nullopt, 50, ListBudget{1'000, 10});
  EXPECT_FALSE(page.complete);
  ASSERT_TRUE(page.next_before.has_value());
  ASSERT_TRUE(page.searched_back_to.has_value());
  EXPECT_EQ(*page.searched_back_to, rig_->start() + Duration::Seconds(*page.next_before));
}

TEST_P(ReportListTest, AnEmptyTableIsAnEmptyPage) {
  IntakeRig empty(GetParam());
  const auto page = empty.database->Read(
      [&](store::ReadTransaction& transaction) { return ListReports(transaction, {}, std::nullopt, 50, ListBudget{}); });
  EXPECT_TRUE(page->items.empty());
  EXPECT_TRUE(page->complete);
  EXPECT_FALSE(page->next_before.has_value());
}

// No plan sorts what it walks or reads the table from end to end; what is rare is met through its own index.
TEST_P(ReportListTest, EveryListWalksTheIndexItIsMeantTo) {
  if (GetParam() == store::Engine::kPostgres) {
    const auto told = rig_->database->Write([](store::WriteTransaction& transaction) { return transaction.Execute(kPretendLarge); });
    ASSERT_TRUE(told.ok()) << told.error().operator_text;
  }
  for (const auto& [statement, index] : ListStatements()) {
    const std::string plan = PlanOf(statement);
    if (GetParam() == store::Engine::kSqlite) {
      EXPECT_THAT(plan, HasSubstr(index.empty() ? "SEARCH tipline_reports USING INTEGER PRIMARY KEY" : "INDEX " + std::string(index))) << statement.name;
      EXPECT_THAT(plan, Not(HasSubstr("SCAN tipline_reports"))) << plan;
    } else {
      EXPECT_THAT(plan, HasSubstr(index.empty() ? "tipline_reports_pkey" : std::string(index))) << statement.name << "\n" << plan;
      EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on tipline_reports"))) << plan;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ReportListTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::tipline
