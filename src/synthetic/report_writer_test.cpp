// Goal: every document is valid, repeats from its seed, and holds nothing that could be somebody's: documentation
// addresses, .example domains and fictional numbers only. Method: write thousands of reports of both mixes, validate
// them against our schema, and scan all bytes.
#include "synthetic/report_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "platform/xml/document.h"
#include "platform/xml/schema.h"
#include "synthetic/names.h"
#include "synthetic/providers.h"

namespace porchlight::synthetic {
namespace {

const Moment kMoment = {{1'790'000'000'123'456}, {1'000'017, 1'000'042}};

std::string FileId(std::uint64_t number) { return "f" + std::to_string(number) + "abcdef"; }

// Bytes without a cost: details need a file's kind, name and content, not a real picture.
SyntheticFile StandIn(const Plan& plan, std::size_t index) {
  return {plan.files[index], "IMG_0001.jpg", "image/jpeg", "content " + std::to_string(index)};
}

// All documents of one report, one after the other.
std::vector<std::string> DocumentsOf(const Plan& plan) {
  std::vector<std::string> documents = {WriteReport(plan, kMoment)};
  for (std::size_t index = 0; index < plan.files.size(); ++index) {
    documents.push_back(
        WriteFileDetails(plan, {1'000'000, FileId(index), index}, StandIn(plan, index), kMoment));
  }
  return documents;
}

class SchemaTest : public testing::TestWithParam<Mix> {};

TEST_P(SchemaTest, EveryDocumentOfAThousandReportsIsValid) {
  std::ifstream file(PORCHLIGHT_SOURCE_DIR "/api/ispws.xsd");
  if (!file) GTEST_SKIP() << "NOT CHECKED: api/ispws.xsd is missing, no document was validated";
  std::stringstream text;
  text << file.rdbuf();
  const Result<xml::Schema> schema = xml::Schema::Compile(text.str());
  ASSERT_TRUE(schema.ok()) << schema.error().operator_text;

  const PlanMaker maker(GetParam(), 44);
  std::size_t checked = 0;
  for (std::uint64_t number = 0; number < 1'000; ++number) {
    for (const std::string& document : DocumentsOf(maker.PlanOf(number))) {
      auto parsed = xml::Document::Parse(document, {});
      ASSERT_TRUE(std::holds_alternative<xml::Document>(parsed)) << document;
      const auto problems = schema->Validate(std::get<xml::Document>(parsed), 5);
      ASSERT_TRUE(problems.empty()) << problems.front().message << " at " << problems.front().element << "\n" << document;
      ++checked;
    }
  }
  EXPECT_GT(checked, 3'000U);
}

INSTANTIATE_TEST_SUITE_P(Mixes, SchemaTest, testing::Values(Mix::kFaithful, Mix::kShowcase));

bool IsDocumentationIpv4(std::string_view text) {
  return text.starts_with("192.0.2.") || text.starts_with("198.51.100.") || text.starts_with("203.0.113.");
}

bool IsFictionalNumber(std::string_view text) {
  return text.size() == 15 && text.starts_with("+1 ") && text.substr(6, 7) == " 555 01";
}

// The runs of characters of `set` in the text.
template <class Check>
void ForEachRun(std::string_view text, std::string_view set, const Check& check) {
  for (std::size_t begin = text.find_first_of(set); begin != text.npos;) {
    const std::size_t end = std::min(text.find_first_not_of(set, begin), text.size());
    check(text.substr(begin, end - begin));
    begin = text.find_first_of(set, end);
  }
}

// What follows each `before`, up to the first of `ends`. Returns how many there were.
template <class Check>
std::size_t ForEachAfter(std::string_view text, std::string_view before, std::string_view ends, const Check& check) {
  std::size_t count = 0;
  for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at), ++count) {
    at += before.size();
    check(text.substr(at, std::min(text.find_first_of(ends, at), text.size()) - at));
  }
  return count;
}

constexpr std::string_view kDigitsAndDots = "0123456789.";
constexpr std::string_view kHostEnds = "/<>\"' ?&:\n";

TEST(HarmlessTest, TenThousandReportsHoldOnlyDocumentationAddressesExampleDomainsAndFictionalNumbers) {
  std::size_t addresses = 0;
  std::size_t hosts = 0;
  std::size_t phones = 0;
  const auto check_host = [](std::string_view name) {
    EXPECT_TRUE(name.ends_with(".example") || name == "www.w3.org") << name;
  };
  const PlanMaker maker(Mix::kShowcase, 45);
  for (std::uint64_t number = 0; number < 10'000; ++number) {
    const Plan plan = maker.PlanOf(number);
    std::string text = WriteReport(plan, kMoment);
    if (!plan.files.empty()) text += WriteFileDetails(plan, {1, FileId(0), 0}, StandIn(plan, 0), kMoment);
    const PublicReport words = WritePublicReport(plan);
    text += " " + words.what_happened + " " + words.where + " " + words.reporter_email + " ";
    ForEachRun(text, kDigitsAndDots, [](std::string_view run) {
      EXPECT_TRUE(std::count(run.begin(), run.end(), '.') < 3 || IsDocumentationIpv4(run)) << run;
    });
    addresses += ForEachAfter(text, "<ipAddress>", "<", [](std::string_view address) {
      EXPECT_TRUE(IsDocumentationIpv4(address) || address.starts_with("2001:db8:")) << address;
    });
    hosts += ForEachAfter(text, "://", kHostEnds, check_host);
    hosts += ForEachAfter(text, "@", kHostEnds, check_host);
    for (const std::string_view element : {"<phone ", "<phoneNumber "}) {
      phones += ForEachAfter(text, element, "<", [](std::string_view rest) {
        EXPECT_TRUE(IsFictionalNumber(rest.substr(rest.find('>') + 1))) << rest;
      });
    }
    if (HasFailure()) FAIL() << text;
  }
  EXPECT_GT(addresses, 10'000U);
  EXPECT_GT(hosts, 30'000U);
  EXPECT_GT(phones, 3'000U);
}

TEST(HarmlessTest, TheOnlyForeignHostIsTheNameOfTheXmlSchemaNamespace) {
  const PlanMaker maker(Mix::kFaithful, 46);
  for (std::uint64_t number = 0; number < 500; ++number) {
    std::string text = WriteReport(maker.PlanOf(number), kMoment);
    const std::string allowed = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    if (const auto at = text.find(allowed); at != std::string::npos) text.erase(at, allowed.size());
    EXPECT_EQ(text.find("w3.org"), std::string::npos);
  }
}

TEST(ReportWriterTest, TheSamePlanAndMomentGiveTheSameBytes) {
  const PlanMaker maker(Mix::kShowcase, 47);
  for (std::uint64_t number = 0; number < 25; ++number) {
    const Plan plan = maker.PlanOf(number);
    EXPECT_EQ(DocumentsOf(plan), DocumentsOf(PlanMaker(Mix::kShowcase, 47).PlanOf(number)));
    for (std::size_t index = 0; index < plan.files.size() && index < 2; ++index) {
      EXPECT_EQ(MakeFile(plan, index).bytes, MakeFile(plan, index).bytes);
    }
  }
  EXPECT_NE(DocumentsOf(maker.PlanOf(0)), DocumentsOf(PlanMaker(Mix::kShowcase, 48).PlanOf(0)));
}

TEST(ReportWriterTest, FilesHaveTheKindThePlanAsksFor) {
  const PlanMaker maker(Mix::kShowcase, 49);
  std::map<std::string, int> types;
  for (std::uint64_t number = 0; number < 80; ++number) {
    const Plan plan = maker.PlanOf(number);
    for (std::size_t index = 0; index < plan.files.size(); ++index) {
      const SyntheticFile file = MakeFile(plan, index);
      EXPECT_EQ(file.kind, plan.files[index]);
      EXPECT_NE(file.bytes.find("Porchlight synthetic test file"), std::string::npos) << file.name;
      ++types[file.media_type];
    }
  }
  for (const char* type : {"image/jpeg", "image/png", "video/x-msvideo", "text/plain"}) EXPECT_GT(types[type], 0) << type;
}

TEST(ReportWriterTest, ViralReportsShareAFewPicturesByteForByte) {
  const PlanMaker maker(Mix::kFaithful, 50);
  std::map<std::string, int> seen;
  int viral = 0;
  for (std::uint64_t number = 0; viral < 100; ++number) {
    const Plan plan = maker.PlanOf(number);
    if (!plan.viral) continue;
    ++viral;
    ++seen[MakeFile(plan, 0).bytes];
    EXPECT_NE(WriteReport(plan, kMoment).find("<batchedReport reason=\"VIRAL_POTENTIAL_MEME\"/>"), std::string::npos);
  }
  EXPECT_LE(seen.size(), 36U);
  EXPECT_GE(seen.size(), 6U);
}

TEST(ReportWriterTest, APictureTargetHoldsForTheImagesOfAReport) {
  const PlanMaker maker(Mix::kFaithful, 51);
  int images = 0;
  for (std::uint64_t number = 0; images < 10; ++number) {
    const Plan plan = maker.PlanOf(number);
    if (plan.files.empty() || plan.files.front() != FileKind::kImage) continue;
    ++images;
    EXPECT_NEAR(static_cast<double>(MakeFile(plan, 0, 100'000).bytes.size()), 100'000, 5'000);
  }
}

// The blocks and gaps that a server and its findings must meet, each at least once in a thousand reports and never in
// all of them.
TEST(ReportWriterTest, AThousandReportsUseTheBlocksOfTheSchemaAndLeaveFieldsOut) {
  const PlanMaker maker(Mix::kShowcase, 52);
  std::map<std::string, int> counts;
  constexpr auto kNames = std::to_array<const char*>(
      {"batchedReport", "escalateToHighPriority", "sextortion", "csamSolicitation", "minorToMinorInteraction", "spam",
       "sadisticOnlineExploitation", "incidentDateTimeDescription", "webPageIncident", "emailIncident",
       "newsgroupIncident", "chatImIncident", "onlineGamingIncident", "cellPhoneIncident", "nonInternetIncident",
       "peer2peerIncident", "lawEnforcement", "companyTemplate", "personOrUserReported", "intendedRecipient", "victim",
       "associatedAccount", "deviceId", "priorCTReports", "accountPermanentlyDisabled", "estimatedLocation", "content",
       "possibleProxy", "port", "profileUrl", "eventName", "schoolName", "fileViewedByEsp", "exifViewedByEsp",
       "publiclyAvailable", "fileRelevance", "industryClassification", "originalFileHash", "details", "viral",
       "potentialMeme", "generativeAi", "uploadedToEspTimestamp", "additionalInfo"});
  constexpr int kReports = 2'000;
  for (std::uint64_t number = 0; number < kReports; ++number) {
    std::string all;
    for (const std::string& document : DocumentsOf(maker.PlanOf(number))) all += document;
    for (const char* name : kNames) {
      const std::string tag = "<" + std::string(name);
      if (all.find(tag + ">") != std::string::npos || all.find(tag + " ") != std::string::npos ||
          all.find(tag + "/>") != std::string::npos) {
        ++counts[name];
      }
    }
    if (all.find("Upload</eventName>") != std::string::npos) ++counts["upload event"];
  }
  for (const char* name : kNames) EXPECT_GT(counts[name], 0) << name;
  for (const char* name : {"port", "fileViewedByEsp", "originalFileHash", "personOrUserReported", "upload event"}) {
    EXPECT_LT(counts[name], kReports) << name;
  }
}

TEST(ReportWriterTest, EachProviderKeepsItsOwnManner) {
  const PlanMaker maker(Mix::kFaithful, 53);
  std::set<std::string> openings;
  std::map<std::size_t, std::string> documents;
  for (std::uint64_t number = 0; documents.size() < Providers().size() && number < 10'000; ++number) {
    const Plan plan = maker.PlanOf(number);
    documents.emplace(plan.provider, WriteReport(plan, kMoment));
  }
  ASSERT_EQ(documents.size(), Providers().size());
  for (const auto& [index, document] : documents) {
    const WireHabit& habit = Providers()[index].habit;
    EXPECT_EQ(document.starts_with("<?xml"), habit.declaration != Declaration::kNone);
    EXPECT_EQ(document.find("noNamespaceSchemaLocation") != std::string::npos, habit.names_schema);
    EXPECT_EQ(document.find("\n  ") != std::string::npos, habit.indent > 0);
    EXPECT_EQ(document.ends_with("\n"), habit.final_newline);
  }
}

TEST(ReportWriterTest, EarlierReportsAreNamedOnlyForRepeatedAccounts) {
  Plan plan = PlanMaker(Mix::kFaithful, 54).PlanOf(0);
  plan.provider = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    plan.seed = seed;
    plan.repeated_account = false;
    EXPECT_EQ(WriteReport(plan, kMoment).find("1000017"), std::string::npos);
  }
  int named = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    plan.seed = seed;
    plan.repeated_account = true;
    named += WriteReport(plan, kMoment).find("<priorCTReports>1000017</priorCTReports>") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(named, 20);
}

TEST(FormatTimeTest, EachFormIsTheSameInstant) {
  const Instant instant{1'790'000'000'123'456};
  EXPECT_EQ(FormatTime(instant, TimeForm::kNanosecondsUtc, -300), "2026-09-21T14:13:20.123456000Z");
  EXPECT_EQ(FormatTime(instant, TimeForm::kMillisecondsUtc, -300), "2026-09-21T14:13:20.123Z");
  EXPECT_EQ(FormatTime(instant, TimeForm::kSecondsZeroOffset, -300), "2026-09-21T14:13:20+00:00");
  EXPECT_EQ(FormatTime(instant, TimeForm::kSecondsLocalOffset, -300), "2026-09-21T09:13:20-05:00");
  EXPECT_EQ(FormatTime(instant, TimeForm::kSecondsLocalOffset, 570), "2026-09-21T23:43:20+09:30");
  EXPECT_EQ(FormatTimeWithoutZone(instant), "2026-09-21T14:13:20");
}

TEST(PersonaTest, TheSameSlotIsTheSamePersonAndChildrenAreUnderEighteen) {
  for (std::uint64_t slot = 0; slot < 200; ++slot) {
    const Persona one = MakePersona(9, "PL", slot, Generation::kAdult);
    EXPECT_EQ(one.email, MakePersona(9, "PL", slot, Generation::kAdult).email);
    EXPECT_EQ(one.place->country, "PL");
    EXPECT_GE(one.age, 18);
    EXPECT_LT(MakePersona(9, "US", slot, Generation::kChild).age, 18);
  }
  EXPECT_NE(MakePersona(9, "PL", 1, Generation::kAdult).account_number,
            MakePersona(9, "PL", 2, Generation::kAdult).account_number);
}

}  // namespace
}  // namespace porchlight::synthetic
