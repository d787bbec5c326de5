// Goal: every filed file has a decision that follows from what is stored, decisions are only ever added, records count from
// their first moment to their last, and a new table flags and rewrites nothing. Method: reports filed over the wire, both
// engines, a clock that only the tests move.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/text.h"
#include "evidence/deciding.h"
#include "evidence/testing/evidence_rig.h"
#include "platform/jobs/outbox.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::evidence {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::BookWith;
using testing::Details;
using testing::EvidenceRig;
using testing::Legal;
using testing::ReferenceTableText;
using testing::ReplaceAll;
using testing::Reviewer;
using tipline::Answer;
using tipline::FileId;
using tipline::ReportId;

constexpr std::array kAnswers = {Answer::kMissing, Answer::kNo, Answer::kYes};
const std::string kLabels =
    "<fileAnnotations><infant/><generativeAi/></fileAnnotations><industryClassification>A1</industryClassification>";

// The same table a month later, in which what was public opens nothing any more.
std::string Stricter() {
  std::string text = ReplaceAll(ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"us-2026-12\"");
  text = ReplaceAll(text, "2020-01-01", "2026-11-01");
  return ReplaceAll(text, "\"when\": {\"publicly_available\": \"yes\"}, \"decision\": \"open\"",
                    "\"when\": {\"publicly_available\": \"yes\"}, \"decision\": \"blocked\"");
}

class GatekeeperTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<EvidenceRig>(GetParam());
  }
  ReportId Filed(const std::vector<std::string>& details) {
    const ReportId report = rig_->File(details);
    EXPECT_TRUE(rig_->gatekeeper.DecideFiles(report).ok());
    return report;
  }
  Outcome OutcomeOf(FileId file) { return rig_->Newest(file).decision.outcome; }
  std::string RuleOf(FileId file) { return rig_->Newest(file).decision.rule; }
  std::string LastDetail(ReportId report, std::string_view action) {
    std::string detail;
    for (const audit::RecordedEntry& one : rig_->Trail(report)) {
      if (one.entry.action == action) detail = one.entry.detail;
    }
    return detail;
  }
  std::vector<Review> Reviews(const std::string& table) {
    constexpr FileId kEnd{std::int64_t{1} << 62};
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return rows::ReviewsOf(transaction, {0}, kEnd, table); })
        .value();
  }
  template <class T>
  static void ExpectRefused(const Result<T>& done, ErrorCode code, std::string_view field) {
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, code) << done.error().public_text;
    EXPECT_EQ(done.error().field, field) << done.error().public_text;
  }

  std::unique_ptr<EvidenceRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, GatekeeperTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

// Law: domain guide, invariant 6. Nine files of every pair of answers, in three reports: without a record, with one that is
// not in force, and with one that is; each file again with every label there is.
TEST_P(GatekeeperTest, AMissingAnswerIsANoInEveryCombinationAndLabelsChangeNothing) {
  std::vector<std::string> details;
  for (const std::string& labels : {std::string(), kLabels}) {
    for (const Answer viewed : kAnswers) {
      for (const Answer available : kAnswers) details.push_back(Details(viewed, available, labels));
    }
  }
  for (const Answer authority : kAnswers) {
    const ReportId report = Filed(details);
    Authority warrant = rig_->Warrant(report);
    if (authority == Answer::kNo) warrant.from = rig_->clock.Now() + Duration::Hours(1);
    if (authority != Answer::kMissing) rig_->Add(warrant);
    if (authority == Answer::kNo) { EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 0); }
    for (std::size_t index = 0; index < details.size(); ++index) {
      const Answer viewed = kAnswers.at(index % 9 / 3);
      const Answer available = kAnswers.at(index % 3);
      const Decision decision = rig_->Newest(EvidenceRig::FileOf(report, static_cast<int>(index) + 1)).decision;
      const bool open = viewed == Answer::kYes || available == Answer::kYes || authority == Answer::kYes;
      EXPECT_EQ(decision.outcome == Outcome::kOpen, open) << details[index] << " " << NameOf(authority);
      EXPECT_EQ(decision.facts.viewed_by_esp, viewed);
      EXPECT_EQ(decision.facts.publicly_available, available);
      EXPECT_EQ(decision.facts.warrant, authority);
    }
  }
}

TEST_P(GatekeeperTest, EveryRuleOpensWhatItIsFor) {
  const ReportId report = Filed({Details(Answer::kYes, Answer::kMissing), Details(Answer::kMissing, Answer::kYes), "", "", ""});
  int place = 3;
  for (const auto& [kind, name] : EnumNames<AuthorityKind>::kAll) {
    Authority authority = rig_->Warrant(report);
    authority.kind = kind;
    authority.files = {{EvidenceRig::FileOf(report, place)}};
    EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, place)), Outcome::kBlocked);
    EXPECT_EQ(RuleOf(EvidenceRig::FileOf(report, place)), kNoRule);
    const Authority added = rig_->Add(authority);
    const GateRow newest = rig_->Newest(EvidenceRig::FileOf(report, place));
    EXPECT_EQ(newest.decision.rule, name);
    EXPECT_EQ(newest.decision.outcome, Outcome::kOpen);
    EXPECT_EQ(newest.sequence, 2);
    EXPECT_EQ(newest.account, Legal().account.value);
    EXPECT_THAT(newest.decision.facts.authorities, ElementsAre(added.id.value));
    ++place;
  }
  EXPECT_EQ(RuleOf(EvidenceRig::FileOf(report, 1)), "viewed_by_esp");
  EXPECT_EQ(RuleOf(EvidenceRig::FileOf(report, 2)), "publicly_available");
  EXPECT_EQ(rig_->Decisions(EvidenceRig::FileOf(report, 1)).size(), 1U);
}

TEST_P(GatekeeperTest, AFiledReportIsDecidedAboutByItsJobAndARepeatChangesNothing) {
  const std::int64_t open = rig_->Open({Details(Answer::kYes, Answer::kNo), ""});
  ExpectRefused(rig_->gatekeeper.DecideFiles({open}), ErrorCode::kConflict, "state");
  ExpectRefused(rig_->gatekeeper.DecideFiles({4'711}), ErrorCode::kNotFound, "report");
  EXPECT_GT(*rig_->runner.RunOnce(), 0);
  EXPECT_EQ(rig_->RunJobs(), 0);
  rig_->Finish(open);
  EXPECT_EQ(*rig_->runner.RunOnce(), 1);
  EXPECT_EQ(*rig_->runner.RunOnce(), 0);
  EXPECT_EQ(rig_->RunJobs(), 1);
  const std::vector<std::string> decided = rig_->AllDecisions();
  EXPECT_EQ(decided.size(), 2U);
  EXPECT_EQ(LastDetail({open}, "evidence.gate.decide"), R"({"table":"us-2026-11","open":1,"blocked":1})");
  const std::size_t entries = rig_->Trail({open}).size();
  // A crash after the decision but before the bookmark and the end of the job: both come again.
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return jobs::SaveBookmark(transaction, "evidence", 0); }).ok());
  EXPECT_GT(*rig_->runner.RunOnce(), 0);
  EXPECT_EQ(rig_->RunJobs(), 1);
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles({open}), 0);
  EXPECT_EQ(rig_->AllDecisions(), decided);
  EXPECT_EQ(rig_->Trail({open}).size(), entries);
}

TEST_P(GatekeeperTest, AUnitThatDiesBeforeItsEndLeavesNothing) {
  const ReportId report = rig_->File({"", ""});
  const std::size_t entries = rig_->Trail(report).size();
  const auto dies = rig_->database->Write([&](store::WriteTransaction& transaction) -> Result<void> {
    PL_TRY(DecideRange(transaction, rig_->book, Legal(), report, FirstFile(report), EndOfFiles(report), {}, "r", rig_->clock.Now()));
    return Error{ErrorCode::kUnavailable, "the cable was pulled", {}, {}, 0};
  });
  EXPECT_FALSE(dies.ok());
  EXPECT_EQ(rig_->AllDecisions().size(), 0U);
  EXPECT_EQ(rig_->Trail(report).size(), entries);
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 2);
  EXPECT_EQ(rig_->Newest(EvidenceRig::FileOf(report, 2)).sequence, 1);
}

TEST_P(GatekeeperTest, DecisionsAreOnlyEverAdded) {
  const ReportId report = Filed({"", Details(Answer::kMissing, Answer::kYes)});
  const ReportId other = Filed({""});
  std::vector<std::string> before = rig_->AllDecisions();
  const auto grown = [&] {
    const std::vector<std::string> now = rig_->AllDecisions();
    EXPECT_GT(now.size(), before.size());
    for (const std::string& line : before) EXPECT_THAT(now, ::testing::Contains(line));
    before = now;
  };
  const Authority warrant = rig_->Add(rig_->Warrant(report));
  grown();
  ASSERT_TRUE(rig_->gatekeeper.RevokeAuthority(Legal(), warrant.id, "r").ok());
  grown();
  rig_->book = BookWith(Stricter());
  ASSERT_TRUE(rig_->gatekeeper.DecideAgain(Legal(), report, "US-9CIR", "r").ok());
  grown();
  EXPECT_EQ(rig_->Decisions(EvidenceRig::FileOf(other, 1)).size(), 1U);

  // A sequence that is taken is not overwritten; whoever comes second is told.
  GateRow forged = rig_->Newest(EvidenceRig::FileOf(other, 1));
  forged.decision.outcome = Outcome::kOpen;
  const auto inserted =
      rig_->database->Write([&](store::WriteTransaction& transaction) { return rows::InsertGate(transaction, forged); });
  ExpectRefused(inserted, ErrorCode::kUnavailable, "gate");
  EXPECT_EQ(rig_->AllDecisions(), before);
  const std::string sql = tipline::testing::ReadSourceFile("src/evidence/gate_rows.cpp");
  EXPECT_THAT(sql, Not(HasSubstr("UPDATE evidence_gates")));
  EXPECT_THAT(sql, Not(HasSubstr("DELETE")));
}

TEST_P(GatekeeperTest, ARecordCountsFromItsFirstMomentToItsLast) {
  const ReportId report = Filed({""});
  const FileId file = EvidenceRig::FileOf(report, 1);
  Authority warrant = rig_->Warrant(report);
  warrant.from = rig_->clock.Now() + Duration::Hours(1);
  warrant.until = warrant.from + Duration::Hours(2);
  rig_->Add(warrant);
  EXPECT_EQ(OutcomeOf(file), Outcome::kBlocked);
  rig_->clock.Advance(Duration{Duration::Hours(1).microseconds - 1});
  EXPECT_EQ(rig_->RunJobs(), 0);
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 0);
  rig_->clock.Advance(Duration{1});
  EXPECT_EQ(rig_->RunJobs(), 1);
  EXPECT_EQ(OutcomeOf(file), Outcome::kOpen);
  rig_->clock.Advance(Duration{Duration::Hours(2).microseconds - 1});
  EXPECT_EQ(rig_->RunJobs(), 0);
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 0);
  rig_->clock.Advance(Duration{1});
  EXPECT_EQ(rig_->RunJobs(), 1);
  EXPECT_EQ(OutcomeOf(file), Outcome::kBlocked);
  EXPECT_EQ(rig_->Newest(file).decision.facts.warrant, Answer::kNo);
  EXPECT_EQ(rig_->Newest(file).account, 0);
}

TEST_P(GatekeeperTest, ARevokedRecordBlocksAgainAtOnceAndOnlyOnce) {
  const ReportId report = Filed({"", Details(Answer::kYes, Answer::kMissing)});
  const Authority added = rig_->Add(rig_->Warrant(report));
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 1)), Outcome::kOpen);
  EXPECT_THAT(LastDetail(report, "evidence.authority.add"), HasSubstr("\"kind\":\"warrant\""));
  EXPECT_THAT(LastDetail(report, "evidence.authority.add"), Not(HasSubstr(added.reference)));
  const auto revoked = rig_->gatekeeper.RevokeAuthority(Legal(971), added.id, "r");
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(revoked->revoked_by, 971);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 1)), Outcome::kBlocked);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 2)), Outcome::kOpen);
  EXPECT_NE(LastDetail(report, "evidence.authority.revoke"), "");
  ExpectRefused(rig_->gatekeeper.RevokeAuthority(Legal(), added.id, "r"), ErrorCode::kConflict, "authority");
  ExpectRefused(rig_->gatekeeper.RevokeAuthority(Legal(), {4'711}, "r"), ErrorCode::kNotFound, "authority");
  EXPECT_EQ(rig_->Add(rig_->Warrant(report)).reference, added.reference);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 1)), Outcome::kOpen);
}

// Whoever decides from what was true a moment ago comes too late, and never overrules the revocation.
TEST_P(GatekeeperTest, ARevocationHoldsHoweverManyDecideAtTheSameTime) {
  const ReportId report = Filed({"", ""});
  for (int round = 0; round < 15; ++round) {
    const Authority warrant = rig_->Add(rig_->Warrant(report));
    std::atomic<bool> revoked = false;
    std::vector<std::thread> deciding;
    for (int worker = 0; worker < 3; ++worker) {
      deciding.emplace_back([&] {
        do {
          const Result<int> decided = rig_->gatekeeper.DecideFiles(report);
          EXPECT_TRUE(decided.ok() || decided.error().code == ErrorCode::kUnavailable);
        } while (!revoked);
      });
    }
    Result<Authority> done = rig_->gatekeeper.RevokeAuthority(Legal(), warrant.id, "r");
    while (!done.ok() && done.error().code == ErrorCode::kUnavailable) done = rig_->gatekeeper.RevokeAuthority(Legal(), warrant.id, "r");
    revoked = true;
    for (std::thread& one : deciding) one.join();
    ASSERT_TRUE(done.ok()) << done.error().public_text;
    ASSERT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 1)), Outcome::kBlocked);
    ASSERT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 2)), Outcome::kBlocked);
    ASSERT_EQ(*rig_->gatekeeper.DecideFiles(report), 0);
  }
}

TEST_P(GatekeeperTest, ARecordIsRefusedForWhatItNames) {
  const ReportId report = Filed({"", ""});
  const ReportId other = Filed({""});
  const std::vector<std::string> before = rig_->AllDecisions();
  const auto add = [&](const Authority& authority) { return rig_->gatekeeper.AddAuthority(Legal(), authority, "r"); };
  Authority authority = rig_->Warrant({4'711});
  ExpectRefused(add(authority), ErrorCode::kNotFound, "report");
  authority.report = {rig_->Open({""})};
  ExpectRefused(add(authority), ErrorCode::kConflict, "state");
  authority.report = report;
  authority.files = {{EvidenceRig::FileOf(report, 1), EvidenceRig::FileOf(other, 1)}};
  ExpectRefused(add(authority), ErrorCode::kInvalidArgument, "/files/1");
  const std::string text = add(authority).error().public_text;
  authority.files = {{EvidenceRig::FileOf(report, 3)}};
  ExpectRefused(add(authority), ErrorCode::kInvalidArgument, "/files/0");
  EXPECT_EQ(add(authority).error().public_text, text);
  authority.files.reset();
  authority.reference = "a text that says why, with a name!";
  ExpectRefused(add(authority), ErrorCode::kInvalidArgument, "/reference");
  authority = rig_->Warrant(report);
  authority.until = authority.from;
  ExpectRefused(add(authority), ErrorCode::kInvalidArgument, "/until");
  ExpectRefused(rig_->gatekeeper.AddAuthority(Reviewer(), rig_->Warrant(report), "r"), ErrorCode::kForbidden, "");
  EXPECT_EQ(rig_->AllDecisions(), before);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM evidence_authorities"), 0);
  const Authority first = rig_->Add(rig_->Warrant(report));
  ExpectRefused(add(rig_->Warrant(report)), ErrorCode::kConflict, "/reference");
  ExpectRefused(rig_->gatekeeper.RevokeAuthority(Reviewer(), first.id, "r"), ErrorCode::kForbidden, "");
}

TEST_P(GatekeeperTest, ANewTableFlagsAndRewritesNothing) {
  const ReportId report = Filed({"", Details(Answer::kMissing, Answer::kYes), Details(Answer::kYes, Answer::kYes)});
  const ReportId another = Filed({Details(Answer::kNo, Answer::kYes)});
  const std::vector<std::string> before = rig_->AllDecisions();
  while (*rig_->gatekeeper.FlagForReview("us-2026-11", 1)) {}
  EXPECT_EQ(Reviews("us-2026-11").size(), 0U);
  rig_->book = BookWith(Stricter());
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 0);
  // Two files a step: the work of a step is bounded, and the next goes on where it stopped.
  EXPECT_TRUE(*rig_->gatekeeper.FlagForReview("us-2026-12", 2));
  EXPECT_EQ(Reviews("us-2026-12").size(), 1U);
  EXPECT_TRUE(*rig_->gatekeeper.FlagForReview("us-2026-12", 2));
  EXPECT_FALSE(*rig_->gatekeeper.FlagForReview("us-2026-12", 2));
  EXPECT_FALSE(*rig_->gatekeeper.FlagForReview("us-2026-12", 2));
  ExpectRefused(rig_->gatekeeper.FlagForReview("us-1999", 2), ErrorCode::kNotFound, "table");
  const std::vector<Review> reviews = Reviews("us-2026-12");
  ASSERT_EQ(reviews.size(), 2U);
  EXPECT_EQ(reviews[0].file, EvidenceRig::FileOf(report, 2));
  EXPECT_EQ(reviews[0].outcome, Outcome::kBlocked);
  EXPECT_EQ(reviews[0].sequence, 1);
  EXPECT_EQ(reviews[1].file, EvidenceRig::FileOf(another, 1));
  EXPECT_EQ(rig_->AllDecisions(), before);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 2)), Outcome::kOpen);
  // A person has it decided again, which the flag is no longer about.
  ExpectRefused(rig_->gatekeeper.DecideAgain(Reviewer(), report, "", "r"), ErrorCode::kForbidden, "");
  EXPECT_EQ(*rig_->gatekeeper.DecideAgain(Legal(), report, "", "r"), 3);
  EXPECT_EQ(*rig_->gatekeeper.DecideAgain(Legal(), report, "", "r"), 0);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 2)), Outcome::kBlocked);
  EXPECT_EQ(rig_->Newest(EvidenceRig::FileOf(report, 2)).sequence, 2);
}

TEST_P(GatekeeperTest, TheJobLooksForWhatTheTableOfItsDayWouldChange) {
  const ReportId report = Filed({Details(Answer::kMissing, Answer::kYes)});
  rig_->book = BookWith(ReplaceAll(Stricter(), "2026-11-01", "2026-11-24"));
  ASSERT_TRUE(ScheduleJobs(*rig_->database, rig_->clock).ok());
  ASSERT_TRUE(ScheduleJobs(*rig_->database, rig_->clock).ok());
  EXPECT_EQ(rig_->RunJobs(), 1);
  EXPECT_EQ(Reviews("us-2026-12").size(), 0U);
  for (int hour = 0; hour < 13; ++hour) {
    rig_->clock.Advance(Duration::Hours(1));
    EXPECT_GE(rig_->RunJobs(), 1);
  }
  ASSERT_EQ(Reviews("us-2026-12").size(), 1U);
  EXPECT_EQ(Reviews("us-2026-12").front().file, EvidenceRig::FileOf(report, 1));
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM audit_entries WHERE action = 'evidence.gate.flag'"), 4) << "each table's files twice";
}

TEST_P(GatekeeperTest, AJurisdictionIsKeptOnceAPersonHasGivenIt) {
  const ReportId report = Filed({"", Details(Answer::kYes, Answer::kMissing)});
  ExpectRefused(rig_->gatekeeper.DecideAgain(Legal(), report, "US-99CIR", "r"), ErrorCode::kInvalidArgument, "/jurisdiction");
  EXPECT_EQ(*rig_->gatekeeper.DecideAgain(Legal(), report, "US-9CIR", "r"), 2);
  EXPECT_EQ(*rig_->gatekeeper.DecideFiles(report), 0);
  rig_->Add(rig_->Warrant(report));
  EXPECT_EQ(rig_->Newest(EvidenceRig::FileOf(report, 1)).decision.jurisdiction, "US-9CIR");
  // A later table that no longer knows it opens nothing.
  rig_->book = BookWith(ReplaceAll(Stricter(), "\"US-9CIR\"", "\"US-90CIR\""));
  while (*rig_->gatekeeper.FlagForReview("us-2026-12")) {}
  EXPECT_EQ(Reviews("us-2026-12").size(), 2U);
  EXPECT_EQ(*rig_->gatekeeper.DecideAgain(Legal(), report, "", "r"), 2);
  EXPECT_EQ(OutcomeOf(EvidenceRig::FileOf(report, 1)), Outcome::kBlocked);
  EXPECT_EQ(RuleOf(EvidenceRig::FileOf(report, 2)), kNoRule);
}

}  // namespace
}  // namespace porchlight::evidence
