#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "deconfliction/interest_rows.h"
#include "referrals/delivery_rows.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/tip_rows.h"

// Open interests of agencies, where they meet reports on their way to others. Here and not in the room of deconfliction, which does
// not know where a report leads.
namespace porchlight::referrals {
namespace {

using deconfliction::Interest;
using deconfliction::Meeting;
using deconfliction::MeetingState;
using deconfliction::NewInterest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 701;
constexpr std::int64_t kTexas = 702;

class DeconflictionTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", kTexas);
  }

  // A reported person in Texas who uses this address.
  static Wanted Texan(const std::string& email = "shared@mail.example", const std::string& name = "u-1") {
    Wanted wanted;
    wanted.person = "<personOrUserReportedPerson><email>" + email + "</email></personOrUserReportedPerson>" + PersonAt("198.51.100.7", name);
    return wanted;
  }
  static NewInterest In(const std::string& email = "Shared@mail.example") {
    NewInterest wanted;
    wanted.value = email;
    wanted.reference = "OH-2026-0417";
    wanted.contact_name = "Det. Rowan Example";
    wanted.contact_phone = "+1 614 555 0142";
    return wanted;
  }
  Interest Open(std::int64_t organisation, const NewInterest& wanted) {
    const auto opened = rig_->interests.Open(Officer(organisation), wanted, "r");
    EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().public_text + opened.error().operator_text);
    return opened.ok() ? *opened : Interest();
  }
  std::int64_t Filed(const Wanted& wanted) {
    const std::int64_t report = rig_->File(wanted);
    rig_->Judge();
    rig_->RunJobs();
    return report;
  }
  std::vector<Meeting> MeetingsOf(std::int64_t report) {
    return rig_->database->Read([&](store::ReadTransaction& t) { return deconfliction::rows::MeetingsOf(t, {report}); }).value();
  }
  std::vector<deconfliction::NoticeView> NoticesTo(const std::string& agency) {
    return rig_->database->Read([&](store::ReadTransaction& t) -> Result<std::vector<deconfliction::NoticeView>> {
      std::vector<deconfliction::NoticeView> all;
      for (const Meeting& one : PL_TRY(deconfliction::rows::MeetingsWith(t, agency, 0, 50))) all.push_back(PL_TRY(rig_->notices.To(t, one, agency)));
      return all;
    }).value();
  }
  Result<Meeting> Resolve(const Meeting& meeting, deconfliction::Outcome outcome) {
    return rig_->resolving.Resolve(rig_->analyst, meeting.id, outcome, "They have spoken.", "r");
  }
  std::string FieldOf(NewInterest wanted) {
    const auto opened = rig_->interests.Open(Officer(kOhio), wanted, "r");
    return opened.ok() ? "accepted" : opened.error().field;
  }
  Result<Decision> ReferAs(const auth::Caller& caller, std::int64_t report, const std::vector<std::string>& agencies = {}) {
    return rig_->referring->Refer(caller, {report}, agencies, agencies.empty() ? "" : "analyst_knowledge", "r");
  }

  std::unique_ptr<ReferralsRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeconflictionTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(DeconflictionTest, AReportThatLeadsToAnotherAgencyIsPausedAndBothAreToldWhomToCall) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
  EXPECT_TRUE(rig_->TipOf(report).Waits()) << "it stays in the queue";
  const auto ohio = NoticesTo("us-icac-oh");
  ASSERT_EQ(ohio.size(), 1U);
  EXPECT_EQ(ohio.front().reference, "OH-2026-0417");
  EXPECT_THAT(ohio.front().agency_name, HasSubstr("Texas"));
  EXPECT_THAT(ohio.front().contact_phone, Not(IsEmpty()));
  EXPECT_EQ(ohio.front().delivery, 0);
  const auto texas = NoticesTo("us-icac-tx");
  ASSERT_EQ(texas.size(), 1U);
  EXPECT_EQ(texas.front().reference, "") << "the other's case is none of theirs";
  EXPECT_EQ(texas.front().contact_name, "Det. Rowan Example");
  EXPECT_EQ(texas.front().contact_phone, "+1 614 555 0142");
  EXPECT_THAT(NoticesTo("us-icac-ca"), IsEmpty());
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(DeconflictionTest, NothingOfAPausedReportGoesOutAndNobodyWorksOnIt) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  const auto claimed = rig_->actions.Claim(rig_->analyst, {report}, "r");
  ASSERT_FALSE(claimed.ok());
  EXPECT_EQ(claimed.error().field, "state");
  EXPECT_THAT(claimed.error().public_text, HasSubstr("paused"));
  EXPECT_EQ(ReferAs(rig_->analyst, report).error().field, "state");
  EXPECT_TRUE(rig_->Deliveries(report).empty());
}

TEST_P(DeconflictionTest, WhatLeadsToTheInterestedAgencyAloneIsNotPaused) {
  Open(kTexas, In());
  const std::int64_t report = Filed(Texan());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  EXPECT_THAT(MeetingsOf(report), IsEmpty());
}

TEST_P(DeconflictionTest, AnotherPersonsReportIsNotPaused) {
  Open(kOhio, In("somebody.else@mail.example"));
  const std::int64_t report = Filed(Texan());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(DeconflictionTest, AnInterestThatComesLaterPausesTheReportThatWaits) {
  const std::int64_t report = Filed(Texan());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  Open(kOhio, In());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
}

TEST_P(DeconflictionTest, TheReferralItselfPausesWhatSomebodyWorksOn) {
  const std::int64_t report = rig_->Claimed(Texan());
  Open(kOhio, In());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "in_review") << "nobody's work is taken out of their hands";
  const auto referred = ReferAs(rig_->analyst, report);
  ASSERT_FALSE(referred.ok());
  EXPECT_EQ(referred.error().field, "deconfliction");
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
  EXPECT_FALSE(rig_->TipOf(report).claimed_by);
  EXPECT_TRUE(rig_->Deliveries(report).empty());
  EXPECT_TRUE(rig_->Decisions(report).empty());
}

TEST_P(DeconflictionTest, AnUrgentReportGoesOutAndBothAreToldWithIt) {
  Open(kOhio, In());
  Wanted wanted = Texan();
  wanted.type = "Online Enticement of Children for Sexual Acts";
  wanted.conversation = "i want to kill myself tonight";
  const std::int64_t report = rig_->Claimed(wanted);
  rig_->RunJobs();
  ASSERT_TRUE(rig_->TipOf(report).urgent);
  EXPECT_EQ(rig_->StateOf(report), "in_review");
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  const auto texas = NoticesTo("us-icac-tx");
  ASSERT_EQ(texas.size(), 1U);
  EXPECT_EQ(texas.front().delivery, rig_->DeliveryTo(report, "us-icac-tx")->id.value);
  EXPECT_EQ(NoticesTo("us-icac-oh").size(), 1U);
  EXPECT_FALSE(MeetingsOf(report).front().pauses);
}

TEST_P(DeconflictionTest, WhatAnAgencyHasStaysThereAndBothAreTold) {
  const std::int64_t report = rig_->Referred(Texan());
  Open(kOhio, In());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "made_available");
  ASSERT_EQ(NoticesTo("us-icac-tx").size(), 1U);
  EXPECT_NE(NoticesTo("us-icac-tx").front().delivery, 0);
  EXPECT_EQ(NoticesTo("us-icac-oh").size(), 1U);
}

TEST_P(DeconflictionTest, TheDeliverySaysWhomToCallFirst) {
  Open(kOhio, In());
  const std::int64_t report = rig_->Referred([] {
    Wanted wanted = Texan();
    wanted.type = "Online Enticement of Children for Sexual Acts";
    wanted.conversation = "i want to kill myself tonight";
    return wanted;
  }());
  rig_->RunJobs();
  const std::string path = "/api/v1/agency/deliveries/" + std::to_string(rig_->DeliveryTo(report, "us-icac-tx")->id.value);
  const http::Response shown = rig_->Ask(rig_->agency_http->Routes(), http::Method::kGet, path, Officer(kTexas));
  ASSERT_EQ(shown.status, 200) << shown.body;
  EXPECT_THAT(shown.body, HasSubstr("Det. Rowan Example"));
  EXPECT_THAT(shown.body, Not(HasSubstr("OH-2026-0417")));
}

TEST_P(DeconflictionTest, BothMayHaveItOnceASupervisorSaysSo) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kBoth).ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "triaged") << "it is not paused again";
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-tx"));
  EXPECT_EQ(MeetingsOf(report).size(), 1U);
}

TEST_P(DeconflictionTest, TheHolderTakesItWhereASupervisorSaysSo) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kHolderOnly).ok());
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  const auto refused = ReferAs(rig_->analyst, report, {"us-icac-tx"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().field, "/agencies");
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-oh")) << "the proposal follows what was decided";
  EXPECT_EQ(rig_->referring->Add(rig_->analyst, {report}, "us-icac-tx", "agency_request", "r").error().field, "/agency");
}

TEST_P(DeconflictionTest, TheOtherTakesItWhereASupervisorSaysSoAndADecisionCanBeChanged) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kHolderOnly).ok());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kOtherOnly).ok());
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  EXPECT_EQ(ReferAs(rig_->analyst, report, {"us-icac-tx", "us-icac-oh"}).error().field, "/agencies");
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  EXPECT_THAT(rig_->AgenciesOf(report), ElementsAre("us-icac-tx"));
}

TEST_P(DeconflictionTest, AResolutionNeedsANote) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  const auto said = [&](const std::string& note) {
    const auto done = rig_->resolving.Resolve(rig_->analyst, MeetingsOf(report).front().id, deconfliction::Outcome::kBoth, note, "r");
    return done.ok() ? "accepted" : done.error().field;
  };
  EXPECT_EQ(said(" "), "/note");
  EXPECT_EQ(said(std::string(1'001, 'a')), "/note");
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
  EXPECT_EQ(said(std::string(1'000, 'a')), "accepted");
  EXPECT_EQ(rig_->resolving.Resolve(rig_->analyst, {9'999}, deconfliction::Outcome::kBoth, "x", "r").error().code, ErrorCode::kNotFound);
}

TEST_P(DeconflictionTest, AReportWaitsForTheLastOfItsMeetings) {
  rig_->Link("us-icac-ca", 703);
  Open(kOhio, In());
  Open(703, In());
  const std::int64_t report = Filed(Texan());
  const std::vector<Meeting> meetings = MeetingsOf(report);
  ASSERT_EQ(meetings.size(), 2U);
  ASSERT_TRUE(Resolve(meetings.front(), deconfliction::Outcome::kBoth).ok());
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
  ASSERT_TRUE(Resolve(meetings.back(), deconfliction::Outcome::kBoth).ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(DeconflictionTest, WithdrawingTheInterestLetsTheReportGoOn) {
  const Interest interest = Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_EQ(rig_->StateOf(report), "paused_deconfliction");
  const Meeting meeting = MeetingsOf(report).front();
  EXPECT_EQ(rig_->interests.Withdraw(Officer(kTexas), interest.id, "r").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(rig_->interests.Withdraw(Officer(kOhio), interest.id, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  EXPECT_THAT(MeetingsOf(report), IsEmpty());
  EXPECT_EQ(Resolve(meeting, deconfliction::Outcome::kBoth).error().field, "state");
  ASSERT_TRUE(rig_->interests.Withdraw(Officer(kOhio), interest.id, "r").ok()) << "again it changes nothing";
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(DeconflictionTest, WhereTheAgencyHasAnotherInterestTheMeetingGoesOn) {
  const Interest first = Open(kOhio, In("one@mail.example"));
  const Interest second = Open(kOhio, In("two@mail.example"));
  Wanted wanted = Texan();
  wanted.person = "<personOrUserReportedPerson><email>one@mail.example</email><email>two@mail.example</email></personOrUserReportedPerson>" +
                  PersonAt("198.51.100.7");
  const std::int64_t report = Filed(wanted);
  ASSERT_EQ(MeetingsOf(report).size(), 1U);
  const deconfliction::InterestId met = MeetingsOf(report).front().interest;
  ASSERT_TRUE(rig_->interests.Withdraw(Officer(kOhio), met, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "paused_deconfliction");
  ASSERT_EQ(MeetingsOf(report).size(), 1U);
  const deconfliction::InterestId other = met == first.id ? second.id : first.id;
  EXPECT_EQ(MeetingsOf(report).front().interest, other);
  ASSERT_TRUE(rig_->interests.Withdraw(Officer(kOhio), other, "r").ok());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(DeconflictionTest, ManyMeetingsOfAWithdrawnInterestEndSomeAtATime) {
  const Interest interest = Open(kOhio, In());
  std::vector<std::int64_t> reports;
  for (int number = 0; number < deconfliction::kEndedAtOnceMax + 3; ++number) {
    reports.push_back(rig_->File(Texan("shared@mail.example", "u-" + std::to_string(number))));
  }
  rig_->Judge();
  rig_->RunJobs();
  ASSERT_EQ(rig_->StateOf(reports.back()), "paused_deconfliction");
  ASSERT_TRUE(rig_->interests.Withdraw(Officer(kOhio), interest.id, "r").ok());
  rig_->RunJobs();
  for (const std::int64_t report : reports) EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(DeconflictionTest, APausedReportThatBecomesUrgentWaitsNoLonger) {
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_EQ(rig_->StateOf(report), "paused_deconfliction");
  ASSERT_TRUE(rig_->actions.SetSignal(rig_->analyst, {report}, triage::Signal::kConfirmedDanger, true, "r").ok());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(report), "triaged");
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  EXPECT_EQ(NoticesTo("us-icac-tx").size(), 1U);
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

TEST_P(DeconflictionTest, WhoWasRuledOutIsNotGivenItAnewWhenAnotherIs) {
  Open(kOhio, In());
  Wanted wanted = Texan();
  wanted.type = "Online Enticement of Children for Sexual Acts";
  wanted.conversation = "i want to kill myself tonight";
  const std::int64_t report = rig_->Claimed(wanted);
  ASSERT_TRUE(ReferAs(rig_->analyst, report).ok());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kHolderOnly).ok());
  const DeliveryId texas = rig_->DeliveryTo(report, "us-icac-tx")->id;
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, texas, "sent_by_mistake", "r").ok());
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {report}, "us-icac-ca", "agency_request", "r").ok());
  EXPECT_TRUE(rig_->DeliveryTo(report, "us-icac-tx")->revoked_at);
  EXPECT_TRUE(rig_->DeliveryTo(report, "us-icac-ca"));
}

TEST_P(DeconflictionTest, ForwardingTellsNothingOfADecisionBetweenOthers) {
  rig_->Link("us-icac-ca", 703);
  Open(kOhio, In());
  const std::int64_t report = Filed(Texan());
  ASSERT_TRUE(Resolve(MeetingsOf(report).front(), deconfliction::Outcome::kHolderOnly).ok());
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  EXPECT_EQ(ReferAs(rig_->analyst, report, {"us-icac-ca"}).error().field, "deconfliction") << "it meets them too";
  ASSERT_TRUE(Resolve(MeetingsOf(report).back(), deconfliction::Outcome::kBoth).ok());
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {report}, "r").ok());
  ASSERT_TRUE(ReferAs(rig_->analyst, report, {"us-icac-ca"}).ok());
  const DeliveryId theirs = rig_->DeliveryTo(report, "us-icac-ca")->id;
  const auto sent = rig_->delivery_actions->Redirect(Officer(703), theirs, "us-icac-tx", "r");
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().field, "agency");
  EXPECT_THAT(sent.error().public_text, Not(HasSubstr("another agency")));
  EXPECT_THAT(sent.error().public_text, Not(HasSubstr("upervisor")));
}

TEST_P(DeconflictionTest, OpeningAndWithdrawingIsNoSearch) {
  static constexpr store::Statement kFill{
      "deconfliction_test.fill",
      "INSERT INTO deconfliction_interests (agency, account, kind, link_key, sealed, reference, contact_name, contact_phone, opened_at, "
      "until, withdrawn_at) VALUES ('us-icac-oh', 1, 3, $1, $2, 'r', 'c', 'p', $3, $4, $3)"};
  const Instant now = rig_->clock.Now();
  ASSERT_TRUE(rig_->database->Write([&](store::WriteTransaction& t) -> Result<void> {
    for (std::int64_t key = 1; key < deconfliction::Interests::kStandingMax; ++key) {
      PL_TRY(t.Execute(kFill, key, store::Blob{"x"}, now, now + Duration::Hours(24)));
    }
    return {};
  }).ok());
  EXPECT_EQ(FieldOf(In("last@mail.example")), "accepted");
  EXPECT_EQ(FieldOf(In("over@mail.example")), "interests");
  rig_->clock.Advance(Duration::Hours(24 * 31));
  EXPECT_EQ(FieldOf(In("over@mail.example")), "accepted");
}

TEST_P(DeconflictionTest, AnInterestThatRanOutMeetsNobody) {
  NewInterest short_one = In();
  short_one.days = 1;
  Open(kOhio, short_one);
  rig_->clock.Advance(Duration::Hours(24));
  const std::int64_t report = Filed(Texan());
  EXPECT_EQ(rig_->StateOf(report), "triaged");
}

TEST_P(DeconflictionTest, TwoInterestsInOnePersonMeetAtOnceWhateverTheSpelling) {
  Open(kOhio, In("Shared@Mail.example"));
  NewInterest theirs = In("shared@mail.example ");
  theirs.reference = "TX-9";
  theirs.contact_name = "Sgt. Kim Example";
  Open(kTexas, theirs);
  ASSERT_EQ(NoticesTo("us-icac-oh").size(), 1U);
  EXPECT_EQ(NoticesTo("us-icac-oh").front().contact_name, "Sgt. Kim Example");
  EXPECT_EQ(NoticesTo("us-icac-oh").front().reference, "OH-2026-0417");
  EXPECT_EQ(NoticesTo("us-icac-tx").front().contact_name, "Det. Rowan Example");
  EXPECT_EQ(NoticesTo("us-icac-tx").front().reference, "TX-9");
  const Meeting meeting = rig_->database->Read([&](store::ReadTransaction& t) { return deconfliction::rows::OpenMeetings(t, 9); }).value().front();
  EXPECT_EQ(Resolve(meeting, deconfliction::Outcome::kHolderOnly).error().field, "/outcome");
  EXPECT_TRUE(Resolve(meeting, deconfliction::Outcome::kBoth).ok());
}

TEST_P(DeconflictionTest, OpenedAgainItIsRenewedAndMeetsNobodyAnew) {
  const Interest first = Open(kOhio, In());
  Open(kTexas, In());
  NewInterest again = In();
  again.reference = "OH-2026-0500";
  rig_->clock.Advance(Duration::Hours(24));
  const Interest renewed = Open(kOhio, again);
  EXPECT_EQ(renewed.id, first.id);
  EXPECT_EQ(renewed.opened_at, first.opened_at);
  EXPECT_GT(renewed.until, first.until);
  EXPECT_EQ(NoticesTo("us-icac-oh").size(), 1U);
  EXPECT_EQ(NoticesTo("us-icac-oh").front().reference, "OH-2026-0500");
}

TEST_P(DeconflictionTest, ManyThatOpenTheSameInterestAtOnceAllMeet) {
  constexpr int kAgencies = 6;
  const std::vector<std::string> codes = {"us-icac-oh", "us-icac-tx", "us-icac-ca", "us-icac-ny", "us-icac-fl", "us-icac-wa"};
  for (int one = 0; one < kAgencies; ++one) rig_->Link(codes[static_cast<std::size_t>(one)], 701 + one);
  std::vector<std::thread> threads;
  for (int one = 0; one < kAgencies; ++one) threads.emplace_back([this, one] { Open(701 + one, In()); });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& code : codes) EXPECT_EQ(NoticesTo(code).size(), kAgencies - 1U) << code;
}

TEST_P(DeconflictionTest, WhatSaysTooLittleIsRefusedByName) {
  const auto with = [](auto change) {
    NewInterest wanted = In();
    change(wanted);
    return wanted;
  };
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.value = "no address"; })), "/value");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.value = ""; })), "/value");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.value = std::string(501, 'a') + "@mail.example"; })), "/value");
  const auto phone = [&](const std::string& number) {
    return FieldOf(with([&](NewInterest& one) {
      one.kind = tipline::IdentifierKind::kPhone;
      one.value = number;
    }));
  };
  EXPECT_EQ(phone("(614) 555-0142"), "/value");
  EXPECT_EQ(phone("+1 614 555 0142"), "accepted");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.kind = tipline::IdentifierKind::kDevice; })), "/kind");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.kind = tipline::IdentifierKind::kUserId; })), "/service");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.reference = " "; })), "/reference");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.contact_name = ""; })), "/contact_name");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.contact_phone = "desk"; })), "/contact_phone");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.days = 0; })), "/days");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.days = 731; })), "/days");
  EXPECT_EQ(FieldOf(with([](NewInterest& one) { one.days = 730; })), "accepted");
  EXPECT_EQ(rig_->interests.Open(Officer(999), In(), "r").error().field, "organisation");
}

TEST_P(DeconflictionTest, OfficersSeeTheirOwnAgencysInterestsAndNothingOfAnothers) {
  const Interest theirs = Open(kOhio, In());
  const auto list = [&](std::int64_t organisation) {
    return rig_->Ask(rig_->interests_http.Routes(), http::Method::kGet, "/api/v1/agency/interests", Officer(organisation)).body;
  };
  EXPECT_THAT(list(kOhio), HasSubstr("Shared@mail.example"));
  EXPECT_THAT(list(kTexas), Not(HasSubstr("mail.example")));
  const auto withdraw = [&](std::int64_t id) {
    return rig_->Ask(rig_->interests_http.Routes(), http::Method::kPost, "/api/v1/agency/interests/" + std::to_string(id) + "/withdraw",
                     Officer(kTexas));
  };
  const http::Response hidden = withdraw(theirs.id.value);
  const http::Response absent = withdraw(9'999);
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.body, absent.body);
}

TEST_P(DeconflictionTest, TheIdentifierLiesSealedInTheDatabase) {
  static constexpr store::Statement kAll{"deconfliction_test.sealed", "SELECT sealed FROM deconfliction_interests"};
  Open(kOhio, In());
  const auto row = rig_->database->Read([](store::ReadTransaction& t) { return t.First(kAll); });
  EXPECT_THAT((*row)->Bytes(0), Not(HasSubstr("mail.example")));
}

TEST_P(DeconflictionTest, ACopyIsPausedWhenItFollowsItsLead) {
  std::vector<std::int64_t> reports;
  for (int number = 0; number < 12; ++number) {
    Wanted wanted;
    wanted.person = "<personOrUserReportedPerson><email>copy" + std::to_string(number) + "@mail.example</email></personOrUserReportedPerson>" +
                    PersonAt("198.51.100." + std::to_string(10 + number), "copy-" + std::to_string(number));
    reports.push_back(rig_->File(wanted, {{"\xff\xd8\xff\xe0 everywhere", ""}}));
  }
  rig_->Judge();
  Open(kOhio, In("copy5@mail.example"));
  rig_->RunJobs();
  const std::int64_t lead = rig_->BundleOf(reports.front()).value().lead.value;
  ASSERT_NE(lead, reports[5]);
  EXPECT_EQ(rig_->StateOf(reports[5]), "triaged");
  ASSERT_TRUE(rig_->actions.Claim(rig_->analyst, {lead}, "r").ok());
  ASSERT_TRUE(ReferAs(rig_->analyst, lead).ok());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(reports[5]), "paused_deconfliction");
  EXPECT_EQ(rig_->StateOf(reports[6]), "made_available");
  ASSERT_TRUE(Resolve(MeetingsOf(reports[5]).front(), deconfliction::Outcome::kBoth).ok());
  rig_->RunJobs();
  EXPECT_EQ(rig_->StateOf(reports[5]), "made_available") << "it follows its lead again";
  EXPECT_TRUE(rig_->RecountProblemsNow().empty());
}

}  // namespace
}  // namespace porchlight::referrals
