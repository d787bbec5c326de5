// Goal: replies are exactly the bytes that clients parse. Method: compare whole documents and read them back.
#include <gtest/gtest.h>

#include "platform/xml/document.h"
#include "platform/xml/schema.h"
#include "tipline/testing/wire_samples.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

const std::string kHead = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";

constexpr std::array kCodes = {Code::kSuccess, Code::kServerError, Code::kSaveFailed, Code::kUploadFailed, Code::kFileUploadFailed, Code::kResourceNotFound,
                               Code::kUpdateFailed, Code::kAuthenticationRequired, Code::kNotAuthorized, Code::kNotAuthorizedForSubmissions,
                               Code::kNotAuthorizedForUpdates, Code::kInvalidRequest, Code::kValidationFailed, Code::kMalformedXml, Code::kMalformedFile,
                               Code::kReportDoesNotExist, Code::kFileDoesNotExist, Code::kReportAlreadyRetracted, Code::kReportAlreadyFinished};

bool SatisfiesSchema(const std::string& reply) {
  static const xml::Schema schema = xml::Schema::Compile(testing::ReadSourceFile("api/ispws.xsd")).value();
  auto parsed = xml::Document::Parse(reply, xml::Limits{});
  const auto* document = std::get_if<xml::Document>(&parsed);
  return document != nullptr && schema.Validate(*document, 1).empty();
}

TEST(WireReplyTest, RepliesHaveTheExactForm) {
  EXPECT_EQ(ReportResponse({Code::kSuccess, "", 4564654, "", ""}),
            kHead + "<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription><reportId>4564654</reportId></reportResponse>");
  EXPECT_EQ(ReportResponse({Code::kSuccess, "", 1, "b07", "d41d8cd98f00b204e9800998ecf8427e"}),
            kHead + "<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription><reportId>1</reportId>"
                    "<fileId>b07</fileId><hash>d41d8cd98f00b204e9800998ecf8427e</hash></reportResponse>");
  EXPECT_EQ(ReportResponse({Code::kSuccess, "Remote User : a, Remote Ip : ::1", std::nullopt, "", ""}),
            kHead + "<reportResponse><responseCode>0</responseCode><responseDescription>Remote User : a, Remote Ip : ::1</responseDescription></reportResponse>");
  EXPECT_EQ(ReportDoneResponse(Code::kSuccess, "ignored", 7, {"a1", "b2"}),
            kHead + "<reportDoneResponse><responseCode>0</responseCode><reportId>7</reportId><files><fileId>a1</fileId><fileId>b2</fileId></files></reportDoneResponse>");
  EXPECT_EQ(ReportDoneResponse(Code::kSuccess, "", 7, {}),
            kHead + "<reportDoneResponse><responseCode>0</responseCode><reportId>7</reportId><files/></reportDoneResponse>");
  EXPECT_EQ(ReportDoneResponse(Code::kReportAlreadyRetracted, "", 7, {}),
            kHead + "<reportDoneResponse><responseCode>5101</responseCode><responseDescription>Report already retracted</responseDescription>"
                    "<reportId>7</reportId><files/></reportDoneResponse>");
}

TEST(WireReplyTest, AnyDescriptionLeavesTheReplyReadable) {
  const std::string zero(1, '\0');
  for (const std::string& text : {std::string("a < b & c > \"d\" 'e'"), std::string("line\nbreak"), "bell\x07" + zero, std::string("broken \xFF\xC3 bytes"), std::string("]]>"), std::string("\xC3\xA9")}) {
    const std::string reply = ReportResponse({Code::kInvalidRequest, text, std::nullopt, "", ""});
    EXPECT_TRUE(SatisfiesSchema(reply)) << reply;
  }
  auto parsed = xml::Document::Parse(ReportResponse({Code::kInvalidRequest, "a < b\n& \xC3\xA9", std::nullopt, "", ""}), xml::Limits{});
  EXPECT_EQ(std::get<xml::Document>(parsed).Root().Child("responseDescription").Text(), "a < b\n& \xC3\xA9");
}

TEST(WireReplyTest, EveryCodeHasALabelThatIsNoNumberAndAStatusOfItsFamily) {
  for (const Code code : kCodes) {
    const int number = static_cast<int>(code);
    EXPECT_FALSE(LabelOf(code).empty());
    EXPECT_TRUE(LabelOf(code)[0] >= 'A' && LabelOf(code)[0] <= 'Z');
    const int status = HttpStatusOf(code);
    if (number == 0) {
      EXPECT_EQ(status, 200);
    } else if (number < 2000 && code != Code::kResourceNotFound) {
      EXPECT_GE(status, 500) << number;
    } else {
      EXPECT_TRUE(status >= 400 && status < 500) << number;   // Never 5xx for a permanent error: two clients would send again.
    }
  }
  EXPECT_EQ(HttpStatusOf(Code::kValidationFailed), 400);
  EXPECT_EQ(HttpStatusOf(Code::kAuthenticationRequired), 401);
  EXPECT_EQ(HttpStatusOf(Code::kReportDoesNotExist), 404);
}

TEST(WireReplyTest, ARefusedFinishUsesItsOwnRootAndIsNeverA200UnlessTheReportIsFinished) {
  for (const Code code : kCodes) {
    if (code == Code::kSuccess) continue;
    const HttpAnswer answer = AnswerRefusal(Endpoint::kFinish, {code, "why", 7, "", ""}, {"a1"});
    EXPECT_TRUE(SatisfiesSchema(answer.body)) << answer.body;
    EXPECT_NE(answer.body.find("<reportDoneResponse><responseCode>" + std::to_string(static_cast<int>(code)) + "</responseCode><responseDescription>why</responseDescription><reportId>7</reportId>"),
              std::string::npos);
    EXPECT_EQ(answer.status, code == Code::kReportAlreadyFinished ? 200 : HttpStatusOf(code));
  }
  EXPECT_NE(AnswerRefusal(Endpoint::kFinish, {Code::kInvalidRequest, "", std::nullopt, "", ""}).body.find("<reportId>0</reportId>"), std::string::npos);
}

TEST(WireReplyTest, OtherRefusalsUseReportResponse) {
  for (const Endpoint endpoint : {Endpoint::kStatus, Endpoint::kXsd, Endpoint::kSubmit, Endpoint::kUpload, Endpoint::kFileInfo, Endpoint::kRetract}) {
    for (const Code code : kCodes) {
      if (code == Code::kSuccess) continue;
      const HttpAnswer answer = AnswerRefusal(endpoint, {code, "", 7, "", ""});
      EXPECT_TRUE(SatisfiesSchema(answer.body));
      EXPECT_NE(answer.body.find("<reportResponse><responseCode>"), std::string::npos);
      const bool repeated = endpoint == Endpoint::kRetract && code == Code::kReportAlreadyRetracted;
      EXPECT_EQ(answer.status, repeated ? 200 : HttpStatusOf(code));
    }
  }
}

TEST(WireReplyTest, ADescriptionListsAllProblemsInTheRecordedForm) {
  const Refusal refusal{Code::kValidationFailed, {{1, 2, "a", "r", "One."}, {3, 0, "b", "r", "Two."}}};
  EXPECT_EQ(refusal.Description(), "Validation failed\n[1,2] - One.\n[3,0] - Two.");
}

}  // namespace
}  // namespace porchlight::tipline::wire
