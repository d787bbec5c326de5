// Goal: what is filed over the wire is judged once, explained, bundled whatever the order, linked across platforms, and
// its state counted. Method: the intake and triage over both engines, reports filed as a platform would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "platform/audit/audit.h"
#include "triage/queue.h"
#include "triage/recount.h"
#include "triage/testing/triage_rig.h"

namespace porchlight::triage {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using testing::TriageRig;
using testing::Wanted;
using testing::WantedFile;

const std::string kJpeg = std::string("\xFF\xD8\xFF\xE0", 4) + "a harmless picture ";
const std::string kClassified = "<industryClassification>B2</industryClassification>";

Wanted Enticement(const std::string& conversation) {
  Wanted wanted;
  wanted.type = "Online Enticement of Children for Sexual Acts";
  wanted.conversation = conversation;
  return wanted;
}

Wanted OfUser(const std::string& user) {
  Wanted wanted;
  wanted.person = "<espIdentifier>" + user + "</espIdentifier>";
  return wanted;
}

class JudgingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
  }
  std::vector<std::int64_t> Queue() {
    const auto page =
        rig_->database->Read([](store::ReadTransaction& transaction) { return ListQueue(transaction, {}, QueueOrder::kPriority, {}, 200); });
    std::vector<std::int64_t> ids;
    for (const Tip& tip : page.value().items) ids.push_back(tip.id.value);
    return ids;
  }
  std::unique_ptr<TriageRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, JudgingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(JudgingTest, AFiledReportIsJudgedOnceAndSaysWhy) {
  const std::int64_t id = rig_->File(Enticement("I want to die, please help me"));
  EXPECT_EQ(rig_->StateOf(id), "finished");
  EXPECT_GT(rig_->Judge(), 0);
  EXPECT_EQ(rig_->StateOf(id), "triaged");
  const Tip tip = rig_->TipOf(id);
  EXPECT_EQ(tip.level, 1);
  EXPECT_TRUE(tip.urgent);
  EXPECT_THAT(rig_->Fired(id), Contains("danger_now"));
  EXPECT_EQ(rig_->ScoreOf(id).rules, "us-2026-11");
  EXPECT_EQ(rig_->ScoreOf(id).inputs.content.all().at(Signal::kDangerWords), std::vector<std::string>{"conversation"});
  EXPECT_EQ(rig_->Judge(), 0);
  EXPECT_EQ(rig_->TipOf(id).scores, 1);
  EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
}

TEST_P(JudgingTest, WhatIsNotFiledIsNotJudged) {
  rig_->Send(http::Method::kPost, "/ispws/submit", "acme", "text/xml", testing::ReportDocument({}));
  rig_->Judge();
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_tips"), 0);
}

TEST_P(JudgingTest, JudgingIsInTheAuditLogAndInTheOutbox) {
  const std::int64_t id = rig_->File({});
  rig_->Judge();
  const auto trail =
      rig_->database->Read([&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", id, 100); });
  EXPECT_EQ(trail.value().back().entry.action, "triage.report.judge");
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_outbox WHERE kind = 'triage.tip_judged'"), 1);
}

TEST_P(JudgingTest, TheTemplateOfAPlatformIsNotTakenForDanger) {
  Wanted wanted;
  wanted.company_template = "If a child is in immediate danger call the police.";
  const std::int64_t id = rig_->File(wanted);
  rig_->Judge();
  EXPECT_THAT(rig_->Fired(id), Not(Contains("danger_now")));
}

TEST_P(JudgingTest, WordsThatManyReportsRepeatAreATemplateAndNotAChildInDanger) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 7; ++i) {
    Wanted wanted = OfUser("u-" + std::to_string(i));
    wanted.note = "Users who say that they want to die are shown this  NOTE, and a number to call.";
    ids.push_back(rig_->File(wanted));
  }
  Wanted own = OfUser("u-own");
  own.note = "She wrote: I want to die.";
  ids.push_back(rig_->File(own));
  rig_->Judge();
  EXPECT_TRUE(rig_->TipOf(ids[3]).urgent);
  EXPECT_FALSE(rig_->TipOf(ids[4]).urgent);
  EXPECT_FALSE(rig_->TipOf(ids[6]).urgent);
  EXPECT_EQ(rig_->ScoreOf(ids[6]).inputs.context.all().at(Signal::kRepeatedWords), std::vector<std::string>{"note"});
  EXPECT_TRUE(rig_->TipOf(ids[7]).urgent);
}

TEST_P(JudgingTest, WhatChildrenAndStrangersSayIsNeverATemplate) {
  rig_->callers.Add(tipline::testing::Platform("other", 9, 8));
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 8; ++i) {
    Wanted said = OfUser("u-" + std::to_string(i));
    (i % 2 == 0 ? said.conversation : said.escalation) = "I want to die and I will not tell anybody about it at home or at school";
    ids.push_back(rig_->File(said, {}, i % 3 == 0 ? "other" : "acme"));
    Wanted shortly = OfUser("v-" + std::to_string(i));
    shortly.note = "I want to die.";
    ids.push_back(rig_->File(shortly));
  }
  rig_->Judge();
  for (const std::int64_t id : ids) EXPECT_TRUE(rig_->TipOf(id).urgent) << id;
}

TEST_P(JudgingTest, NothingUnderAFloorIsFoldedWhateverItsFilesAre) {
  for (int copy = 0; copy < 8; ++copy) {
    Wanted wanted = OfUser("u-" + std::to_string(copy));
    if (copy == 6) wanted.incident_time = "2026-11-23T10:00:00Z";
    const bool live = copy == 6;
    const std::int64_t id = rig_->File(wanted, {{kJpeg, live ? "<fileAnnotations><liveStreaming>true</liveStreaming></fileAnnotations>" : ""}});
    rig_->Judge();
    if (live) {
      EXPECT_TRUE(rig_->TipOf(id).urgent);
      EXPECT_FALSE(rig_->TipOf(id).folded);
      EXPECT_FALSE(rig_->TipOf(id).bundle);
    }
  }
}

TEST_P(JudgingTest, OnePersonsManyReportsMakeNothingViral) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 7; ++i) {
    Wanted wanted = OfUser("the same");
    wanted.note = "number " + std::to_string(i);
    ids.push_back(rig_->File(wanted, {{kJpeg, kClassified}}));
  }
  rig_->Judge();
  for (const std::int64_t id : ids) EXPECT_FALSE(rig_->TipOf(id).bundle) << id;
}

TEST_P(JudgingTest, TheSameDocumentWithAnotherFileIsNoRepeat) {
  const std::int64_t first = rig_->File(OfUser("u-1"), {{kJpeg + "one", kClassified}});
  const std::int64_t other = rig_->File(OfUser("u-1"), {{kJpeg + "two", kClassified}});
  const std::int64_t again = rig_->File(OfUser("u-1"), {{kJpeg + "one", kClassified}});
  rig_->Judge();
  EXPECT_FALSE(rig_->TipOf(other).repeats);
  EXPECT_FALSE(rig_->TipOf(other).folded);
  EXPECT_EQ(rig_->TipOf(again).repeats, tipline::ReportId{first});
}

// A hundred files are items; whatever lies beyond keeps the report from being all viral.
TEST_P(JudgingTest, APageOfAWholeSiteIsNoItem) {
  for (int i = 0; i < 7; ++i) {
    Wanted wanted = OfUser("u-" + std::to_string(i));
    wanted.url = "https://chat.example/";
    const std::int64_t id = rig_->File(wanted);
    rig_->Judge();
    EXPECT_FALSE(rig_->TipOf(id).bundle) << i;
  }
}

TEST_P(JudgingTest, FormsOfThePublicMakeNothingViralAndPagesOfPlatformsDo) {
  for (int i = 0; i < 7; ++i) {
    Wanted wanted = OfUser("u-" + std::to_string(i));
    wanted.url = "https://chat.example/page";
    const std::int64_t id = rig_->File(wanted);
    rig_->Judge();
    EXPECT_EQ(rig_->TipOf(id).bundle.has_value(), i >= 4) << i;
  }
}

TEST_P(JudgingTest, AnAddressThatLeadsNowhereLinksNobody) {
  const auto with_address = [&](const std::string& user, const std::string& address) {
    Wanted wanted;
    wanted.person = "<espIdentifier>" + user + "</espIdentifier><ipCaptureEvent><ipAddress>" + address +
                    "</ipAddress><dateTime>2026-11-20T09:00:00Z</dateTime></ipCaptureEvent>";
    return rig_->File(wanted);
  };
  with_address("a", "10.0.0.1");
  const std::int64_t inner = with_address("b", "10.0.0.1");
  with_address("c", "2001:db8::1");
  const std::int64_t same = with_address("d", "2001:0db8:0000::0001");
  rig_->Judge();
  EXPECT_THAT(rig_->Fired(inner), Not(Contains("prior_reports")));
  EXPECT_THAT(rig_->Fired(same), Contains("prior_reports"));
}

TEST_P(JudgingTest, CompletenessNamesWhatIsMissing) {
  Wanted bare;
  bare.person.clear();
  const std::int64_t thin = rig_->File(bare);
  Wanted full;
  full.person =
      "<espIdentifier>u-9</espIdentifier><ipCaptureEvent><ipAddress>203.0.113.9</ipAddress><eventName>Upload</eventName>"
      "<dateTime>2026-11-20T09:00:00Z</dateTime><port>4711</port></ipCaptureEvent>";
  const std::int64_t fuller = rig_->File(full, {{kJpeg, "<fileViewedByEsp>true</fileViewedByEsp>" + kClassified}});
  rig_->Judge();
  EXPECT_THAT(rig_->ScoreOf(thin).verdict.missing, Contains(Item::kAccount));
  EXPECT_THAT(rig_->ScoreOf(fuller).verdict.missing, Not(Contains(Item::kUploadAddress)));
  EXPECT_GT(rig_->TipOf(fuller).completeness, rig_->TipOf(thin).completeness + 30);
}

TEST_P(JudgingTest, AnAddressWithoutZoneOrPortIsNoUploadAddress) {
  for (const std::string time : {"<dateTime>2026-11-20T09:00:00</dateTime><port>4711</port>", "<dateTime>2026-11-20T09:00:00Z</dateTime>"}) {
    Wanted wanted;
    wanted.person = "<espIdentifier>u-9</espIdentifier><ipCaptureEvent><ipAddress>203.0.113.9</ipAddress><eventName>Upload</eventName>" +
                    time + "</ipCaptureEvent>";
    const std::int64_t id = rig_->File(wanted);
    rig_->Judge();
    EXPECT_THAT(rig_->ScoreOf(id).verdict.missing, Contains(Item::kUploadAddress)) << time;
  }
}

TEST_P(JudgingTest, AnAddressThatLeadsNowhereIsNone) {
  for (const std::string address : {"10.0.0.7", "100.64.1.2", "127.0.0.1", "fe80::1", "a street"}) {
    Wanted wanted;
    wanted.person = "<espIdentifier>u-9</espIdentifier><ipCaptureEvent><ipAddress>" + address +
                    "</ipAddress><eventName>Upload</eventName><dateTime>2026-11-20T09:00:00Z</dateTime><port>4711</port></ipCaptureEvent>";
    const std::int64_t id = rig_->File(wanted);
    rig_->Judge();
    EXPECT_THAT(rig_->ScoreOf(id).verdict.missing, Contains(Item::kUploadAddress)) << address;
  }
}

TEST_P(JudgingTest, CopiesOfOneItemStandUnderOneLeadOnceTheyAreViral) {
  std::vector<std::int64_t> copies;
  for (int copy = 0; copy < 8; ++copy) {
    copies.push_back(rig_->File(OfUser("u-" + std::to_string(copy)), {{kJpeg, kClassified}}));
    rig_->Judge();
    if (copy < 4) { EXPECT_FALSE(rig_->TipOf(copies.back()).bundle); }
  }
  const Bundle bundle = rig_->BundleOf(copies.front()).value();
  EXPECT_EQ(bundle.reports, 8);
  EXPECT_EQ(bundle.incidents, 8);
  EXPECT_EQ(bundle.lead.value, copies.front());
  for (const std::int64_t copy : copies) {
    EXPECT_EQ(rig_->TipOf(copy).bundle, bundle.id);
    EXPECT_EQ(rig_->TipOf(copy).folded, copy != copies.front());
    EXPECT_THAT(rig_->Fired(copy), Contains("viral_item"));
    EXPECT_EQ(rig_->TipOf(copy).level, 3);
  }
  EXPECT_THAT(Queue(), ElementsAre(copies.front()));
}

TEST_P(JudgingTest, AFactOfItsOwnKeepsAReportOutOfTheBundle) {
  for (int copy = 0; copy < 6; ++copy) rig_->File(OfUser("u-" + std::to_string(copy)), {{kJpeg, kClassified}});
  Wanted own = OfUser("u-own");
  own.conversation = "he says he will meet you tonight";
  const std::int64_t id = rig_->File(own, {{kJpeg, kClassified}});
  rig_->Judge();
  EXPECT_FALSE(rig_->TipOf(id).bundle);
  EXPECT_EQ(rig_->TipOf(id).level, 1);
  EXPECT_EQ(Queue().front(), id);
}

TEST_P(JudgingTest, APlatformsViralLabelIsEnoughForItsOwnReport) {
  Wanted batched = OfUser("u-1");
  batched.batched = true;
  batched.people = 3;
  const std::int64_t id = rig_->File(batched, {{kJpeg, ""}});
  const std::int64_t other = rig_->File(OfUser("u-2"), {{kJpeg, ""}});
  rig_->Judge();
  ASSERT_TRUE(rig_->BundleOf(id));
  EXPECT_EQ(rig_->BundleOf(id)->incidents, 3);
  EXPECT_FALSE(rig_->BundleOf(other));
}

// Invariant 8: the same reports in any order end in the same bundles.
struct PlannedReport {
  std::string user;
  std::vector<std::string> contents;
};

// Who stands together, when they come in this order.
std::set<std::set<std::string>> PartitionOf(store::Engine engine, const std::vector<PlannedReport>& plans, bool one_by_one) {
  TriageRig rig(engine);
  std::map<std::int64_t, std::string> users;
  for (const PlannedReport& plan : plans) {
    std::vector<WantedFile> files;
    for (const std::string& content : plan.contents) files.push_back({kJpeg + content, kClassified});
    users[rig.File(OfUser(plan.user), files)] = plan.user;
    if (one_by_one) rig.Judge();
  }
  rig.Judge();
  std::map<std::int64_t, std::set<std::string>> bundles;
  std::int64_t incidents = 0;
  for (const auto& [id, user] : users) {
    const Tip tip = rig.TipOf(id);
    bundles[tip.bundle ? tip.bundle->value : -id].insert(user);
    incidents += tip.incidents;
  }
  EXPECT_THAT(rig.database->Read(RecountProblems).value(), IsEmpty());
  EXPECT_EQ(incidents, static_cast<std::int64_t>(plans.size())) << "bundling changes no count of incidents";
  std::set<std::set<std::string>> partition;
  for (const auto& [bundle, members] : bundles) partition.insert(members);
  return partition;
}

// Some contents go round among many, some among few; a report has one to three of them.
std::vector<PlannedReport> RandomPlans(std::uint64_t seed) {
  SeededRandom random(seed);
  std::vector<PlannedReport> plans;
  const std::vector<std::string> contents = {"one", "one", "one", "two", "two", "three", "rare " + std::to_string(seed)};
  for (int report = 0; report < 16; ++report) {
    std::set<std::string> held;
    for (std::size_t some = 1 + random.Below(3); some > 0; --some) held.insert(contents.at(random.Below(contents.size())));
    plans.push_back({"u" + std::to_string(report), {held.begin(), held.end()}});
  }
  return plans;
}

// Invariant 8 of the domain.
TEST_P(JudgingTest, BundlesDoNotDependOnTheOrder) {
  std::vector<std::vector<PlannedReport>> all;
  std::vector<PlannedReport>& known = all.emplace_back();
  for (int i = 0; i < 6; ++i) known.push_back({"a" + std::to_string(i), {"one"}});
  for (int i = 0; i < 5; ++i) known.push_back({"b" + std::to_string(i), {"two"}});
  for (int i = 0; i < 3; ++i) known.push_back({"c" + std::to_string(i), {"one", "two"}});
  for (int i = 0; i < 2; ++i) known.push_back({"d" + std::to_string(i), {"one", "rare"}});
  for (const std::uint64_t seed : {1, 2}) all.push_back(RandomPlans(seed));
  SeededRandom order(7);
  for (std::size_t number = 0; number < all.size(); ++number) {
    std::vector<PlannedReport>& plans = all[number];
    const auto expected = PartitionOf(GetParam(), plans, true);
    EXPECT_LT(expected.size(), plans.size()) << "some stand together, else nothing is tried";
    for (int round = 0; round < 3; ++round) {
      for (std::size_t left = plans.size(); left > 1; --left) std::swap(plans[left - 1], plans[order.Below(left)]);
      EXPECT_EQ(PartitionOf(GetParam(), plans, round % 2 == 0), expected) << "plan " << number << ", round " << round;
    }
  }
}

TEST_P(JudgingTest, TheSameBytesAgainStandUnderTheFirst) {
  const std::int64_t first = rig_->File(OfUser("u-1"));
  const std::int64_t again = rig_->File(OfUser("u-1"));
  rig_->Judge();
  EXPECT_EQ(rig_->TipOf(again).repeats, tipline::ReportId{first});
  EXPECT_TRUE(rig_->TipOf(again).folded);
  EXPECT_EQ(rig_->TipOf(again).disposition, Disposition::kDuplicate);
  EXPECT_EQ(rig_->StateOf(again), "closed");
  EXPECT_THAT(Queue(), ElementsAre(first));
}

TEST_P(JudgingTest, TestTrafficNeverMeetsWhatIsReal) {
  rig_->callers.Add(tipline::testing::TestPlatform("trial", 5, 7));
  for (int copy = 0; copy < 6; ++copy) rig_->File(OfUser("u-" + std::to_string(copy)), {{kJpeg, kClassified}}, "trial");
  const std::int64_t real = rig_->File(OfUser("u-0"), {{kJpeg, kClassified}});
  rig_->Judge();
  EXPECT_FALSE(rig_->TipOf(real).bundle);
  EXPECT_THAT(rig_->Fired(real), Not(Contains("prior_reports")));
  EXPECT_THAT(Queue(), ElementsAre(real));
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_tips WHERE test = 1 AND bundle IS NOT NULL"), 0);
}

TEST_P(JudgingTest, APersonIsKnownAgainOnAnotherPlatformByANormalisedHandle) {
  rig_->callers.Add(tipline::testing::Platform("other", 9, 8));
  Wanted here;
  here.person = "<screenName>Mr_Fox.99</screenName>";
  Wanted there;
  there.person = "<espIdentifier>x</espIdentifier><screenName>mrf0x99</screenName>";
  const std::int64_t first = rig_->File(here);
  const std::int64_t second = rig_->File(there, {}, "other");
  rig_->Judge();
  EXPECT_THAT(rig_->Fired(second), Contains("across_platforms"));
  EXPECT_THAT(rig_->Fired(first), Not(Contains("prior_reports")));
  const auto links = rig_->database->Read([&](store::ReadTransaction& transaction) { return LinksOf(transaction, {second}, 10); });
  ASSERT_EQ(links.value().size(), 1U);
  EXPECT_EQ(links.value().front().report.value, first);
}

TEST_P(JudgingTest, AnAccountNumberWithoutAServiceCountsWithinItsPlatformAlone) {
  rig_->callers.Add(tipline::testing::Platform("other", 9, 8));
  const std::int64_t first = rig_->File(OfUser("1000234"));
  const std::int64_t elsewhere = rig_->File(OfUser("1000234"), {}, "other");
  Wanted again = OfUser("1000234");
  again.note = "Another day.";
  const std::int64_t second = rig_->File(again);
  rig_->Judge();
  EXPECT_THAT(rig_->Fired(elsewhere), Not(Contains("prior_reports"))) << "two platforms count from one";
  EXPECT_THAT(rig_->Fired(second), Contains("prior_reports"));
  EXPECT_THAT(rig_->Fired(second), Not(Contains("across_platforms")));
  EXPECT_THAT(rig_->Fired(first), Not(Contains("prior_reports")));
}

TEST_P(JudgingTest, OneThatCannotBeJudgedHoldsNobodyUp) {
  const std::int64_t broken = rig_->File({});
  const std::int64_t whole = rig_->File(OfUser("u-2"));
  const auto damaged = rig_->database->Write([&](store::WriteTransaction& transaction) {
    static constexpr store::Statement kDamage{"test.damage", "UPDATE tipline_originals SET sealed = NULL WHERE id = $1"};
    return transaction.Execute(kDamage, broken * 65536);
  });
  ASSERT_TRUE(damaged.ok());
  rig_->Judge();
  EXPECT_EQ(rig_->StateOf(whole), "triaged");
  EXPECT_EQ(rig_->StateOf(broken), "finished");
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_queue WHERE kind = 'triage.judge_report'"), 1);
}

TEST_P(JudgingTest, TwoRunnersJudgeEachReportOnce) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(rig_->File(OfUser("u-" + std::to_string(i))));
  Runner second(*rig_->database, rig_->judging, rig_->clock, {.batch_max = 3});
  for (bool more = true; more;) {
    const int one = rig_->runner.RunOnce().value();
    const int two = second.RunOnce().value();
    more = one > 0 || two > 0;
  }
  for (const std::int64_t id : ids) EXPECT_EQ(rig_->TipOf(id).scores, 1);
  EXPECT_THAT(rig_->RecountProblemsNow(), IsEmpty());
}

// A process that died after judging and before its bookmark reads the same events again.
TEST_P(JudgingTest, ReadingTheSameEventsAgainChangesNothing) {
  for (int copy = 0; copy < 7; ++copy) rig_->File(OfUser("u-" + std::to_string(copy)), {{kJpeg, kClassified}});
  rig_->Judge();
  const std::int64_t scores = rig_->Count("SELECT COUNT(*) FROM triage_scores");
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return jobs::SaveBookmark(transaction, "triage", 0); }).ok());
  Runner later(*rig_->database, rig_->judging, rig_->clock, {});
  while (later.RunOnce().value() > 0) {
  }
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM triage_scores"), scores);
  EXPECT_EQ(rig_->Count("SELECT SUM(reports) FROM triage_bundles"), 7);
}

TEST_P(JudgingTest, WhatMayBeUrgentIsJudgedFirstAndPlatformsTakeTurns) {
  rig_->callers.Add(tipline::testing::Platform("other", 9, 8));
  for (int i = 0; i < 30; ++i) rig_->File(OfUser("flood-" + std::to_string(i)));
  const std::int64_t neighbour = rig_->File(OfUser("n-1"), {}, "other");
  Wanted escalated = OfUser("n-2");
  escalated.escalation = "A child may be harmed tonight.";
  const std::int64_t urgent = rig_->File(escalated, {}, "other");
  Runner runner(*rig_->database, rig_->judging, rig_->clock, {.batch_max = 3});
  ASSERT_EQ(runner.RunOnce().value(), 3);
  EXPECT_EQ(rig_->StateOf(urgent), "triaged");
  EXPECT_EQ(rig_->StateOf(neighbour), "triaged");
}

}  // namespace
}  // namespace porchlight::triage
