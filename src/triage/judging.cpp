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
#include "triage/normal_forms.h"
#include "triage/throttling.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

using tipline::ReportId;
using tipline::ReportState;

constexpr int kLinkedMax = 25;             // Of one identifier; an address that hundreds share says little of each.
constexpr std::size_t kNamedMax = 20;
constexpr int kHoldersMax = 200;           // Of one item, judged again when it becomes viral.
constexpr std::int64_t kDay = 86'400'000'000;
constexpr Duration kLateAfter = Duration::Minutes(1);   // From opening to judging: whoever asks what came by then did not see it.

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
  Rank(tip);
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

// The keys of all items of a report, each once, in one order for all writers.
std::vector<std::int64_t> SortedKeys(const Inputs& inputs) {
  std::set<std::int64_t> keys;
  for (const ItemKeys& item : inputs.items) keys.insert(item.keys.begin(), item.keys.end());
  return {keys.begin(), keys.end()};
}

// What cannot be judged again now must not hold up the report that made it viral.
bool IsOfOne(const Error& error) {
  return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kTooLarge ||
         error.code == ErrorCode::kNotFound;
}

}  // namespace

std::int64_t Judging::KeyOf(std::string_view text) const {
  const std::string digest = crypto::HmacSha256(key_, text);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | static_cast<unsigned char>(digest[i]);
  return static_cast<std::int64_t>(value & 0x7fff'ffff'ffff'ffffU);
}

std::optional<std::int64_t> Judging::LinkKeyOf(const tipline::Identifier& identifier) const {
  const std::string text = LinkText(identifier);
  return text.empty() ? std::nullopt : std::optional(KeyOf(text));
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
  const std::string sender = std::to_string(filed.report.organisation);
  for (SpokenSignals& one : prepared.spoken) one.text = std::to_string(KeyOf("words:" + sender + "/" + one.text));
  prepared.person = derived.person_text.empty() ? -id.value : KeyOf("person:" + derived.person_text);
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

// The same document again is a repeat only when it holds nothing that the first did not: files come after the document.
Result<bool> Judging::IsRepeat(store::ReadTransaction& transaction, const Prepared& prepared) const {
  if (!prepared.report.same_bytes_as) return false;
  const std::optional<Tip> first = PL_TRY(rows::FindTip(transaction, *prepared.report.same_bytes_as));
  if (!first) return false;
  const Result<Score> score = rows::FindScore(transaction, first->id, first->scores);
  if (!score.ok()) return false;
  const std::vector<std::int64_t> there = SortedKeys(score->inputs);
  const std::vector<std::int64_t> here = SortedKeys(prepared.inputs);
  return std::includes(there.begin(), there.end(), here.begin(), here.end());
}

Result<void> Judging::JudgeOne(store::WriteTransaction& transaction, const Prepared& prepared, Instant now) const {
  Work work{NewTip(prepared), prepared.inputs, &rules_.At(now), now, {}};
  const bool repeat = PL_TRY(IsRepeat(transaction, prepared));
  if (repeat) {
    work.tip.repeats = prepared.report.same_bytes_as;
    work.tip.folded = true;
    work.inputs.context.Add(Signal::kSameBytes);
  }
  std::vector<std::int64_t> went_viral;
  if (work.tip.IsFollowed()) went_viral = PL_TRY(CountItems(transaction, prepared, work));
  PL_TRY(AddSpokenSignals(transaction, prepared, work));
  PL_TRY(AddItemSignals(transaction, work));
  PL_TRY(AddLinkSignals(transaction, prepared, work));
  const Verdict verdict = Judge(*work.table, work.inputs.All(), work.inputs.completeness);
  Stand(work.tip, verdict);
  const std::optional<std::int64_t> home = PL_TRY(HomeOf(transaction, work, verdict));
  PL_TRY(Settle(transaction, work, home));
  PL_TRY(Throttle(transaction, work, false));
  work.tip.scores = 1;
  PL_TRY(rows::InsertTip(transaction, work.tip));
  const News news = now - work.tip.received_at > kLateAfter ? News::kCameLate : News::kNone;
  const Score score{1, now, work.table->version, "filed", 0, verdict, std::move(work.inputs), news};
  PL_TRY(RecordScore(transaction, work.tip, score, auth::SystemCaller("triage")));
  if (repeat) {
    const Json why = Json().Set("disposition", NameOf(Disposition::kDuplicate)).Set("of", work.tip.repeats->value);
    return CloseAs(transaction, work.tip, Disposition::kDuplicate, why, now);
  }
  PL_TRY(FollowBundle(transaction, work.tip, now));
  return JudgeHolders(transaction, went_viral, work.tip.id, now);
}

// After its bundle and its links are known.
Result<void> Judging::Throttle(store::ReadTransaction& transaction, Work& work, bool by_person) const {
  work.tip.behind = !by_person && PL_TRY(StandsBehind(transaction, work.tip, work.now));
  Rank(work.tip);
  return {};
}

// Answers the keys that this report makes viral. Only what platforms report can be: a form is filled in by anybody.
Result<std::vector<std::int64_t>> Judging::CountItems(store::WriteTransaction& transaction, const Prepared& prepared,
                                                      Work& work) const {
  std::vector<std::int64_t> went_viral;
  if (work.tip.source != tipline::ReportSource::kPlatform) return went_viral;
  for (const std::int64_t key : SortedKeys(work.inputs)) {
    rows::HeldItem& item = work.counted[key];
    item = PL_TRY(rows::HoldItem(transaction, key, prepared.person, work.tip.id));
    if (item.viral || item.people < work.table->Number("viral_reports")) continue;
    PL_TRY(rows::MarkViral(transaction, key));
    item.viral = true;
    went_viral.push_back(key);
  }
  return went_viral;
}

// Counted like items, in one order for all writers. Those who came before the words were known for a template stay as they
// were judged: erring on that side costs a look.
Result<void> Judging::AddSpokenSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const {
  std::map<std::int64_t, bool> repeated;
  for (const SpokenSignals& one : prepared.spoken) repeated[ParseInteger(one.text).value_or(0)] = false;
  for (auto& [key, is_template] : repeated) {
    const rows::HeldItem item = work.tip.IsFollowed() ? PL_TRY(rows::HoldItem(transaction, key, prepared.person, work.tip.id))
                                                      : PL_TRY(rows::FindItem(transaction, key));
    is_template = item.viral || item.people >= work.table->Number("viral_reports");
    if (is_template && !item.viral) PL_TRY(rows::MarkViral(transaction, key));
  }
  for (const SpokenSignals& one : prepared.spoken) {
    if (repeated.at(ParseInteger(one.text).value_or(0))) work.inputs.context.Add(Signal::kRepeatedWords, one.place);
    else work.inputs.content.Join(one.signals);
  }
  return {};
}

Result<void> Judging::AddItemSignals(store::ReadTransaction& transaction, Work& work) const {
  Signals& context = work.inputs.context;
  const bool first_time = work.tip.scores == 0;
  bool all_viral = !work.inputs.items.empty();
  for (std::size_t index = 0; index < work.inputs.items.size(); ++index) {
    const ItemKeys& item = work.inputs.items[index];
    const rows::HeldItem most = PL_TRY(KnownOf(transaction, work, item));
    const bool is_new = item.classified && most.people <= 1 && !item.labelled_viral;
    if (first_time && is_new) context.Add(Signal::kNewMaterial, "item " + std::to_string(index + 1));
    all_viral = all_viral && (item.labelled_viral || most.viral);
  }
  // Whom a person took out of the bundle is judged on its own.
  if (all_viral && !work.tip.pulled) {
    context.Add(Signal::kKnownViral);
    context.Remove(Signal::kNewMaterial);
  } else {
    context.Remove(Signal::kKnownViral);
  }
  const std::optional<Instant> until = work.tip.preserve_until;
  const bool ending = until && until->microseconds - work.now.microseconds < work.table->Number("preservation_ending_days") * kDay;
  if (ending) context.Add(Signal::kPreservationEnding);
  else context.Remove(Signal::kPreservationEnding);
  return {};
}

namespace {

// Numbers that a platform names count when they are its own reports.
Result<std::set<std::int64_t>> NamedReports(store::ReadTransaction& transaction, const Prepared& prepared) {
  std::set<std::int64_t> named;
  for (const std::int64_t number : prepared.named_reports) {
    if (named.size() >= kNamedMax) break;
    const std::optional<Tip> tip = PL_TRY(rows::FindTip(transaction, {number}));
    if (tip && tip->organisation == prepared.report.organisation) named.insert(number);
  }
  return named;
}

}  // namespace

Result<void> Judging::AddLinkSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const {
  std::set<std::int64_t> earlier = PL_TRY(NamedReports(transaction, prepared));
  const std::size_t many = static_cast<std::size_t>(work.table->Number("many_prior_reports"));
  bool across = false;
  for (const std::int64_t key : prepared.link_keys) {
    // Two more than many: itself and what it repeats do not count. Then there is nothing left to learn.
    if (!across || earlier.size() < many + 2) {
      for (const rows::Linked& linked : PL_TRY(rows::LinkedBy(transaction, key, kLinkedMax))) {
        earlier.insert(linked.report.value);
        across = across || linked.organisation != work.tip.organisation;
      }
    }
    if (work.tip.IsFollowed()) PL_TRY(rows::InsertLink(transaction, key, work.tip.id, work.tip.organisation));
  }
  earlier.erase(work.tip.id.value);
  if (work.tip.repeats) earlier.erase(work.tip.repeats->value);
  if (earlier.empty()) return {};
  Signals& context = work.inputs.context;
  context.Add(Signal::kPriorReports);
  if (earlier.size() >= many) context.Add(Signal::kManyPriorReports);
  if (!across) return {};
  context.Add(Signal::kLinkedAcrossPlatforms);
  if (work.tip.IsFollowed()) PL_TRY(SpeakFor(transaction, prepared.link_keys, work.tip.organisation, work.now));
  return {};
}

// Those that held the items before they were viral, each once.
Result<void> Judging::JudgeHolders(store::WriteTransaction& transaction, const std::vector<std::int64_t>& keys, ReportId but,
                                   Instant now) const {
  std::set<std::int64_t> holders;
  for (const std::int64_t key : keys) {
    for (const ReportId holder : PL_TRY(rows::HoldersOf(transaction, key, kHoldersMax))) holders.insert(holder.value);
  }
  holders.erase(but.value);
  for (const std::int64_t holder : holders) {
    std::optional<Tip> tip = PL_TRY(rows::LockTip(transaction, {holder}));
    // What was decided on its own stays as it is, and leads nobody.
    if (!tip || !tip->IsUndecided()) continue;
    const Result<Score> score = rows::FindScore(transaction, tip->id, tip->scores);
    if (!score.ok() && IsOfOne(score.error())) continue;
    if (!score.ok()) return score.error();
    if (tip->scores + 1 >= rows::kScoresMax) continue;
    PL_TRY(JudgeAgain(transaction, *tip, score->inputs, "went_viral", auth::SystemCaller("triage"), now));
  }
  return {};
}

Result<void> Judging::JudgeAgain(store::WriteTransaction& transaction, Tip& tip, const Inputs& inputs, std::string_view cause,
                                 const auth::Caller& caller, Instant now) const {
  Work work{tip, inputs, &rules_.At(now), now, {}};
  PL_TRY(AddItemSignals(transaction, work));
  const Verdict verdict = Judge(*work.table, work.inputs.All(), work.inputs.completeness);
  Stand(work.tip, verdict);
  const std::optional<std::int64_t> home = PL_TRY(HomeOf(transaction, work, verdict));
  PL_TRY(Settle(transaction, work, home));
  PL_TRY(Throttle(transaction, work, caller.account.value != 0));
  const Score before = PL_TRY(rows::FindScore(transaction, tip.id, tip.scores));
  const bool same = before.verdict == verdict && before.inputs == work.inputs && before.rules == work.table->version;
  if (!same) ++work.tip.scores;
  PL_TRY(rows::UpdateTip(transaction, work.tip, tip.scores));
  tip = work.tip;
  if (same) return FollowBundle(transaction, tip, now);
  const bool moved = before.verdict.level != verdict.level || before.verdict.urgent != verdict.urgent;
  const Score after{tip.scores,
                    now,
                    work.table->version,
                    std::string(cause),
                    caller.account.value,
                    verdict,
                    work.inputs,
                    moved ? News::kMoved : News::kNone};
  PL_TRY(RecordScore(transaction, tip, after, caller));
  return FollowBundle(transaction, tip, now);
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
