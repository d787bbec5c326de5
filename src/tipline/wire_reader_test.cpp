// Goal: documents in the forms that real clients send are read, and each kind of bad document is refused with its code,
// rule and place, in a fixed order of checks. Method: minimal documents with one habit or fault each.
#include <gtest/gtest.h>

#include "base/random.h"
#include "tipline/testing/wire_samples.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

using testing::MinimalFile;
using testing::MinimalReport;

Reading<ReportFacts> Read(std::string_view bytes) { return testing::WireReader().ReadReport(bytes, testing::SampleNow()); }
Reading<FileFacts> ReadFile(std::string_view bytes) { return testing::WireReader().ReadFileDetails(bytes, testing::SampleNow()); }

std::string Describe(const auto& reading) { return reading.refusal ? reading.refusal->Description() : "accepted"; }

void ExpectRefused(const auto& reading, Code code, std::string_view rule, std::string_view says = "") {
  ASSERT_TRUE(reading.refusal) << rule;
  EXPECT_FALSE(reading.facts);
  EXPECT_EQ(reading.refusal->code, code) << Describe(reading);
  ASSERT_FALSE(reading.refusal->problems.empty());
  EXPECT_EQ(reading.refusal->problems[0].rule, rule) << Describe(reading);
  EXPECT_NE(reading.refusal->Description().find(says), std::string::npos) << Describe(reading);
}

// A report with something else in place of the parts that clients write differently.
std::string Report(const std::string& summary_rest, const std::string& after_summary = "", const std::string& type = "Child Sex Trafficking") {
  return "<report><incidentSummary><incidentType>" + type + "</incidentType>" + summary_rest + "</incidentSummary>" + after_summary +
         "<reporter><reportingPerson/></reporter></report>";
}

constexpr std::string_view kTime = "<incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime>";

TEST(WireReaderTest, TheDeclarationMayBeWrittenInEveryWayClientsDo) {
  for (const std::string_view declaration :
       {"", "<?xml version='1.0' encoding='utf-8'?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\xEF\xBB\xBF", "<?xml version=\"1.0\"?>\r\n",
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", "<?xml version='1.0' encoding='ISO-8859-1'?>", "<!-- hello -->"}) {
    EXPECT_TRUE(Read(std::string(declaration) + MinimalReport() + "\n").facts) << declaration;
  }
}

TEST(WireReaderTest, TheSchemaLocationIsIgnoredAndADefaultNamespaceRefused) {
  const auto with_root = [](const std::string& attributes) { return "<report " + attributes + ">" + MinimalReport().substr(8); };
  EXPECT_TRUE(Read(with_root("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                             "xsi:noNamespaceSchemaLocation=\"https://report.cybertip.org/ispws/xsd\"")).facts);
  EXPECT_TRUE(Read(with_root("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:a file:///nowhere\"")).facts);
  ExpectRefused(Read(with_root("xmlns=\"urn:a\"")), Code::kValidationFailed, "schema.root", "no namespace");
  ExpectRefused(Read(with_root("bogus=\"1\"")), Code::kValidationFailed, "schema.attribute_unknown", "bogus");
  ExpectRefused(Read(with_root("xsi:nil=\"1\"")), Code::kMalformedXml, "xml.malformed", "prefix");
}

TEST(WireReaderTest, LayoutCommentsAndCdataDoNotMatter) {
  EXPECT_TRUE(Read("<report>\n    <incidentSummary>\n        <incidentType>Child Sex Trafficking</incidentType>\n        <incidentDateTime>\n"
                   "          2026-01-02T03:04:05Z\n        </incidentDateTime>\n    </incidentSummary>\n    <reporter>\n"
                   "        <reportingPerson/>\n    </reporter>\n</report>\n").facts);
  EXPECT_TRUE(Read(Report("<!-- c --><incidentDateTime><![CDATA[ 2026-01-02T03:04:05Z]]></incidentDateTime><?go on?>",
                          "<!-- c -->", "<![CDATA[Child Sex Trafficking]]>")).facts);
  EXPECT_TRUE(Read(Report("<incidentDateTime>2026-01-02<!-- c -->T03:04:05Z </incidentDateTime>")).facts);
}

TEST(WireReaderTest, FlagsAreTrueWhenEmptyTrueOrOne) {
  for (const std::string_view flag : {"<spam/>", "<spam></spam>", "<spam>true</spam>", "<spam>1</spam>", "<spam> true </spam>", "<spam>\n</spam>"}) {
    const auto reading = Read(Report("<reportAnnotations>" + std::string(flag) + "<sextortion/></reportAnnotations>" + std::string(kTime)));
    ASSERT_TRUE(reading.facts) << flag << Describe(reading);
    EXPECT_EQ(reading.facts->annotations, (std::vector<std::string>{"spam", "sextortion"}));
  }
  ExpectRefused(Read(Report("<reportAnnotations><spam>false</spam></reportAnnotations>" + std::string(kTime))), Code::kValidationFailed,
                "schema.fixed", "'spam'");
  EXPECT_TRUE(Read(Report("<reportAnnotations/>" + std::string(kTime))).facts);
}

TEST(WireReaderTest, TimesKeepTheirInstantAndOffset) {
  const auto at = [](const std::string& time) { return Read(Report("<incidentDateTime>" + time + "</incidentDateTime>")); };
  EXPECT_EQ(at("2026-01-02T03:04:05.123456789Z").facts->incident_at.instant, ParseDateTime("2026-01-02T03:04:05.123456Z")->instant);
  EXPECT_EQ(at("2026-01-02T03:04:05.000+02:00").facts->incident_at.offset_minutes, 120);
  EXPECT_EQ(at("2026-01-02T03:04:05+00:00").facts->incident_at.offset_minutes, 0);
  EXPECT_EQ(at("2026-01-02T03:04:05").facts->incident_at.offset_minutes, std::nullopt);
}

TEST(WireReaderTest, AnIncidentLiesInThePastWithAToleranceForClocksAndForMissingZones) {
  const auto at = [](const std::string& time) { return Read(Report("<incidentDateTime>" + time + "</incidentDateTime>")); };
  EXPECT_TRUE(at("2026-11-23T12:00:00Z").facts);           // Equal to now.
  EXPECT_TRUE(at("2026-11-23T12:05:00Z").facts);           // On the tolerance.
  ExpectRefused(at("2026-11-23T12:05:00.000001Z"), Code::kValidationFailed, "time.future", "past");
  EXPECT_TRUE(at("2026-11-23T14:05:00+02:00").facts);
  ExpectRefused(at("2026-11-23T14:05:01+02:00"), Code::kValidationFailed, "time.future");
  EXPECT_TRUE(at("2026-11-24T02:05:00").facts);            // Now, on a clock at +14:00.
  ExpectRefused(at("2026-11-24T02:05:01"), Code::kValidationFailed, "time.future");
  EXPECT_TRUE(at("1969-12-31T23:59:59Z").facts);
  ExpectRefused(at("-0044-03-15T12:00:00Z"), Code::kValidationFailed, "time.range");
  ExpectRefused(at("12026-03-15T12:00:00Z"), Code::kValidationFailed, "time.range");
}

TEST(WireReaderTest, UnescapedTextIsMalformedXml) {
  ExpectRefused(Read(MinimalReport("Tom & Jerry")), Code::kMalformedXml, "xml.malformed", "&amp;");
  ExpectRefused(Read(MinimalReport("1 < 2")), Code::kMalformedXml, "xml.malformed", "&lt;");
  EXPECT_TRUE(Read(MinimalReport("Tom &amp; Jerry &lt; &#x1F600; \xF0\x9F\x98\x80")).facts);
}

TEST(WireReaderTest, EnumerationSlipsNameElementRuleAndAllowedWords) {
  for (const std::string_view slip : {"Online Enticement of Children for Sexual Act", "Child Sexual Molestation (not in the family)", "child sex trafficking", ""}) {
    const auto reading = Read(Report(std::string(kTime), "", std::string(slip)));
    ExpectRefused(reading, Code::kValidationFailed, "schema.enumeration", "Element 'incidentType'");
    EXPECT_NE(Describe(reading).find("'Online Enticement of Children for Sexual Acts'"), std::string::npos);
    EXPECT_TRUE(Describe(reading).starts_with("Validation failed\n[1,26] - Element 'incidentType': ")) << Describe(reading);
  }
}

TEST(WireReaderTest, KnownBadDocumentsOfClientsAreRefusedByElement) {
  ExpectRefused(Read(Report(std::string(kTime), "<internetDetails></internetDetails>")), Code::kValidationFailed, "schema.missing", "internetDetails");
  ExpectRefused(ReadFile(MinimalFile("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent><ipCaptureEvent><ipAddress>192.0.2.2</ipAddress></ipCaptureEvent>")),
                Code::kValidationFailed, "schema.order", "'ipCaptureEvent'");
  ExpectRefused(ReadFile(MinimalFile("<potentialMeme>true</potentialMeme><fileAnnotations/>")), Code::kValidationFailed, "schema.order", "fileAnnotations");
  ExpectRefused(ReadFile(MinimalFile("<details type=\"EXIF\"/>")), Code::kValidationFailed, "schema.missing", "nameValuePair");
  EXPECT_TRUE(ReadFile(MinimalFile("<fileAnnotations/>")).facts);
  EXPECT_TRUE(Read(Report(std::string(kTime), "<internetDetails><webPageIncident/></internetDetails>")).facts);
}

TEST(WireReaderTest, ChecksComeInOrder) {
  Limits small;
  small.document_bytes_max = 40;
  const Reader reader = Reader::Create(testing::ReadSourceFile("api/ispws.xsd"), small).value();
  ExpectRefused(reader.ReadReport("<!DOCTYPE a><a>" + std::string(40, '&'), testing::SampleNow()), Code::kMalformedXml, "limit.bytes", "40 bytes");
  ExpectRefused(Read("<a>&</a>"), Code::kMalformedXml, "xml.malformed");
  ExpectRefused(Read("<!DOCTYPE report><report/>"), Code::kMalformedXml, "xml.doctype", "DOCTYPE");
  ExpectRefused(Read("<fileDetails/>"), Code::kValidationFailed, "schema.root", "'report'");
  ExpectRefused(ReadFile(MinimalReport()), Code::kValidationFailed, "schema.root", "'fileDetails'");
  // A schema fault hides a rule fault: rules rely on the schema.
  ExpectRefused(Read(Report("<platform>" + std::string(257, 'x') + "</platform>")), Code::kValidationFailed, "schema.missing");
}

TEST(WireReaderTest, EveryGlobalElementOtherThanTheWantedRootIsRefused) {
  for (const auto& row : testing::WireRows()) {
    if (row.parent != "(schema)" || row.kind != "element") continue;
    const std::string document = "<" + row.name + "/>";
    EXPECT_TRUE(Read(document).refusal) << row.name;
    EXPECT_TRUE(ReadFile(document).refusal) << row.name;
  }
}

TEST(WireReaderTest, TheGreatReportIsReadWithItsOddities) {
  const std::string bytes = testing::ReadSourceFile("src/tipline/wire_corpus/report_maximal.xml");
  const auto reading = Read(bytes);
  ASSERT_TRUE(reading.facts) << Describe(reading);
  const ReportFacts& facts = *reading.facts;
  EXPECT_EQ(facts.incident_type, IncidentType::kCsam);
  EXPECT_TRUE(facts.escalated);
  EXPECT_TRUE(facts.has_chat);
  EXPECT_TRUE(facts.has_url);
  EXPECT_TRUE(facts.has_account);
  EXPECT_EQ(facts.people_reported, 1);
  EXPECT_EQ(facts.victims, 2);
  EXPECT_EQ(facts.prior_reports, (std::vector<std::int64_t>{100000001, 100000002}));
  EXPECT_EQ(facts.annotations.size(), 5U);
  const auto file = ReadFile(testing::ReadSourceFile("src/tipline/wire_corpus/file_maximal.xml"));
  ASSERT_TRUE(file.facts) << Describe(file);
  EXPECT_EQ(file.facts->report_id, 4564654);
  EXPECT_EQ(file.facts->viewed_by_esp, Answer::kYes);
  EXPECT_EQ(file.facts->publicly_available, Answer::kNo);
  EXPECT_EQ(file.facts->industry_classification, "A1");
  EXPECT_TRUE(file.facts->has_original_hash);
  EXPECT_TRUE(file.facts->has_ip);
}

TEST(WireReaderTest, EveryIncidentWordIsReadAsItsType) {
  for (const auto& [type, name] : EnumNames<IncidentType>::kAll) {
    const auto reading = Read(Report(std::string(kTime), "", std::string(WireWordOf(type))));
    ASSERT_TRUE(reading.facts) << name;
    EXPECT_EQ(reading.facts->incident_type, type);
    EXPECT_EQ(IncidentTypeOf(WireWordOf(type)), type);
  }
  EXPECT_EQ(IncidentTypeOf("no such word"), std::nullopt);
}

TEST(WireReaderTest, BatchedReportsAreSeen) {
  const std::string inside = MinimalReport().substr(8);
  const auto reading = Read("<report><batchedReport reason=\"VIRAL_POTENTIAL_MEME\"/>" + inside);
  ASSERT_TRUE(reading.facts);
  EXPECT_TRUE(reading.facts->batched);
  EXPECT_FALSE(Read("<report>" + inside).facts->batched);
}

TEST(WireReaderTest, FileFactsAreRead) {
  const auto reading = ReadFile("<fileDetails><reportId> 12 </reportId><fileId>\n b1 </fileId><originalFileName>a.jpg</originalFileName>"
                                "<uploadedToEspTimestamp>2026-01-02T03:04:05+01:00</uploadedToEspTimestamp><fileViewedByEsp> 1 </fileViewedByEsp>"
                                "<publiclyAvailable>false</publiclyAvailable><potentialMeme>true</potentialMeme></fileDetails>");
  ASSERT_TRUE(reading.facts) << Describe(reading);
  EXPECT_EQ(reading.facts->report_id, 12);
  EXPECT_EQ(reading.facts->wire_file_id, "b1");
  EXPECT_EQ(reading.facts->original_name.Reveal(), "a.jpg");
  EXPECT_EQ(reading.facts->viewed_by_esp, Answer::kYes);
  EXPECT_EQ(reading.facts->exif_viewed_by_esp, Answer::kMissing);
  EXPECT_EQ(reading.facts->publicly_available, Answer::kNo);
  EXPECT_EQ(reading.facts->annotations, (std::vector<std::string>{"potentialMeme"}));
  EXPECT_EQ(reading.facts->uploaded_at->offset_minutes, 60);
}

// A text of characters that XML allows, from a seed.
std::string RandomText(Random& random) {
  std::string text;
  const std::uint64_t length = random.Below(200);
  for (std::uint64_t count = 0; count < length; ++count) {
    constexpr std::array<std::string_view, 12> kPieces = {"&amp;", "&lt;", "&gt;", "&#228;", "a", " ", "]", "\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80", "'", "\""};
    text += kPieces.at(random.Below(kPieces.size()));
  }
  return text;
}

TEST(WireReaderTest, AnyTextComesBackAsItWasWritten) {
  SeededRandom random(20261123);
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(random);
    const std::string document = MinimalFile("<additionalInfo>" + text + "</additionalInfo>");
    ASSERT_TRUE(ReadFile(document).facts);
    const Result<Json> tree = TreeOf(document);
    ASSERT_TRUE(tree.ok());
    std::string expected = text;
    for (const auto& [from, to] : {std::pair("&amp;", "&"), std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&#228;", "\xC3\xA4")}) {
      for (std::size_t at = expected.find(from); at != std::string::npos; at = expected.find(from, at + 1)) expected.replace(at, std::string_view(from).size(), to);
    }
    EXPECT_EQ(tree->Find("children")->AsArray()->back().Text("text"), expected);
  }
}

TEST(WireReaderTest, TheTreeShowsNamesAttributesTextAndLines) {
  const Result<Json> tree = TreeOf("<a b=\"1\">\n <c> x </c>\n</a>");
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->Serialize(), R"({"name":"a","attributes":{"b":"1"},"text":"","children":[{"name":"c","attributes":{},"text":" x ","children":[],"line":2}],"line":1})");
  EXPECT_EQ(TreeOf("<a").error().code, ErrorCode::kMalformed);
  EXPECT_FALSE(TreeOf("<!DOCTYPE a><a/>").ok());
}

TEST(WireReaderTest, ASchemaThatDoesNotFitIsOurFault) {
  EXPECT_EQ(Reader::Create("<a/>", Limits{}).error().code, ErrorCode::kInternal);
  const auto empty = Reader::Create(R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>)", Limits{});
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace porchlight::tipline::wire
