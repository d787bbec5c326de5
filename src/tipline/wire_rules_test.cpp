// Goal: rules beyond the schema refuse exactly what they say, and weak but usable documents only collect findings.
// Method: both sides of every limit, every rule between fields, every finding with and without its cause.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tipline/internal/field_rules.h"
#include "tipline/testing/wire_samples.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

using testing::FullDocument;
using testing::MinimalFile;
using testing::WithValue;

Reading<ReportFacts> Read(std::string_view bytes) { return testing::WireReader().ReadReport(bytes, testing::SampleNow()); }
Reading<FileFacts> ReadFile(std::string_view bytes) { return testing::WireReader().ReadFileDetails(bytes, testing::SampleNow()); }

// The refusal of the document with everything after a change to one declaration.
std::optional<Refusal> RefusalWith(const testing::Patch& patch) {
  if (auto reading = Read(FullDocument("report", patch)); reading.refusal) return reading.refusal;
  return ReadFile(FullDocument("fileDetails", patch)).refusal;
}

std::string Repeated(std::string_view character, int count) {
  std::string text;
  for (int index = 0; index < count; ++index) text += character;
  return text;
}

// The declarations whose value a limit governs: itself, or every element of the limited type.
testing::Patch WithLimitedValue(const internal::FieldLimit& limit, const std::string& value) {
  const std::string name(limit.name.starts_with('@') ? limit.name.substr(1) : limit.name);
  if (!limit.name.empty()) return WithValue(std::string(limit.type), name, value);
  const std::string type(limit.type.substr(limit.type.find(':') + 1));
  return [=, wanted = std::string(limit.type)](const internal::SchemaRow& row) -> std::optional<std::string> {
    if (row.type != type && row.type != "anonymous:" + wanted) return std::nullopt;
    return "<" + row.name + ">" + value + "</" + row.name + ">";
  };
}

TEST(WireRulesTest, EveryLengthIsLimitedInCharactersOnBothSides) {
  int limits = 0;
  for (const internal::FieldLimit& limit : internal::FieldLimits()) {
    if (limit.rule.characters_max == 0) continue;
    ++limits;
    const bool digits = limit.name == "@extension";
    for (const std::string_view character : {std::string_view("1"), std::string_view("\xE6\x97\xA5"), std::string_view("\xF0\x9F\x98\x80")}) {
      if (digits && character != "1") continue;
      const auto at_limit = RefusalWith(WithLimitedValue(limit, Repeated(character, limit.rule.characters_max)));
      EXPECT_FALSE(at_limit) << limit.type << " " << limit.name << at_limit->Description();
      const auto over = RefusalWith(WithLimitedValue(limit, Repeated(character, limit.rule.characters_max + 1)));
      ASSERT_TRUE(over) << limit.type << " " << limit.name;
      EXPECT_EQ(over->code, Code::kValidationFailed);
      EXPECT_EQ(over->problems.at(0).rule, "limit.length");
    }
  }
  EXPECT_GT(limits, 45);
}

TEST(WireRulesTest, TheLimitsAreThoseOfTheDocumentation) {
  const std::string page = testing::ReadSourceFile("docs/formats/ispws.md");
  for (const internal::FieldLimit& limit : internal::FieldLimits()) {
    const std::string name = limit.name.empty() ? std::string(limit.type.substr(limit.type.find_last_of(":/") + 1)) : std::string(limit.name);
    const std::string bound = limit.rule.characters_max > 0 ? std::to_string(limit.rule.characters_max)
                              : limit.rule.ranged           ? std::to_string(limit.rule.least) + " to " + std::to_string(limit.rule.most)
                                                            : "no white space";
    EXPECT_NE(page.find("| `" + std::string(limit.type) + "` | `" + name + "` | " + bound), std::string::npos)
        << "| `" << limit.type << "` | `" << name << "` | " << bound;
  }
}

TEST(WireRulesTest, NumbersHaveRangesOnBothSides) {
  struct Range {
    std::string parent, name;
    std::vector<std::string> good, bad;
  };
  for (const Range& range : {Range{"complexType:person", "age", {"0", "150", "+12"}, {"-1", "151", "2147483647"}},
                             Range{"complexType:associatedAccount", "approximateAge", {"0", "150"}, {"-1", "151"}},
                             Range{"complexType:ipCaptureEvent", "port", {"1", "65535"}, {"0", "65536", "-1"}}}) {
    for (const std::string& good : range.good) EXPECT_FALSE(RefusalWith(WithValue(range.parent, range.name, good))) << range.name << good;
    for (const std::string& bad : range.bad) {
      const auto refusal = RefusalWith(WithValue(range.parent, range.name, bad));
      ASSERT_TRUE(refusal) << range.name << bad;
      EXPECT_EQ(refusal->problems.at(0).rule, "limit.range");
    }
  }
}

TEST(WireRulesTest, EscalationMustNotBeBlank) {
  const auto with = [](const std::string& text) { return RefusalWith(WithValue("element:incidentSummary", "escalateToHighPriority", text)); };
  EXPECT_FALSE(with("."));
  for (const std::string_view blank : {"", " ", "\n\t "}) {
    ASSERT_TRUE(with(std::string(blank)));
    EXPECT_EQ(with(std::string(blank))->problems.at(0).rule, "value.blank");
  }
}

TEST(WireRulesTest, AddressesOfPagesHoldNoWhiteSpace) {
  const auto with = [](const std::string& text) { return RefusalWith(WithValue("element:webPageIncident", "url", text)); };
  for (const std::string_view good : {"pages.example", "https://pages.example/\xC3\xA9?a=b&amp;c", "x"}) EXPECT_FALSE(with(std::string(good)));
  for (const std::string_view bad : {"a b", " a", "a\n", "a\tb", "a&#127;", "&#13;"}) {
    ASSERT_TRUE(with(std::string(bad))) << bad;
    EXPECT_EQ(with(std::string(bad))->problems.at(0).rule, "value.white_space");
  }
}

TEST(WireRulesTest, ExifViewedNeedsTheFileViewed) {
  const auto with = [](std::string_view viewed, std::string_view exif) {
    return ReadFile(MinimalFile(std::string(viewed) + "<exifViewedByEsp>" + std::string(exif) + "</exifViewedByEsp>")).refusal;
  };
  EXPECT_FALSE(with("<fileViewedByEsp>true</fileViewedByEsp>", "true"));
  EXPECT_FALSE(with("<fileViewedByEsp>false</fileViewedByEsp>", "false"));
  EXPECT_FALSE(with("", "false"));
  for (const std::string_view viewed : {"", "<fileViewedByEsp>false</fileViewedByEsp>"}) {
    ASSERT_TRUE(with(viewed, "1"));
    EXPECT_EQ(with(viewed, "1")->problems.at(0).rule, "file.exif_without_file");
  }
}

TEST(WireRulesTest, AnAccountSaysItsTypeUnderEitherName) {
  const auto with = [](const std::string& attributes) {
    std::string document = testing::MinimalReport();
    const std::string person = "<personOrUserReported><associatedAccount" + attributes + "/></personOrUserReported>";
    document.insert(document.find("</report>"), person);
    return Read(document).refusal;
  };
  EXPECT_FALSE(with(" type=\"Billing\""));
  EXPECT_FALSE(with(" accountType=\"Billing\" thirdPartyUser=\"true\""));
  ASSERT_TRUE(with(""));
  EXPECT_EQ(with("")->problems.at(0).rule, "account.type");
  EXPECT_EQ(with(" accountType=\"Barter\"")->code, wire::Code::kValidationFailed);
}

TEST(WireRulesTest, SupplementalFilesCarryNeitherMemeMarkNorClassification) {
  const auto with = [](const std::string& rest, const std::string& relevance = "Supplemental Reported") {
    return ReadFile(MinimalFile("<fileRelevance>" + relevance + "</fileRelevance>" + rest)).refusal;
  };
  EXPECT_FALSE(with(""));
  EXPECT_FALSE(with("<potentialMeme>false</potentialMeme>"));
  EXPECT_FALSE(with("<fileAnnotations><viral/></fileAnnotations>"));
  for (const std::string_view rest : {"<potentialMeme>true</potentialMeme>", "<fileAnnotations><potentialMeme/></fileAnnotations>",
                                      "<industryClassification>B2</industryClassification>"}) {
    ASSERT_TRUE(with(std::string(rest))) << rest;
    EXPECT_EQ(with(std::string(rest))->problems.at(0).rule, "file.supplemental");
    EXPECT_FALSE(with(std::string(rest), "Reported"));
  }
}

TEST(WireRulesTest, AllBrokenRulesAreToldUpToTheLimit) {
  const auto refusal = RefusalWith([](const internal::SchemaRow& row) -> std::optional<std::string> {
    return row.type == "email" ? std::optional("<" + row.name + ">" + std::string(256, 'x') + "</" + row.name + ">") : std::nullopt;
  });
  ASSERT_TRUE(refusal);
  EXPECT_GT(refusal->problems.size(), 5U);
  EXPECT_LE(refusal->problems.size(), Limits{}.problems_max);
  const std::string text = refusal->Description();
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), refusal->problems.size());
}

std::vector<std::string> Codes(const std::vector<Finding>& findings) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) codes.push_back(finding.code + " " + finding.path);
  return codes;
}

std::vector<std::string> ReportFindings(const std::string& type, const std::string& details, const std::string& people, const std::string& time = "2026-01-02T03:04:05Z") {
  const auto reading = Read("<report><incidentSummary><incidentType>" + type + "</incidentType><incidentDateTime>" + time + "</incidentDateTime></incidentSummary>" +
                            details + "<reporter><reportingPerson/></reporter>" + people + "</report>");
  EXPECT_TRUE(reading.facts) << reading.refusal->Description();
  return reading.facts ? Codes(reading.facts->findings) : std::vector<std::string>();
}

constexpr std::string_view kEnticement = "Online Enticement of Children for Sexual Acts";
const std::string kAlways[] = {"no_contact_email /report/reporter", "no_legal_process_url /report/reporter"};

TEST(WireRulesTest, WhatIsAbsentIsFound) {
  EXPECT_EQ(ReportFindings(std::string(kEnticement), "", ""),
            (std::vector<std::string>{"no_person_reported /report", "no_incident_details /report", "no_ip /report", "no_chat_context /report",
                                      "no_victim_data /report", kAlways[0], kAlways[1]}));
  EXPECT_EQ(ReportFindings(std::string(WireWordOf(IncidentType::kCsam)), "<internetDetails><webPageIncident/></internetDetails>",
                           "<personOrUserReported/><personOrUserReported><screenName>a</screenName><estimatedLocation/></personOrUserReported>"),
            (std::vector<std::string>{"no_account_identifier /report/personOrUserReported[1]", "no_location_estimate /report/personOrUserReported[1]",
                                      "no_ip /report", "no_upload_ip /report", kAlways[0], kAlways[1]}));
}

TEST(WireRulesTest, AnActionableReportHasNoFinding) {
  const auto reading = Read(
      "<report><incidentSummary><incidentType>" + std::string(kEnticement) + "</incidentType><incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime></incidentSummary>"
      "<internetDetails><chatImIncident><content>made up</content></chatImIncident></internetDetails>"
      "<reporter><reportingPerson><email>desk@reporter.example</email></reportingPerson><legalURL>https://reporter.example/legal</legalURL></reporter>"
      "<personOrUserReported><espIdentifier>1</espIdentifier><ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Upload</eventName>"
      "<dateTime>2026-01-02T03:04:05Z</dateTime><port>4000</port></ipCaptureEvent><estimatedLocation><region>CA</region><countryCode>US</countryCode></estimatedLocation>"
      "</personOrUserReported><victim><victimPerson/></victim></report>");
  ASSERT_TRUE(reading.facts) << reading.refusal->Description();
  EXPECT_EQ(Codes(reading.facts->findings), std::vector<std::string>());
}

// Findings about one address event, without their path.
std::vector<std::string> AddressFindings(const std::string& address, const std::string& rest = "<dateTime>2026-01-02T03:04:05Z</dateTime><port>1</port>") {
  std::vector<std::string> codes;
  for (const std::string& finding : ReportFindings("Child Sex Trafficking", "", "<personOrUserReported><ipCaptureEvent><ipAddress>" + address + "</ipAddress>" + rest +
                                                                                     "</ipCaptureEvent></personOrUserReported>")) {
    const auto at = finding.find(" /report/personOrUserReported[1]/ipCaptureEvent[1]");
    if (at != std::string::npos) codes.push_back(finding.substr(0, at) + finding.substr(at + 50));
  }
  return codes;
}

TEST(WireRulesTest, AddressesAreJudgedWithoutRefusal) {
  using Found = std::vector<std::string>;
  for (const std::string_view fine : {"203.0.113.7", "198.51.100.1", "192.0.2.255", "2001:db8::1", " 203.0.113.7 ", "::ffff:203.0.113.7"}) EXPECT_EQ(AddressFindings(std::string(fine)), Found{}) << fine;
  for (const std::string_view local : {"10.0.0.1", "172.31.255.255", "192.168.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "100.127.255.255", "0.0.0.0",
                                       "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1"}) {
    EXPECT_EQ(AddressFindings(std::string(local)), Found{"ip_not_public"}) << local;
  }
  for (const std::string_view outside : {"9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1", "192.167.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "223.255.255.255", "fec0::1", "fb00::1"}) {
    EXPECT_EQ(AddressFindings(std::string(outside)), Found{}) << outside;
  }
  for (const std::string_view broken : {"", "300.1.1.1", "1.2.3", "localhost", "1.2.3.4:80", "fe80::1%eth0", "1.2.3.4 5.6.7.8"}) EXPECT_EQ(AddressFindings(std::string(broken)), Found{"ip_invalid"}) << broken;
  EXPECT_EQ(AddressFindings("203.0.113.7", ""), (Found{"ip_without_time", "ip_without_port"}));
  EXPECT_EQ(AddressFindings("2001:db8::1", ""), Found{"ip_without_time"});
  EXPECT_EQ(AddressFindings("203.0.113.7", "<dateTime>2026-01-02T03:04:05</dateTime><port>1</port>"), Found{"time_without_zone/dateTime"});
  EXPECT_EQ(AddressFindings("203.0.113.7", "<dateTime>2027-01-02T03:04:05Z</dateTime><port>1</port>"), Found{"time_in_future/dateTime"});
  EXPECT_EQ(AddressFindings("203.0.113.7", "<dateTime>-0001-01-02T03:04:05Z</dateTime><port>1</port>"), Found{"time_unreadable/dateTime"});
}

bool Finds(const testing::Patch& patch, std::string_view code) {
  const auto reading = Read(FullDocument("report", patch));
  EXPECT_TRUE(reading.facts) << reading.refusal->Description();
  return reading.facts && std::any_of(reading.facts->findings.begin(), reading.facts->findings.end(), [&](const Finding& finding) { return finding.code == code; });
}

TEST(WireRulesTest, OtherWeakValuesAreFound) {
  EXPECT_TRUE(Finds(WithValue("element:cellPhoneIncident", "latitude", "-123.456"), "place_off_the_map"));
  EXPECT_TRUE(Finds(WithValue("element:cellPhoneIncident", "longitude", "INF"), "place_off_the_map"));
  EXPECT_FALSE(Finds(WithValue("element:cellPhoneIncident", "latitude", "+90"), "place_off_the_map"));
  EXPECT_TRUE(Finds(WithValue("element:incidentSummary", "incidentDateTime", "2026-01-02T03:04:05"), "time_without_zone"));
  EXPECT_TRUE(Finds(WithValue("complexType:person", "dateOfBirth", "2030-01-01"), "time_in_future"));
  EXPECT_FALSE(Finds(WithValue("complexType:accountTemporarilyDisabled", "reenabledDate", "2030-01-01T00:00:00Z"), "time_in_future"));
  EXPECT_TRUE(Finds(WithValue("complexType:accountTemporarilyDisabled", "disabledDate", "2030-01-01T00:00:00Z"), "time_in_future"));
  EXPECT_TRUE(Finds(WithValue("complexType:person", "email", "nobody"), "email_invalid"));
  EXPECT_TRUE(Finds(WithValue("complexType:estimatedLocation", "countryCode", "US"), "region_not_a_state"));
  EXPECT_FALSE(Finds(WithValue("complexType:estimatedLocation", "countryCode", "GB"), "region_not_a_state"));
}

TEST(WireRulesTest, FilesAreJudgedAsWell) {
  const auto reading = ReadFile(MinimalFile());
  ASSERT_TRUE(reading.facts);
  std::vector<std::string> codes;
  for (const Finding& finding : reading.facts->findings) {
    codes.push_back(finding.code);
    EXPECT_EQ(finding.path, "/fileDetails");
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"no_file_viewed_flag", "no_publicly_available_flag", "no_original_hash", "no_upload_ip", "no_upload_time",
                                             "no_original_name", "no_classification"}));
  const auto hash = [](const std::string& type, const std::string& value) {
    const auto file = ReadFile(MinimalFile("<originalFileHash hashType=\"" + type + "\">" + value + "</originalFileHash>"));
    const auto& findings = file.facts->findings;
    return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.code == "hash_invalid"; });
  };
  EXPECT_FALSE(hash("MD5", std::string(32, 'a')));
  EXPECT_TRUE(hash("md5", std::string(31, 'a')));
  EXPECT_FALSE(hash("SHA-1", std::string(40, 'F')));
  EXPECT_TRUE(hash("SHA_256", std::string(64, 'g')));
  EXPECT_FALSE(hash("SHA 512", std::string(128, '0')));
  EXPECT_FALSE(hash("PDQ", "anything"));
  EXPECT_TRUE(hash("PDQ", ""));
}

TEST(WireRulesTest, FindingsAreBounded) {
  std::string people;
  for (int count = 0; count < 500; ++count) people += "<personOrUserReported/>";
  EXPECT_EQ(ReportFindings("Child Sex Trafficking", "", people).size(), Limits{}.findings_max);
}

TEST(WireRulesTest, EveryFindingHasARowInTheDocumentation) {
  const std::string page = testing::ReadSourceFile("docs/formats/ispws.md");
  for (const char* source : {"notes.cpp", "report_facts.cpp", "file_facts.cpp"}) {
    const std::string text = testing::ReadSourceFile("src/tipline/internal/" + std::string(source));
    const std::string open = "notes.Add(\"";
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at + 1)) {
      const std::size_t begin = at + open.size();
      const std::string code = text.substr(begin, text.find('"', begin) - begin);
      EXPECT_NE(page.find("| `" + code + "` |"), std::string::npos) << code;
    }
  }
}

}  // namespace
}  // namespace porchlight::tipline::wire
