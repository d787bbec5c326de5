// Goal: whom something concerns hears of it by e-mail, once, in time, and without a word of what is in it; nobody answers to it means that
// whoever is on duty is told. Method: referrals over both engines on an injected clock; what is sent is caught before the wire, which
// platform/mail is tested on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "referrals/delivery_rows.h"
#include "referrals/notifying.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"

namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr store::Statement kTellOne{
    "test.tell_one",
    "UPDATE jobs_queue SET not_before = 0, due_at = 0 WHERE kind IN ('referrals.tell', 'referrals.tell_unread')"};

class NotifyingTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", 70);
  }
  std::int64_t Refer(bool urgent, const std::string& address = "192.0.2.7") {
    Wanted wanted;
    wanted.person = PersonAt(address, "secret-handle-" + std::to_string(++referred_));
    if (urgent) wanted.escalation = "A child may be harmed tonight.";
    const std::int64_t report = rig_->Referred(wanted);
    rig_->RunJobs();
    return report;
  }
  std::vector<std::string> After(Duration passed) {
    rig_->mails.clear();
    rig_->clock.Advance(passed);
    rig_->RunJobs();
    return Receivers();
  }
  std::vector<std::string> Receivers() {
    std::vector<std::string> to;
    for (const mail::Mail& one : rig_->mails) to.push_back(one.to);
    return to;
  }
  DeliveryId To(std::int64_t report) { return rig_->DeliveryTo(report, "us-icac-oh")->id; }
  std::int64_t Told(std::int64_t report) {
    const auto history = rig_->database->Read([&](store::ReadTransaction& transaction) { return rows::HistoryOf(transaction, To(report)); });
    return std::count_if(history.value().begin(), history.value().end(), [](const HistoryEntry& one) { return one.kind == Happening::kWrittenTo; });
  }
  // The day's notice of what is unread goes out with the first sweep; it is not what these tests look at.
  void Quieten() {
    rig_->RunJobs();
    rig_->mails.clear();
  }

  std::unique_ptr<ReferralsRig> rig_;
  int referred_ = 0;
  const auth::Caller officer_ = Officer(70);
};
INSTANTIATE_TEST_SUITE_P(Engines, NotifyingTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(NotifyingTest, AnUrgentReportIsToldOfAtOnceAndAgainUntilSomebodyAcknowledgesIt) {
  Quieten();
  const std::int64_t report = Refer(true);
  EXPECT_THAT(Receivers(), ElementsAre("one@ohio.example", "two@ohio.example"));
  const mail::Mail& first = rig_->mails.front();
  EXPECT_THAT(first.subject, HasSubstr("Urgent report " + std::to_string(report)));
  EXPECT_THAT(first.text, HasSubstr("https://centre.example/console/agency/" + std::to_string(To(report).value)));
  EXPECT_THAT(first.text, HasSubstr("within 60 minutes"));
  EXPECT_EQ(Told(report), 1);

  // Opening it is no answer.
  ASSERT_TRUE(rig_->delivery_actions->Open(officer_, To(report), "r").ok());
  EXPECT_THAT(After(Duration::Minutes(60)), ElementsAre("duty@centre.example")) << "the supervisor's hour; the reminder was for unopened ones";
  EXPECT_THAT(rig_->mails.front().text, HasSubstr("Telephone: +1 202 555 0137"));
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(officer_, To(report), "r").ok());
  EXPECT_THAT(After(Duration::Hours(2)), IsEmpty());
}

TEST_P(NotifyingTest, AQuarterOfAnHourUnopenedTellsTheAgencyAndWhoeverIsOnDuty) {
  Quieten();
  const std::int64_t report = Refer(true);
  EXPECT_THAT(After(Duration::Minutes(15)), ElementsAre("one@ohio.example", "two@ohio.example", "duty@centre.example"));
  EXPECT_THAT(rig_->mails.front().subject, HasSubstr("Reminder: Urgent"));
  EXPECT_EQ(Told(report), 2);
}

TEST_P(NotifyingTest, NothingOfWhatIsReportedIsInANotice) {
  Quieten();
  Refer(true);
  After(Duration::Minutes(15));
  ASSERT_FALSE(rig_->mails.empty());
  for (const mail::Mail& one : rig_->mails) {
    for (const std::string word : {"secret-handle", "192.0.2.7", "harmed tonight", "Acme"}) {
      EXPECT_THAT(one.text, Not(HasSubstr(word)));
      EXPECT_THAT(one.subject, Not(HasSubstr(word)));
    }
  }
}

TEST_P(NotifyingTest, OfOrdinaryOnesAnAgencyHearsOnceADay) {
  Quieten();
  const std::int64_t first = Refer(false);
  EXPECT_THAT(Receivers(), IsEmpty()) << "not at once";
  EXPECT_THAT(After(Duration::Hours(1)), ElementsAre("one@ohio.example", "two@ohio.example"));
  EXPECT_THAT(rig_->mails.front().subject, HasSubstr("1 report waits"));
  const std::int64_t second = Refer(false);
  EXPECT_THAT(After(Duration::Hours(23)), IsEmpty());
  EXPECT_THAT(After(Duration::Hours(1)), ElementsAre("one@ohio.example", "two@ohio.example"));
  EXPECT_THAT(rig_->mails.front().subject, HasSubstr("2 reports wait"));
  for (const std::int64_t report : {first, second}) ASSERT_TRUE(rig_->delivery_actions->Open(officer_, To(report), "r").ok());
  EXPECT_THAT(After(Duration::Days(1)), IsEmpty()) << "nothing is unread";
}

TEST_P(NotifyingTest, WhatWasTakenBackAnsweredOrIsHeldIsNotToldOf) {
  Quieten();
  const auto urgent = [&](const std::string& name) {
    Wanted wanted;
    wanted.person = PersonAt("192.0.2.7", name);
    wanted.escalation = "A child may be harmed tonight.";
    return rig_->Referred(wanted);   // Its jobs wait.
  };
  const std::int64_t held = urgent("one");
  const std::int64_t answered = urgent("two");
  const std::int64_t taken_back = urgent("three");
  triage::LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  ASSERT_TRUE(holds.Place(Officer(1), {held}, {"court_order", "Docket 1", FormatDate(rig_->clock.Now())}, "r").ok());
  ASSERT_TRUE(rig_->delivery_actions->Acknowledge(officer_, To(answered), "r").ok());
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, To(taken_back), "sent_by_mistake", "r").ok());
  rig_->RunJobs();
  EXPECT_THAT(Receivers(), IsEmpty());
}

TEST_P(NotifyingTest, WhatCannotBeSentNowIsSentLaterUnderTheSameName) {
  Quieten();
  rig_->mail_trouble = {{"two@ohio.example", ErrorCode::kUnavailable}};
  const std::int64_t report = Refer(true);
  ASSERT_THAT(Receivers(), ElementsAre("one@ohio.example")) << "the one holds up no other";
  EXPECT_EQ(Told(report), 1);
  EXPECT_THAT(After(Duration::Minutes(4)), IsEmpty());
  rig_->mail_trouble.clear();
  EXPECT_THAT(After(Duration::Minutes(2)), ElementsAre("two@ohio.example"));
  const std::string id = "delivery-" + std::to_string(To(report).value) + "-";
  EXPECT_THAT(rig_->mails.front().id, HasSubstr(id));
  EXPECT_EQ(Told(report), 1) << "a step is told once in the history";
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM audit_entries WHERE action = 'referrals.delivery.write_to'"), 2);
}

TEST_P(NotifyingTest, WhatNobodyTakesIsADeadLetterInTheEnd) {
  Quieten();
  rig_->mail_trouble = {{"one@ohio.example", ErrorCode::kUnavailable}, {"two@ohio.example", ErrorCode::kForbidden}};
  const std::int64_t report = Refer(true);
  for (int tries = 0; tries < 20; ++tries) After(Duration::Minutes(4));
  EXPECT_EQ(Told(report), 0);
  const char* given_up = "SELECT COUNT(*) FROM jobs_queue WHERE kind = 'referrals.send_notice' AND state = 3 AND payload LIKE '%\"none\"%'";
  EXPECT_EQ(rig_->Count(given_up), 2);
}

TEST_P(NotifyingTest, TheDaysNoticeCountsWhenOneAddressTookIt) {
  rig_->mail_trouble = {{"one@ohio.example", ErrorCode::kForbidden}};
  Refer(false);
  After(Duration::Hours(1));
  EXPECT_THAT(After(Duration::Hours(2)), IsEmpty()) << "not every hour because of the other";
  rig_->mail_trouble["two@ohio.example"] = ErrorCode::kUnavailable;
  EXPECT_THAT(After(Duration::Days(1)), IsEmpty());
  rig_->mail_trouble.clear();
  EXPECT_THAT(After(Duration::Hours(1)), ElementsAre("one@ohio.example", "two@ohio.example")) << "it was not given up";
}

TEST_P(NotifyingTest, DutyHearsWhetherTheAlternateWasAsked) {
  Quieten();
  Refer(true);
  After(Duration::Minutes(61));
  const std::vector<std::string> receivers = After(Duration::Minutes(60));
  ASSERT_THAT(receivers, ::testing::Contains("duty@centre.example"));
  const auto duty = std::find_if(rig_->mails.begin(), rig_->mails.end(), [](const mail::Mail& one) { return one.to == "duty@centre.example"; });
  EXPECT_THAT(duty->text, HasSubstr("Its alternate agency was asked too."));
  // Its alternate has the other one already.
  const std::int64_t both = Refer(true);
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {both}, "us-federal", "agency_request", "r").ok());
  After(Duration::Minutes(61));
  After(Duration::Minutes(60));
  const std::string text = std::accumulate(rig_->mails.begin(), rig_->mails.end(), std::string(),
                                           [](std::string all, const mail::Mail& one) { return all + one.text; });
  EXPECT_THAT(text, HasSubstr("No other agency was asked"));
}

TEST_P(NotifyingTest, WithoutAMailServerOrAddressesNobodyIsWrittenTo) {
  Quieten();
  Refer(true, "198.51.100.9");
  EXPECT_THAT(Receivers(), IsEmpty()) << "the agency for Texas names no address";
  jobs::Worker worker(*rig_->database, rig_->clock, rig_->random, {});
  Notifying silent(*rig_->database, rig_->agencies, rig_->clock, rig_->clocks, {}, {});
  silent.Register(worker);
  ASSERT_TRUE(rig_->database->Write([](store::WriteTransaction& transaction) { return transaction.Execute(kTellOne); }).ok());
  while (worker.RunOne().value()) {}
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM jobs_queue WHERE kind = 'referrals.send_notice'"), 0);
}

}  // namespace
}  // namespace porchlight::referrals
