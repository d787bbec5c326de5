// Goal: legal staff change who may open a file by adding a dated table, which decides from its day on in every process, rewrites nothing,
// and flags what it would decide otherwise until a person has it decided again. Method: reports filed over the wire, both engines, two
// books over one database, a clock that only the tests move.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/deciding.h"
#include "evidence/gate_views.h"
#include "evidence/testing/evidence_rig.h"

namespace porchlight::evidence {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Details;
using testing::EvidenceRig;
using testing::Legal;
using testing::ReferenceTableText;
using testing::ReplaceAll;
using tipline::Answer;
using tipline::FileId;
using tipline::ReportId;

constexpr store::Statement kBrokenTable{
    "test.broken_table", "INSERT INTO evidence_gate_tables (id, version, document, at, account) VALUES (1, 'broken', '{}', 0, 0)"};

class GateTablesTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<EvidenceRig>(GetParam());
  }
  std::string Day(int days = 0) { return FormatDate(rig_->clock.Now() + Duration::Days(days)); }
  // What was public opens nothing any more.
  static std::string Table(const std::string& version, const std::string& valid_from) {
    std::string text = ReplaceAll(ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"" + version + "\"");
    text = ReplaceAll(text, "2020-01-01", valid_from);
    return ReplaceAll(text, "\"when\": {\"publicly_available\": \"yes\"}, \"decision\": \"open\"",
                      "\"when\": {\"publicly_available\": \"yes\"}, \"decision\": \"blocked\"");
  }
  ReportId Public() {
    const ReportId report = rig_->File({Details(Answer::kNo, Answer::kYes)});
    EXPECT_TRUE(rig_->gatekeeper.DecideFiles(report).ok());
    return report;
  }
  Outcome OutcomeOf(ReportId report) { return rig_->Newest(EvidenceRig::FileOf(report, 1)).decision.outcome; }
  http::Response Post(const std::string& path, const std::string& body, const std::string& login = "legal") {
    return rig_->Send(http::Method::kPost, "/api/v1/" + path, login, "application/json", body);
  }
  static std::string Body(const std::string& table) { return Json().Set("document", table).Serialize(); }
  Json Read(const http::Response& response, int status = 200) {
    EXPECT_EQ(response.status, status) << response.body;
    return ParseJson(response.body).value();
  }
  Json Get(const std::string& path) { return Read(rig_->Get("/api/v1/" + path, "legal")); }
  static std::int64_t Number(const Json& json, std::string_view name) { return *json.Find(name)->AsInteger(); }
  std::string FieldOf(const std::string& table) {
    const auto added = rig_->gate_tables.Add(Legal(), table, "r");
    return added.ok() ? "accepted" : added.error().field;
  }

  std::unique_ptr<EvidenceRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, GateTablesTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(GateTablesTest, ATableOfTodayDecidesWhatComesAndFlagsWhatWas) {
  const ReportId before = Public();
  ASSERT_EQ(OutcomeOf(before), Outcome::kOpen);
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("stricter", Day()), "r").ok());
  EXPECT_EQ(OutcomeOf(Public()), Outcome::kBlocked);
  EXPECT_EQ(OutcomeOf(before), Outcome::kOpen) << "nothing is rewritten";
  rig_->RunJobs();
  const Json flags = Get("gate/reviews");
  ASSERT_EQ(flags.Find("items")->AsArray()->size(), 1U);
  const Json& flag = flags.Find("items")->AsArray()->front();
  EXPECT_EQ(Number(flag, "report_id"), before.value);
  EXPECT_EQ(flag.Text("decision"), "open");
  EXPECT_EQ(flag.Find("review")->Text("decision"), "blocked");
  EXPECT_TRUE(*flags.Find("searched")->AsBool());

  const Json decided = Read(Post("reports/" + std::to_string(before.value) + "/gate/decide", "{}"));
  EXPECT_EQ(Number(decided, "files"), 1);
  EXPECT_EQ(OutcomeOf(before), Outcome::kBlocked);
  EXPECT_EQ(rig_->Newest(EvidenceRig::FileOf(before, 1)).account, Legal().account.value);
  EXPECT_TRUE(Get("gate/reviews").Find("items")->AsArray()->empty());
  EXPECT_EQ(Number(Read(Post("reports/" + std::to_string(before.value) + "/gate/decide", "{}")), "files"), 0) << "a repeat decides nothing";
}

TEST_P(GateTablesTest, ATableToComeHoldsFromItsDayOnAlsoInAnotherProcess) {
  const GateBook other = GateBook::Read({{"us-2026-11.json", ReferenceTableText()}}).value();
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("to-come", Day(2)), "r").ok());
  EXPECT_EQ(OutcomeOf(Public()), Outcome::kOpen);
  ASSERT_TRUE(LearnTables(*rig_->database, other).ok());
  EXPECT_EQ(other.At(rig_->clock.Now()).version, "us-2026-11");
  EXPECT_THAT(other.Versions(), ElementsAre("us-2026-11", "to-come"));
  rig_->clock.Advance(Duration::Days(2));
  EXPECT_EQ(other.At(rig_->clock.Now()).version, "to-come");
  EXPECT_EQ(OutcomeOf(Public()), Outcome::kBlocked);
  Gatekeeper elsewhere(*rig_->database, other, rig_->clock);
  const ReportId report = rig_->File({Details(Answer::kNo, Answer::kYes)});
  ASSERT_TRUE(elsewhere.DecideFiles(report).ok());
  EXPECT_EQ(OutcomeOf(report), Outcome::kBlocked);
}

TEST_P(GateTablesTest, OfTwoFromOneDayTheOneThatCameLastHolds) {
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("mistaken", Day()), "r").ok());
  std::string mended = ReplaceAll(ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"mended\"");
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), ReplaceAll(mended, "2020-01-01", Day()), "r").ok());
  EXPECT_EQ(rig_->book.At(rig_->clock.Now()).version, "mended");
  EXPECT_EQ(OutcomeOf(Public()), Outcome::kOpen);
}

TEST_P(GateTablesTest, WhatAnotherProcessDecidedByItIsShownInItsWords) {
  const GateBook other = GateBook::Read({{"us-2026-11.json", ReferenceTableText()}}).value();
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("stricter", Day()), "r").ok());
  const ReportId report = Public();
  const auto read = [&](store::ReadTransaction& transaction) { return GateOf(transaction, other, report, {0}, 10, "en", rig_->clock.Now()); };
  const GateView view = rig_->database->Read(read).value();
  EXPECT_EQ(other.last_added(), 0) << "it has not learned of it";
  EXPECT_EQ(view.items.front().table, "stricter");
  EXPECT_NE(view.items.front().label, "");
}

TEST_P(GateTablesTest, ATrialStoresNothingAndCountsWhatWouldComeOutOtherwise) {
  Public();
  Public();
  rig_->File({Details(Answer::kNo, Answer::kNo)});
  const Json trial = Read(Post("gate/tables/trial", Body(Table("stricter", Day()))));
  EXPECT_EQ(trial.Find("table")->Text("version"), "stricter");
  EXPECT_EQ(Number(trial, "looked_at"), 2) << "the third was not decided about yet";
  EXPECT_EQ(Number(trial, "would_block"), 2);
  EXPECT_EQ(Number(trial, "would_open"), 0);
  EXPECT_EQ(Get("gate/tables").Find("items")->AsArray()->size(), 1U);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM evidence_gate_tables"), 0);
}

TEST_P(GateTablesTest, TheListSaysWhoAddedWhatAndWhichHolds) {
  const Json list = Read(Post("gate/tables", Body(Table("stricter", Day(1)))), 201);
  const auto& items = *list.Find("items")->AsArray();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].Text("version"), "us-2026-11");
  EXPECT_TRUE(*items[0].Find("holds")->AsBool());
  EXPECT_TRUE(items[0].Find("added_at")->IsNull());
  EXPECT_EQ(items[1].Text("version"), "stricter");
  EXPECT_FALSE(*items[1].Find("holds")->AsBool());
  EXPECT_EQ(items[1].Text("added_by_login"), "login-970");
  EXPECT_EQ(rig_->Get("/api/v1/gate/tables/document?version=stricter", "legal").body, Table("stricter", Day(1)));
  EXPECT_EQ(Get("gate/table?version=stricter").Text("version"), "stricter");
  EXPECT_EQ(rig_->Get("/api/v1/gate/table?version=none", "legal").status, 404);
  EXPECT_EQ(rig_->Get("/api/v1/gate/tables/document?version=none", "legal").status, 404);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM audit_entries WHERE action = 'evidence.gate.add_table'"), 1);
}

// Another process that had read the tables before one was added, and decided after everything had been looked at.
TEST_P(GateTablesTest, WhatWasStillDecidedByTheTableBeforeIsFlaggedInTheEnd) {
  const GateBook stale = GateBook::Read({{"us-2026-11.json", ReferenceTableText()}}).value();
  const ReportId report = rig_->File({Details(Answer::kNo, Answer::kYes)});
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("stricter", Day()), "r").ok());
  rig_->RunJobs();
  ASSERT_TRUE(*Get("gate/reviews").Find("searched")->AsBool());
  const auto decide = [&](store::WriteTransaction& transaction) {
    return DecideRange(transaction, stale, auth::SystemCaller("evidence"), report, FirstFile(report), EndOfFiles(report), {}, "r",
                       rig_->clock.Now());
  };
  ASSERT_TRUE(rig_->database->Write(decide).ok());
  ASSERT_EQ(OutcomeOf(report), Outcome::kOpen);
  rig_->clock.Advance(Duration{kSearchAgainAfter.microseconds - 1});
  rig_->RunJobs();
  EXPECT_TRUE(Get("gate/reviews").Find("items")->AsArray()->empty());
  rig_->clock.Advance(Duration{1});
  rig_->RunJobs();
  EXPECT_EQ(Get("gate/reviews").Find("items")->AsArray()->size(), 1U);
  rig_->clock.Advance(Duration::Minutes(30));
  EXPECT_EQ(rig_->RunJobs(), 0) << "twice is enough";
}

TEST_P(GateTablesTest, AStoredTableThatCannotBeReadDecidesNothing) {
  const ReportId report = rig_->File({Details(Answer::kNo, Answer::kYes)});
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return transaction.Execute(kBrokenTable); }).ok());
  const auto decided = rig_->gatekeeper.DecideFiles(report);
  ASSERT_FALSE(decided.ok());
  EXPECT_EQ(decided.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(decided.error().operator_text, HasSubstr("broken"));
  EXPECT_FALSE(rig_->Read(testing::Reviewer(), EvidenceRig::FileOf(report, 1)).ok()) << "what is not decided stays closed";
  EXPECT_TRUE(rig_->Decisions(EvidenceRig::FileOf(report, 1)).empty());
}

TEST_P(GateTablesTest, AProfileThatBringsTheSameVersionLaterHasTheWord) {
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("stricter", Day()), "r").ok());
  std::string mild = ReplaceAll(ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"stricter\"");
  mild = ReplaceAll(mild, "2020-01-01", Day());
  const GateBook later = testing::BookWith(mild);
  ASSERT_TRUE(LearnTables(*rig_->database, later).ok());
  EXPECT_EQ(&later.At(rig_->clock.Now()), later.Find("stricter"));
  EXPECT_EQ(later.Find("stricter")->document, mild);
  EXPECT_THAT(later.Versions(), ElementsAre("us-2026-11", "stricter"));
}

TEST_P(GateTablesTest, APageOfFlagsBeginsAfterTheOneBefore) {
  EXPECT_EQ(rig_->Get("/api/v1/gate/reviews?after=x", "legal").status, 422);
  EXPECT_EQ(rig_->Get("/api/v1/gate/reviews?after=-1", "legal").status, 422);
  const ReportId first = Public();
  const ReportId second = Public();
  ASSERT_TRUE(rig_->gate_tables.Add(Legal(), Table("stricter", Day()), "r").ok());
  rig_->RunJobs();
  const Json page = Get("gate/reviews?after=" + std::to_string(EvidenceRig::FileOf(first, 1).value));
  ASSERT_EQ(page.Find("items")->AsArray()->size(), 1U);
  EXPECT_EQ(Number(page.Find("items")->AsArray()->front(), "report_id"), second.value);
  EXPECT_TRUE(page.Find("next_after")->IsNull());
}

TEST_P(GateTablesTest, ATableHasAtMostAMebibyte) {
  std::string large = Table("large", Day());
  large += std::string(kTableBytesMax - large.size(), ' ');
  EXPECT_EQ(FieldOf(large + " "), "") << "one byte more";
  EXPECT_EQ(FieldOf(large), "accepted");
}

TEST_P(GateTablesTest, WhatIsWrongIsRefusedWithItsPlaceAndChangesNothing) {
  EXPECT_EQ(FieldOf(Table("past", Day(-1))), "/valid_from");
  EXPECT_EQ(FieldOf(ReplaceAll(ReferenceTableText(), "2020-01-01", Day())), "/version") << "the profile's";
  const std::string scored = ReplaceAll(Table("scored", Day()), "{\"warrant\": \"yes\"}", "{\"score\": \"yes\"}");
  EXPECT_THAT(FieldOf(scored), HasSubstr("/when/score")) << "no model ever decides";
  EXPECT_NE(FieldOf("not a table"), "accepted");
  EXPECT_EQ(rig_->gate_tables.Add(testing::Reviewer(), Table("theirs", Day()), "r").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(Post("gate/tables", Body(Table("theirs", Day())), "reviewer").status, 403);
  EXPECT_EQ(Post("gate/tables/trial", Body(Table("theirs", Day())), "reviewer").status, 403);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM evidence_gate_tables"), 0);
  EXPECT_EQ(FieldOf(Table("once", Day())), "accepted");
  EXPECT_EQ(FieldOf(Table("once", Day())), "/version");
}

TEST_P(GateTablesTest, AFileMayBeDecidedForAnotherJurisdictionByAPersonAlone) {
  const ReportId report = Public();
  const std::string path = "reports/" + std::to_string(report.value) + "/gate/decide";
  EXPECT_EQ(Post(path, R"({"jurisdiction":"ZZ"})").status, 422);
  ASSERT_EQ(testing::ReferenceTable().default_jurisdiction, "US");
  std::string elsewhere;
  for (const auto& [code, place] : testing::ReferenceTable().jurisdictions) {
    if (code != "US") elsewhere = code;
  }
  ASSERT_NE(elsewhere, "");
  EXPECT_EQ(Number(Read(Post(path, R"({"jurisdiction":")" + elsewhere + "\"}")), "files"), 1);
  EXPECT_EQ(rig_->Newest(EvidenceRig::FileOf(report, 1)).decision.jurisdiction, elsewhere);
  EXPECT_EQ(Post(path, "{}", "reviewer").status, 403);
  EXPECT_EQ(Post("reports/987654/gate/decide", "{}").status, 404);
}

}  // namespace
}  // namespace porchlight::evidence
