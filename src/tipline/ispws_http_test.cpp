// Goal: every call of the reporting API and every refusal of it, in its own dialect. Method: the routes behind a
// dispatcher, with callers that are known, foreign, without the permission, and unknown.
#include "tipline/ispws_http.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "platform/crypto/digest.h"
#include "tipline/report_store.h"
#include "tipline/testing/intake_rig.h"
#include "tipline/testing/wire_samples.h"
#include "tipline/tipline_jobs.h"

namespace porchlight::tipline {
namespace {

using http::Method;
using testing::Element;
using testing::FileInfoBody;
using testing::IntakeRig;
using testing::MinimalReport;
using testing::UploadBody;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kXml = "text/xml; charset=utf-8";
constexpr const char* kUrlEncoded = "application/x-www-form-urlencoded";
constexpr const char* kMultipart = "multipart/form-data; boundary=xyz";
const std::string kPng("\x89PNG\r\n\x1a\n synthetic", 18);

class IspwsHttpTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  void SetUp() override {
    PL_NEEDS_ENGINE(GetParam());
    rig_ = std::make_unique<IntakeRig>(GetParam());
  }
  http::Response Post(const std::string& path, const std::string& type, const std::string& body, const std::string& login = "acme",
                      std::vector<std::pair<std::string, std::string>> headers = {}) {
    return rig_->Send(Method::kPost, "/ispws" + path, login, type, body, std::move(headers));
  }
  std::string Submit(const std::string& login = "acme") {
    const auto response = Post("/submit", kXml, MinimalReport("Chat " + std::to_string(++documents_)), login);
    EXPECT_EQ(response.status, 200) << response.body;
    return Element(response.body, "reportId");
  }
  http::Response Upload(const std::string& id, const std::string& bytes = kPng, const std::string& name = "photo.png") {
    return Post("/upload", kMultipart, UploadBody("xyz", id, name, "image/png", bytes));
  }
  static void ExpectRefusal(const http::Response& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(Element(response.body, "responseCode"), code) << response.body;
    EXPECT_THAT(response.content_type, StartsWith("application/xml"));
    EXPECT_FALSE(Element(response.body, "responseDescription").empty());
  }

  std::unique_ptr<IntakeRig> rig_;
  int documents_ = 0;
};

TEST_P(IspwsHttpTest, StatusNamesTheCallerAndTheirAddress) {
  const auto response = rig_->Get("/ispws/status", "acme");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><reportResponse><responseCode>0</responseCode>"
            "<responseDescription>Remote User : acme, Remote Ip : 192.0.2.7</responseDescription></reportResponse>");
}

TEST_P(IspwsHttpTest, TheSchemaIsServedAsItIs) {
  EXPECT_EQ(rig_->Get("/ispws/xsd", "acme").body, testing::ReadSourceFile("api/ispws.xsd"));
}

TEST_P(IspwsHttpTest, AWholeReportGoesThrough) {
  const std::string id = Submit();
  const auto uploaded = Upload(id);
  ASSERT_EQ(uploaded.status, 200) << uploaded.body;
  const std::string file = Element(uploaded.body, "fileId");
  EXPECT_EQ(Element(uploaded.body, "reportId"), id);
  EXPECT_EQ(Element(uploaded.body, "hash"), HexEncode(crypto::Md5(kPng)));
  const auto described = Post("/fileinfo", "text/plain;charset=UTF-8", FileInfoBody(*ParseInteger(id), file, "<fileViewedByEsp>true</fileViewedByEsp>"));
  EXPECT_EQ(described.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><reportResponse><responseCode>0</responseCode>"
            "<responseDescription>Success</responseDescription><reportId>" + id + "</reportId><fileId>" + file + "</fileId></reportResponse>");
  const auto finished = Post("/finish", kUrlEncoded, "id=" + id);
  EXPECT_EQ(finished.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><reportDoneResponse><responseCode>0</responseCode><reportId>" + id +
                "</reportId><files><fileId>" + file + "</fileId></files></reportDoneResponse>");
}

TEST_P(IspwsHttpTest, AnyContentTypeWillDoForDocuments) {
  for (const char* type : {"text/xml", "application/xml", "text/plain;charset=UTF-8", "application/octet-stream", ""}) {
    EXPECT_EQ(Post("/submit", type, MinimalReport(std::string("Chat ") + type)).status, 200) << type;
  }
}

TEST_P(IspwsHttpTest, FinishAndRetractTakeEitherFormEncoding) {
  const auto multipart = [](const std::string& id) { return "--xyz\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--xyz--\r\n"; };
  EXPECT_EQ(Post("/finish", kMultipart, multipart(Submit())).status, 200);
  EXPECT_EQ(Post("/retract", kMultipart, multipart(Submit())).status, 200);
  EXPECT_EQ(Post("/finish", kUrlEncoded, "id=" + Submit()).status, 200);
  const std::string id = Submit();
  EXPECT_EQ(Post("/retract", kUrlEncoded, "id=" + id).body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><reportResponse><responseCode>0</responseCode>"
            "<responseDescription>Success</responseDescription><reportId>" + id + "</reportId></reportResponse>");
}

TEST_P(IspwsHttpTest, NobodyAndTheWrongPeopleAreRefusedInTheDialect) {
  for (const char* path : {"/ispws/status", "/ispws/xsd"}) {
    const auto response = rig_->Get(path, "");
    ExpectRefusal(response, 401, "2000");
    EXPECT_EQ(response.headers.Find("WWW-Authenticate"), "Basic realm=\"ESP Web Services\"");
    ExpectRefusal(rig_->Get(path, "analyst"), 403, "3000");
  }
  ExpectRefusal(Post("/submit", kXml, MinimalReport(), ""), 401, "2000");
  ExpectRefusal(Post("/submit", kXml, MinimalReport(), "analyst"), 403, "3100");
  for (const char* path : {"/upload", "/fileinfo", "/finish", "/retract"}) {
    ExpectRefusal(Post(path, kUrlEncoded, "id=1", "stranger"), 401, "2000");
    ExpectRefusal(Post(path, kUrlEncoded, "id=1", "analyst"), 403, "3300");
  }
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_reports"), 0);
}

TEST_P(IspwsHttpTest, WhatIsNotThereAndWhatIsNotSpokenAreRefusedInTheDialect) {
  ExpectRefusal(rig_->Get("/ispws/reports", "acme"), 404, "1210");
  ExpectRefusal(rig_->Get("/ispws", "acme"), 404, "1210");
  ExpectRefusal(Post("/nothing", kXml, ""), 404, "1210");
  ExpectRefusal(rig_->Get("/ispws/submit", "acme"), 405, "4000");
  ExpectRefusal(rig_->Send(Method::kDelete, "/ispws/status", "acme", "", ""), 405, "4000");
}

TEST_P(IspwsHttpTest, ARefusedDocumentNamesLineColumnElementAndRule) {
  std::string document = MinimalReport();
  document.replace(document.find("Child Sex Trafficking"), 21, "Child Sex Traffickin");
  const auto response = Post("/submit", kXml, "\n" + document);
  ExpectRefusal(response, 400, "4100");
  EXPECT_THAT(Element(response.body, "responseDescription"), StartsWith("Validation failed\n[2,"));
  EXPECT_THAT(response.body, HasSubstr("incidentType"));
  ExpectRefusal(Post("/submit", kXml, "<report>"), 400, "4110");
  ExpectRefusal(Post("/submit", kXml, ""), 400, "4110");
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_reports"), 0);
}

TEST_P(IspwsHttpTest, UploadsTakeTheirPartsInAnyOrderAndIgnoreWhatTheyDoNotKnow) {
  const std::string id = Submit();
  const std::string file_first = "--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--xyz\r\nContent-Disposition: form-data; "
      "name=\"file\"; filename=\"/tmp/a/b.png\"\r\n\r\n" + kPng + "\r\n--xyz\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--xyz--\r\n";
  ASSERT_EQ(Post("/upload", kMultipart, file_first).status, 200);
  const auto files = rig_->database->Read([&](store::ReadTransaction& transaction) { return ListFiles(transaction, rig_->sealer, {*ParseInteger(id)}); });
  EXPECT_EQ(files->front().name.Reveal(), "b.png");
  EXPECT_EQ(files->front().kind, FileKind::kImage);
  EXPECT_EQ(files->front().sniffed_type, "image/png");
  EXPECT_EQ(files->front().declared_type, "");
}

TEST_P(IspwsHttpTest, AnUploadThatIsNoFormIsRefusedWithTheReason) {
  const std::string id = Submit();
  ExpectRefusal(Post("/upload", "text/plain", "id=1"), 400, "4000");
  ExpectRefusal(Post("/upload", kMultipart, "--xyz\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + id + "\r\n--xyz--\r\n"), 400, "4200");
  ExpectRefusal(Post("/upload", kMultipart, UploadBody("xyz", "twelve", "a", "image/png", kPng)), 400, "4000");
  ExpectRefusal(Post("/upload", kMultipart, "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbytes\r\n--xyz--\r\n"), 400, "4000");
  std::string cut = UploadBody("xyz", id, "a", "image/png", kPng);
  cut.resize(cut.size() - 8);
  ExpectRefusal(Post("/upload", kMultipart, cut), 400, "4200");
  std::string twice = UploadBody("xyz", id, "a", "image/png", kPng);
  twice.resize(twice.size() - 9);
  twice += "\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\nmore\r\n--xyz--\r\n";
  ExpectRefusal(Post("/upload", kMultipart, twice), 400, "4200");
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_files"), 0);
}

TEST_P(IspwsHttpTest, AFileMayBeAsLargeAsTheLimitAndNotAByteLarger) {
  const std::string id = Submit();
  EXPECT_EQ(Upload(id, std::string(100'000, 'x')).status, 200);
  ExpectRefusal(Upload(id, std::string(100'001, 'x')), 413, "4200");
  EXPECT_EQ(Upload(id, "").status, 200);
}

TEST_P(IspwsHttpTest, ADocumentOverTheLimitIsMalformedXmlAndAFormAnInvalidRequest) {
  const std::string huge(4 * 1024 * 1024 + 1, ' ');
  for (const char* path : {"/submit", "/fileinfo"}) ExpectRefusal(Post(path, "text/xml", huge), 413, "4110");
  ExpectRefusal(Post("/retract", "application/x-www-form-urlencoded", huge), 413, "4000");
}

TEST_P(IspwsHttpTest, AReportOfSomebodyElseAnswersAsOneThatDoesNotExist) {
  const std::string id = Submit("other");
  const auto strip = [&](std::string body, const std::string& own) {
    return body.replace(body.find(own), own.size(), "N");
  };
  const std::string unknown = std::to_string(*ParseInteger(id) + 500);
  for (const char* path : {"/finish", "/retract"}) {
    const auto foreign = Post(path, kUrlEncoded, "id=" + id);
    const auto nothing = Post(path, kUrlEncoded, "id=" + unknown);
    ExpectRefusal(foreign, 404, "5001");
    EXPECT_EQ(strip(foreign.body, "<reportId>" + id), strip(nothing.body, "<reportId>" + unknown));
  }
  ExpectRefusal(Upload(id), 404, "5001");
  ExpectRefusal(Post("/fileinfo", kXml, FileInfoBody(*ParseInteger(id), std::string(32, 'a'))), 404, "5001");
  EXPECT_THAT(Element(Post("/finish", kUrlEncoded, "id=" + id).body, "reportDoneResponse"), Not(IsEmpty()));
}

TEST_P(IspwsHttpTest, AFinishedReportIsRefusedEveryChangeAndAFinishAgainListsTheFiles) {
  const std::string id = Submit();
  const std::string file = Element(Upload(id).body, "fileId");
  const auto first = Post("/finish", kUrlEncoded, "id=" + id);
  ExpectRefusal(Upload(id), 409, "5102");
  ExpectRefusal(Post("/fileinfo", kXml, FileInfoBody(*ParseInteger(id), file)), 409, "5102");
  ExpectRefusal(Post("/retract", kUrlEncoded, "id=" + id), 409, "5102");
  const auto again = Post("/finish", kUrlEncoded, "id=" + id);
  ExpectRefusal(again, 200, "5102");
  EXPECT_EQ(Element(again.body, "files"), Element(first.body, "files"));
}

TEST_P(IspwsHttpTest, ARetractedReportIsRefusedEveryChange) {
  const std::string id = Submit();
  const std::string file = Element(Upload(id).body, "fileId");
  ASSERT_EQ(Post("/retract", kUrlEncoded, "id=" + id).status, 200);
  ExpectRefusal(Upload(id), 409, "5101");
  ExpectRefusal(Post("/fileinfo", kXml, FileInfoBody(*ParseInteger(id), file)), 409, "5101");
  ExpectRefusal(Post("/finish", kUrlEncoded, "id=" + id), 409, "5101");
  ExpectRefusal(Post("/retract", kUrlEncoded, "id=" + id), 200, "5101");
}

TEST_P(IspwsHttpTest, AFileThatIsNotThereIsRefused) {
  const std::string id = Submit();
  ExpectRefusal(Post("/fileinfo", kXml, FileInfoBody(*ParseInteger(id), std::string(32, 'a'))), 400, "5002");
}

TEST_P(IspwsHttpTest, AFormWithoutANumberIsRefused) {
  for (const char* body : {"", "id=", "id=abc", "report=1", "id=99999999999999999999"}) {
    ExpectRefusal(Post("/finish", kUrlEncoded, body), 400, "4000");
    ExpectRefusal(Post("/retract", kUrlEncoded, body), 400, "4000");
  }
}

TEST_P(IspwsHttpTest, AnIdempotencyKeyOpensOneReportAndWithOtherBytesIsAConflict) {
  const auto first = Post("/submit", kXml, MinimalReport(), "acme", {{"Idempotency-Key", "k"}});
  const auto again = Post("/submit", kXml, MinimalReport(), "acme", {{"Idempotency-Key", "k"}});
  EXPECT_EQ(again.body, first.body);
  ExpectRefusal(Post("/submit", kXml, MinimalReport("Other"), "acme", {{"Idempotency-Key", "k"}}), 409, "4000");
  ExpectRefusal(Post("/submit", kXml, MinimalReport(), "acme", {{"Idempotency-Key", std::string(256, 'k')}}), 400, "4000");
}

// Takes every byte and stores none of them.
class RefusingVault final : public vault::Vault {
 public:
  explicit RefusingVault(Error error) : error_(std::move(error)) {}
  Result<std::unique_ptr<vault::Writer>> Begin() override { return std::unique_ptr<vault::Writer>(std::make_unique<RefusingWriter>(error_)); }
  Result<void> Read(const vault::ObjectReference&, const std::function<Result<void>(std::string_view)>&) override { return error_; }
  Result<std::int64_t> Sweep(Instant, const std::function<bool(const std::string&)>&) override { return error_; }
  Result<void> Verify(const vault::ObjectReference&) override { return error_; }
  std::int64_t BytesFree() const override { return 0; }

 private:
  class RefusingWriter final : public vault::Writer {
   public:
    explicit RefusingWriter(const Error& error) : error_(error) {}
    Result<void> Append(std::string_view) override { return {}; }
    Result<vault::StoredObject> Commit() override { return error_; }

   private:
    const Error error_;
  };

  const Error error_;
};

TEST_P(IspwsHttpTest, AFileThatCannotBeStoredIsRefusedSaysWhenToComeAgainAndLeavesNoRow) {
  const std::string id = Submit();
  for (const auto& [code, status] : {std::pair{ErrorCode::kUnavailable, 503}, std::pair{ErrorCode::kNoSpace, 507}}) {
    RefusingVault refusing(Error{code, "Not now.", {}, {}, 5});
    IspwsHttp ispws(*rig_->intake, testing::WireReader(), refusing, rig_->clock, {}, {});
    http::Router router;
    for (http::Route& route : ispws.Routes()) router.Add(std::move(route));
    http::Dispatcher dispatcher(router, rig_->callers);
    http::Request request;
    request.method = Method::kPost;
    request.target = "/ispws/upload";
    request.headers.Add("Authorization", "Basic " + Base64Encode("acme:right"));
    request.headers.Add("Content-Type", kMultipart);
    request.body = UploadBody("xyz", id, "photo.png", "image/png", kPng);
    const http::Response response = dispatcher.Handle(std::move(request));
    ExpectRefusal(response, status, "1111");
    EXPECT_EQ(Element(response.body, "reportId"), id);
    EXPECT_EQ(response.headers.Find("Retry-After"), "5");
  }
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_files"), 0);
}

// A crash, or a refusal, between the object and its row: the row never exists, and the object goes with the sweep.
TEST_P(IspwsHttpTest, AnObjectWhoseRowWasRefusedIsSweptAndOneInUseStays) {
  const std::string id = Submit();
  ASSERT_EQ(Upload(id, "kept bytes").status, 200);
  auto writer = rig_->vault->Begin().value();
  ASSERT_TRUE(writer->Append("orphaned bytes").ok());
  const vault::StoredObject orphan = writer->Commit().value();
  const JobsContext context{*rig_->database, *rig_->intake, *rig_->vault, rig_->clock};
  const auto exists = [&](const vault::ObjectReference& reference) { return rig_->vault->Verify(reference).ok(); };
  ASSERT_TRUE(exists(orphan.reference));
  // The folder's own clock is real: far enough ahead, everything is old.
  rig_->clock.JumpTo(rig_->start() + Duration::Days(36'500));
  EXPECT_GE(*SweepObjects(context), 1);
  EXPECT_FALSE(exists(orphan.reference));
  EXPECT_EQ(rig_->Count("SELECT COUNT(*) FROM tipline_files"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, IspwsHttpTest, ::testing::ValuesIn(store::EnginesUnderTest()), store::EngineName());

}  // namespace
}  // namespace porchlight::tipline
