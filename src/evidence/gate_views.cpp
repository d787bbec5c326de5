#include "evidence/gate_views.h"

#include <map>

#include "evidence/deciding.h"
#include "evidence/reveal_rows.h"
#include "tipline/file_answers.h"
#include "tipline/report_store.h"

namespace porchlight::evidence {

namespace {

using tipline::FileId;

constexpr std::string_view kUndecided = "undecided";

GateRuleView ViewOf(const Rule& rule, std::string_view language) {
  GateRuleView view;
  view.code = rule.code;
  view.label = LabelIn(rule.labels, language);
  view.citation = rule.citation;
  view.when = rule.when;
  view.decision = rule.decision;
  return view;
}

// The words of the rules that decided; also of a table that another process has just added.
class RuleWords {
 public:
  RuleWords(store::ReadTransaction& transaction, const GateBook& book) : transaction_(transaction), book_(book) {}
  // Null when no table of that version has it. It lives as long as this.
  Result<const Rule*> Find(const Decision& decision) {
    const GateTable* table = book_.Find(decision.table);
    if (table == nullptr) table = PL_TRY(FindStored(decision.table));
    return table == nullptr ? nullptr : table->FindRule(decision.jurisdiction, decision.rule);
  }

 private:
  Result<const GateTable*> FindStored(const std::string& version) {
    if (!read_) {
      for (const AddedTable& one : PL_TRY(rows::AddedTables(transaction_, book_.last_added()))) {
        Result<GateTable> table = ReadGateTable(one.document);
        if (table.ok()) stored_.emplace(one.version, std::move(table).value());
      }
      read_ = true;
    }
    const auto found = stored_.find(version);
    return found == stored_.end() ? nullptr : &found->second;
  }

  store::ReadTransaction& transaction_;
  const GateBook& book_;
  bool read_ = false;
  std::map<std::string, GateTable, std::less<>> stored_;
};

Result<void> Fill(FileGateView& view, const GateRow& row, RuleWords& words, std::string_view language) {
  const Decision& decision = row.decision;
  view.decision = decision.outcome;
  view.rule = decision.rule;
  view.table = decision.table;
  view.jurisdiction = decision.jurisdiction;
  view.sequence = row.sequence;
  view.at = row.at;
  view.account = row.account;
  view.viewed_by_esp = decision.facts.viewed_by_esp;
  view.publicly_available = decision.facts.publicly_available;
  view.authorities = decision.facts.authorities;
  const Rule* rule = PL_TRY(words.Find(decision));
  if (rule == nullptr) return {};
  view.label = LabelIn(rule->labels, language);
  view.citation = rule->citation;
  return {};
}

}  // namespace

AuthorityView ViewOf(const Authority& authority, Instant now) {
  AuthorityView view;
  view.id = authority.id;
  view.report = authority.report;
  view.kind = authority.kind;
  view.reference = authority.reference;
  view.from = authority.from;
  view.until = authority.until;
  view.all_files = !authority.files;
  if (authority.files) view.files = *authority.files;
  view.account = authority.account;
  view.recorded_at = authority.recorded_at;
  view.revoked_at = authority.revoked_at;
  view.revoked_by = authority.revoked_by;
  view.in_force = authority.IsInForce(now);
  return view;
}

Result<GateView> GateOf(store::ReadTransaction& transaction, const GateBook& book, tipline::ReportId report, FileId after,
                        int count_max, std::string_view language, Instant now) {
  PL_TRY(tipline::FindReport(transaction, report));
  GateView view;
  view.report_id = report;
  const FileId from = std::max(FirstFile(report), FileId{after.value + 1});
  const std::vector<tipline::FileAnswers> files =
      PL_TRY(tipline::ListFileAnswers(transaction, from, EndOfFiles(report), count_max));
  std::map<FileId, std::size_t> place;
  for (const tipline::FileAnswers& file : files) {
    place[file.file] = view.items.size();
    FileGateView& item = view.items.emplace_back();
    item.file = file.file;
    item.rule = kUndecided;
    item.viewed_by_esp = file.viewed_by_esp;
    item.publicly_available = file.publicly_available;
  }
  if (files.size() == static_cast<std::size_t>(count_max)) view.next_after = files.back().file.value;
  const FileId end = files.empty() ? from : FileId{files.back().file.value + 1};
  RuleWords words(transaction, book);
  for (const GateRow& row : PL_TRY(rows::NewestGates(transaction, from, end, count_max))) {
    const auto found = place.find(row.file);
    if (found != place.end()) PL_TRY(Fill(view.items[found->second], row, words, language));
  }
  for (const Review& review : PL_TRY(rows::ReviewsOf(transaction, from, end, book.At(now).version))) {
    const auto found = place.find(review.file);
    if (found == place.end() || view.items[found->second].sequence != review.sequence) continue;
    view.items[found->second].review = ReviewView{review.table, review.outcome, review.rule, review.at};
  }
  for (const auto& [file, count] : PL_TRY(rows::RevealsOf(transaction, from, end))) {
    const auto found = place.find(file);
    if (found != place.end()) view.items[found->second].reveals = count;
  }
  for (const Authority& one : PL_TRY(rows::AuthoritiesOf(transaction, report))) view.authorities.push_back(ViewOf(one, now));
  return view;
}

TableView ViewOf(const GateTable& table, const GateBook& book, std::string_view language) {
  TableView view;
  view.version = table.version;
  view.valid_from = table.valid_from;
  view.reason = table.reason;
  view.default_jurisdiction = table.default_jurisdiction;
  view.otherwise = ViewOf(table.otherwise, language);
  for (const auto& [code, place] : table.jurisdictions) {
    JurisdictionView& one = view.jurisdictions.emplace_back();
    one.code = code;
    one.label = LabelIn(place.labels, language);
    one.note = place.note;
    for (const Rule& rule : place.rules) one.rules.push_back(ViewOf(rule, language));
  }
  view.versions = book.Versions();
  return view;
}

TableView TableIn(const GateBook& book, Instant now, std::string_view language) { return ViewOf(book.At(now), book, language); }

}  // namespace porchlight::evidence
