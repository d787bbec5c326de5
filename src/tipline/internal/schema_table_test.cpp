// Goal: api/ispws.xsd has exactly the structure of the published schema plus our named extras.
// Method: render the table read from the XSD in the short form of elements.txt and compare; and, where the table of
// published facts lies beside the checkout, compare row by row.
#include "tipline/internal/schema_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "base/text.h"

namespace porchlight::tipline::internal {
namespace {

const std::string kRoot = PORCHLIGHT_SOURCE_DIR;

// What the schema of November 2025 lacks, as (parent, name).
const std::set<std::pair<std::string, std::string>> kExtras = {
    {"complexType:reportAnnotations", "informational"},
    {"complexType:reportAnnotations", "potentialAggravatingFactors"},
    {"complexType:reportAnnotations", "instrumentalUse"},
    {"complexType:person", "ageAssertionDiscrepancy"},
    {"complexType:associatedAccount", "ageAssertionDiscrepancy"},
    {"element:reportDoneResponse", "responseDescription"},
    {"element:lawEnforcement", "fleaCountry"},
    {"complexType:associatedAccount", "accountType"},
    {"complexType:associatedAccount", "thirdPartyUser"},
    {"complexType:nameValue", "type"},
};

bool IsExtra(const SchemaRow& row) { return kExtras.contains({row.parent, row.name}); }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<SchemaRow> Rows() {
  Result<std::vector<SchemaRow>> rows = ReadSchemaTable(ReadFile(kRoot + "/api/ispws.xsd"));
  EXPECT_TRUE(rows.ok()) << rows.error().operator_text;
  return std::move(rows).value();
}

std::string Occurrence(const SchemaRow& row) {
  if (row.least == "0") return row.most == "1" ? "?" : "*";
  return row.most == "unbounded" ? "+" : "";
}

std::string ShortType(const std::string& type) {
  if (type.starts_with("ref:")) return "ref";
  return type.starts_with("anonymous:") ? "own" : type;
}

std::string Item(const SchemaRow& row) {
  const std::string fixed = row.facets == "fixed=true" ? "=true" : "";
  const std::string extra = IsExtra(row) ? "+" : "";
  if (row.kind == "group" && row.type == "schema") return row.facets;
  if (row.parent == "(schema)") return row.name + ":" + ShortType(row.type);
  if (row.kind == "group") return (row.name.empty() ? row.type : "{" + row.name + "}") + Occurrence(row);
  if (row.kind == "extension") return row.facets.substr(row.facets.find('=') + 1) + "(" + row.type + ")";
  if (row.kind == "element") return extra + row.name + ":" + ShortType(row.type) + Occurrence(row) + fixed;
  if (row.kind == "attribute") return extra + "@" + row.name + ":" + row.type + Occurrence(row);
  return row.kind == "enum" ? "'" + row.name + "'" : "/" + row.name + "/";
}

// Entries by the name of their type, white space collapsed.
std::map<std::string, std::string> Expected() {
  std::map<std::string, std::string> entries;
  std::istringstream lines(ReadFile(kRoot + "/src/tipline/internal/elements.txt"));
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    if (!line.starts_with(' ')) current = line.substr(0, line.find(" = "));
    entries[current] += (entries[current].empty() ? "" : " ") + std::string(Trim(line));
  }
  return entries;
}

TEST(SchemaTableTest, TheXsdHasTheStructureWrittenDownInElementsTxt) {
  std::map<std::string, std::string> found;
  for (const SchemaRow& row : Rows()) {
    std::string& entry = found[row.parent];
    if (entry.empty()) entry = row.parent + " =";
    entry += " " + Item(row);
  }
  const std::map<std::string, std::string> expected = Expected();
  ASSERT_GT(expected.size(), 40U);
  for (const auto& [parent, entry] : expected) EXPECT_EQ(found[parent], entry);
  EXPECT_EQ(found.size(), expected.size());
}

std::vector<SchemaRow> PublishedRows(const std::string& text) {
  std::vector<SchemaRow> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);   // Names of the columns.
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    for (const std::string_view cell : Split(line, '\t')) cells.emplace_back(cell);
    cells.resize(9);
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6],
                    static_cast<int>(ParseInteger(cells[7]).value_or(0)), cells[8]});
  }
  return rows;
}

// Without the extras, and counted as if they were not there.
std::vector<SchemaRow> WithoutExtras(const std::vector<SchemaRow>& rows) {
  std::vector<SchemaRow> kept;
  std::map<std::string, int> removed;
  for (SchemaRow row : rows) {
    if (IsExtra(row)) {
      ++removed[row.parent];
      continue;
    }
    if (row.kind == "element") row.order -= removed[row.parent];
    // A rule asks for it instead, because accountType may stand for it.
    if (row.parent == "complexType:associatedAccount" && row.name == "type") row.least = "1";
    kept.push_back(std::move(row));
  }
  return kept;
}

std::string Show(const SchemaRow& row) {
  return row.parent + "|" + row.name + "|" + row.kind + "|" + row.type + "|" + row.least + "|" + row.most + "|" + row.compositor + "|" +
         std::to_string(row.order) + "|" + row.facets;
}

TEST(SchemaTableTest, TheXsdEqualsTheTableOfPublishedFactsButForTheExtras) {
  const std::string text = ReadFile(kRoot + "/../shared/spec/tipline-elements.tsv");
  if (text.empty()) GTEST_SKIP() << "tipline-elements.tsv does not lie beside the checkout; only elements.txt was compared.";
  std::multiset<std::string> ours;
  std::multiset<std::string> published;
  for (const SchemaRow& row : WithoutExtras(Rows())) ours.insert(Show(row));
  for (const SchemaRow& row : PublishedRows(text)) published.insert(Show(row));
  for (const std::string& row : published) EXPECT_TRUE(ours.contains(row)) << "missing: " << row;
  for (const std::string& row : ours) EXPECT_TRUE(published.contains(row)) << "not published: " << row;
  EXPECT_EQ(ours, published);
  EXPECT_GT(published.size(), 600U);
}

TEST(SchemaTableTest, RefusesWhatItDoesNotUnderstand) {
  const std::string open = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">)";
  EXPECT_FALSE(ReadSchemaTable("<a/>").ok());
  EXPECT_FALSE(ReadSchemaTable("<a").ok());
  EXPECT_FALSE(ReadSchemaTable(open + R"(<xs:include schemaLocation="b.xsd"/></xs:schema>)").ok());
  EXPECT_FALSE(ReadSchemaTable(open + R"(<xs:simpleType name="a"><xs:list itemType="xs:int"/></xs:simpleType></xs:schema>)").ok());
  EXPECT_FALSE(ReadSchemaTable(open + R"(<xs:complexType name="a"><xs:complexContent/></xs:complexType></xs:schema>)").ok());
  EXPECT_TRUE(ReadSchemaTable(open + "</xs:schema>").ok());
}

}  // namespace
}  // namespace porchlight::tipline::internal
