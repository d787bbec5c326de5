#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "referrals/feedback_sheet.h"
#include "referrals/testing/referrals_rig.h"

namespace porchlight::referrals {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ReferenceProfile;

Result<Sheet> Read(const std::string& text) {
  static const SheetWords words = SheetWords::From(ReferenceProfile());
  return ReadFeedbackSheet(text, words);
}
std::string FaultOf(const std::string& text) {
  const Result<Sheet> sheet = Read(text);
  if (!sheet.ok()) return sheet.error().public_text;
  if (sheet->faults.size() != 1) return "faults: " + std::to_string(sheet->faults.size());
  const SheetFault& fault = sheet->faults.front();
  return std::to_string(fault.line) + " " + fault.column + " " + fault.text;
}

TEST(FeedbackSheetTest, RowsAreReadByTheNamesOfTheirColumnsWhateverTheirOrder) {
  const Sheet sheet = Read("notes,gaps,Report,usefulness,outcomes\nx,no_port;stale,17,not_useful,\n,,18,,arrest 2026-01-31; unfounded\n").value();
  ASSERT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.rows[0].report, 17);
  EXPECT_EQ(sheet.rows[0].line, 2);
  EXPECT_EQ(sheet.rows[0].feedback.usefulness, Usefulness::kNotUseful);
  EXPECT_THAT(sheet.rows[0].feedback.gaps, ElementsAre("no_port", "stale"));
  EXPECT_THAT(sheet.rows[1].feedback.outcomes, ElementsAre(Outcome{"arrest", "2026-01-31"}, Outcome{"unfounded", ""}));
  EXPECT_TRUE(sheet.faults.empty());
}

TEST(FeedbackSheetTest, SpreadsheetsOfEveryCountryAreRead) {
  for (const std::string& text : {std::string("\xef\xbb\xbfreport;usefulness\r\n17;\"It was of no use\"\r\n"), std::string("report\tusefulness\n17\tNOT_USEFUL"),
                                  std::string("\"report\",\"usefulness\"\n\"17\",\"not_useful\""), std::string("report,usefulness\n17,No sirvió\n\n")}) {
    const Result<Sheet> sheet = Read(text);
    ASSERT_TRUE(sheet.ok()) << text;
    ASSERT_EQ(sheet->rows.size(), 1U) << text;
    EXPECT_EQ(sheet->rows.front().feedback.usefulness, Usefulness::kNotUseful) << text;
  }
}

TEST(FeedbackSheetTest, QuotationsHoldSeparatorsLineEndsAndQuotes) {
  const Sheet sheet = Read("report,gaps,other\n17,\"no_port;\nstale\",\"a \"\"b\"\", c\"\n18,no_ip,x\n").value();
  ASSERT_EQ(sheet.rows.size(), 2U);
  EXPECT_THAT(sheet.rows[0].feedback.gaps, ElementsAre("no_port", "stale"));
  EXPECT_EQ(sheet.rows[1].line, 4) << "lines are those of the file";
}

TEST(FeedbackSheetTest, WhatIsWrongIsNamedByLineAndColumnAndTheRestCounts) {
  EXPECT_THAT(FaultOf("report,usefulness\n17,splendid\n"), HasSubstr("2 usefulness \"splendid\""));
  EXPECT_THAT(FaultOf("report,outcomes\n17,arrest 2026-13-01\n"), HasSubstr("2 outcomes"));
  EXPECT_THAT(FaultOf("report,gaps\n17,no_port|nothing\n"), HasSubstr("2 gaps \"nothing\""));
  EXPECT_THAT(FaultOf("report,gaps\nseventeen,no_port\n"), HasSubstr("2 report \"seventeen\""));
  EXPECT_THAT(FaultOf("report,gaps\n0,no_port\n"), HasSubstr("2 report"));
  const Sheet sheet = Read("report,gaps\n17,no_port\n18,nothing\n19,\n20,no_ip\n").value();
  EXPECT_EQ(sheet.rows.size(), 2U);
  EXPECT_EQ(sheet.faults.size(), 1U);
  EXPECT_EQ(sheet.silent, 1);
}

TEST(FeedbackSheetTest, ASheetThatIsNoneIsRefusedAsAWhole) {
  EXPECT_THAT(FaultOf(""), HasSubstr("empty"));
  EXPECT_THAT(FaultOf("number,gaps\n17,no_port\n"), HasSubstr("no column \"report\""));
  EXPECT_THAT(FaultOf("report,notes\n17,x\n"), HasSubstr("none of the columns"));
  EXPECT_THAT(FaultOf("report,gaps\n"), HasSubstr("no rows"));
  EXPECT_THAT(FaultOf("report,gaps\n17,\"no_port\n"), HasSubstr("Line 2: a quotation does not end"));
  EXPECT_THAT(FaultOf("report,gaps\n17,\"no_port\"x\n"), HasSubstr("after a quotation"));
}

TEST(FeedbackSheetTest, ItHasLimits) {
  std::string sheet = "report,gaps\n";
  for (std::size_t row = 0; row < kSheetRowsMax; ++row) sheet += "17,no_port\n";
  EXPECT_EQ(Read(sheet)->rows.size(), kSheetRowsMax);
  EXPECT_EQ(Read(sheet + "17,no_port\n").error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(Read(std::string(kSheetBytesMax + 1, 'x')).error().code, ErrorCode::kTooLarge);
  std::string many = "report,gaps\n17,no_port";
  for (int gap = 0; gap < 19; ++gap) many += "|no_port";
  EXPECT_EQ(Read(many)->rows.size(), 1U);
  EXPECT_THAT(FaultOf(many + "|no_port"), HasSubstr("At most 20"));
}

TEST(FeedbackSheetTest, WhatIsGivenOutToBeFilledInIsReadAgainAndIsNoFormula) {
  const std::string line = SheetLine({"17", "2026-01-31", "csam", "=HYPERLINK(\"https://platform.example\")"});
  EXPECT_THAT(line, HasSubstr("\"'=HYPERLINK(\"\"https"));
  const Result<Sheet> sheet = Read(SheetHead() + line);
  ASSERT_TRUE(sheet.ok()) << sheet.error().public_text;
  EXPECT_EQ(sheet->silent, 1);
}

}  // namespace
}  // namespace porchlight::referrals
