#include "triage/near_handles.h"

#include <algorithm>
#include <map>
#include <set>

#include "tipline/content.h"
#include "triage/normal_forms.h"
#include "triage/person.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;

// What folding leaves of ASCII: digits that look like a letter are that letter, and separators are gone.
const std::string& AsciiKept() {
  static const std::string kept = [] {
    std::string letters;
    for (char c = '!'; c <= '~'; ++c) {
      const std::string form = std::string(kNearLettersMin, 'a') + c;
      if (NormalHandle(form) == form) letters += c;
    }
    return letters;
  }();
  return kept;
}

constexpr std::size_t kKeysAtOnce = 32;
constexpr store::Statement kLinkedAtAll{
    "triage.linked_at_all",
    "SELECT asked.column1 FROM (VALUES ($1), ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), ($14), ($15), "
    "($16), ($17), ($18), ($19), ($20), ($21), ($22), ($23), ($24), ($25), ($26), ($27), ($28), ($29), ($30), ($31), ($32)) AS asked "
    "WHERE EXISTS (SELECT 1 FROM triage_links WHERE key = asked.column1)"};

// One piece a code point. What is no UTF-8 stays together with what it follows.
std::vector<std::string> LettersOf(std::string_view form) {
  std::vector<std::string> letters;
  for (const char c : form) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (continues && !letters.empty()) letters.back() += c;
    else letters.emplace_back(1, c);
  }
  return letters;
}

std::string Joined(const std::vector<std::string>& letters) {
  std::string text;
  for (const std::string& one : letters) text += one;
  return text;
}

std::set<std::string> AlphabetFor(const std::vector<std::string>& letters) {
  std::set<std::string> alphabet(letters.begin(), letters.end());
  for (const char c : AsciiKept()) alphabet.emplace(1, c);
  return alphabet;
}

std::set<std::string> HandlesOf(const tipline::FiledReport& filed) {
  std::set<std::string> forms;
  for (const tipline::Identifier& one : filed.content.identifiers) {
    const bool theirs = one.party == tipline::Party::kReported || one.party == tipline::Party::kAssociated;
    if (!theirs || one.kind != tipline::IdentifierKind::kScreenName) continue;
    std::string form = NormalHandle(one.value);
    if (!form.empty()) forms.insert(std::move(form));
  }
  return forms;
}

std::int64_t KeyFor(const Judging& judging, const std::string& form) {
  tipline::Identifier identifier;
  identifier.kind = tipline::IdentifierKind::kScreenName;
  identifier.value = form;
  return judging.LinkKeyOf(identifier).value_or(0);
}

class Search {
 public:
  Search(store::ReadTransaction& transaction, const Judging& judging) : transaction_(transaction), judging_(judging) {}

  Result<NearReports> Run(ReportId report, const std::set<std::string>& handles) {
    for (const Link& link : PL_TRY(LinksOf(transaction_, report, kPersonReportsMax))) exact_.insert(link.report);
    exact_.insert(report);
    int asked = 0;
    for (const std::string& own : handles) {
      const std::vector<std::string> forms = FormsNear(own);
      if (forms.empty() || ++asked > kNearHandlesAsked) ++near_.left_aside;
      else PL_TRY(Look(own, forms));
    }
    for (auto one = found_.rbegin(); one != found_.rend(); ++one) PL_TRY(Take(one->first, one->second));
    return std::move(near_);
  }

 private:
  struct Pair {
    std::string own;
    std::string other;
  };

  Result<void> Look(const std::string& own, const std::vector<std::string>& forms) {
    std::map<std::int64_t, std::string> by_key;
    for (const std::string& form : forms) by_key.emplace(KeyFor(judging_, form), form);
    for (const std::int64_t key : PL_TRY(LinkedAtAll(by_key))) {
      const std::string& form = by_key.at(key);
      const std::vector<rows::Linked> linked = PL_TRY(rows::LinkedBy(transaction_, key, kPersonSharedMax + 1));
      if (linked.size() > static_cast<std::size_t>(kPersonSharedMax)) {
        ++near_.left_aside;
        continue;
      }
      for (const rows::Linked& one : linked) {
        if (!exact_.contains(one.report)) found_.emplace(one.report, Pair{own, form});
      }
    }
    return {};
  }

  // Most forms are nobody's: asked for many at once.
  Result<std::vector<std::int64_t>> LinkedAtAll(const std::map<std::int64_t, std::string>& by_key) {
    std::vector<std::int64_t> found;
    std::vector<store::Value> asked;
    for (auto one = by_key.begin(); one != by_key.end();) {
      asked.emplace_back(one->first);
      if (++one != by_key.end() && asked.size() < kKeysAtOnce) continue;
      asked.resize(kKeysAtOnce, asked.front());
      const auto take = [&](store::Row&& row) {
        found.push_back(row.Integer(0));
        return true;
      };
      PL_TRY(transaction_.Each(kLinkedAtAll, asked, take));
      asked.clear();
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  Result<void> Take(ReportId report, const Pair& pair) {
    if (near_.items.size() >= static_cast<std::size_t>(kNearReportsMax)) {
      near_.complete = false;
      return {};
    }
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction_, report));
    if (tip) near_.items.push_back({*tip, pair.own, pair.other});
    return {};
  }

  store::ReadTransaction& transaction_;
  const Judging& judging_;
  std::set<ReportId> exact_;
  std::map<ReportId, Pair> found_;
  NearReports near_;
};

}  // namespace

std::vector<std::string> FormsNear(std::string_view form) {
  const std::vector<std::string> letters = LettersOf(form);
  if (letters.size() < kNearLettersMin || letters.size() > kNearLettersMax) return {};
  const std::set<std::string> alphabet = AlphabetFor(letters);
  std::set<std::string> forms;
  for (std::size_t at = 0; at <= letters.size(); ++at) {
    std::vector<std::string> changed = letters;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), std::string());
    for (const std::string& letter : alphabet) {
      changed[at] = letter;
      forms.insert(Joined(changed));
    }
    if (at == letters.size()) break;
    changed = letters;
    for (const std::string& letter : alphabet) {
      changed[at] = letter;
      forms.insert(Joined(changed));
    }
    changed[at].clear();
    forms.insert(Joined(changed));
    if (at + 1 == letters.size()) continue;
    changed = letters;
    std::swap(changed[at], changed[at + 1]);
    forms.insert(Joined(changed));
  }
  forms.erase(std::string(form));
  return {forms.begin(), forms.end()};
}

Result<NearReports> NearReportsOf(store::ReadTransaction& transaction, const Judging& judging, const vault::Sealer& sealer,
                                  ReportId report) {
  if (!PL_TRY(rows::FindTip(transaction, report))) {
    return Error{ErrorCode::kNotFound, "There is no such report, or it was not judged yet.", {}, "report", 0};
  }
  const tipline::FiledReport filed = PL_TRY(tipline::FindFiled(transaction, sealer, report));
  return Search(transaction, judging).Run(report, HandlesOf(filed));
}

}  // namespace porchlight::triage
