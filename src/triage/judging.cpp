#include "triage/judging.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"
#include "platform/jobs/outbox.h"
#include "tipline/report_states.h"
#include "triage/events.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

constexpr int kLinkedMax = 25;             // Of one identifier; an address that hundreds share says little of each.
constexpr std::int64_t kDay = 86'400'000'000;

bool IsFollowed(const Tip& tip) { return !tip.test && !tip.repeats; }

Json StandingOf(const Tip& tip) {
  return Json().Set("level", tip.level).Set("urgent", tip.urgent).Set("test", tip.test).Set("folded", tip.folded);
}

Result<void> RecordScore(store::WriteTransaction& transaction, const Tip& tip, const Score& score, const auth::Caller& caller) {
  PL_TRY(rows::InsertScore(transaction, tip.id, score));
  audit::Entry entry;
  entry.action = "triage.report.judge";
  entry.subject_kind = "report";
  entry.subject = tip.id.value;
  entry.detail = Json()
                     .Set("rules", score.rules)
                     .Set("cause", score.cause)
                     .Set("level", tip.level)
                     .Set("points", tip.points)
                     .Set("urgent", tip.urgent)
                     .Serialize();
  PL_TRY(audit::Record(transaction, caller, entry, score.at));
  return jobs::Publish(transaction, events::kTipJudged, tip.id.value, StandingOf(tip).Serialize(), score.at);
}

void Stand(Tip& tip, const Verdict& verdict) {
  tip.level = verdict.level;
  tip.points = verdict.points;
  tip.urgent = verdict.urgent;
  tip.completeness = verdict.completeness;
  tip.rank = RankOf(verdict, tip.received_at);
}

Tip NewTip(const Prepared& prepared) {
  Tip tip;
  const tipline::ReportRow& report = prepared.report;
  tip.id = report.id;
  tip.state = ReportState::kTriaged;
  tip.organisation = report.organisation;
  tip.source = report.source;
  tip.incident_type = report.incident_type;
  tip.test = report.test;
  tip.received_at = report.received_at;
  tip.preserve_until = prepared.preserve_until;
  tip.incidents = prepared.incidents;
  return tip;
}

// The keys of all items, each once, in one order for all writers.
std::vector<std::int64_t> SortedKeys(const Inputs& inputs) {
  std::set<std::int64_t> keys;
  for (const ItemKeys& item : inputs.items) keys.insert(item.keys.begin(), item.keys.end());
  return {keys.begin(), keys.end()};
}

// The lead was decided on; what comes after it to the same item is no new work, and its users are still to be found by
// bundle.
Result<void> FollowClosedLead(store::WriteTransaction& transaction, Tip& tip) {
  if (!tip.bundle || !tip.folded) return {};
  const std::optional<Bundle> bundle = PL_TRY(rows::FindBundle(transaction, *tip.bundle));
  if (!bundle) return {};
  const std::optional<Tip> lead = PL_TRY(rows::FindTip(transaction, bundle->lead));
  if (!lead || lead->state != ReportState::kClosed) return {};
  return CloseBundled(transaction, tip);
}

}  // namespace

Result<void> CloseBundled(store::WriteTransaction& transaction, Tip& tip) {
  PL_TRY(tipline::MoveReport(transaction, tip.id, tip.state, ReportState::kClosed));
  tip.state = ReportState::kClosed;
  tip.disposition = Disposition::kBundled;
  return rows::UpdateTip(transaction, tip, tip.scores);
}

std::int64_t Judging::KeyOf(std::string_view text) const {
  const std::string digest = crypto::HmacSha256(key_, text);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | static_cast<unsigned char>(digest[i]);
  return static_cast<std::int64_t>(value & 0x7fff'ffff'ffff'ffffU);
}

Result<Prepared> Judging::Prepare(store::ReadTransaction& transaction, ReportId id, Instant now) const {
  const tipline::FiledReport filed = PL_TRY(tipline::FindFiled(transaction, sealer_, id));
  Derived derived = Derive(filed, rules_.At(now), filed.report.received_at);
  Prepared prepared;
  prepared.report = filed.report;
  prepared.preserve_until = filed.preserve_until;
  prepared.inputs.content = std::move(derived.content);
  prepared.inputs.completeness = std::move(derived.completeness);
  for (const SharedItem& item : derived.items) {
    ItemKeys keys{{}, item.labelled_viral, item.classified_media};
    for (const std::string& text : item.keys) keys.keys.push_back(KeyOf(text));
    prepared.inputs.items.push_back(std::move(keys));
  }
  prepared.spoken = std::move(derived.spoken);
  for (SpokenSignals& one : prepared.spoken) one.text = std::to_string(KeyOf("words:" + one.text));
  std::set<std::int64_t> links;
  for (const std::string& text : derived.link_texts) links.insert(KeyOf(text));
  prepared.link_keys.assign(links.begin(), links.end());
  prepared.named_reports = filed.content.prior_reports;
  prepared.incidents = derived.incidents;
  return prepared;
}

Result<std::vector<ReportId>> Judging::JudgeNew(store::WriteTransaction& transaction, const std::vector<Prepared>& reports,
                                                Instant now) const {
  std::vector<ReportId> ids;
  std::map<std::int64_t, const Prepared*> by_id;
  for (const Prepared& prepared : reports) {
    ids.push_back(prepared.report.id);
    by_id[prepared.report.id.value] = &prepared;
  }
  // Whoever moves a report judges it: this is what makes a repeat, or another process, do nothing.
  const std::vector<ReportId> moved =
      PL_TRY(tipline::MoveReports(transaction, ids, ReportState::kFinished, ReportState::kTriaged));
  for (const ReportId id : moved) PL_TRY(JudgeOne(transaction, *by_id.at(id.value), now));
  return moved;
}

Result<void> Judging::JudgeOne(store::WriteTransaction& transaction, const Prepared& prepared, Instant now) const {
  Work work{NewTip(prepared), prepared.inputs, &rules_.At(now), now};
  if (prepared.report.same_bytes_as && PL_TRY(rows::FindTip(transaction, *prepared.report.same_bytes_as))) {
    work.tip.repeats = prepared.report.same_bytes_as;
    work.tip.folded = true;
    work.inputs.context.Add(Signal::kSameBytes);
  }
  std::vector<std::int64_t> went_viral;
  if (IsFollowed(work.tip)) went_viral = PL_TRY(CountItems(transaction, work));
  PL_TRY(AddSpokenSignals(transaction, prepared, work));
  PL_TRY(AddItemSignals(transaction, work));
  PL_TRY(AddLinkSignals(transaction, prepared, work));
  const Verdict verdict = Judge(*work.table, work.inputs.All(), work.inputs.completeness);
  Stand(work.tip, verdict);
  const std::optional<std::int64_t> home = PL_TRY(HomeOf(transaction, work));
  PL_TRY(Settle(transaction, work, home));
  work.tip.scores = 1;
  PL_TRY(rows::InsertTip(transaction, work.tip));
  PL_TRY(RecordScore(transaction, work.tip, {1, now, work.table->version, "filed", 0, verdict, work.inputs}, auth::SystemCaller("triage")));
  PL_TRY(FollowClosedLead(transaction, work.tip));
  for (const std::int64_t key : went_viral) PL_TRY(JudgeHolders(transaction, key, work.tip.id, now));
  return {};
}

// Answers the keys that this report makes viral.
Result<std::vector<std::int64_t>> Judging::CountItems(store::WriteTransaction& transaction, const Work& work) const {
  std::vector<std::int64_t> went_viral;
  for (const std::int64_t key : SortedKeys(work.inputs)) {
    const std::int64_t reports = PL_TRY(rows::CountItem(transaction, key, work.tip.id));
    if (reports == work.table->Number("viral_reports")) went_viral.push_back(key);
  }
  return went_viral;
}

// Counted like items, in one order for all writers. Those who came before the words were known for a template stay as they
// were judged: erring on that side costs a look.
Result<void> Judging::AddSpokenSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const {
  std::map<std::int64_t, bool> repeated;
  for (const SpokenSignals& one : prepared.spoken) repeated[ParseInteger(one.text).value_or(0)] = false;
  for (auto& [key, is_template] : repeated) {
    const std::int64_t reports = IsFollowed(work.tip) ? PL_TRY(rows::CountItem(transaction, key, work.tip.id))
                                                      : PL_TRY(rows::ReportsWithItem(transaction, key));
    is_template = reports >= work.table->Number("viral_reports");
  }
  for (const SpokenSignals& one : prepared.spoken) {
    if (repeated.at(ParseInteger(one.text).value_or(0))) work.inputs.context.Add(Signal::kRepeatedWords, one.place);
    else work.inputs.content.Join(one.signals);
  }
  return {};
}

Result<void> Judging::AddItemSignals(store::ReadTransaction& transaction, Work& work) const {
  Signals& context = work.inputs.context;
  context.Remove(Signal::kKnownViral);
  context.Remove(Signal::kNewMaterial);
  bool all_viral = !work.inputs.items.empty();
  for (std::size_t index = 0; index < work.inputs.items.size(); ++index) {
    const ItemKeys& item = work.inputs.items[index];
    std::int64_t most = 0;
    for (const std::int64_t key : item.keys) most = std::max(most, PL_TRY(rows::ReportsWithItem(transaction, key)));
    if (item.classified && most <= 1 && !item.labelled_viral) context.Add(Signal::kNewMaterial, "item " + std::to_string(index + 1));
    all_viral = all_viral && (item.labelled_viral || most >= work.table->Number("viral_reports"));
  }
  // Whom a person took out of the bundle is judged on its own.
  if (all_viral && !work.tip.pulled) context.Add(Signal::kKnownViral);
  const std::optional<Instant> until = work.tip.preserve_until;
  const bool ending = until && until->microseconds - work.now.microseconds < work.table->Number("preservation_ending_days") * kDay;
  if (ending) context.Add(Signal::kPreservationEnding);
  else context.Remove(Signal::kPreservationEnding);
  return {};
}

Result<void> Judging::AddLinkSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const {
  std::set<std::int64_t> earlier(prepared.named_reports.begin(), prepared.named_reports.end());
  bool across = false;
  for (const std::int64_t key : prepared.link_keys) {
    for (const rows::Linked& linked : PL_TRY(rows::LinkedBy(transaction, key, kLinkedMax))) {
      earlier.insert(linked.report.value);
      across = across || linked.organisation != work.tip.organisation;
    }
    if (IsFollowed(work.tip)) PL_TRY(rows::InsertLink(transaction, key, work.tip.id, work.tip.organisation));
  }
  earlier.erase(work.tip.id.value);
  if (work.tip.repeats) earlier.erase(work.tip.repeats->value);
  if (earlier.empty()) return {};
  Signals& context = work.inputs.context;
  context.Add(Signal::kPriorReports);
  if (static_cast<int>(earlier.size()) >= work.table->Number("many_prior_reports")) context.Add(Signal::kManyPriorReports);
  if (across) context.Add(Signal::kLinkedAcrossPlatforms);
  return {};
}

// The item whose bundle the report belongs to: of its viral ones that with the smallest key, which does not depend on
// who came first.
Result<std::optional<std::int64_t>> Judging::HomeOf(store::ReadTransaction& transaction, const Work& work) const {
  std::optional<std::int64_t> home;
  const Signals all = work.inputs.All();
  if (!IsFollowed(work.tip) || work.tip.pulled || !all.Has(Signal::kKnownViral) || !MayBeBundled(*work.table, all)) return home;
  for (const ItemKeys& item : work.inputs.items) {
    std::optional<std::int64_t> best;
    for (const std::int64_t key : item.keys) {
      const bool viral = PL_TRY(rows::ReportsWithItem(transaction, key)) >= work.table->Number("viral_reports");
      if (viral && (!best || key < *best)) best = key;
    }
    if (!best && item.labelled_viral) best = item.keys.front();
    if (best && (!home || *best < *home)) home = best;
  }
  return home;
}

// Brings the report under its item, and away from the one it stood under. The row itself is the caller's to write.
Result<void> Judging::Settle(store::WriteTransaction& transaction, Work& work, std::optional<std::int64_t> home) const {
  Tip& tip = work.tip;
  if (tip.bundle) {
    const std::optional<Bundle> stood = PL_TRY(rows::FindBundle(transaction, *tip.bundle));
    if (stood && home && stood->item == *home) return {};
    const Bundle left = PL_TRY(rows::LeaveBundle(transaction, *tip.bundle, tip));
    if (left.reports > 0 && left.lead == tip.id) {
      const std::optional<ReportId> lead = PL_TRY(rows::FirstMember(transaction, left.id, tip.id));
      if (lead) {
        PL_TRY(rows::SetLead(transaction, left.id, *lead));
        PL_TRY(rows::SetFolded(transaction, *lead, false));
      }
    }
    tip.bundle.reset();
  }
  tip.folded = tip.repeats.has_value();
  if (!home) return {};
  const Bundle entered = PL_TRY(rows::EnterBundle(transaction, *home, tip, work.now));
  tip.bundle = entered.id;
  tip.folded = entered.lead != tip.id;
  if (tip.folded || entered.reports == 1) return {};
  const std::optional<ReportId> before = PL_TRY(rows::FirstMember(transaction, entered.id, tip.id));
  if (before) PL_TRY(rows::SetFolded(transaction, *before, true));
  return {};
}

// Those that held the item before it was viral: fewer than it takes to be viral.
Result<void> Judging::JudgeHolders(store::WriteTransaction& transaction, std::int64_t key, ReportId but, Instant now) const {
  const int holders_max = rules_.At(now).Number("viral_reports");
  for (const ReportId holder : PL_TRY(rows::HoldersOf(transaction, key, holders_max))) {
    if (holder == but) continue;
    std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, holder));
    if (!tip) continue;
    const Score score = PL_TRY(rows::FindScore(transaction, holder, tip->scores));
    PL_TRY(JudgeAgain(transaction, *tip, score.inputs, "went_viral", auth::SystemCaller("triage"), now));
  }
  return {};
}

Result<void> Judging::JudgeAgain(store::WriteTransaction& transaction, Tip& tip, const Inputs& inputs, std::string_view cause,
                                 const auth::Caller& caller, Instant now) const {
  Work work{tip, inputs, &rules_.At(now), now};
  PL_TRY(AddItemSignals(transaction, work));
  const Verdict verdict = Judge(*work.table, work.inputs.All(), work.inputs.completeness);
  Stand(work.tip, verdict);
  const std::optional<std::int64_t> home = PL_TRY(HomeOf(transaction, work));
  PL_TRY(Settle(transaction, work, home));
  const Score before = PL_TRY(rows::FindScore(transaction, tip.id, tip.scores));
  const bool same = before.verdict == verdict && before.inputs == work.inputs && before.rules == work.table->version;
  if (!same) ++work.tip.scores;
  PL_TRY(rows::UpdateTip(transaction, work.tip, tip.scores));
  tip = work.tip;
  if (same) return {};
  const Score after{tip.scores, now, work.table->version, std::string(cause), caller.account.value, verdict, work.inputs};
  return RecordScore(transaction, tip, after, caller);
}

Result<std::vector<Link>> LinksOf(store::ReadTransaction& transaction, ReportId id, int count_max) {
  std::map<std::int64_t, Link> links;
  for (const std::int64_t key : PL_TRY(rows::LinkKeysOf(transaction, id))) {
    for (const rows::Linked& linked : PL_TRY(rows::LinkedBy(transaction, key, kLinkedMax))) {
      if (linked.report == id) continue;
      Link& link = links[linked.report.value];
      link.report = linked.report;
      link.organisation = linked.organisation;
      ++link.identifiers;
    }
  }
  std::vector<Link> all;
  for (auto place = links.rbegin(); place != links.rend() && all.size() < static_cast<std::size_t>(count_max); ++place) {
    all.push_back(place->second);
  }
  return all;
}

}  // namespace porchlight::triage
