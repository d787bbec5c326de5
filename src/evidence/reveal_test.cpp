// Goal: a file is shown only through the door, as the preview of the process that may decode, after the read stands in the log
// and is counted; every way in which nothing is shown counts nothing and says why; a person's day has an end; who sees whose
// counts. Method: requests through the dispatcher, both engines, a clock driven by hand, and a stand-in for the worker, whose own
// tests are media's (PreviewTest); web/e2e/7_reveal.e2e.mjs has the whole of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "evidence/testing/evidence_rig.h"

namespace porchlight::evidence {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Details;
using testing::EvidenceRig;
using tipline::Answer;
using tipline::FileId;
using tipline::ReportId;

class RevealTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<EvidenceRig>(GetParam());
    const std::string viewed = Details(Answer::kYes, Answer::kNo);
    report_ = rig_->File({viewed, "", viewed, viewed, viewed, viewed});
    ASSERT_TRUE(rig_->gatekeeper.DecideFiles(report_).ok());
  }
  std::string PathOf(int place) const {
    return "/api/v1/files/" + std::to_string(EvidenceRig::FileOf(report_, place).value) + "/reveal";
  }
  http::Response Post(const std::string& target, const std::string& body, const std::string& login = "reviewer") {
    return rig_->Send(http::Method::kPost, target, login, "application/json", body);
  }
  http::Response Reveal(int place, const std::string& blur = "strong", const std::string& login = "reviewer") {
    return Post(PathOf(place), R"({"purpose":"triage","blur":")" + blur + "\"}", login);
  }
  Json Shown(int place, const std::string& blur = "strong") {
    const http::Response response = Reveal(place, blur);
    EXPECT_EQ(response.status, 200) << response.body;
    return ParseJson(response.body).value();
  }
  Json Get(const std::string& target, const std::string& login) {
    const http::Response response = rig_->Get(target, login);
    EXPECT_EQ(response.status, 200) << response.body;
    return ParseJson(response.body).value();
  }
  static std::int64_t Number(const Json& json, std::string_view name) {
    const Json* member = json.Find(name);
    return member == nullptr || member->AsInteger() == nullptr ? -1 : *member->AsInteger();
  }
  std::vector<audit::RecordedEntry> Opens() {
    std::vector<audit::RecordedEntry> opens;
    for (audit::RecordedEntry& one : rig_->Trail(report_)) {
      if (one.entry.action == "evidence.file.open") opens.push_back(std::move(one));
    }
    return opens;
  }
  std::int64_t Counted() { return rig_->Count("SELECT COUNT(*) FROM evidence_reveals WHERE shown = 1"); }
  // Refused by that code and field, with nothing of a file, and not counted; `denied`: the refusal is in the report's trail.
  void ExpectRefused(const http::Response& response, int status, const std::string& field, bool denied) {
    const std::int64_t before = Counted();
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_THAT(response.body, AllOf(HasSubstr("\"field\":\"" + field + "\""), Not(HasSubstr("png"))));
    EXPECT_EQ(Counted(), before);
    ASSERT_FALSE(Opens().empty());
    EXPECT_EQ(Opens().back().entry.denied, denied);
  }

  std::unique_ptr<EvidenceRig> rig_;
  ReportId report_;
};
INSTANTIATE_TEST_SUITE_P(Engines, RevealTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

TEST_P(RevealTest, APreviewIsShownAfterItsReadWasRecordedAndCounted) {
  std::size_t opens_before_decoding = 0;
  std::int64_t counted_before_decoding = 0;
  std::string decoded;
  const auto usual = rig_->make_preview;
  rig_->make_preview = [&](std::string_view bytes, media::PreviewBlur blur) {
    opens_before_decoding = Opens().size();
    counted_before_decoding = Counted();
    decoded = bytes;
    return usual(bytes, blur);
  };
  const http::Response response = Reveal(1);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.headers.Find("Cache-Control"), "no-store");
  EXPECT_THAT(response.body, Not(HasSubstr("a harmless picture")));
  EXPECT_EQ(opens_before_decoding, 1U);
  EXPECT_EQ(counted_before_decoding, 1);
  EXPECT_EQ(decoded, EvidenceRig::BytesOf(0));
  const Json shown = ParseJson(response.body).value();
  EXPECT_EQ(shown.Text("blur"), "strong");
  EXPECT_EQ(Number(shown, "width"), 2);
  EXPECT_EQ(Number(shown, "height"), 1);
  EXPECT_EQ(Number(shown, "hide_after_seconds"), 60);
  EXPECT_EQ(Number(shown, "file_reveals"), 1);
  EXPECT_THAT(Base64Decode(shown.Text("png")).value(), ::testing::StartsWith("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(Number(*shown.Find("exposure"), "files"), 1);
  const audit::RecordedEntry entry = Opens().back();
  EXPECT_FALSE(entry.entry.denied);
  EXPECT_EQ(entry.entry.purpose, "triage");
  EXPECT_THAT(entry.entry.detail, AllOf(HasSubstr(R"("rule":"viewed_by_esp")"), HasSubstr(R"("reveal":"strong")")));
}

TEST_P(RevealTest, WithoutAWordItIsStrongAndEachStepIsCountedTheUnblurredApart) {
  const http::Response unsaid = Post(PathOf(1), R"({"purpose":"triage"})");
  EXPECT_EQ(ParseJson(unsaid.body)->Text("blur"), "strong");
  Shown(1, "light");
  const Json shown = Shown(1, "none");
  EXPECT_EQ(Number(shown, "file_reveals"), 3);
  const Json& exposure = *shown.Find("exposure");
  EXPECT_EQ(Number(exposure, "reveals"), 3);
  EXPECT_EQ(Number(exposure, "files"), 1);
  EXPECT_EQ(Number(exposure, "unblurred"), 1);
  EXPECT_EQ(Opens().size(), 3U);
  EXPECT_THAT(Opens().back().entry.detail, HasSubstr(R"("reveal":"none")"));
  const Json gate = Get("/api/v1/reports/" + std::to_string(report_.value) + "/gate", "reviewer");
  EXPECT_EQ(Number(gate.Find("items")->AsArray()->at(0), "reveals"), 3);
  EXPECT_EQ(Number(gate.Find("items")->AsArray()->at(1), "reveals"), 0);
}

TEST_P(RevealTest, EachRefusalOfTheDoorIsARefusalHere) {
  ExpectRefused(Reveal(2), 403, "gate", true);
  ExpectRefused(Post(PathOf(1), R"({"purpose":"curiosity"})"), 422, "purpose", true);
  rig_->callers.denied = 0;
  EXPECT_EQ(Reveal(1, "strong", "legal").status, 403);
  EXPECT_EQ(rig_->callers.denied, 1);
  EXPECT_EQ(Reveal(1, "strong", "").status, 401);
  EXPECT_EQ(Post(PathOf(1), "{}").status, 422);
  EXPECT_EQ(Post(PathOf(1), R"({"purpose":"triage","blur":"very little"})").status, 422);
  EXPECT_EQ(Counted(), 0);
}

TEST_P(RevealTest, WhatIsNotThereAndWhatIsNotFiledAnswerAlike) {
  const std::int64_t open = rig_->Open({Details(Answer::kYes, Answer::kNo)});
  const std::string unfiled = "/api/v1/files/" + std::to_string(EvidenceRig::FileOf({open}, 1).value) + "/reveal";
  const http::Response first = Post(unfiled, R"({"purpose":"triage"})");
  EXPECT_EQ(first.status, 404);
  for (const std::string id : {"999999999999", "0", "-1", "x", "99999999999999999999"}) {
    const http::Response other = Post("/api/v1/files/" + id + "/reveal", R"({"purpose":"triage"})");
    EXPECT_EQ(other.status, 404) << id;
    EXPECT_EQ(ParseJson(other.body)->Find("error")->Text("message"), ParseJson(first.body)->Find("error")->Text("message")) << id;
  }
  EXPECT_EQ(Counted(), 0);
}

TEST_P(RevealTest, WhatHasNoPreviewSaysSoAndCountsNothing) {
  for (const auto outcome : {media::MediaOutcome::kUnsupported, media::MediaOutcome::kDamaged, media::MediaOutcome::kTooLarge,
                             media::MediaOutcome::kTookTooLong, media::MediaOutcome::kCrashed}) {
    rig_->make_preview = [&](std::string_view, media::PreviewBlur) -> Result<media::Preview> { return media::Preview{{}, outcome, true, "x"}; };
    const http::Response response = Reveal(1);
    ExpectRefused(response, outcome == media::MediaOutcome::kTooLarge ? 413 : 415, "preview_" + std::string(NameOf(outcome)), false);
    EXPECT_THAT(response.body, HasSubstr("in the package"));
  }
  rig_->make_preview = [](std::string_view, media::PreviewBlur) -> Result<media::Preview> {
    return Error{ErrorCode::kUnavailable, "Pictures cannot be examined at the moment.", "the kernel refuses", {}, 0};
  };
  EXPECT_EQ(Reveal(1).status, 503);
  EXPECT_EQ(Counted(), 0);
  EXPECT_EQ(Opens().size(), 6U) << "each read stands, whatever came out";
  EXPECT_EQ(Number(Get("/api/v1/exposure/mine", "reviewer"), "reveals"), 0);
}

TEST_P(RevealTest, AFileOverTheLimitOfBytesIsNotDecoded) {
  Revealing small(*rig_->database, rig_->door, {[](std::string_view, media::PreviewBlur) -> Result<media::Preview> {
                    ADD_FAILURE() << "decoded";
                    return media::Preview();
                  }, 1'000}, rig_->clock, rig_->limits);
  const auto revealed = small.Reveal(testing::Reviewer(), EvidenceRig::FileOf(report_, 1), "triage", media::PreviewBlur::kStrong, "r");
  ASSERT_FALSE(revealed.ok());
  EXPECT_EQ(revealed.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(revealed.error().field, "preview_too_large");
  EXPECT_EQ(Counted(), 0);
}

TEST_P(RevealTest, ADayHasSoManyFilesAndAWordComesBefore) {
  for (const int place : {1, 3}) {
    const Json shown = Shown(place);
    EXPECT_FALSE(*shown.Find("exposure")->Find("near")->AsBool());
    EXPECT_EQ(Post("/api/v1/reveals/" + std::to_string(Number(shown, "reveal")) + "/end", "").status, 204);
  }
  const Json third = Shown(4);
  EXPECT_TRUE(*third.Find("exposure")->Find("near")->AsBool());
  EXPECT_TRUE(*third.Find("exposure")->Find("reached")->AsBool());
  const http::Response fourth = Reveal(5);
  ExpectRefused(fourth, 429, "exposure", true);
  EXPECT_TRUE(fourth.headers.Find("Retry-After").has_value());
  EXPECT_THAT(Opens().back().entry.detail, AllOf(HasSubstr(R"("rule":"exposure")"), HasSubstr(R"("reveal":"strong")")));
  EXPECT_EQ(Reveal(4, "light").status, 200) << "a file that was revealed today is no new one";
  EXPECT_EQ(Reveal(5, "strong", "supervisor").status, 200) << "the limit is each person's own";
  rig_->clock.Advance(Duration::Days(1));
  EXPECT_EQ(Reveal(5).status, 200);
  EXPECT_EQ(Number(Get("/api/v1/exposure/mine", "reviewer"), "files"), 1);
}

TEST_P(RevealTest, ADayHasSoMuchTimeOnTheScreen) {
  const Json first = Shown(1);
  rig_->clock.Advance(Duration::Seconds(20));
  const std::string end = "/api/v1/reveals/" + std::to_string(Number(first, "reveal")) + "/end";
  EXPECT_EQ(Post(end, "").status, 204);
  rig_->clock.Advance(Duration::Seconds(20));
  EXPECT_EQ(Post(end, "").status, 204) << "a repeat changes nothing";
  EXPECT_EQ(Number(Get("/api/v1/exposure/mine", "reviewer"), "seconds"), 20);
  Shown(1);
  rig_->clock.Advance(Duration::Seconds(30));
  Shown(1, "light");  // Ends the one before.
  rig_->clock.Advance(Duration::Hours(1));
  EXPECT_EQ(Number(Get("/api/v1/exposure/mine", "reviewer"), "seconds"), 20 + 30 + 60) << "what nobody closed counts as long as it could be seen";
  Shown(3);
  rig_->clock.Advance(Duration::Seconds(10));
  ExpectRefused(Reveal(3), 429, "exposure", true);
}

TEST_P(RevealTest, OnlyOnesOwnRevealIsEnded) {
  const std::string end = "/api/v1/reveals/" + std::to_string(Number(Shown(1), "reveal")) + "/end";
  EXPECT_EQ(Post(end, "", "supervisor").status, 404);
  EXPECT_EQ(Post("/api/v1/reveals/999999/end", "").status, 404);
  EXPECT_EQ(Post("/api/v1/reveals/x/end", "").status, 404);
  EXPECT_EQ(Post(end, "", "legal").status, 403);
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM evidence_reveals WHERE ended_at IS NOT NULL"), 0);
}

TEST_P(RevealTest, SupervisorsSeePeopleAndTheWelfareLeadSumsOfSeveral) {
  Shown(1, "none");
  EXPECT_EQ(Reveal(3, "strong", "supervisor").status, 200);
  Json all = Get("/api/v1/exposure", "supervisor");
  ASSERT_EQ(all.Find("people")->AsArray()->size(), 2U);
  EXPECT_EQ(all.Find("people")->AsArray()->at(0).Text("login"), "login-960");
  EXPECT_EQ(Number(*all.Find("people")->AsArray()->at(0).Find("exposure"), "unblurred"), 1);
  EXPECT_TRUE(all.Find("days")->AsArray()->at(0).Find("reveals")->IsNull()) << "a sum of two tells one of them about the other";
  Json sums = Get("/api/v1/exposure", "welfare");
  EXPECT_EQ(sums.Find("people"), nullptr);
  auth::Caller third = testing::Reviewer(961);
  third.login = "third";
  rig_->callers.Add(third);
  EXPECT_EQ(Reveal(1, "strong", "third").status, 200);
  sums = Get("/api/v1/exposure", "welfare");
  const Json& day = sums.Find("days")->AsArray()->at(0);
  EXPECT_EQ(Number(day, "people"), 3);
  EXPECT_EQ(Number(day, "reveals"), 3);
  EXPECT_EQ(Number(day, "unblurred"), 1);
  EXPECT_EQ(day.Text("day"), FormatDate(rig_->clock.Now()));
  rig_->clock.Advance(Duration::Days(14));
  EXPECT_TRUE(Get("/api/v1/exposure", "welfare").Find("days")->AsArray()->empty());
  EXPECT_EQ(rig_->Get("/api/v1/exposure", "reviewer").status, 403);
  EXPECT_EQ(rig_->Get("/api/v1/exposure/mine", "welfare").status, 403);
}

TEST(ExposureTest, NearAndReachedAreByFilesOrByTime) {
  const ExposureLimits limits{10, Duration::Minutes(10), Duration::Seconds(60)};
  EXPECT_FALSE(IsNear({50, 7, 0, Duration::Minutes(7)}, limits));
  EXPECT_TRUE(IsNear({8, 8, 0, {}}, limits));
  EXPECT_TRUE(IsNear({1, 1, 0, Duration::Minutes(8)}, limits));
  EXPECT_FALSE(NoNewFile({50, 9, 0, {}}, limits));
  EXPECT_TRUE(NoNewFile({50, 10, 0, {}}, limits));
  EXPECT_FALSE(NoMoreTime({1, 1, 0, Duration::Seconds(599)}, limits));
  EXPECT_TRUE(NoMoreTime({1, 1, 0, Duration::Minutes(10)}, limits));
}

TEST(RevealDocumentTest, EachRouteIsDescribed) {
  const std::vector<http::ApiOperation> operations = RevealHttp::Operations();
  EXPECT_EQ(operations.size(), 4U);
  EXPECT_THAT(http::OpenApiDocument("t", "1", operations).Serialize(), HasSubstr("/api/v1/files/{id}/reveal"));
}

}  // namespace
}  // namespace porchlight::evidence
