#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "platform/audit/audit.h"
#include "referrals/delivery_rows.h"
#include "referrals/tallies.h"
#include "referrals/testing/referrals_rig.h"

namespace porchlight::referrals {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 70;
constexpr std::int64_t kTexas = 71;

class DeliveriesHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    for (http::Route& route : rig_->agency_http->Routes()) router_.Add(std::move(route));
    for (http::Route& route : rig_->staff_http->Routes()) router_.Add(std::move(route));
    dispatcher_ = std::make_unique<http::Dispatcher>(router_, callers_);
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", kTexas);
    callers_.Add(Named(Officer(kOhio), "ohio"));
    callers_.Add(Named(Officer(kTexas), "texas"));
    callers_.Add(Named(Officer(72), "nowhere"));
  }
  static auth::Caller Named(auth::Caller caller, const std::string& login) {
    caller.login = login;
    return caller;
  }
  http::Response Send(http::Method method, const std::string& target, const std::string& login, const std::string& body = "") {
    http::Request request;
    request.method = method;
    EXPECT_TRUE(http::ReadTarget(target, request).ok());
    request.headers.Add("Authorization", "Basic " + Base64Encode(login + ":right"));
    if (!body.empty()) request.headers.Add("Content-Type", "application/json");
    request.body = body;
    request.request_id = "r";
    return dispatcher_->Handle(std::move(request));
  }
  http::Response Get(const std::string& target, const std::string& login) { return Send(http::Method::kGet, target, login); }
  http::Response Post(const std::string& target, const std::string& login, const std::string& body = "{}") {
    return Send(http::Method::kPost, target, login, body);
  }
  std::int64_t Refer(const std::string& address, const std::string& name, const std::string& escalation = "") {
    Wanted wanted;
    wanted.person = PersonAt(address, name);
    wanted.victim = "<victimPerson/><screenName>a-child-example</screenName>";
    wanted.escalation = escalation;
    const std::int64_t report = rig_->Referred(wanted, {{"\xff\xd8\xff\xe0 " + name, "<fileViewedByEsp>true</fileViewedByEsp>"}});
    rig_->clock.Advance(Duration::Seconds(1));
    return report;
  }
  std::string PathOf(std::int64_t report, const std::string& agency = "us-icac-oh") {
    return "/api/v1/agency/deliveries/" + std::to_string(rig_->DeliveryTo(report, agency)->id.value);
  }
  std::vector<std::int64_t> ReportsIn(const http::Response& page) {
    std::vector<std::int64_t> reports;
    const Json json = ParseJson(page.body).value();
    for (const Json& row : *json.Find("items")->AsArray()) reports.push_back(*row.Find("report_id")->AsInteger());
    return reports;
  }

  std::unique_ptr<ReferralsRig> rig_;
  tipline::testing::KnownCallers callers_;
  http::Router router_;
  std::unique_ptr<http::Dispatcher> dispatcher_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeliveriesHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(DeliveriesHttpTest, UnreadStandsFirstUrgentBeforeThatAndNewestBeforeOldest) {
  const std::int64_t oldest = Refer("192.0.2.1", "one");
  const std::int64_t urgent = Refer("192.0.2.2", "two", "A child may be harmed tonight.");
  const std::int64_t newest = Refer("192.0.2.3", "three");
  const std::string list = "/api/v1/agency/deliveries";
  EXPECT_THAT(ReportsIn(Get(list, "ohio")), ::testing::ElementsAre(urgent, newest, oldest));
  ASSERT_EQ(Get(PathOf(urgent), "ohio").status, 200);
  ASSERT_EQ(Get(PathOf(newest), "ohio").status, 200);
  EXPECT_THAT(ReportsIn(Get(list, "ohio")), ::testing::ElementsAre(oldest, urgent, newest));
  EXPECT_THAT(ReportsIn(Get(list + "?unread=true", "ohio")), ::testing::ElementsAre(oldest));
  EXPECT_THAT(ReportsIn(Get(list + "?urgent=true", "ohio")), ::testing::ElementsAre(urgent));
  EXPECT_THAT(Get("/api/v1/agency/counts", "ohio").body, HasSubstr("\"unread\":1"));
  const http::Response first = Get(list + "?limit=2", "ohio");
  const std::string after(ParseJson(first.body).value().Text("next_after"));
  EXPECT_THAT(ReportsIn(Get(list + "?limit=2&after=" + after, "ohio")), ::testing::ElementsAre(newest));
  EXPECT_EQ(Get(list + "?limit=0", "ohio").status, 422);
  EXPECT_EQ(Get(list + "?after=x", "ohio").status, 422);
}

TEST_P(DeliveriesHttpTest, WhatIsAnothersAnswersAsWhatDoesNotExist) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const std::string theirs = PathOf(report);
  const std::string none = "/api/v1/agency/deliveries/987654";
  const auto told = [&](const http::Response& response) {
    const Json error = *ParseJson(response.body).value().Find("error");
    return std::to_string(response.status) + error.Serialize();
  };
  for (const std::string login : {"texas", "nowhere"}) {
    for (const std::string rest : {"", "/package"}) EXPECT_EQ(told(Get(theirs + rest, login)), told(Get(none + rest, login)));
    for (const auto& [rest, body] : {std::pair{"/acknowledge", "{}"}, {"/redirect", R"({"agency":"us-federal"})"},
                                     {"/feedback", R"({"usefulness":"not_useful"})"}}) {
      EXPECT_EQ(told(Post(theirs + rest, login, body)), told(Post(none + rest, login, body))) << rest;
      EXPECT_EQ(Post(theirs + rest, login, body).status, 404) << rest;
    }
  }
  EXPECT_EQ(Get("/api/v1/agency/deliveries", "nowhere").status, 409);
  EXPECT_TRUE(ReportsIn(Get("/api/v1/agency/deliveries", "texas")).empty());
  const std::string bulk = R"({"deliveries":[)" + std::to_string(rig_->DeliveryTo(report, "us-icac-oh")->id.value) +
                           R"(],"feedback":{"usefulness":"not_useful"}})";
  EXPECT_THAT(Post("/api/v1/agency/feedback", "texas", bulk).body, HasSubstr("\"done\":[]"));
  EXPECT_FALSE(rig_->DeliveryTo(report, "us-icac-oh")->opened_at.has_value());
  for (const std::string words : {"abc", "0", "-1", "99999999999999999999"}) {
    EXPECT_EQ(Get("/api/v1/agency/deliveries/" + words, "ohio").status, 404) << words;
  }
}

TEST_P(DeliveriesHttpTest, OfTheSamePersonAnAgencySeesWhatItHasItselfAndNoMore) {
  const std::int64_t first = Refer("192.0.2.1", "one");
  const std::int64_t second = Refer("192.0.2.2", "one");
  const std::int64_t elsewhere = Refer("198.51.100.3", "one");
  const auto others = [&](std::int64_t report, const std::string& login, const std::string& agency) {
    const std::string path = "/api/v1/agency/deliveries/" + std::to_string(rig_->DeliveryTo(report, agency)->id.value);
    const Json detail = ParseJson(Get(path, login).body).value();
    std::vector<std::int64_t> numbers;
    for (const Json& one : *detail.Find("same_person")->AsArray()) numbers.push_back(*one.Find("report_id")->AsInteger());
    return numbers;
  };
  EXPECT_THAT(others(first, "ohio", "us-icac-oh"), ::testing::ElementsAre(second));
  EXPECT_THAT(others(elsewhere, "texas", "us-icac-tx"), ::testing::IsEmpty());
}

TEST_P(DeliveriesHttpTest, WhatWasTakenBackIsGone) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const std::string path = PathOf(report);
  ASSERT_EQ(Get(path, "ohio").status, 200);
  ASSERT_TRUE(rig_->referring->Revoke(rig_->analyst, rig_->DeliveryTo(report, "us-icac-oh")->id, "sent_by_mistake", "r").ok());
  EXPECT_EQ(Get(path, "ohio").status, 404);
  EXPECT_EQ(Get(path + "/package", "ohio").status, 404);
  EXPECT_TRUE(ReportsIn(Get("/api/v1/agency/deliveries", "ohio")).empty());
}

TEST_P(DeliveriesHttpTest, ThePageSaysWhyAndNamesNoVictim) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const http::Response page = Get(PathOf(report), "ohio");
  EXPECT_THAT(page.body, HasSubstr("\"upload_ip\""));
  EXPECT_THAT(page.body, HasSubstr("\"192.0.2.1\""));
  EXPECT_THAT(page.body, Not(HasSubstr("a-child-example")));
  EXPECT_THAT(page.body, Not(HasSubstr("Pat"))) << "who reported is not told";
  EXPECT_THAT(page.body, Not(HasSubstr(rig_->analyst.login))) << "the centre's people are not named";
}

TEST_P(DeliveriesHttpTest, AReadingIsAuditedEachTimeAndOpensOnce) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  Get(PathOf(report), "ohio");
  const Instant opened = *rig_->DeliveryTo(report, "us-icac-oh")->opened_at;
  rig_->clock.Advance(Duration::Minutes(5));
  Get(PathOf(report), "ohio");
  EXPECT_EQ(rig_->DeliveryTo(report, "us-icac-oh")->opened_at, opened);
  const auto trail =
      rig_->database->Read([&](store::ReadTransaction& transaction) { return audit::ListOf(transaction, "report", report, 200); });
  int reads = 0;
  for (const audit::RecordedEntry& one : trail.value()) reads += one.entry.action == "referrals.delivery.read" ? 1 : 0;
  EXPECT_EQ(reads, 2);
}

TEST_P(DeliveriesHttpTest, ThePackageComesWholeAndIsNoted) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const http::Response package = Get(PathOf(report) + "/package", "ohio");
  ASSERT_EQ(package.status, 200);
  EXPECT_EQ(package.content_type, "application/zip");
  EXPECT_TRUE(package.body.starts_with("PK"));
  const Delivery delivery = *rig_->DeliveryTo(report, "us-icac-oh");
  EXPECT_EQ(delivery.state, DeliveryState::kDownloaded);
  EXPECT_TRUE(delivery.opened_at.has_value());
}

TEST_P(DeliveriesHttpTest, SendingItOnKeepsHistoryAndGivesItToTheOther) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const std::string path = PathOf(report);
  EXPECT_EQ(Post(path + "/redirect", "ohio", R"({"agency":"nobody"})").status, 422);
  EXPECT_EQ(Post(path + "/redirect", "ohio", R"({"agency":"us-icac-oh"})").status, 409);
  ASSERT_EQ(Post(path + "/redirect", "ohio", R"({"agency":"us-icac-tx"})").status, 200);
  EXPECT_EQ(Post(path + "/redirect", "ohio", R"({"agency":"us-federal"})").status, 409);
  const Delivery texas = *rig_->DeliveryTo(report, "us-icac-tx");
  EXPECT_EQ(texas.redirected_from, rig_->DeliveryTo(report, "us-icac-oh")->id);
  EXPECT_TRUE(texas.primary);
  EXPECT_EQ(texas.basis, Cause::kRedirected);
  EXPECT_EQ(Get(PathOf(report, "us-icac-tx"), "texas").status, 200);
  EXPECT_EQ(Get(path, "ohio").status, 200) << "earlier grants are kept";
  EXPECT_THAT(Get(path, "ohio").body, HasSubstr("\"redirected\""));
  const std::string oh = std::to_string(rig_->DeliveryTo(report, "us-icac-oh")->agency.value);
  EXPECT_EQ(rig_->Tallied("agency", oh, "redirected"), 1);
}

TEST_P(DeliveriesHttpTest, SendingItToWhoHasItAlreadyTellsNothing) {
  const std::int64_t held = Refer("192.0.2.1", "one");
  ASSERT_TRUE(rig_->referring->Add(rig_->analyst, {held}, "us-icac-tx", "agency_request", "r").ok());
  const std::int64_t free = Refer("192.0.2.2", "two");
  const auto without_numbers = [](const http::Response& response) {
    Json row = ParseJson(response.body).value();
    for (const char* own : {"id", "report_id", "made_available_at", "opened_at", "preserve_until"}) row.Set(own, Json());
    return std::to_string(response.status) + row.Serialize();
  };
  const std::string one = without_numbers(Post(PathOf(held) + "/redirect", "ohio", R"({"agency":"us-icac-tx"})"));
  EXPECT_EQ(one, without_numbers(Post(PathOf(free) + "/redirect", "ohio", R"({"agency":"us-icac-tx"})")));
  EXPECT_EQ(rig_->Deliveries(held).size(), 2U);
}

TEST_P(DeliveriesHttpTest, WhatVictimsWroteAndWhereTheyWereIsInThePackageAlone) {
  Wanted wanted;
  wanted.person = PersonAt("192.0.2.1");
  wanted.victim = "<victimPerson/><profileBio>I go to the example school.</profileBio><ipCaptureEvent><ipAddress>198.51.100.9</ipAddress>"
                  "<eventName>Login</eventName><dateTime>2026-11-20T10:00:00Z</dateTime></ipCaptureEvent>";
  const std::int64_t report = rig_->Referred(wanted);
  const http::Response page = Get(PathOf(report), "ohio");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, Not(HasSubstr("example school")));
  EXPECT_THAT(page.body, Not(HasSubstr("198.51.100.9")));
}

TEST_P(DeliveriesHttpTest, FeedbackIsCheckedCountedOnceAndMovesTheReport) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const std::string path = PathOf(report) + "/feedback";
  for (const std::string body : {R"({})", R"({"usefulness":"great"})", R"({"outcomes":[{"code":"nothing"}]})",
                                  R"({"outcomes":[{"code":"arrest","on":"tomorrow"}]})", R"({"gaps":["no_such"]})"}) {
    EXPECT_EQ(Post(path, "ohio", body).status, 422) << body;
  }
  EXPECT_EQ(rig_->StateOf(report), "made_available");
  const std::string said = R"({"usefulness":"not_useful","outcomes":[{"code":"not_our_jurisdiction","on":"2026-11-25"}],"gaps":["wrong_place"]})";
  ASSERT_EQ(Post(path, "ohio", said).status, 200);
  ASSERT_EQ(Post(path, "ohio", said).status, 200);
  EXPECT_EQ(rig_->StateOf(report), "feedback_received");
  EXPECT_EQ(rig_->Tallied("evidence", "upload_ip", "wrong_place"), 1);
  EXPECT_EQ(rig_->Tallied("evidence", "upload_ip", "made_available"), 1);
  const std::string oh = std::to_string(rig_->DeliveryTo(report, "us-icac-oh")->agency.value);
  EXPECT_EQ(rig_->Tallied("agency", oh, "usefulness:not_useful"), 1);
  EXPECT_EQ(rig_->Tallied("platform", "7", "gap:wrong_place"), 1);
  EXPECT_EQ(rig_->Tallied("agency", oh, "feedback"), 1);
  const http::Response later = Post(path, "ohio", R"({"outcomes":[{"code":"arrest"}]})");
  ASSERT_EQ(later.status, 200);
  EXPECT_EQ(rig_->Tallied("agency", oh, "outcome:arrest"), 1);
  EXPECT_THAT(Get(PathOf(report), "ohio").body, HasSubstr("\"arrest\""));
}

TEST_P(DeliveriesHttpTest, OfHowUsefulItWasTheNewestWordCounts) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const std::string path = PathOf(report) + "/feedback";
  const auto month_of = [&](const std::string& about, const std::string& subject) {
    return rig_->database
        ->Read([&](store::ReadTransaction& transaction) { return TalliesOf(transaction, MonthOf(rig_->clock.Now()), about, subject); })
        .value();
  };
  const std::string oh = std::to_string(rig_->DeliveryTo(report, "us-icac-oh")->agency.value);
  ASSERT_EQ(Post(path, "ohio", R"({"usefulness":"not_useful","gaps":["no_port"]})").status, 200);
  EXPECT_EQ(month_of("agency", oh)["usefulness:not_useful"], 1);
  rig_->clock.Advance(Duration::Days(40));
  ASSERT_EQ(Post(path, "ohio", R"({"usefulness":"started_investigation"})").status, 200);
  for (const auto& [about, subject] : {std::pair{"agency", oh}, {"platform", std::string("7")}, {"evidence", std::string("upload_ip")}}) {
    EXPECT_EQ(rig_->Tallied(about, subject, "usefulness:not_useful"), 0) << about << ": it was corrected";
    EXPECT_EQ(rig_->Tallied(about, subject, "usefulness:started_investigation"), 1) << about;
    EXPECT_EQ(rig_->Tallied(about, subject, "feedback"), 1) << about << ": one delivery was answered";
    EXPECT_EQ(rig_->Tallied(about, subject, "gap:no_port"), 1) << about;
  }
  EXPECT_EQ(month_of("agency", oh)["usefulness:started_investigation"], 1);
  EXPECT_EQ(month_of("agency", oh).count("usefulness:not_useful"), 0U) << "the month it was counted in is put right, not this one";
  // And back again.
  ASSERT_EQ(Post(path, "ohio", R"({"usefulness":"not_useful"})").status, 200);
  EXPECT_EQ(rig_->Tallied("agency", oh, "usefulness:not_useful"), 1);
  EXPECT_EQ(rig_->Tallied("agency", oh, "usefulness:started_investigation"), 0);
}

TEST_P(DeliveriesHttpTest, SayingTheSameAgainChangesNothing) {
  const std::int64_t report = Refer("192.0.2.1", "one");
  const DeliveryId delivery = rig_->DeliveryTo(report, "us-icac-oh")->id;
  const std::string path = PathOf(report) + "/feedback";
  const std::string said = R"({"usefulness":"not_useful","outcomes":[{"code":"arrest","on":"2026-11-25"}],"gaps":["no_port"]})";
  const auto counts = [&] {
    return rig_->database
        ->Read([&](store::ReadTransaction& transaction) -> Result<std::pair<std::size_t, std::size_t>> {
          const std::size_t answers = PL_TRY(rows::FeedbackOf(transaction, delivery)).size();
          return std::pair{answers, PL_TRY(rows::HistoryOf(transaction, delivery)).size()};
        })
        .value();
  };
  ASSERT_EQ(Post(path, "ohio", said).status, 200);
  const auto once = counts();
  EXPECT_EQ(once.first, 1U);
  ASSERT_EQ(Post(path, "ohio", said).status, 200);
  EXPECT_EQ(counts(), once);
  ASSERT_EQ(Post(path, "ohio", R"({"usefulness":"not_useful","outcomes":[{"code":"arrest","on":"2026-11-26"}]})").status, 200);
  EXPECT_EQ(counts().first, 2U) << "another date is another thing";
}

TEST_P(DeliveriesHttpTest, ManyAreAnsweredAtOnce) {
  const std::int64_t one = Refer("192.0.2.1", "one");
  const std::int64_t two = Refer("192.0.2.2", "two");
  const std::string body = R"({"deliveries":[)" + std::to_string(rig_->DeliveryTo(one, "us-icac-oh")->id.value) + "," +
                           std::to_string(rig_->DeliveryTo(two, "us-icac-oh")->id.value) +
                           R"(,4242],"feedback":{"usefulness":"intelligence_only","gaps":["no_port"]}})";
  const http::Response answer = Post("/api/v1/agency/feedback", "ohio", body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"unknown\":[4242]"));
  EXPECT_EQ(rig_->StateOf(one), "closed");
  EXPECT_EQ(rig_->StateOf(two), "closed");
  EXPECT_EQ(Post("/api/v1/agency/feedback", "ohio", R"({"deliveries":[],"feedback":{"usefulness":"not_useful"}})").status, 422);
}

}  // namespace
}  // namespace porchlight::referrals
