// Goal: every element, attribute and word of the schema is accepted where it belongs and refused where it does not.
// Method: take the document that has everything, change one declaration at a time, and ask the reader.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tipline/testing/wire_samples.h"
#include "tipline/wire.h"

namespace porchlight::tipline::wire {
namespace {

using internal::SchemaRow;
using testing::FullDocument;
using testing::Patch;

// The refusal of a document with the patch, or nothing if it is accepted. Asks both documents; `used` tells if the
// patched declaration occurred at all.
struct Verdict {
  std::optional<Refusal> refusal;
  bool used = false;
  std::string document;
};

Verdict Judge(const Patch& patch) {
  Verdict verdict;
  const Patch counted = [&](const SchemaRow& row) {
    auto replaced = patch(row);
    verdict.used = verdict.used || replaced.has_value();
    return replaced;
  };
  for (const std::size_t alternative : {std::size_t{0}, std::size_t{1}}) {
    verdict.document = FullDocument("fileDetails", counted, alternative);
    if (verdict.used) {
      verdict.refusal = testing::WireReader().ReadFileDetails(verdict.document, testing::SampleNow()).refusal;
      if (verdict.refusal) return verdict;
    }
  }
  const bool in_file = verdict.used;
  verdict.used = false;
  verdict.document = FullDocument("report", counted);
  if (verdict.used) verdict.refusal = testing::WireReader().ReadReport(verdict.document, testing::SampleNow()).refusal;
  verdict.used = verdict.used || in_file;
  return verdict;
}

bool IsRequestPart(const SchemaRow& row) {
  return row.parent != "(schema)" && !row.parent.starts_with("element:reportResponse") && !row.parent.starts_with("element:reportDoneResponse");
}

std::vector<SchemaRow> RequestRows(std::string_view kind) {
  std::vector<SchemaRow> rows;
  for (const SchemaRow& row : testing::WireRows()) {
    if (row.kind == kind && IsRequestPart(row)) rows.push_back(row);
  }
  return rows;
}

Patch Replacing(const SchemaRow& wanted, const std::string& by) {
  return [=](const SchemaRow& row) { return row == wanted ? std::optional(by) : std::nullopt; };
}

std::string Value(const SchemaRow& row, const std::string& value) {
  return row.kind == "attribute" ? " " + row.name + "=\"" + value + "\"" : "<" + row.name + ">" + value + "</" + row.name + ">";
}

TEST(WireSchemaTest, TheDocumentWithEverythingIsAccepted) {
  const auto report = testing::WireReader().ReadReport(FullDocument("report"), testing::SampleNow());
  EXPECT_FALSE(report.refusal) << report.refusal->Description();
  for (const std::size_t alternative : {std::size_t{0}, std::size_t{1}}) {
    const auto file = testing::WireReader().ReadFileDetails(FullDocument("fileDetails", nullptr, alternative), testing::SampleNow());
    EXPECT_FALSE(file.refusal) << file.refusal->Description();
  }
}

TEST(WireSchemaTest, EveryElementMayBeLeftOutExactlyIfOptional) {
  for (const SchemaRow& row : RequestRows("element")) {
    if (row.compositor == "choice" && row.least == "1") continue;   // The eight incidents; see the next test.
    if (row.name == "fileViewedByEsp") continue;   // The sample's exifViewedByEsp needs it.
    const Verdict verdict = Judge(Replacing(row, ""));
    ASSERT_TRUE(verdict.used) << row.parent << " " << row.name;
    EXPECT_EQ(verdict.refusal.has_value(), row.least == "1") << row.parent << " " << row.name;
    if (verdict.refusal) {
      EXPECT_EQ(verdict.refusal->code, Code::kValidationFailed);
    }
  }
}

TEST(WireSchemaTest, InternetDetailsHoldExactlyOneIncident) {
  for (const SchemaRow& row : RequestRows("element")) {
    if (row.parent != "element:internetDetails") continue;
    EXPECT_TRUE(Judge(Replacing(row, "")).refusal) << row.name;
    EXPECT_TRUE(Judge(Replacing(row, "<" + row.name + "/><" + row.name + "/>")).refusal) << row.name;
    EXPECT_FALSE(Judge(Replacing(row, "<" + row.name + "/>")).refusal) << row.name;
  }
}

TEST(WireSchemaTest, EveryElementMayRepeatExactlyIfUnbounded) {
  for (const SchemaRow& row : RequestRows("element")) {
    if (row.compositor == "choice") continue;
    // Empty ones are refused for what they lack, so look only at whether the second may stand there.
    const Verdict verdict = Judge(Replacing(row, "<" + row.name + "/><" + row.name + "/>"));
    ASSERT_TRUE(verdict.used) << row.parent << " " << row.name;
    const bool misplaced = verdict.refusal && std::any_of(verdict.refusal->problems.begin(), verdict.refusal->problems.end(), [&](const Problem& problem) {
                             return problem.rule == "schema.order" && problem.element == row.name;
                           });
    EXPECT_EQ(misplaced, row.most == "1") << row.parent << " " << row.name << (verdict.refusal ? verdict.refusal->Description() : "");
  }
}

TEST(WireSchemaTest, OrderIsEnforcedInEverySequence) {
  const std::vector<SchemaRow> rows = RequestRows("element");
  int swaps = 0;
  for (std::size_t index = 0; index + 1 < rows.size(); ++index) {
    const SchemaRow& first = rows[index];
    const SchemaRow& second = rows[index + 1];
    if (first.parent != second.parent || first.compositor != "sequence" || second.order != first.order + 1) continue;
    const Patch swapped = [&](const SchemaRow& row) -> std::optional<std::string> {
      if (row == first) return "";
      if (row == second) return "<" + second.name + "/><" + first.name + "/>";
      return std::nullopt;
    };
    const Verdict verdict = Judge(swapped);
    ASSERT_TRUE(verdict.used);
    ASSERT_TRUE(verdict.refusal) << first.parent << ": " << second.name << " before " << first.name;
    // Either the second came too early (the first is required) or the first comes too late.
    const std::string misplaced = first.least == "0" ? first.name : second.name;
    EXPECT_TRUE(std::any_of(verdict.refusal->problems.begin(), verdict.refusal->problems.end(), [&](const Problem& problem) {
      return problem.rule == "schema.order" && problem.element == misplaced;
    })) << first.parent << ": " << second.name << " before " << first.name << verdict.refusal->Description();
    ++swaps;
  }
  EXPECT_GT(swaps, 120);
}

TEST(WireSchemaTest, FlagsMayStandInAnyOrderAndBeWrittenInFourWays) {
  for (const SchemaRow& row : RequestRows("element")) {
    if (row.facets != "fixed=true") continue;
    for (const std::string_view good : {"", "true", "1", " true ", "\n1\n"}) {
      EXPECT_FALSE(Judge(Replacing(row, Value(row, std::string(good)))).refusal) << row.name << " " << good;
    }
    EXPECT_FALSE(Judge(Replacing(row, "<" + row.name + "/>")).refusal);
    for (const std::string_view bad : {"false", "0", "yes", "TRUE", "11"}) {
      const Verdict verdict = Judge(Replacing(row, Value(row, std::string(bad))));
      ASSERT_TRUE(verdict.refusal) << row.name << " " << bad;
      EXPECT_EQ(verdict.refusal->problems.at(0).element, row.name);
    }
    const Verdict twice = Judge(Replacing(row, "<" + row.name + "/><" + row.name + "/>"));
    EXPECT_TRUE(twice.refusal) << row.name;
  }
}

TEST(WireSchemaTest, EveryWordOfEveryListIsAcceptedAndAnyOtherRefused) {
  std::set<std::string> lists;
  for (const SchemaRow& word : testing::WireRows()) {
    if (word.kind == "enum") lists.insert(word.parent);
  }
  EXPECT_EQ(lists.size(), 12U);
  for (const std::string& list : lists) {
    const std::string type = list.substr(list.find(':') + 1);
    const auto user = std::find_if(testing::WireRows().begin(), testing::WireRows().end(), [&](const SchemaRow& row) { return row.type == type; });
    ASSERT_NE(user, testing::WireRows().end()) << type;
    for (const SchemaRow& word : testing::WireRows()) {
      if (word.parent != list || word.kind != "enum") continue;
      // Some words are allowed by the list and refused by a rule between fields; those have tests of their own.
      if (word.name == "Supplemental Reported") continue;
      EXPECT_FALSE(Judge(Replacing(*user, Value(*user, word.name))).refusal) << type << " '" << word.name << "'";
    }
    for (const std::string_view bad : {"no such word", "true", " "}) {
      const Verdict verdict = Judge(Replacing(*user, Value(*user, std::string(bad))));
      ASSERT_TRUE(verdict.refusal) << type << " '" << bad << "'";
      EXPECT_EQ(verdict.refusal->problems.at(0).rule, "schema.enumeration");
      EXPECT_NE(verdict.refusal->Description().find(user->name), std::string::npos);
    }
  }
}

struct TypeCase {
  std::string_view type;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(WireSchemaTest, EveryTypedValueIsCheckedAndSurroundingWhiteSpaceIsNot) {
  const std::vector<TypeCase> cases = {
      {"xs:dateTime", {" 2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789+14:00\n", "\t2026-01-02T24:00:00 ", "2026-01-02T03:04:05"},
       {"", "2026-01-02", "2026-01-02 03:04:05", "2026-02-30T00:00:00Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04Z", "now"}},
      {"xs:date", {" 2010-02-03 ", "2010-02-03Z", "\n2010-02-03+01:00"}, {"", "2010-2-3", "2010-02-30", "03/02/2010"}},
      {"xs:int", {" 17 ", "+17", "\n017\n"}, {"", "1 7", "17.0", "seventeen", "2147483648"}},
      {"xs:long", {" 17 ", "9223372036854775807"}, {"", "x", "9223372036854775808"}},
      {"xs:boolean", {"true", "false", "1", "0", " true "}, {"", "yes", "True"}},
      {"latlong", {"-123.456", " 1e3 ", "INF", "+5"}, {"", "12,5", "north"}},
      {"phoneCountryCallingCode", {"+1", "+444"}, {"", "1", "+4444", "+x"}},
      {"phoneExtension", {"1", "1234567890"}, {"", "x1", "1 2"}},
  };
  for (const TypeCase& one : cases) {
    int used = 0;
    for (const SchemaRow& row : testing::WireRows()) {
      if (row.type != one.type || !IsRequestPart(row) || (row.kind != "element" && row.kind != "attribute") || row.facets == "fixed=true") continue;
      ++used;
      for (const std::string& good : one.good) {
        const bool other_rule = (row.name == "reportId" || row.name == "exifViewedByEsp" || row.name == "fileViewedByEsp") && good != " 17 ";
        const Verdict verdict = Judge(Replacing(row, Value(row, good)));
        EXPECT_TRUE(other_rule || !verdict.refusal) << row.parent << " " << row.name << " '" << good << "' " << (verdict.refusal ? verdict.refusal->Description() : "");
      }
      for (const std::string& bad : one.bad) {
        const Verdict verdict = Judge(Replacing(row, Value(row, bad)));
        ASSERT_TRUE(verdict.refusal) << row.parent << " " << row.name << " '" << bad << "'";
        EXPECT_NE(verdict.refusal->Description().find(row.name), std::string::npos) << verdict.refusal->Description();
      }
    }
    EXPECT_GT(used, 0) << one.type;
  }
}

TEST(WireSchemaTest, EveryAttributeMayBeLeftOutExactlyIfOptionalAndUnknownOnesAreRefused) {
  for (const SchemaRow& row : RequestRows("attribute")) {
    const Verdict without = Judge(Replacing(row, ""));
    ASSERT_TRUE(without.used) << row.parent << " " << row.name;
    EXPECT_EQ(without.refusal.has_value(), row.least == "1") << row.parent << " " << row.name;
    EXPECT_TRUE(Judge(Replacing(row, " unknown=\"x\"")).refusal);
  }
}

}  // namespace
}  // namespace porchlight::tipline::wire
