#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Reads rows of cells out of text as spreadsheets write it (RFC 4180): separated by commas, semicolons or tabs, whichever stands most
// often in the first row outside of quotation marks; cells may be quoted and then hold separators, line ends and doubled quotes; a byte
// order mark is skipped. Any text is read, and no more is kept than the row. `text` outlives the reader.
namespace porchlight {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  bool more() const { return !rest_.empty(); }
  int line() const { return line_; }              // Where the next row begins, from 1.

  // Errors: kInvalidArgument naming the line: a quotation that does not end, or something after one.
  Result<std::vector<std::string>> Row();

 private:
  bool Take(char c);
  Result<std::string> Cell();

  std::string_view rest_;
  char separator_ = ',';
  int line_ = 1;
};

// Quoted, so that it is read back as it is.
std::string CsvCell(std::string_view cell);
// For people's spreadsheets: what one would take for a formula is led by an apostrophe.
std::string CsvCellForPeople(std::string_view cell);

}  // namespace porchlight
