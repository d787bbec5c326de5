// Goal: forms are read the same whatever the pieces they arrive in, and everything that is no form is refused.
// Method: each body is fed whole, byte by byte, and in every two-piece cut; the parts seen must not differ.
#include "platform/http/form.h"

#include <gtest/gtest.h>

namespace porchlight::http {
namespace {

constexpr std::size_t kWhole = 1 << 30;

// "name|file name|type|content;" per part, or the error's code.
std::string Read(const std::string& body, std::size_t first, std::size_t step, const FormLimits& limits = {}) {
  std::string seen;
  MultipartReader::Events events;
  events.begin = [&](const MultipartReader::Part& part) -> Result<void> {
    seen += part.name + "|" + (part.has_file_name ? part.file_name : "-") + "|" + part.content_type + "|";
    return {};
  };
  events.data = [&](std::string_view bytes) -> Result<void> {
    seen += bytes;
    return {};
  };
  events.end = [&]() -> Result<void> {
    seen += ";";
    return {};
  };
  MultipartReader reader("bound", events, limits);
  Result<void> result = reader.Feed(std::string_view(body).substr(0, first));
  for (std::size_t at = first; at < body.size() && result.ok(); at += step) {
    result = reader.Feed(std::string_view(body).substr(at, step));
  }
  if (result.ok()) result = reader.Finish();
  if (result.ok()) return seen;
  return result.error().code == ErrorCode::kTooLarge ? "too large" : "malformed";
}

std::string ReadEveryWay(const std::string& body) {
  const std::string whole = Read(body, kWhole, kWhole);
  EXPECT_EQ(Read(body, 1, 1), whole);
  for (std::size_t cut = 1; cut < body.size(); ++cut) EXPECT_EQ(Read(body, cut, kWhole), whole) << "cut at " << cut;
  return whole;
}

std::string PartText(const std::string& disposition, const std::string& content) {
  return "--bound\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}

TEST(MultipartTest, ReadsFieldsAndFilesInAnyPieces) {
  EXPECT_EQ(ReadEveryWay(PartText("name=\"id\"", "42") + PartText("name=\"file\"; filename=\"a.jpg\"", "\r\n--boun\r\rx") + "--bound--\r\n"),
            "id|-||42;file|a.jpg||\r\n--boun\r\rx;");
}

TEST(MultipartTest, SkipsPreambleEpilogueAndTransportPadding) {
  EXPECT_EQ(ReadEveryWay("hello\r\n--boundless\r\n--bound \t \r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/csv\r\n\r\n1"
                         "\r\n--bound--  \r\nbye\r\n--bound\r\n"),
            "a|-|text/csv|1;");
}

TEST(MultipartTest, ContentThatLooksLikeABoundaryStaysContent) {
  EXPECT_EQ(ReadEveryWay(PartText("name=a", "x\r\n--boundary\r\ny\n--bound\r\nz\r\n--bound\rw\r\n--bound \n") + "--bound--"),
            "a|-||x\r\n--boundary\r\ny\n--bound\r\nz\r\n--bound\rw\r\n--bound \n;");
}

TEST(MultipartTest, TakesEmptyContentWithAndWithoutItsOwnLine) {
  EXPECT_EQ(ReadEveryWay(PartText("name=a", "") + "--bound--"), "a|-||;");
  EXPECT_EQ(ReadEveryWay("--bound\r\nContent-Disposition: form-data; name=a\r\n\r\n--bound--"), "a|-||;");
}

// Longer than what is joined to the bytes before: the change from joined to direct reading, and back, is cut at every place near it.
TEST(MultipartTest, LongContentIsTheSameHoweverItIsCut) {
  const std::string tricky = std::string(4090, 'a') + "\r\n--boun" + std::string(4090, 'b') + "\r\n--bound-x" + std::string(9000, 'c') + "\r";
  const std::string body = PartText("name=a", tricky) + PartText("name=b", std::string(5000, 'd')) + "--bound--";
  const std::string expected = "a|-||" + tricky + ";b|-||" + std::string(5000, 'd') + ";";
  EXPECT_EQ(Read(body, kWhole, kWhole), expected);
  for (const std::size_t step : {1U, 7U, 4095U, 4096U, 4097U, 8192U}) EXPECT_EQ(Read(body, step, step), expected) << step;
  for (std::size_t at = body.find("\r\n--"); at != std::string::npos; at = body.find("\r\n--", at + 1)) {
    for (std::size_t cut = at < 12 ? 1 : at - 12; cut < std::min(at + 24, body.size()); ++cut) {
      EXPECT_EQ(Read(body, cut, kWhole), expected) << "cut at " << cut;
      EXPECT_EQ(Read(body, cut, 4096), expected) << "cut at " << cut << " and then every 4096";
    }
  }
}

// Found by the fuzzer: cut behind the hyphen, the empty line before this content was read as part of it.
TEST(MultipartTest, ContentThatBeginsLikeABoundaryStaysContent) {
  EXPECT_EQ(ReadEveryWay(PartText("name=a", "--bound-x") + "--bound--"), "a|-||--bound-x;");
  EXPECT_EQ(ReadEveryWay(PartText("name=a", "--bound \tx") + "--bound--"), "a|-||--bound \tx;");
}

TEST(MultipartTest, UnescapesFileNamesAsRealClientsWriteThem) {
  const auto file_name = [](const std::string& text) {
    const std::string seen = Read(PartText("name=\"f\"; filename" + text, "") + "--bound--", kWhole, kWhole);
    return seen.substr(2, seen.size() - 5);
  };
  EXPECT_EQ(file_name(R"(="a%22b.jpg")"), "a\"b.jpg");
  EXPECT_EQ(file_name(R"(="a\"b\\c.jpg")"), "a\"b\\c.jpg");
  EXPECT_EQ(file_name(R"(="C:\temp\x;y.jpg")"), "C:\\temp\\x;y.jpg");
  EXPECT_EQ(file_name("=\"na\xc3\xafve%0D%0A.jpg\""), "na\xc3\xafve\r\n.jpg");
  EXPECT_EQ(file_name("=blob"), "blob");
  EXPECT_EQ(file_name("*=UTF-8''na%C3%AFve.jpg"), "na\xc3\xafve.jpg");
  EXPECT_EQ(file_name("=\"plain\"; filename*=UTF-8''other"), "plain");
  EXPECT_EQ(file_name("=\"\""), "");
}

TEST(MultipartTest, RefusesWhatIsNoForm) {
  EXPECT_EQ(ReadEveryWay("nothing here"), "malformed");
  EXPECT_EQ(ReadEveryWay(PartText("name=a", "never closed")), "malformed");
  EXPECT_EQ(ReadEveryWay("--bound\r\nContent-Type: text/plain\r\n\r\nx\r\n--bound--"), "malformed");
  EXPECT_EQ(ReadEveryWay("--bound\r\n\r\nx\r\n--bound--"), "malformed");
  EXPECT_EQ(ReadEveryWay("--bound\r\nno colon\r\n\r\nx\r\n--bound--"), "malformed");
  EXPECT_EQ(ReadEveryWay("--bound\nContent-Disposition: form-data; name=a\n\nx\n--bound--\n"), "malformed");
  EXPECT_EQ(Read("", kWhole, kWhole), "malformed");
}

TEST(MultipartTest, HoldsItsLimits) {
  FormLimits limits;
  limits.parts_max = 2;
  const std::string one = PartText("name=a", "1");
  EXPECT_EQ(Read(one + one + "--bound--", 7, 7, limits), "a|-||1;a|-||1;");
  EXPECT_EQ(Read(one + one + one + "--bound--", 7, 7, limits), "too large");
  limits.part_header_bytes_max = 200;
  const auto with_header = [](std::size_t bytes) {
    const std::string name = "Content-Disposition: form-data; name=a\r\nX: ";
    return "--bound\r\n" + name + std::string(bytes - name.size(), 'x') + "\r\n\r\n1\r\n--bound--";
  };
  EXPECT_EQ(Read(with_header(200), 3, 3, limits), "a|-||1;");
  EXPECT_EQ(Read(with_header(201), 3, 3, limits), "too large");
  EXPECT_EQ(Read(with_header(100'000).substr(0, 50'000), 1000, 1000, limits), "too large");
}

TEST(MultipartTest, AnErrorOfTheReceiverEndsTheReading) {
  MultipartReader::Events events;
  events.begin = [](const MultipartReader::Part&) -> Result<void> { return Error{ErrorCode::kNoSpace, "full", {}, {}, 0}; };
  MultipartReader reader("bound", events);
  const Result<void> result = reader.Feed(PartText("name=a", "1"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kNoSpace);
}

TEST(MultipartTest, FindsTheBoundaryInTheContentType) {
  const std::string hyphens = "----------------------------" + std::string(40, '7');
  EXPECT_EQ(*MultipartReader::BoundaryOf("multipart/form-data; boundary=" + hyphens), hyphens);
  EXPECT_EQ(*MultipartReader::BoundaryOf("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\""), "a b:c");
  EXPECT_FALSE(MultipartReader::BoundaryOf("multipart/form-data").ok());
  EXPECT_FALSE(MultipartReader::BoundaryOf("multipart/form-data; boundary=").ok());
  EXPECT_FALSE(MultipartReader::BoundaryOf("multipart/mixed; boundary=a").ok());
  EXPECT_TRUE(MultipartReader::BoundaryOf("multipart/form-data; boundary=" + std::string(70, 'a')).ok());
  EXPECT_FALSE(MultipartReader::BoundaryOf("multipart/form-data; boundary=" + std::string(71, 'a')).ok());
}

TEST(BaseNameTest, KeepsTheLastSegmentWithoutControlCharacters) {
  EXPECT_EQ(BaseName("/tmp/phpX/a.jpg"), "a.jpg");
  EXPECT_EQ(BaseName("C:\\temp\\a.jpg"), "a.jpg");
  EXPECT_EQ(BaseName("a\r\nb\x7f.jpg"), "ab.jpg");
  EXPECT_EQ(BaseName("folder/"), "");
  EXPECT_EQ(BaseName(std::string(300, 'a')).size(), 255U);
  EXPECT_EQ(BaseName(std::string(254, 'a') + "\xc3\xaf").size(), 254U);
}

TEST(UrlEncodedTest, ReadsFieldsAndKeepsTheFirstOfAName) {
  const auto fields = ParseUrlEncoded("id=42&note=a+b%26c&id=43&&empty=&bare");
  ASSERT_TRUE(fields.ok());
  EXPECT_EQ(fields->at("id"), "42");
  EXPECT_EQ(fields->at("note"), "a b&c");
  EXPECT_EQ(fields->at("empty"), "");
  EXPECT_EQ(fields->at("bare"), "");
}

TEST(UrlEncodedTest, RefusesBadEscapesAndTooMuch) {
  EXPECT_EQ(ParseUrlEncoded("a=%2").error().code, ErrorCode::kMalformed);
  FormLimits limits;
  limits.parts_max = 2;
  limits.field_bytes_max = 3;
  EXPECT_TRUE(ParseUrlEncoded("a=123&b=1", limits).ok());
  EXPECT_EQ(ParseUrlEncoded("a=1234", limits).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(ParseUrlEncoded("a=1&b=2&c=3", limits).error().code, ErrorCode::kTooLarge);
}

TEST(ParseFormTest, ReadsEitherEncodingAndNoFiles) {
  Request request;
  request.headers.Set("Content-Type", "multipart/form-data; boundary=bound");
  request.body = PartText("name=\"id\"", "42") + "--bound--\r\n";
  EXPECT_EQ(ParseForm(request)->at("id"), "42");
  request.body = PartText("name=\"id\"; filename=\"x\"", "42") + "--bound--\r\n";
  EXPECT_EQ(ParseForm(request).error().code, ErrorCode::kUnsupported);
  request.headers.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "id=43";
  EXPECT_EQ(ParseForm(request)->at("id"), "43");
  request.headers.Set("Content-Type", "text/plain");
  EXPECT_EQ(ParseForm(request).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace porchlight::http
