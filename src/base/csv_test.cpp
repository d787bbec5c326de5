#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/csv.h"

namespace porchlight {
namespace {

using ::testing::ElementsAre;

std::vector<std::vector<std::string>> Rows(const std::string& text) {
  CsvReader reader(text);
  std::vector<std::vector<std::string>> rows;
  while (reader.more()) rows.push_back(reader.Row().value());
  return rows;
}

TEST(CsvTest, TheSeparatorIsTheOneOfTheFirstLine) {
  EXPECT_THAT(Rows("a,b;c\n1,2;3"), ElementsAre(ElementsAre("a", "b;c"), ElementsAre("1", "2;3")));
  EXPECT_THAT(Rows("a;b;c\n1,2;3"), ElementsAre(ElementsAre("a", "b", "c"), ElementsAre("1,2", "3")));
  EXPECT_THAT(Rows("a\tb\r\n1\t2\r\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2")));
}

// Found by the fuzzer: the first line ended within a quotation.
TEST(CsvTest, WhatStandsInQuotationMarksSeparatesNothing) {
  EXPECT_THAT(Rows("\"a;b;c\",d\n1,2\n"), ElementsAre(ElementsAre("a;b;c", "d"), ElementsAre("1", "2")));
  EXPECT_THAT(Rows("\"x;\n;\",d\n1,2;3\n"), ElementsAre(ElementsAre("x;\n;", "d"), ElementsAre("1", "2;3")));
}

TEST(CsvTest, AByteOrderMarkIsSkippedAndEmptyCellsAreKept) {
  EXPECT_THAT(Rows("\xef\xbb\xbf" "a,,\n,\n\n"), ElementsAre(ElementsAre("a", "", ""), ElementsAre("", ""), ElementsAre("")));
}

TEST(CsvTest, QuotedCellsHoldEverything) {
  EXPECT_THAT(Rows("\"a,\"\"b\"\"\n\",c\n"), ElementsAre(ElementsAre("a,\"b\"\n", "c")));
  EXPECT_THAT(Rows("a\rb,c"), ElementsAre(ElementsAre("a\rb", "c")));
}

TEST(CsvTest, WhatIsBrokenIsNamedByItsLine) {
  CsvReader open("a,b\n1,\"2\n3");
  ASSERT_TRUE(open.Row().ok());
  EXPECT_EQ(open.Row().error().public_text, "Line 2: a quotation does not end.");
  CsvReader after("\"a\"b\n");
  EXPECT_EQ(after.Row().error().public_text, "Line 1: something stands after a quotation.");
}

TEST(CsvTest, ACellIsReadBackAsItWasWritten) {
  for (const std::string cell : {"", "plain", "a,b", "\"", "line\r\nend", "\xc3\xa9"}) {
    const std::string text = CsvCell(cell) + ",x\n";
    EXPECT_THAT(Rows(text), ElementsAre(ElementsAre(cell, "x")));
  }
}

}  // namespace
}  // namespace porchlight
