// Goal: supervisors see and set throttles over the API, and each refusal says what is wrong. Method: requests through the dispatcher.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "triage/testing/triage_rig.h"
#include "triage/throttles_http.h"

namespace porchlight::triage {
namespace {

using ::testing::HasSubstr;
using testing::TriageRig;
using testing::Wanted;

class ThrottlesHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<TriageRig>(GetParam());
    const Names names{[](std::int64_t id) { return "Platform " + std::to_string(id); },
                      [](std::int64_t id) { return "login-" + std::to_string(id); }};
    http_ = std::make_unique<ThrottlesHttp>(*rig_->database, rig_->throttles, names);
    for (http::Route& route : http_->Routes()) rig_->router.Add(std::move(route));
    auth::Caller supervisor = testing::TriageAnalyst(960);
    supervisor.login = "supervisor";
    supervisor.permissions.insert("triage.supervise");
    rig_->callers.Add(supervisor);
    Wanted wanted;
    wanted.escalation = "A child may be in danger";
    report_ = rig_->File(wanted);
    rig_->Judge();
    sender_ = rig_->TipOf(report_).organisation;
  }
  http::Response Post(const std::string& rest, const std::string& body, const std::string& login = "supervisor") {
    return rig_->Send(http::Method::kPost, "/api/v1/tips/throttles" + rest, login, "application/json", body);
  }
  std::string Wish(std::int64_t organisation, const std::string& reason = "A flood.", int days = 2) {
    return Json().Set("organisation", organisation).Set("reason", reason).Set("days", days).Serialize();
  }

  std::unique_ptr<TriageRig> rig_;
  std::unique_ptr<ThrottlesHttp> http_;
  std::int64_t report_ = 0;
  std::int64_t sender_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ThrottlesHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(ThrottlesHttpTest, OneIsSetShownAndEnded) {
  const http::Response begun = Post("", Wish(sender_));
  ASSERT_EQ(begun.status, 201) << begun.body;
  const std::string id = std::to_string(*ParseJson(begun.body).value().Find("id")->AsInteger());
  rig_->hashing.Run();
  const Json list = ParseJson(rig_->Get("/api/v1/tips/throttles", "supervisor").body).value();
  const Json& one = list.Find("items")->AsArray()->front();
  EXPECT_EQ(one.Text("organisation_name"), "Platform " + std::to_string(sender_));
  EXPECT_EQ(one.Text("account_login"), "login-960");
  EXPECT_EQ(*one.Find("urgent_behind")->AsInteger(), 1);
  EXPECT_TRUE(one.Find("ended_at")->IsNull());
  const http::Response ended = Post("/" + id + "/end", R"({"note":"They mended it."})");
  ASSERT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(ParseJson(ended.body).value().Text("ended_by_login"), "login-960");
  EXPECT_EQ(Post("/" + id + "/end", R"({"note":"Again."})").status, 409);
}

TEST_P(ThrottlesHttpTest, WhatIsWrongIsRefused) {
  EXPECT_THAT(Post("", Wish(0)).body, HasSubstr("/organisation"));
  EXPECT_EQ(Post("", Wish(0)).status, 422);
  EXPECT_THAT(Post("", Wish(sender_, "", 1)).body, HasSubstr("/reason"));
  EXPECT_THAT(Post("", Wish(sender_, "Why", 31)).body, HasSubstr("/days"));
  EXPECT_EQ(Post("", Wish(sender_ + 1'000)).status, 404);
  EXPECT_EQ(Post("/77/end", R"({"note":"Over."})").status, 404);
  EXPECT_EQ(Post("/x/end", R"({"note":"Over."})").status, 404);
  EXPECT_EQ(Post("", Wish(sender_), "acme").status, 403);
  EXPECT_EQ(rig_->Get("/api/v1/tips/throttles", "acme").status, 403);
  EXPECT_EQ(Post("", Wish(sender_)).status, 201);
  EXPECT_EQ(Post("", Wish(sender_)).status, 409);
}

}  // namespace
}  // namespace porchlight::triage
