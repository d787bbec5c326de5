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
  if (document == nullptr) return {};
  const Declaration* root = Types().Global(root_name);
  if (document->Root().Name() != root_name) return {};
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

// Both documents, with the changed declaration in them.
void AddBoth(const Patch& patch, Tally& tally) {
  for (const std::string root : {"report", "fileDetails"}) {
    bool used = false;
    const Patch counted = [&](const SchemaRow& row) {
      auto replaced = patch(row);
      used = used || replaced.has_value();
      return replaced;
    };
    const std::string document = FullDocument(root, counted);
    if (used) tally.Add(Judge(document, root));
  }
}

Patch Instead(const SchemaRow& changed, const std::string& by) {
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

TEST(SchemaProofTest, NoElementLeftOutDoubledOrStrangeIsCalledValidWrongly) {
  Tally tally;
  for (const SchemaRow& row : RowsOf("element")) {
    const std::string leaf = "<" + row.name + ">1</" + row.name + ">";
    for (const std::string& by : {std::string(), leaf, leaf + leaf, "<stranger/>" + leaf, leaf + "words", "<" + row.name + " odd='1'>1</" + row.name + ">",
                                  "<" + row.name + "><stranger/></" + row.name + ">", "<" + row.name + "/>", "<x:" + row.name + " xmlns:x='urn:x'/>",
                                  "<" + row.name + std::string(kHint) + ">1</" + row.name + ">", "<" + row.name + "> </" + row.name + ">",
                                  "<" + row.name + " xmlns:x='urn:x' x:odd='1'>1</" + row.name + ">", std::string("<!-- only a remark -->")}) {
      AddBoth(Instead(row, by), tally);
    }
  }
  EXPECT_GT(tally.asked, 1'500);
  EXPECT_GT(tally.asked - tally.valid, 500);
  EXPECT_GE(tally.certain, tally.valid * 9 / 10) << tally.certain << " of " << tally.valid;
}

TEST(SchemaProofTest, NoValueIsCalledValidWrongly) {
  constexpr std::array kValues = {"",     " ",    "true",    "TRUE",  "0",    "-1",      "+12",       "2147483648", "99999999999999999999", "1.5",
                                  "1e400", "NaN", ".5",      "5.",    "Home", "home",    "US",        " US ",       "+1",                   "+1234",
                                  "12a",  "A1",   "2026-02-29", "2024-02-29", "2026-01-31T23:59:59.5+14:00", "2026-01-31T24:00:00Z",
                                  "-0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+15:00"};
  Tally tally;
  for (const SchemaRow& row : RowsOf("element")) {
    if (!row.type.starts_with("xs:") && !row.type.ends_with("Type") && row.type != "country" && row.type != "state" && row.type != "latlong") continue;
    for (const std::string value : kValues) AddBoth(Instead(row, "<" + row.name + ">" + value + "</" + row.name + ">"), tally);
  }
  for (const SchemaRow& row : RowsOf("attribute")) {
    for (const std::string value : kValues) AddBoth(Instead(row, " " + row.name + "='" + value + "'"), tally);
    AddBoth(Instead(row, ""), tally);
  }
  EXPECT_GT(tally.asked, 3'000);
  EXPECT_GT(tally.asked - tally.valid, 500);
  EXPECT_GE(tally.certain, tally.valid * 8 / 10) << tally.certain << " of " << tally.valid;
}

}  // namespace
}  // namespace porchlight::tipline::internal
