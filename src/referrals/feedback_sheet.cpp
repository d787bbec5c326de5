#include "referrals/feedback_sheet.h"

#include <algorithm>
#include <optional>

#include "base/csv.h"
#include "base/text.h"

namespace porchlight::referrals {

namespace {

constexpr std::string_view kColumns = "report,made_available,incident_type,reported_by,usefulness,outcomes,gaps";
constexpr std::size_t kCodesMax = 20;

Error Refused(std::string text) { return Error{ErrorCode::kInvalidArgument, std::move(text), {}, "/sheet", 0}; }

Result<std::vector<std::string>> RowOf(CsvReader& reader) {
  Result<std::vector<std::string>> row = reader.Row();
  return row.ok() ? std::move(row) : Refused(row.error().public_text);
}

struct Places {
  std::optional<std::size_t> report, usefulness, outcomes, gaps;
};

Result<Places> PlacesIn(const std::vector<std::string>& head) {
  Places places;
  for (std::size_t place = 0; place < head.size(); ++place) {
    const std::string name = LowerAscii(Trim(head[place]));
    for (const auto& [column, at] : {std::pair<std::string_view, std::optional<std::size_t>*>{"report", &places.report},
                                     {"usefulness", &places.usefulness}, {"outcomes", &places.outcomes}, {"gaps", &places.gaps}}) {
      if (name == column && !*at) *at = place;
    }
  }
  if (!places.report) return Refused("The first row names no column \"report\".");
  if (!places.usefulness && !places.outcomes && !places.gaps) {
    return Refused("The first row names none of the columns \"usefulness\", \"outcomes\" and \"gaps\".");
  }
  return places;
}

std::string CellAt(const std::vector<std::string>& row, std::optional<std::size_t> place) {
  return place && *place < row.size() ? std::string(Trim(row[*place])) : std::string();
}

// What several words of one cell are.
std::vector<std::string> WordsIn(std::string_view cell) {
  std::vector<std::string> words;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find_first_of(";|\n"), cell.size());
    const std::string_view word = Trim(cell.substr(0, end));
    if (!word.empty()) words.emplace_back(word);
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return words;
}

std::optional<std::string> CodeOf(const SheetWords::Words& words, std::string_view text) {
  const auto found = words.find(LowerAscii(Trim(text)));
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

// "Arrest 2026-01-31": the date is the last word.
Outcome OutcomeOf(std::string_view word) {
  const std::size_t space = word.find_last_of(' ');
  const bool dated = space != std::string_view::npos && IsDate(word.substr(space + 1));
  return dated ? Outcome{std::string(word.substr(0, space)), std::string(word.substr(space + 1))} : Outcome{std::string(word), {}};
}

// Nothing when all that the row says is known.
std::optional<SheetFault> ReadAnswers(const std::vector<std::string>& cells, const Places& places, const SheetWords& words, SheetRow& row) {
  const auto unknown = [&](std::string column, const std::string& word) {
    return SheetFault{row.line, std::move(column), "\"" + word + "\" is none of the words that may stand there."};
  };
  const std::string usefulness = CellAt(cells, places.usefulness);
  if (!usefulness.empty()) {
    const std::optional<std::string> code = CodeOf(words.usefulness, usefulness);
    row.feedback.usefulness = code ? FromName<Usefulness>(*code) : std::nullopt;
    if (!row.feedback.usefulness) return unknown("usefulness", usefulness);
  }
  for (const std::string& word : WordsIn(CellAt(cells, places.outcomes))) {
    Outcome outcome = OutcomeOf(word);
    const std::optional<std::string> code = CodeOf(words.outcomes, outcome.code);
    if (!code) return unknown("outcomes", word);
    outcome.code = *code;
    row.feedback.outcomes.push_back(std::move(outcome));
  }
  for (const std::string& word : WordsIn(CellAt(cells, places.gaps))) {
    const std::optional<std::string> code = CodeOf(words.gaps, word);
    if (!code) return unknown("gaps", word);
    row.feedback.gaps.push_back(*code);
  }
  if (row.feedback.outcomes.size() > kCodesMax) return SheetFault{row.line, "outcomes", "At most 20 outcomes."};
  if (row.feedback.gaps.size() > kCodesMax) return SheetFault{row.line, "gaps", "At most 20 gaps."};
  return std::nullopt;
}

bool SaysNothing(const Feedback& feedback) { return !feedback.usefulness && feedback.outcomes.empty() && feedback.gaps.empty(); }

void ReadRow(const std::vector<std::string>& cells, const Places& places, const SheetWords& words, int line, Sheet& sheet) {
  SheetRow row;
  row.line = line;
  const std::string number = CellAt(cells, places.report);
  std::optional<SheetFault> fault = ReadAnswers(cells, places, words, row);
  if (!fault && SaysNothing(row.feedback)) {
    ++sheet.silent;
    return;
  }
  const std::optional<std::int64_t> report = ParseInteger(number);
  if (!fault && (!report || *report < 1)) fault = SheetFault{line, "report", "\"" + number + "\" is no number of a report."};
  if (fault) {
    sheet.faults.push_back(*std::move(fault));
    return;
  }
  row.report = *report;
  sheet.rows.push_back(std::move(row));
}

SheetWords::Words WordsOf(const profile::Profile& profile, std::string_view list) {
  SheetWords::Words words;
  for (const profile::Code& one : profile.List(list)) {
    words.emplace(LowerAscii(one.code), one.code);
    for (const auto& [language, label] : one.labels) words.emplace(LowerAscii(label), one.code);
  }
  return words;
}

}  // namespace

SheetWords SheetWords::From(const profile::Profile& profile) {
  return {WordsOf(profile, "feedback_usefulness"), WordsOf(profile, "feedback_outcomes"), WordsOf(profile, "feedback_gaps")};
}

Result<Sheet> ReadFeedbackSheet(std::string_view text, const SheetWords& words) {
  if (text.size() > kSheetBytesMax) return Error{ErrorCode::kTooLarge, "A sheet has at most 1 MiB: send it in parts.", {}, "/sheet", 0};
  CsvReader reader(text);
  if (!reader.more()) return Refused("The sheet is empty.");
  const std::vector<std::string> head = PL_TRY(RowOf(reader));
  const Places places = PL_TRY(PlacesIn(head));
  Sheet sheet;
  std::size_t rows = 0;
  while (reader.more()) {
    const int line = reader.line();
    const std::vector<std::string> cells = PL_TRY(RowOf(reader));
    if (++rows > kSheetRowsMax) return Error{ErrorCode::kTooLarge, "A sheet has at most 2,000 rows: send it in parts.", {}, "/sheet", 0};
    ReadRow(cells, places, words, line, sheet);
  }
  if (rows == 0) return Refused("The sheet has no rows below its first.");
  return sheet;
}

std::string SheetHead() { return std::string(kColumns) + "\r\n"; }

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string SheetLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    line += CsvCellForPeople(cell) + ",";
  }
  return line + ",,\r\n";
}

}  // namespace porchlight::referrals
