#include "base/csv.h"

#include <algorithm>
#include <array>

namespace porchlight {

namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";

// What stands in quotation marks separates nothing.
char SeparatorOf(std::string_view text) {
  constexpr std::string_view kSeparators = ",;\t";
  std::array<std::size_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    const std::size_t which = kSeparators.find(c);
    if (which != std::string_view::npos) ++counts.at(which);
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

Error Broken(int line, std::string_view what) {
  return Error{ErrorCode::kInvalidArgument, "Line " + std::to_string(line) + ": " + std::string(what), {}, {}, line};
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with(kMark)) rest_.remove_prefix(kMark.size());
  separator_ = SeparatorOf(rest_);
}

bool CsvReader::Take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  if (c == '\n') ++line_;
  return true;
}

Result<std::vector<std::string>> CsvReader::Row() {
  std::vector<std::string> cells;
  do {
    cells.push_back(PL_TRY(Cell()));
  } while (Take(separator_));
  Take('\r');
  if (!Take('\n') && more()) return Broken(line_, "something stands after a quotation.");
  return cells;
}

Result<std::string> CsvReader::Cell() {
  if (rest_.empty() || rest_.front() != '"') {
    // A carriage return ends a cell only before a line end.
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n') ++end;
    const bool with_return = end > 0 && end < rest_.size() && rest_[end] == '\n' && rest_[end - 1] == '\r';
    const std::size_t length = with_return ? end - 1 : end;
    std::string cell(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return cell;
  }
  const int begun = line_;
  rest_.remove_prefix(1);
  std::string cell;
  while (!rest_.empty()) {
    const char c = rest_.front();
    Take(c);
    if (c == '"' && !Take('"')) return cell;
    cell += c;
  }
  return Broken(begun, "a quotation does not end.");
}

std::string CsvCell(std::string_view cell) {
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string CsvCellForPeople(std::string_view cell) {
  const bool formula = !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
  return CsvCell((formula ? "'" : "") + std::string(cell));
}

}  // namespace porchlight
