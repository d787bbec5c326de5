#pragma once

#include <string>
#include <vector>

#include "base/record.h"

// What /api/v1/agency takes and shows of answers in a spreadsheet.
namespace porchlight::referrals {

struct SheetFaultView {
  int line = 0;
  std::string column;
  std::string text;
  static constexpr std::string_view kRecordName = "SheetFault";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("line", &SheetFaultView::line, Visibility::kLawEnforcement, "Line of the sheet, from 1."),
        Describe("column", &SheetFaultView::column, Visibility::kLawEnforcement, "Its column."),
        Describe("text", &SheetFaultView::text, Visibility::kLawEnforcement, "What is wrong."));
  }
};

struct SheetAnswer {
  int answered = 0;
  int silent = 0;
  std::vector<SheetFaultView> faults;
  static constexpr std::string_view kRecordName = "SheetAnswer";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("answered", &SheetAnswer::answered, Visibility::kLawEnforcement,
                 "Rows whose answer counts, also when it was given before."),
        Describe("silent", &SheetAnswer::silent, Visibility::kLawEnforcement, "Rows that say nothing."),
        Describe("faults", &SheetAnswer::faults, Visibility::kLawEnforcement, "Rows that are wrong and do not count."));
  }
};

struct SheetRequest {
  std::string sheet;
  static constexpr std::string_view kRecordName = "SheetRequest";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("sheet", &SheetRequest::sheet, Visibility::kPublic,
                 "The sheet as text with commas, semicolons or tabs: columns report, usefulness, outcomes, gaps; at most 1 MiB and "
                 "2,000 rows."));
  }
};

}  // namespace porchlight::referrals
