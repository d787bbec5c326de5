#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/profile/profile.h"
#include "referrals/delivery.h"

// Answers of an agency in a spreadsheet, as text with separators (RFC 4180; commas, semicolons or tabs, with or without a byte order
// mark): a row per report. Columns are known by their names in the first row, whatever their order; others are not looked at. Pure.
namespace porchlight::referrals {

inline constexpr std::size_t kSheetBytesMax = 1024 * 1024;
inline constexpr std::size_t kSheetRowsMax = 2'000;

// What a cell may say, in small letters: the codes of the profile's lists and their labels in every language.
struct SheetWords {
  using Words = std::map<std::string, std::string, std::less<>>;   // To the code.
  Words usefulness, outcomes, gaps;
  static SheetWords From(const profile::Profile& profile);
};

struct SheetRow {
  int line = 0;                             // In the sheet, from 1.
  std::int64_t report = 0;
  Feedback feedback;
};
struct SheetFault {
  int line = 0;
  std::string column;
  std::string text;
};
struct Sheet {
  std::vector<SheetRow> rows;               // Those that say something and are right.
  std::vector<SheetFault> faults;           // Of the others; a row has at most one.
  int silent = 0;                           // Rows that say nothing.
};

// Errors: kTooLarge; kInvalidArgument, field "/sheet", when the sheet as a whole cannot be read: no column "report", a quotation that does
// not end, no rows.
Result<Sheet> ReadFeedbackSheet(std::string_view text, const SheetWords& words);

// One row of a sheet to be filled in. `cells`: of these columns: report, made_available, incident_type, reported_by.
std::string SheetHead();
std::string SheetLine(const std::vector<std::string>& cells);

}  // namespace porchlight::referrals
