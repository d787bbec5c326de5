// Goal: an agency fetches many packages and the data of many reports at once, and nothing of another's. Method: requests over both
// engines; unzip and sha256sum check the archive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/csv.h"
#include "base/text.h"
#include "referrals/bulk_export.h"
#include "referrals/delivery_rows.h"
#include "referrals/testing/referrals_rig.h"
#include "triage/legal_hold.h"

namespace porchlight::referrals {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Officer;
using testing::PersonAt;
using testing::ReferralsRig;
using triage::testing::Wanted;

constexpr std::int64_t kOhio = 70;
constexpr std::int64_t kTexas = 71;

class BulkHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<ReferralsRig>(GetParam());
    rig_->Link("us-icac-oh", kOhio);
    rig_->Link("us-icac-tx", kTexas);
  }
  DeliveryId Delivered(const std::string& name, const std::string& address = "192.0.2.1", const std::string& agency = "us-icac-oh") {
    Wanted wanted;
    wanted.person = PersonAt(address, name);
    wanted.victim = "<victimPerson/><screenName>a-child-example</screenName>";
    const std::int64_t report = rig_->Referred(wanted, {{"\xff\xd8\xff\xe0 " + name, "<fileViewedByEsp>true</fileViewedByEsp>"}});
    return rig_->DeliveryTo(report, agency)->id;
  }
  http::Response Get(const std::string& rest, std::int64_t organisation = kOhio) {
    return rig_->Ask(rig_->bulk_http->Routes(), http::Method::kGet, "/api/v1/agency/" + rest, Officer(organisation));
  }
  static std::string Ids(const std::vector<DeliveryId>& deliveries) {
    std::string ids;
    for (const DeliveryId one : deliveries) ids += (ids.empty() ? "" : ",") + std::to_string(one.value);
    return ids;
  }
  // What it unpacks to, and what sha256sum says of it.
  std::string Unpacked(const std::string& archive) {
    const std::string folder = rig_->folder.path() + "/bulk";
    std::ofstream(folder + ".zip", std::ios::binary) << archive;
    const std::string command = "rm -rf " + folder + " && unzip -q " + folder + ".zip -d " + folder + " && cd " + folder +
                                " && sha256sum -c SHA256SUMS && ls && if [ -f left-out.txt ]; then cat left-out.txt; fi";
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::string text;
    std::array<char, 512> piece{};
    while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) text += piece.data();
    pclose(pipe);
    return text;
  }
  Delivery Now(DeliveryId id) {
    return rig_->database->Read([&](store::ReadTransaction& transaction) { return rows::FindDelivery(transaction, id); }).value().value();
  }

  std::unique_ptr<ReferralsRig> rig_;
};
INSTANTIATE_TEST_SUITE_P(Engines, BulkHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(BulkHttpTest, PackagesComeInOneArchiveThatUnzipAndSha256sumRead) {
  const DeliveryId first = Delivered("one");
  const DeliveryId second = Delivered("two");
  const http::Response response = Get("packages?ids=" + Ids({second, first, second}));
  ASSERT_EQ(response.status, 200) << response.body;
  const std::string seen = Unpacked(response.body);
  for (const DeliveryId one : {first, second}) {
    EXPECT_THAT(seen, HasSubstr("report-" + std::to_string(Now(one).report.value) + "-package-1.zip: OK"));
    EXPECT_TRUE(Now(one).downloaded_at);
  }
  EXPECT_THAT(seen, Not(HasSubstr("left-out")));
}

TEST_P(BulkHttpTest, WhatIsHeldIsLeftOutAndNamed) {
  const DeliveryId first = Delivered("one");
  const DeliveryId held = Delivered("two");
  triage::LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  const std::string day = FormatDate(rig_->clock.Now() + Duration::Days(9));
  ASSERT_TRUE(holds.Place(Officer(1), Now(held).report, {"court_order", "Docket 1", day}, "r").ok());
  const std::string seen = Unpacked(Get("packages?ids=" + Ids({first, held})).body);
  EXPECT_THAT(seen, HasSubstr("report " + std::to_string(Now(held).report.value) + ": a legal hold stands"));
  EXPECT_THAT(seen, Not(HasSubstr("report-" + std::to_string(Now(held).report.value))));
  EXPECT_FALSE(Now(held).downloaded_at);
  const http::Response exported = Get("export?ids=" + Ids({first, held}));
  const std::string number = std::to_string(Now(held).report.value);
  EXPECT_THAT(exported.body, HasSubstr("\"" + number + "\",\"\",\"\",\"\",\"\",\"\",\"\",\"held\"")) << "it is said, and nothing else of it";
  EXPECT_THAT(exported.body, Not(HasSubstr("\"two\"")));
  EXPECT_THAT(Get("export?format=json&ids=" + Ids({first, held})).body, HasSubstr("\"held\":[" + number + "]"));
  EXPECT_FALSE(Now(held).opened_at);
}

TEST_P(BulkHttpTest, TheDataIsATableThatIsReadBackAndCountsAsRead) {
  const DeliveryId first = Delivered("=HYPERLINK(1)");
  const DeliveryId second = Delivered("two");
  const http::Response response = Get("export?ids=" + Ids({first, second}));
  ASSERT_EQ(response.status, 200) << response.body;
  CsvReader reader(response.body);
  const std::vector<std::string> head = reader.Row().value();
  EXPECT_EQ(head.front(), "report");
  std::vector<std::string> data;
  std::vector<std::string> values;
  while (reader.more()) {
    const std::vector<std::string> row = reader.Row().value();
    ASSERT_EQ(row.size(), head.size());
    data.push_back(row[7]);
    values.push_back(row[10]);
  }
  EXPECT_THAT(data, Contains("account"));
  EXPECT_THAT(data, Contains("network"));
  EXPECT_THAT(data, Contains("file"));
  EXPECT_THAT(values, Contains("192.0.2.1"));
  EXPECT_THAT(response.body, Not(HasSubstr("\"=HYPERLINK"))) << "no program takes a name for a formula";
  EXPECT_TRUE(Now(first).opened_at);
  EXPECT_TRUE(Now(second).opened_at);
  const Json json = ParseJson(Get("export?format=json&ids=" + Ids({first, second})).body).value();
  EXPECT_EQ(json.Find("reports")->AsArray()->size(), 2U);
}

TEST_P(BulkHttpTest, WhatNamesAVictimIsForWhoeverMaySeeIt) {
  const DeliveryId one = Delivered("one");
  const auto ask = [&](const auth::Caller& caller) {
    return rig_->Ask(rig_->bulk_http->Routes(), http::Method::kGet, "/api/v1/agency/export?ids=" + Ids({one}), caller).body;
  };
  auth::Caller officer = Officer(kOhio);
  officer.visibility = {Visibility::kPublic, Visibility::kLawEnforcement};
  EXPECT_THAT(ask(officer), Not(HasSubstr("a-child-example")));
  officer.visibility = {Visibility::kPublic, Visibility::kLawEnforcement, Visibility::kRestricted};
  EXPECT_THAT(ask(officer), HasSubstr("a-child-example"));
}

TEST_P(BulkHttpTest, WhatIsNotSentDoesNotCount) {
  const DeliveryId first = Delivered("one");
  const DeliveryId second = Delivered("two");
  const http::Response head =
      rig_->Ask(rig_->bulk_http->Routes(), http::Method::kHead, "/api/v1/agency/packages?ids=" + Ids({first, second}), Officer(kOhio));
  EXPECT_EQ(head.status, 200);
  EXPECT_FALSE(Now(first).downloaded_at) << "nothing was asked for but its length";
  // A hold that is placed while the first is on its way.
  triage::LegalHolds holds(*rig_->database, rig_->clock, {"court_order"});
  http::Request request;
  ASSERT_TRUE(http::ReadTarget("/api/v1/agency/packages?ids=" + Ids({first, second}), request).ok());
  std::vector<http::Route> routes = rig_->bulk_http->Routes();
  const auto route = std::find_if(routes.begin(), routes.end(), [](const http::Route& one) { return one.pattern.ends_with("packages"); });
  ASSERT_NE(route, routes.end());
  const Result<http::Response> response = route->handler(request, Officer(kOhio));
  ASSERT_TRUE(response.ok());
  EXPECT_FALSE(Now(first).downloaded_at) << "no byte has gone yet";
  bool placed = false;
  const Result<void> sent = response->stream([&](std::string_view) -> Result<void> {
    if (!placed && Now(first).downloaded_at) {
      const std::string day = FormatDate(rig_->clock.Now());
      placed = holds.Place(Officer(1), Now(second).report, {"court_order", "Docket 1", day}, "r").ok();
    }
    return {};
  });
  EXPECT_TRUE(placed);
  EXPECT_FALSE(sent.ok()) << "it breaks off";
  EXPECT_FALSE(Now(second).downloaded_at);
}

TEST_P(BulkHttpTest, OneThatIsNotTheirsAnswersAsOneThatDoesNotExist) {
  const DeliveryId ours = Delivered("one");
  const DeliveryId theirs = Delivered("two", "198.51.100.3", "us-icac-tx");
  for (const std::string route : {"packages", "export"}) {
    const http::Response other = Get(route + "?ids=" + Ids({ours, theirs}));
    const http::Response none = Get(route + "?ids=" + Ids({ours, {987'654}}));
    EXPECT_EQ(other.status, 404);
    EXPECT_EQ(other.status, none.status);
    EXPECT_EQ(other.body, none.body);
  }
  EXPECT_FALSE(Now(ours).downloaded_at) << "nothing of it was sent";
  EXPECT_FALSE(Now(ours).opened_at);
}

TEST_P(BulkHttpTest, WhatIsAskedWronglyIsRefusedByName) {
  std::vector<DeliveryId> many;
  for (std::int64_t one = 1; one <= static_cast<std::int64_t>(kPackagesAtOnce) + 1; ++one) many.push_back({one});
  for (const std::string& rest : {std::string("packages"), std::string("packages?ids="), std::string("packages?ids=a"),
                                  std::string("packages?ids=0"), "packages?ids=" + Ids(many), std::string("export?ids=1&format=xlsx")}) {
    EXPECT_EQ(Get(rest).status, 422) << rest;
  }
  many.pop_back();
  EXPECT_EQ(Get("packages?ids=" + Ids(many)).status, 404) << "as many as are allowed, of which none is theirs";
  for (std::int64_t one = 51; one <= static_cast<std::int64_t>(kReportsAtOnce) + 1; ++one) many.push_back({one});
  EXPECT_EQ(Get("export?ids=" + Ids(many)).status, 422);
}

TEST(BulkExportTest, AReportOfWhichNothingIsKnownHasARowAllTheSame) {
  const std::string rows = ExportRows(Json().Set("report_id", 7));
  CsvReader reader(rows);
  EXPECT_THAT(reader.Row().value(), ElementsAre("7", "", "", "", "", "", "", "", "", "", "", "", "", ""));
  EXPECT_FALSE(reader.more());
}

}  // namespace
}  // namespace porchlight::referrals
