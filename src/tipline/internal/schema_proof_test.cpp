// Goal: what is called certainly valid is valid, whatever a document does; and nearly everything that is valid is called so, or
// the check would be of no use. Method: change the document that has everything, one declaration at a time, and hold the answer
// against the library's.
#include "tipline/internal/schema_proof.h"

#include <gtest/gtest.h>

#include <array>

#include "platform/xml/schema.h"
#include "tipline/testing/wire_samples.h"

namespace porchlight::tipline::internal {
namespace {

using tipline::testing::FullDocument;
using tipline::testing::Patch;

const xml::Schema& LibrarySchema() {
  static const xml::Schema schema = xml::Schema::Compile(tipline::testing::ReadSourceFile("api/ispws.xsd")).value();
  return schema;
}

const WireTypes& Types() {
  static const WireTypes types = WireTypes::Create(tipline::testing::WireRows()).value();
  return types;
}

struct Judged {
  bool certain = false;
  bool valid = false;
};

Judged Judge(const std::string& text, const std::string& root_name) {
  auto parsed = xml::Document::Parse(text, {});
  auto* document = std::get_if<xml::Document>(&parsed);
  if (document == nullptr || document->Root().Name() != root_name) {
    ADD_FAILURE() << "nothing to judge: " << text;
    return {};
  }
  const Declaration* root = Types().Global(root_name);
  Normalise(*document, *root);
  Judged judged;
  judged.certain = IsCertainlyValid(document->Root(), *root);
  judged.valid = LibrarySchema().Validate(*document, 1).empty();
  EXPECT_TRUE(judged.valid || !judged.certain) << text;
  return judged;
}

struct Tally {
  int certain = 0;
  int valid = 0;
  int asked = 0;
  void Add(const Judged& judged) {
    ++asked;
    certain += judged.certain ? 1 : 0;
    valid += judged.valid ? 1 : 0;
  }
};

// All documents, with the changed declaration in them.
void AddAll(const Patch& patch, Tally& tally) {
  for (const auto& [root, alternative] : {std::pair("report", 0), std::pair("fileDetails", 0), std::pair("fileDetails", 1)}) {
    bool used = false;
    const Patch counted = [&](const SchemaRow& row) {
      auto replaced = patch(row);
      used = used || replaced.has_value();
      return replaced;
    };
    const std::string document = FullDocument(root, counted, static_cast<std::size_t>(alternative));
    if (used) tally.Add(Judge(document, root));
  }
}

Patch Replacing(const SchemaRow& changed, const std::string& by) {
  return [&changed, by](const SchemaRow& row) {
    return row.parent == changed.parent && row.name == changed.name && row.kind == changed.kind ? std::optional(by) : std::nullopt;
  };
}

std::vector<SchemaRow> RowsOf(std::string_view kind) {
  std::vector<SchemaRow> rows;
  for (const SchemaRow& row : tipline::testing::WireRows()) {
    if (row.kind == kind && row.parent != "(schema)") rows.push_back(row);
  }
  return rows;
}

constexpr std::string_view kHint =
    " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='https://clearinghouse.example/ispws/xsd'";

TEST(SchemaProofTest, DocumentsWithEverythingAndWithLeastAreCertain) {
  EXPECT_TRUE(Judge(FullDocument("report"), "report").certain);
  EXPECT_TRUE(Judge(FullDocument("fileDetails", nullptr, 0), "fileDetails").certain);
  EXPECT_TRUE(Judge(FullDocument("fileDetails", nullptr, 1), "fileDetails").certain);
  EXPECT_TRUE(Judge(tipline::testing::MinimalReport(), "report").certain);
  EXPECT_TRUE(Judge(tipline::testing::MinimalFile(), "fileDetails").certain);
  std::string hinting = tipline::testing::MinimalReport();
  hinting.insert(hinting.find("<report") + 7, kHint);
  EXPECT_TRUE(Judge(hinting, "report").certain) << hinting;
}

// What may stand where a declaration stands, most of it wrong.
std::vector<std::string> Instead(const std::string& name) {
  const std::string leaf = "<" + name + ">1</" + name + ">";
  const auto with = [&](std::string_view attributes) { return "<" + name + std::string(attributes) + ">1</" + name + ">"; };
  return {"", leaf, leaf + leaf, "<stranger/>" + leaf, leaf + "words", with(" odd='1'"), with(kHint), with(std::string(kHint) + " odd='1'"),
          with(" xmlns:x='urn:x' x:odd='1'"), with(" xml:lang='en'"), with(" xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'"),
          with(" xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:s='http://www.w3.org/2001/XMLSchema' i:type='s:string'"),
          "<" + name + "><stranger/></" + name + ">", "<" + name + "/>", "<" + name + "> </" + name + ">", "<" + name + "><![CDATA[]]></" + name + ">",
          "<x:" + name + " xmlns:x='urn:x'/>", "<!-- only a remark -->"};
}

TEST(SchemaProofTest, NoElementLeftOutDoubledOrStrangeIsCalledValidWrongly) {
  Tally tally;
  for (const SchemaRow& row : RowsOf("element")) {
    for (const std::string& by : Instead(row.name)) AddAll(Replacing(row, by), tally);
  }
  EXPECT_GT(tally.asked, 2'000);
  EXPECT_GT(tally.asked - tally.valid, 1'000);
  // The rest are types and attributes that the document itself declares.
  EXPECT_GE(tally.certain, tally.valid * 8 / 10) << tally.certain << " of " << tally.valid;
}

// Every pair of tags that could be neighbours, in both orders: what a sequence must not take, and of a choice not two.
TEST(SchemaProofTest, NoOrderIsCalledValidWrongly) {
  Tally tally;
  const std::vector<SchemaRow> rows = RowsOf("element");
  for (std::size_t index = 0; index + 1 < rows.size(); ++index) {
    const SchemaRow& first = rows[index];
    const SchemaRow& second = rows[index + 1];
    if (first.parent != second.parent) continue;
    const auto empty = [](const SchemaRow& row) { return "<" + row.name + "/>"; };
    const auto flag = [](const SchemaRow& row) { return "<" + row.name + ">true</" + row.name + ">"; };
    for (const std::string& by : {empty(first) + empty(second), empty(second) + empty(first), flag(first) + empty(second), flag(second) + flag(first)}) {
      AddAll(Replacing(first, by), tally);
      AddAll([&](const SchemaRow& row) -> std::optional<std::string> {
        if (row.kind != "element" || row.parent != first.parent) return std::nullopt;
        return row.name == first.name ? std::optional(by) : row.name == second.name ? std::optional(std::string()) : std::nullopt;
      }, tally);
    }
  }
  EXPECT_GT(tally.asked, 1'000);
  EXPECT_GT(tally.asked - tally.valid, 700);
  EXPECT_GT(tally.certain, 20);
}

// A document found by a stranger's reading: one step of a pattern was one step deeper on the stack.
TEST(SchemaProofTest, AValueOfAnyLengthIsLookedAt) {
  const SchemaRow extension{"complexType:phone", "extension", "attribute", "", "", "", "", 0, ""};
  Tally tally;
  AddAll(Replacing(extension, " extension='" + std::string(65'000, '1') + "'"), tally);
  AddAll(Replacing(extension, " extension='" + std::string(65'000, '1') + "x'"), tally);
  EXPECT_GT(tally.asked, 1);
  EXPECT_EQ(tally.certain, tally.asked / 2);
}

TEST(SchemaProofTest, WhatTheTableCannotTellMakesTheSchemaUnusable) {
  const auto reads = [](const std::string& from, const std::string& to) {
    std::string xsd = tipline::testing::ReadSourceFile("api/ispws.xsd");
    const std::size_t at = xsd.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    xsd.replace(at, from.size(), to);
    return ReadSchemaTable(xsd).ok();
  };
  EXPECT_TRUE(reads("use=\"required\"", "use=\"optional\""));
  EXPECT_FALSE(reads("use=\"required\"", "use=\"prohibited\""));
  EXPECT_FALSE(reads("use=\"required\"", "use=\"required\" fixed=\"x\""));
  EXPECT_FALSE(reads("<xs:element name=\"platform\"", "<xs:element nillable=\"true\" name=\"platform\""));
  EXPECT_FALSE(reads("<xs:complexType name=\"person\"", "<xs:complexType mixed=\"true\" name=\"person\""));
}

TEST(SchemaProofTest, NoValueIsCalledValidWrongly) {
  constexpr std::array kValues = {"",     " ",    "true",    "TRUE",  "0",    "-1",      "+12",       "2147483648", "99999999999999999999", "1.5",
                                  "1e400", "NaN", ".5",      "5.",    "Home", "home",    "US",        " US ",       "+1",                   "+1234",
                                  "12a",  "A1",   "2026-02-29", "2024-02-29", "2026-01-31T23:59:59.5+14:00", "2026-01-31T24:00:00Z",
                                  "-0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+15:00", "in  side", " \t", "1 2"};
  Tally tally;
  for (const SchemaRow& row : RowsOf("element")) {
    if (!row.type.starts_with("xs:") && !row.type.ends_with("Type") && row.type != "country" && row.type != "state" && row.type != "latlong") continue;
    for (const std::string value : kValues) AddAll(Replacing(row, "<" + row.name + ">" + value + "</" + row.name + ">"), tally);
  }
  for (const SchemaRow& row : RowsOf("attribute")) {
    for (const std::string value : kValues) AddAll(Replacing(row, " " + row.name + "='" + value + "'"), tally);
    AddAll(Replacing(row, ""), tally);
  }
  EXPECT_GT(tally.asked, 3'000);
  EXPECT_GT(tally.asked - tally.valid, 500);
  EXPECT_GE(tally.certain, tally.valid * 8 / 10) << tally.certain << " of " << tally.valid;
}

}  // namespace
}  // namespace porchlight::tipline::internal
