// Goal: whoever works on a report has claimed it, a claim ends by itself, every act leaves its trace, and nothing that a
// person does loses a report. Method: each act in its good case and each refusal, over both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/audit/audit.h"
#include "triage/queue.h"
#include "triage/recount.h"
#include "triage/supervision.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TriageAnalyst;
using testing::TriageRig;
using testing::Wanted;

const std::string kJpeg = std::string("\xFF\xD8\xFF\xE0", 4) + "a harmless picture";

class ActionsTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    report_ = {rig_->File({})};
    rig_->Judge();
  }
  void TearDown() override {
    if (rig_ == nullptr) return;
    EXPECT_THAT(rig_->database->Read(RecountProblems).value(), IsEmpty());
    EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
  }
  static void ExpectRefused(const Result<Tip>& done, ErrorCode code, std::string_view field) {
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, code) << done.error().public_text;
    EXPECT_EQ(done.error().field, field);
  }
  std::string LastAct(std::int64_t report) {
    const auto trail =
        rig_->database->Read([&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", report, 100); });
    return trail.value().back().entry.action;
  }
  Result<Tip> Claim(const auth::Caller& caller) { return rig_->actions.Claim(caller, report_, "r"); }

  std::unique_ptr<TriageRig> rig_;
  tipline::ReportId report_;
  const auth::Caller ana_ = TriageAnalyst(950);
  const auth::Caller ben_ = TriageAnalyst(951);
};
TEST_P(ActionsTest, ASupervisorSeesWhoHasWhatAndWhichUrgentOnesWait) {
  Wanted urgent;
  urgent.person = "<espIdentifier>someone-else</espIdentifier>";
  urgent.escalation = "A child may be harmed tonight.";
  const std::int64_t waiting = rig_->File(urgent);
  rig_->Judge();
  ASSERT_TRUE(Claim(ana_).ok());
  const auto look = [&] {
    const UrgentClocks clocks{Duration::Minutes(15), Duration::Hours(1)};
    return rig_->database
        ->Read([&](store::ReadTransaction& transaction) { return Supervise(transaction, clocks, rig_->clock.Now(), {}); })
        .value();
  };
  const SupervisionView view = look();
  ASSERT_EQ(view.loads.size(), 1U);
  EXPECT_EQ(view.loads.front().account, ana_.account.value);
  EXPECT_EQ(view.loads.front().claimed, 1);
  ASSERT_EQ(view.clocks.size(), 1U);
  EXPECT_EQ(view.clocks.front().report_id.value, waiting);
  EXPECT_EQ(view.clocks.front().due_at, view.clocks.front().received_at + Duration::Minutes(15));
  ASSERT_TRUE(rig_->actions.Claim(ben_, {waiting}, "r").ok());
  ASSERT_EQ(look().clocks.size(), 1U) << "somebody looks; no agency has it yet";
  EXPECT_EQ(look().clocks.front().needs, ClockNeed::kAgency);
}

INSTANTIATE_TEST_SUITE_P(Engines, ActionsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ActionsTest, AClaimIsOnePersonsUntilItIsGivenBack) {
  EXPECT_EQ(Claim(ana_)->claimed_by, ana_.account);
  EXPECT_EQ(rig_->StateOf(report_.value), "in_review");
  ExpectRefused(Claim(ben_), ErrorCode::kConflict, "claim");
  EXPECT_TRUE(Claim(ana_).ok());
  ExpectRefused(rig_->actions.Release(ben_, report_, "r"), ErrorCode::kConflict, "claim");
  EXPECT_FALSE(rig_->actions.Release(ana_, report_, "r")->claimed_by);
  EXPECT_EQ(rig_->StateOf(report_.value), "triaged");
  EXPECT_EQ(LastAct(report_.value), "triage.report.release");
  EXPECT_TRUE(Claim(ben_).ok());
}

TEST_P(ActionsTest, AClaimEndsByItselfOnBothSidesOfItsTime) {
  ASSERT_TRUE(Claim(ana_).ok());
  rig_->clock.Advance(Duration{Duration::Minutes(30).microseconds - 1});
  EXPECT_EQ(rig_->actions.EndOldClaims().value(), 0);
  ExpectRefused(Claim(ben_), ErrorCode::kConflict, "claim");
  rig_->clock.Advance(Duration{1});
  ExpectRefused(rig_->actions.Pull(ana_, report_, "r"), ErrorCode::kConflict, "bundle");
  ExpectRefused(rig_->actions.SetSignal(ana_, report_, Signal::kConfirmedDanger, true, "r"), ErrorCode::kConflict, "claim");
  EXPECT_EQ(rig_->actions.EndOldClaims().value(), 1);
  EXPECT_EQ(rig_->StateOf(report_.value), "triaged");
  EXPECT_EQ(LastAct(report_.value), "triage.report.claim_ended");
  EXPECT_EQ(rig_->actions.EndOldClaims().value(), 0);
}

TEST_P(ActionsTest, AnExpiredClaimCanBeTakenOverBeforeTheSweep) {
  ASSERT_TRUE(Claim(ana_).ok());
  rig_->clock.Advance(Duration::Minutes(31));
  EXPECT_EQ(Claim(ben_)->claimed_by, ben_.account);
}

TEST_P(ActionsTest, ASupervisorTakesAClaimBack) {
  ExpectRefused(rig_->actions.TakeBack(ben_, report_, "r"), ErrorCode::kConflict, "claim");
  ASSERT_TRUE(Claim(ana_).ok());
  EXPECT_FALSE(rig_->actions.TakeBack(ben_, report_, "r")->claimed_by);
}

TEST_P(ActionsTest, WhatAPersonKnowsIsJudgedAtOnceAndCanBeTakenBack) {
  const Verdict before = rig_->ScoreOf(report_.value).verdict;
  ExpectRefused(rig_->actions.SetSignal(ana_, report_, Signal::kConfirmedDanger, true, "r"), ErrorCode::kConflict, "claim");
  ASSERT_TRUE(Claim(ana_).ok());
  ExpectRefused(rig_->actions.SetSignal(ana_, report_, Signal::kSpam, true, "r"), ErrorCode::kInvalidArgument, "signal");
  const Tip raised = rig_->actions.SetSignal(ana_, report_, Signal::kConfirmedDanger, true, "r").value();
  EXPECT_EQ(raised.level, 1);
  EXPECT_TRUE(raised.urgent);
  EXPECT_EQ(rig_->ScoreOf(report_.value).account, ana_.account.value);
  EXPECT_EQ(rig_->actions.SetSignal(ana_, report_, Signal::kConfirmedDanger, false, "r")->scores, 3);
  EXPECT_EQ(rig_->ScoreOf(report_.value).verdict, before);
}

TEST_P(ActionsTest, ACorrectedKindIsJudgedAndTheReportedOneStays) {
  ASSERT_TRUE(Claim(ana_).ok());
  EXPECT_EQ(rig_->actions.SetType(ana_, report_, tipline::IncidentType::kMolestation, "r")->incident_type,
            tipline::IncidentType::kMolestation);
  EXPECT_THAT(rig_->Fired(report_.value), Contains("molestation"));
  EXPECT_EQ(rig_->Count("SELECT incident_type FROM tipline_reports ORDER BY id LIMIT 1"), 1);
  ASSERT_TRUE(rig_->actions.SetType(ana_, report_, tipline::IncidentType::kCsam, "r").ok());
  EXPECT_THAT(rig_->Fired(report_.value), Not(Contains("molestation")));
}

TEST_P(ActionsTest, AMemberPulledOutStandsAloneWithItsOwnScoreAndCanBePutBack) {
  std::vector<std::int64_t> copies;
  for (int copy = 0; copy < 6; ++copy) {
    Wanted wanted;
    wanted.person = "<espIdentifier>copy-" + std::to_string(copy) + "</espIdentifier>";
    copies.push_back(rig_->File(wanted, {{kJpeg, "<industryClassification>B2</industryClassification>"}}));
  }
  rig_->Judge();
  const std::int64_t member = copies[3];
  const Bundle before = rig_->BundleOf(member).value();
  const Tip pulled = rig_->actions.Pull(ana_, {member}, "r").value();
  EXPECT_FALSE(pulled.bundle);
  EXPECT_FALSE(pulled.folded);
  EXPECT_LT(pulled.level, 3);
  EXPECT_THAT(rig_->Fired(member), Not(Contains("viral_item")));
  EXPECT_EQ(rig_->BundleOf(copies[0])->reports, before.reports - 1);
  EXPECT_EQ(rig_->BundleOf(copies[0])->incidents, before.incidents - 1);
  ExpectRefused(rig_->actions.Pull(ana_, {member}, "r"), ErrorCode::kConflict, "bundle");
  EXPECT_EQ(rig_->actions.PutBack(ana_, {member}, "r")->bundle, before.id);
  EXPECT_EQ(rig_->BundleOf(member)->reports, before.reports);
  ExpectRefused(rig_->actions.PutBack(ana_, {member}, "r"), ErrorCode::kConflict, "bundle");
}

TEST_P(ActionsTest, WhenTheLeadIsPulledTheNextOneLeads) {
  std::vector<std::int64_t> copies;
  for (int copy = 0; copy < 6; ++copy) {
    Wanted wanted;
    wanted.person = "<espIdentifier>copy-" + std::to_string(copy) + "</espIdentifier>";
    copies.push_back(rig_->File(wanted, {{kJpeg, ""}}));
  }
  rig_->Judge();
  ASSERT_TRUE(rig_->actions.Pull(ana_, {copies[0]}, "r").ok());
  EXPECT_EQ(rig_->BundleOf(copies[4])->lead.value, copies[1]);
  EXPECT_FALSE(rig_->TipOf(copies[1]).folded);
  ASSERT_TRUE(rig_->actions.PutBack(ana_, {copies[0]}, "r").ok());
  EXPECT_EQ(rig_->BundleOf(copies[4])->lead.value, copies[0]);
  EXPECT_TRUE(rig_->TipOf(copies[1]).folded);
}

TEST_P(ActionsTest, ClosingTheLeadClosesItsMembersAndThoseThatComeLater) {
  std::vector<std::int64_t> copies;
  const auto file_copy = [&] {
    Wanted wanted;
    wanted.person = "<espIdentifier>copy-" + std::to_string(copies.size()) + "</espIdentifier>";
    copies.push_back(rig_->File(wanted, {{kJpeg, ""}}));
    rig_->Judge();
  };
  for (int copy = 0; copy < 6; ++copy) file_copy();
  const BundleId bundle = *rig_->TipOf(copies[0]).bundle;
  ASSERT_TRUE(rig_->actions.Claim(ana_, {copies[0]}, "r").ok());
  ASSERT_TRUE(rig_->actions.Close(ana_, {copies[0]}, Disposition::kInformational, "r").ok());
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_queue WHERE kind = 'triage.close_members'"), 1);
  EXPECT_EQ(rig_->actions.CloseMembers(bundle, 0).value(), 0);
  EXPECT_EQ(rig_->actions.CloseMembers(bundle, 0).value(), 0);
  file_copy();
  for (std::size_t copy = 1; copy < copies.size(); ++copy) {
    EXPECT_EQ(rig_->StateOf(copies[copy]), "closed") << copy;
    EXPECT_EQ(rig_->TipOf(copies[copy]).disposition, Disposition::kBundled);
  }
}

class BundleOfActionsTest : public ActionsTest {
 protected:
  std::int64_t FileCopy() {
    Wanted wanted;
    wanted.person = "<espIdentifier>copy-" + std::to_string(++copies_) + "</espIdentifier>";
    const std::int64_t id = rig_->File(wanted, {{kJpeg, ""}});
    rig_->Judge();
    return id;
  }
  void CloseNow(std::int64_t id) {
    ASSERT_TRUE(rig_->actions.Claim(ana_, {id}, "r").ok());
    ASSERT_TRUE(rig_->actions.Close(ana_, {id}, Disposition::kInformational, "r").ok());
  }
  void CloseMembersNow(std::int64_t of) {
    const std::optional<BundleId> bundle = rig_->TipOf(of).bundle;
    ASSERT_TRUE(bundle);
    ASSERT_TRUE(rig_->actions.CloseMembers(*bundle, 0).ok());
  }
  int copies_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, BundleOfActionsTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

// A report decided on before its item was viral leads nobody who was not decided on.
TEST_P(BundleOfActionsTest, ADecisionFromBeforeTheBundleClosesNobodyElse) {
  const std::int64_t first = FileCopy();
  std::vector<std::int64_t> others;
  for (int i = 0; i < 2; ++i) others.push_back(FileCopy());
  CloseNow(first);
  for (int i = 0; i < 4; ++i) others.push_back(FileCopy());
  int waiting = 0;
  for (const std::int64_t id : others) waiting += rig_->TipOf(id).Waits() ? 1 : 0;
  EXPECT_EQ(waiting, 1) << "one of those that wait stands for them";
}

TEST_P(BundleOfActionsTest, AMemberClosedWithItsBundleAndPulledOutWaitsAgain) {
  std::vector<std::int64_t> copies;
  for (int i = 0; i < 6; ++i) copies.push_back(FileCopy());
  CloseNow(copies[0]);
  CloseMembersNow(copies[0]);
  EXPECT_EQ(LastAct(copies[3]), "triage.report.close");
  ASSERT_TRUE(rig_->actions.Pull(ana_, {copies[3]}, "r").ok());
  EXPECT_TRUE(rig_->TipOf(copies[3]).Waits());
  EXPECT_EQ(rig_->StateOf(copies[3]), "triaged");
  ASSERT_TRUE(rig_->actions.PutBack(ana_, {copies[3]}, "r").ok());
  EXPECT_EQ(rig_->StateOf(copies[3]), "closed") << "it stands under a decision again";
}

TEST_P(BundleOfActionsTest, AReopenedLeadThatLeavesIsFollowedByOneThatWaits) {
  std::vector<std::int64_t> copies;
  for (int i = 0; i < 6; ++i) copies.push_back(FileCopy());
  CloseNow(copies[0]);
  CloseMembersNow(copies[0]);
  ASSERT_TRUE(rig_->actions.Reopen(ben_, {copies[0]}, "r").ok());
  ASSERT_TRUE(rig_->actions.SetSignal(ben_, {copies[0]}, Signal::kConfirmedDanger, true, "r").ok());
  EXPECT_FALSE(rig_->TipOf(copies[0]).bundle);
  EXPECT_TRUE(rig_->TipOf(copies[1]).Waits()) << "nothing was decided about the others";
  const std::int64_t later = FileCopy();
  EXPECT_EQ(rig_->StateOf(later), "triaged");
  EXPECT_EQ(rig_->BundleOf(later)->lead.value, copies[1]);
}

TEST_P(BundleOfActionsTest, AMemberClaimedWhileTheOthersAreClosedIsClosedWhenTheClaimEnds) {
  std::vector<std::int64_t> copies;
  for (int i = 0; i < 6; ++i) copies.push_back(FileCopy());
  ASSERT_TRUE(rig_->actions.Claim(ben_, {copies[4]}, "r").ok());
  CloseNow(copies[0]);
  CloseMembersNow(copies[0]);
  EXPECT_EQ(rig_->StateOf(copies[4]), "in_review");
  rig_->clock.Advance(Duration::Minutes(31));
  ASSERT_EQ(rig_->actions.EndOldClaims().value(), 1);
  EXPECT_EQ(rig_->StateOf(copies[4]), "closed");
}

TEST_P(ActionsTest, OnlyWhatIsClaimedIsClosedAndItCanBeOpenedAgain) {
  ExpectRefused(rig_->actions.Close(ana_, report_, Disposition::kSpam, "r"), ErrorCode::kConflict, "claim");
  ASSERT_TRUE(Claim(ana_).ok());
  ExpectRefused(rig_->actions.Close(ana_, report_, Disposition::kReferral, "r"), ErrorCode::kInvalidArgument, "disposition");
  ExpectRefused(rig_->actions.Reopen(ben_, report_, "r"), ErrorCode::kConflict, "state");
  EXPECT_EQ(rig_->actions.Close(ana_, report_, Disposition::kSpam, "r")->disposition, Disposition::kSpam);
  EXPECT_EQ(rig_->StateOf(report_.value), "closed");
  ExpectRefused(Claim(ana_), ErrorCode::kConflict, "state");
  EXPECT_EQ(rig_->actions.Reopen(ben_, report_, "r")->claimed_by, ben_.account);
  EXPECT_EQ(rig_->StateOf(report_.value), "in_review");
}

TEST_P(ActionsTest, AnUnknownReportIsNotFoundByAnyAct) {
  const tipline::ReportId none{987'654};
  for (const Result<Tip>& done : {rig_->actions.Claim(ana_, none, "r"), rig_->actions.Release(ana_, none, "r"),
                                  rig_->actions.Pull(ana_, none, "r"), rig_->actions.Close(ana_, none, Disposition::kSpam, "r"),
                                  rig_->actions.Reopen(ana_, none, "r"), rig_->actions.TakeBack(ana_, none, "r")}) {
    ExpectRefused(done, ErrorCode::kNotFound, "report");
  }
}

}  // namespace
}  // namespace porchlight::triage
