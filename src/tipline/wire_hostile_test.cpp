// Goal: nothing that is sent can crash the reader, make it slow, or be taken for a report that it is not.
// Method: damage the documents with everything in every place, and attack each limit.
#include <gtest/gtest.h>

#include "base/random.h"
#include "tipline/testing/wire_samples.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

Reading<ReportFacts> Read(std::string_view bytes) { return testing::WireReader().ReadReport(bytes, testing::SampleNow()); }
Reading<FileFacts> ReadFile(std::string_view bytes) { return testing::WireReader().ReadFileDetails(bytes, testing::SampleNow()); }

void ExpectSane(const auto& reading) {
  EXPECT_NE(reading.facts.has_value(), reading.refusal.has_value());
  if (!reading.refusal) return;
  EXPECT_FALSE(reading.refusal->problems.empty());
  EXPECT_LE(reading.refusal->problems.size(), Limits{}.problems_max);
  EXPECT_LT(reading.refusal->Description().size(), 40'000U);
}

void ExpectEveryCutRefused(const std::string& full, std::size_t stride) {
  const std::size_t whole = full.rfind('>') + 1;
  for (std::size_t size = 0; size < whole; size += stride) {
    const auto reading = Read(std::string_view(full).substr(0, size));
    ASSERT_TRUE(reading.refusal) << size;
    EXPECT_EQ(reading.refusal->code, Code::kMalformedXml);
  }
}

TEST(WireHostileTest, ADocumentCutAnywhereIsRefused) {
  ExpectEveryCutRefused(testing::ReadSourceFile("src/tipline/wire_corpus/report_maximal.xml"), 1);
  ExpectEveryCutRefused(testing::FullDocument("report"), 31);
}

TEST(WireHostileTest, ADocumentDamagedAnywhereNeverBreaksTheReader) {
  const std::string full = testing::ReadSourceFile("src/tipline/wire_corpus/file_maximal.xml");
  SeededRandom random(7);
  for (std::size_t at = 0; at < full.size(); ++at) {
    std::string damaged = full;
    damaged[at] = static_cast<char>(random.Below(256));
    ExpectSane(ReadFile(damaged));
    std::string nul = full;
    nul[at] = '\0';
    EXPECT_TRUE(ReadFile(nul).refusal);
  }
}

TEST(WireHostileTest, EntitiesAreNeverExpanded) {
  std::string bomb = "<!DOCTYPE report [<!ENTITY a0 'ha'>";
  for (int level = 1; level < 30; ++level) {
    const std::string previous = "&a" + std::to_string(level - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(level) + " '" + previous + previous + "'>";
  }
  bomb += "]><report>&a29;</report>";
  for (const std::string& bytes : {bomb, std::string("<!DOCTYPE report SYSTEM 'file:///etc/passwd'><report/>"),
                                   "<!DOCTYPE report [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + testing::MinimalReport("&x;")}) {
    const auto reading = Read(bytes);
    ASSERT_TRUE(reading.refusal);
    EXPECT_EQ(reading.refusal->problems.at(0).rule, "xml.doctype");
  }
  EXPECT_EQ(Read(testing::MinimalReport("&x;")).refusal->problems.at(0).rule, "xml.malformed");
}

TEST(WireHostileTest, NestingAttributesAndNodesAreBounded) {
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += "<report>";
  EXPECT_EQ(Read(deep).refusal->problems.at(0).rule, "limit.depth");
  const std::string attribute = "<report a='" + std::string(70'000, 'x') + "'/>";
  EXPECT_EQ(Read(attribute).refusal->problems.at(0).rule, "limit.attribute");
  std::string many = "<report>";
  for (int count = 0; count < 600'000; ++count) many += "<a/>";
  EXPECT_EQ(Read(many + "</report>").refusal->problems.at(0).rule, "limit.nodes");
  std::string crowded = "<report";
  for (int count = 0; count < 100'000; ++count) crowded += " a" + std::to_string(count) + "=''";
  EXPECT_EQ(Read(crowded + "/>").refusal->problems.at(0).rule, "limit.nodes");
  const std::string extension = testing::FullDocument("report", testing::WithValue("complexType:phone", "extension", std::string(65'000, '1')));
  EXPECT_EQ(Read(extension).refusal->problems.at(0).rule, "limit.length");
  EXPECT_EQ(Read(std::string(Limits{}.document_bytes_max + 1, ' ')).refusal->problems.at(0).rule, "limit.bytes");
}

TEST(WireHostileTest, AGreatNumberOfProblemsIsCutOff) {
  std::string document = testing::MinimalReport();
  std::string people;
  for (int count = 0; count < 20'000; ++count) people += "<personOrUserReported><priorCTReports>x</priorCTReports></personOrUserReported>";
  document.insert(document.rfind("</report>"), people);
  const auto reading = Read(document);
  ExpectSane(reading);
  EXPECT_EQ(reading.refusal->problems.size(), Limits{}.problems_max);
}

TEST(WireHostileTest, ValuesAreNotRepeatedInRefusals) {
  for (const auto& row : testing::WireRows()) {
    if ((row.kind != "element" && row.kind != "attribute") || row.parent == "(schema)") continue;
    const auto patch = testing::WithValue(row.parent, row.name, "topsecret ]]&gt; (topsecret) 'topsecret' {topsecret}");
    for (const auto& refusal : {Read(testing::FullDocument("report", patch)).refusal, ReadFile(testing::FullDocument("fileDetails", patch)).refusal}) {
      if (refusal) {
        EXPECT_EQ(refusal->Description().find("topsecret"), std::string::npos) << refusal->Description();
      }
    }
  }
}

TEST(WireHostileTest, TenThousandEventsStayCheap) {
  std::string events;
  for (int count = 0; count < 10'000; ++count) events += "<ipCaptureEvent><ipAddress>10.0.0.1</ipAddress></ipCaptureEvent>";
  std::string document = testing::MinimalReport();
  document.insert(document.rfind("</report>"), "<personOrUserReported>" + events + "</personOrUserReported>");
  const auto reading = Read(document);
  ASSERT_TRUE(reading.facts);
  EXPECT_EQ(reading.facts->findings.size(), Limits{}.findings_max);
}

}  // namespace
}  // namespace porchlight::tipline::wire
