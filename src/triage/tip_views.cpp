#include "triage/tip_views.h"

#include <algorithm>
#include <set>

#include "triage/judging.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

constexpr int kLinksShown = 50;

std::string NameBy(const std::function<std::string(std::int64_t)>& names, std::int64_t id) { return names ? names(id) : std::string(); }

ScoreView ViewOf(const Score& score, const Names& names) {
  ScoreView view;
  view.number = score.number;
  view.at = score.at;
  view.cause = score.cause;
  view.account = score.account;
  if (score.account != 0) view.account_login = NameBy(names.account, score.account);
  view.rules_version = score.rules;
  view.value = score.verdict.level;
  view.urgent = score.verdict.urgent;
  view.points = score.verdict.points;
  view.completeness = score.verdict.completeness;
  for (const FiredRule& rule : score.verdict.fired) view.fired.push_back({rule.code, rule.points, rule.floor, rule.urgent});
  view.missing = score.verdict.missing;
  const Signals all = score.inputs.All();
  for (const auto& [signal, places] : all.all()) view.signals.push_back({signal, places});
  return view;
}

}  // namespace

Result<TipRow> RowOf(store::ReadTransaction& transaction, const Tip& tip, const Names& names) {
  // A score that this version cannot read must not take the page with it.
  Result<Score> found = rows::FindScore(transaction, tip.id, tip.scores);
  if (!found.ok() && (found.error().code == ErrorCode::kUnavailable || found.error().code == ErrorCode::kNoSpace)) return found.error();
  const Score score = found.ok() ? std::move(found).value() : Score();
  TipRow row;
  row.report_id = tip.id;
  row.state = tip.state;
  row.priority = {tip.level, tip.urgent, tip.points, {}, score.rules};
  std::vector<FiredRule> fired = score.verdict.fired;
  std::stable_sort(fired.begin(), fired.end(), [](const FiredRule& left, const FiredRule& right) { return left.points > right.points; });
  for (const FiredRule& rule : fired) row.priority.rules.push_back(rule.code);
  row.completeness = {tip.completeness, score.verdict.missing};
  if (tip.bundle) {
    const std::optional<Bundle> bundle = PL_TRY(rows::FindBundle(transaction, *tip.bundle));
    if (bundle) row.bundle = BundleView{bundle->id, bundle->lead, bundle->reports, bundle->incidents};
  }
  row.incident_type = tip.incident_type;
  row.source = tip.source;
  row.organisation = tip.organisation;
  row.organisation_name = NameBy(names.organisation, tip.organisation);
  row.received_at = tip.received_at;
  row.preserve_until = tip.preserve_until;
  row.incidents = tip.incidents;
  row.folded = tip.folded;
  row.pulled = tip.pulled;
  row.behind = tip.behind;
  row.test = tip.test;
  row.repeats = tip.repeats;
  row.claimed_by = tip.claimed_by;
  if (tip.claimed_by) row.claimed_by_login = NameBy(names.account, tip.claimed_by->value);
  row.claimed_until = tip.claimed_until;
  row.disposition = tip.disposition;
  return row;
}

Result<TipPage> PageOf(store::ReadTransaction& transaction, const QueueRows& rows, const Names& names) {
  TipPage page;
  for (const Tip& tip : rows.items) page.items.push_back(PL_TRY(RowOf(transaction, tip, names)));
  if (rows.next) page.next_after = CursorText(*rows.next);
  page.complete = rows.complete;
  return page;
}

Result<TipDetail> DetailOf(store::ReadTransaction& transaction, tipline::ReportId id, const Names& names) {
  const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, id));
  if (!tip) return Error{ErrorCode::kNotFound, "There is no such report, or it was not judged yet.", {}, "report", 0};
  TipDetail detail;
  detail.tip = PL_TRY(RowOf(transaction, *tip, names));
  const std::vector<Score> scores = PL_TRY(rows::ListScores(transaction, id));
  for (auto score = scores.rbegin(); score != scores.rend(); ++score) detail.scores.push_back(ViewOf(*score, names));
  for (const Link& link : PL_TRY(LinksOf(transaction, id, kLinksShown))) {
    const std::optional<Tip> other = PL_TRY(rows::FindTip(transaction, link.report));
    if (!other) continue;
    detail.links.push_back({link.report, link.organisation, NameBy(names.organisation, link.organisation), link.identifiers,
                            other->received_at, other->incident_type, other->state, other->level, other->urgent});
  }
  return detail;
}

PersonView ViewOf(const Person& person, tipline::ReportId report, const Names& names) {
  PersonView view;
  view.report_id = report;
  view.shared_by_many = person.shared_by_many;
  view.complete = person.complete;
  std::set<std::int64_t> platforms;
  for (const PersonReport& one : person.reports) {
    const Tip& tip = one.tip;
    platforms.insert(tip.organisation);
    view.items.push_back({tip.id, tip.received_at, tip.organisation, NameBy(names.organisation, tip.organisation), tip.incident_type,
                          tip.state, tip.disposition, tip.level, tip.urgent, one.steps, one.identifiers});
  }
  view.platforms = static_cast<std::int64_t>(platforms.size());
  return view;
}

NearReportsView ViewOf(const NearReports& near, tipline::ReportId report, const Names& names) {
  NearReportsView view;
  view.report_id = report;
  view.left_aside = near.left_aside;
  view.complete = near.complete;
  for (const NearReport& one : near.items) {
    const Tip& tip = one.tip;
    view.items.push_back({tip.id, tip.received_at, tip.organisation, NameBy(names.organisation, tip.organisation), tip.incident_type,
                          tip.state, tip.level, tip.urgent, one.own, one.other});
  }
  return view;
}

RulesView RulesIn(const RuleBook& book, Instant now, std::string_view language) {
  RulesView view;
  view.version = book.At(now).version;
  view.versions = book.Versions();
  std::set<std::string> seen;
  for (const std::string& version : view.versions) {
    const RuleTable* table = book.Find(version);
    for (const Rule& rule : table->rules) {
      if (seen.insert(rule.code).second) view.rules.push_back({rule.code, std::string(table->LabelOf(rule.code, language))});
    }
  }
  return view;
}

}  // namespace porchlight::triage
