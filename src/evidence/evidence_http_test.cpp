// Goal: the routes show what was decided and why, record and revoke what counts, refuse whoever may not, and never send
// content. Method: requests through the dispatcher, both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/testing/evidence_rig.h"

namespace porchlight::evidence {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Details;
using testing::EvidenceRig;
using tipline::Answer;
using tipline::ReportId;

class EvidenceHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<EvidenceRig>(GetParam());
    report_ = rig_->File({Details(Answer::kYes, Answer::kNo), ""});
  }
  std::string Path(const std::string& rest) const { return "/api/v1/reports/" + std::to_string(report_.value) + rest; }
  Json Get(const std::string& target, const std::string& login = "reviewer") {
    const http::Response response = rig_->Get(target, login);
    EXPECT_EQ(response.status, 200) << response.body;
    return ParseJson(response.body).value();
  }
  http::Response Post(const std::string& target, const std::string& body, const std::string& login = "legal") {
    return rig_->Send(http::Method::kPost, target, login, "application/json", body);
  }
  static std::int64_t Number(const Json& json, std::string_view name) {
    const Json* member = json.Find(name);
    return member == nullptr || member->AsInteger() == nullptr ? -1 : *member->AsInteger();
  }

  std::unique_ptr<EvidenceRig> rig_;
  ReportId report_;
};
INSTANTIATE_TEST_SUITE_P(Engines, EvidenceHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

const std::string kWarrant = R"({"kind":"warrant","reference":"26-mj-0001","from":"2026-11-23T00:00:00Z","all_files":true})";

TEST_P(EvidenceHttpTest, ShowsEachFileWithItsDecisionAndSaysWhatIsUndecided) {
  Json gate = Get(Path("/gate"));
  ASSERT_EQ(gate.Find("items")->AsArray()->size(), 2U);
  EXPECT_EQ(gate.Find("items")->AsArray()->at(0).Text("rule"), "undecided");
  EXPECT_EQ(gate.Find("items")->AsArray()->at(0).Text("decision"), "blocked");
  ASSERT_TRUE(rig_->gatekeeper.DecideFiles(report_).ok());
  gate = Get(Path("/gate?language=es"));
  const Json& first = gate.Find("items")->AsArray()->at(0);
  EXPECT_EQ(first.Text("decision"), "open");
  EXPECT_EQ(first.Text("rule"), "viewed_by_esp");
  EXPECT_EQ(first.Text("label"), "La plataforma vio este mismo archivo");
  EXPECT_THAT(std::string(first.Text("citation")), HasSubstr("confirm with counsel"));
  EXPECT_TRUE(first.Find("review")->IsNull());
  EXPECT_EQ(gate.Find("items")->AsArray()->at(1).Text("rule"), "none");
  EXPECT_EQ(gate.Find("items")->AsArray()->at(1).Text("viewed_by_esp"), "missing");

  const Json page = Get(Path("/gate?limit=1"));
  EXPECT_EQ(page.Find("items")->AsArray()->size(), 1U);
  const Json rest = Get(Path("/gate?limit=1&after=" + std::to_string(Number(page, "next_after"))));
  EXPECT_EQ(Number(rest.Find("items")->AsArray()->at(0), "file"), EvidenceRig::FileOf(report_, 2).value);
  EXPECT_EQ(rig_->Get(Path("/gate?limit=0"), "reviewer").status, 422);
}

TEST_P(EvidenceHttpTest, AFlagForReviewIsShownUntilItIsDecidedAgain) {
  ASSERT_TRUE(rig_->gatekeeper.DecideFiles(report_).ok());
  std::string later = testing::ReplaceAll(testing::ReferenceTableText(), "\"version\": \"us-2026-11\"", "\"version\": \"us-2026-12\"");
  later = testing::ReplaceAll(later, "2020-01-01", "2026-11-01");
  later = testing::ReplaceAll(later, "{\"viewed_by_esp\": \"yes\"}", "{\"viewed_by_esp\": \"yes\", \"warrant\": \"yes\"}");
  rig_->book = testing::BookWith(later);
  while (*rig_->gatekeeper.FlagForReview("us-2026-12")) {}
  const Json gate = Get(Path("/gate"));
  const Json& review = *gate.Find("items")->AsArray()->at(0).Find("review");
  EXPECT_EQ(review.Text("table"), "us-2026-12");
  EXPECT_EQ(review.Text("decision"), "blocked");
  EXPECT_EQ(gate.Find("items")->AsArray()->at(0).Text("decision"), "open");
  ASSERT_TRUE(rig_->gatekeeper.DecideAgain(testing::Legal(), report_, "", "r").ok());
  const Json after = Get(Path("/gate"));
  EXPECT_TRUE(after.Find("items")->AsArray()->at(0).Find("review")->IsNull());
  EXPECT_EQ(after.Find("items")->AsArray()->at(0).Text("decision"), "blocked");
}

TEST_P(EvidenceHttpTest, ARecordIsAddedAndRevokedAndTheGateFollows) {
  const http::Response added = Post(Path("/authorities"), kWarrant);
  ASSERT_EQ(added.status, 201) << added.body;
  const Json record = ParseJson(added.body).value();
  EXPECT_TRUE(*record.Find("in_force")->AsBool());
  EXPECT_TRUE(*record.Find("all_files")->AsBool());
  Json gate = Get(Path("/gate"));
  EXPECT_EQ(gate.Find("items")->AsArray()->at(1).Text("rule"), "warrant");
  EXPECT_EQ(gate.Find("authorities")->AsArray()->size(), 1U);
  EXPECT_EQ(Post(Path("/authorities"), kWarrant).status, 409);
  const std::string revoke = "/api/v1/authorities/" + std::to_string(Number(record, "id")) + "/revoke";
  EXPECT_EQ(Post(revoke, "").status, 200);
  EXPECT_EQ(Post(revoke, "").status, 409);
  gate = Get(Path("/gate"));
  EXPECT_EQ(gate.Find("items")->AsArray()->at(1).Text("decision"), "blocked");
  EXPECT_FALSE(*gate.Find("authorities")->AsArray()->at(0).Find("in_force")->AsBool());
  const std::string one = testing::ReplaceAll(
      kWarrant, "\"all_files\":true", "\"files\":[" + std::to_string(EvidenceRig::FileOf(report_, 2).value) + "]");
  EXPECT_EQ(Post(Path("/authorities"), one).status, 201);
}

TEST_P(EvidenceHttpTest, WrongBodiesAreRefusedByTheirMember) {
  struct Wrong {
    std::string from;
    std::string to;
    std::string field;
  };
  const std::vector<Wrong> all = {{"\"all_files\":true", "\"all_files\":true,\"files\":[1]", "/files"},
                                  {",\"all_files\":true", "", "/files"},
                                  {"warrant", "permission_of_a_model", "/kind"},
                                  {"26-mj-0001", "", "/reference"},
                                  {"2026-11-23T00:00:00Z", "2026-11-23T00:00:00", "/from"},
                                  {"\"all_files\":true", "\"all_files\":true,\"until\":\"2026-11-23T00:00:00Z\"", "/until"},
                                  {"\"all_files\":true", "\"all_files\":true,\"score\":1", "/score"}};
  for (const Wrong& wrong : all) {
    const http::Response response = Post(Path("/authorities"), testing::ReplaceAll(kWarrant, wrong.from, wrong.to));
    EXPECT_EQ(response.status, 422) << wrong.field;
    EXPECT_THAT(response.body, HasSubstr("\"" + wrong.field + "\"")) << response.body;
  }
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM evidence_authorities"), 0);
}

TEST_P(EvidenceHttpTest, WhoMayNotIsRefusedAndWhatIsNotThereIsNotFound) {
  rig_->callers.denied = 0;
  EXPECT_EQ(Post(Path("/authorities"), kWarrant, "reviewer").status, 403);
  EXPECT_EQ(Post("/api/v1/authorities/1/revoke", "", "reviewer").status, 403);
  EXPECT_EQ(rig_->Get(Path("/gate"), "acme").status, 403);
  EXPECT_EQ(rig_->Get("/api/v1/gate/table", "acme").status, 403);
  EXPECT_EQ(rig_->callers.denied, 4);
  EXPECT_EQ(rig_->Get(Path("/gate"), "").status, 401);
  for (const std::string id : {"4711", "0", "-1", "x", "99999999999999999999"}) {
    EXPECT_EQ(rig_->Get("/api/v1/reports/" + id + "/gate", "reviewer").status, 404) << id;
    EXPECT_EQ(Post("/api/v1/reports/" + id + "/authorities", kWarrant).status, 404) << id;
    EXPECT_EQ(Post("/api/v1/authorities/" + id + "/revoke", "").status, 404) << id;
  }
}

TEST_P(EvidenceHttpTest, TheTableIsShownInWords) {
  const Json table = Get("/api/v1/gate/table?language=es", "legal");
  EXPECT_EQ(table.Text("version"), "us-2026-11");
  EXPECT_EQ(table.Text("default_jurisdiction"), "US");
  EXPECT_EQ(table.Find("jurisdictions")->AsArray()->size(), 5U);
  const Json& place = table.Find("jurisdictions")->AsArray()->at(0);
  EXPECT_EQ(place.Text("code"), "US");
  EXPECT_EQ(place.Find("rules")->AsArray()->at(0).Text("label"), "La plataforma vio este mismo archivo");
  EXPECT_EQ(place.Find("rules")->AsArray()->at(0).Find("when")->Serialize(), "[\"viewed_by_esp\"]");
}

TEST_P(EvidenceHttpTest, NoRouteSendsContent) {
  ASSERT_TRUE(rig_->gatekeeper.DecideFiles(report_).ok());
  for (const http::Route& route : rig_->evidence_http.Routes()) {
    const std::string target = testing::ReplaceAll(route.pattern, "{id}", std::to_string(report_.value));
    for (const std::string login : {"reviewer", "legal"}) {
      const http::Response response = rig_->Send(route.method, target, login, "application/json", kWarrant);
      EXPECT_THAT(response.body, Not(HasSubstr("a harmless picture")));
      EXPECT_THAT(response.content_type, HasSubstr("json")) << target;
    }
  }
}

TEST(EvidenceDocumentTest, EachRouteIsDescribed) {
  const std::vector<http::ApiOperation> operations = EvidenceHttp::Operations();
  EXPECT_EQ(operations.size(), 4U);
  EXPECT_THAT(http::OpenApiDocument("t", "1", operations).Serialize(), HasSubstr("/api/v1/reports/{id}/gate"));
}

}  // namespace
}  // namespace porchlight::evidence
