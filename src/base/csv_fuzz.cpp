// Goal: no text crashes the reader of spreadsheets, it always comes to an end, and what it reads is read back the same when written.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace porchlight;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CsvReader reader(text);
  std::size_t rows = 0;
  while (reader.more()) {
    const Result<std::vector<std::string>> row = reader.Row();
    if (!row.ok()) return 0;
    PL_CHECK(++rows <= size + 1);
    // More commas than anything else keep the comma the separator.
    std::string written;
    for (const std::string& cell : *row) written += CsvCell(cell) + ",";
    written += std::string(written.size() + 1, ',') + "\n";
    CsvReader again(written);
    const Result<std::vector<std::string>> same = again.Row();
    PL_CHECK(same.ok() && same->size() >= row->size() && std::equal(row->begin(), row->end(), same->begin()));
  }
  return 0;
}
