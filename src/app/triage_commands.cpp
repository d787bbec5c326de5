// tips list, tips show, triage replay, triage rules.
#include <algorithm>
#include <cstdio>

#include "app/command_support.h"
#include "app/progress.h"
#include "base/json.h"
#include "directory/organisations.h"
#include "triage/queue.h"
#include "triage/replay.h"
#include "triage/tip_views.h"

namespace porchlight::app {
namespace {

constexpr int kRowsPerRead = 500;
constexpr std::int64_t kNoBudget = std::int64_t{1} << 40;

Error Choose(std::string_view flag, std::string_view words) {
  return Error{ErrorCode::kInvalidArgument, "--" + std::string(flag) + " must be " + std::string(words) + ".", {}, std::string(flag), 0};
}

Result<triage::QueueOrder> OrderOf(const std::string& word) {
  if (word == "priority") return triage::QueueOrder::kPriority;
  if (word == "newest") return triage::QueueOrder::kNewest;
  if (word == "oldest") return triage::QueueOrder::kOldest;
  return Choose("sort", "priority, newest or oldest");
}

Result<std::vector<triage::TipRow>> ReadRows(Centre& centre, const TipListArguments& arguments, const triage::Names& names) {
  const triage::QueueOrder order = PL_TRY(OrderOf(arguments.sort));
  triage::QueueFilter filter;
  filter.everything = !arguments.queue;
  std::vector<triage::TipRow> rows;
  std::optional<triage::QueueCursor> after;
  while (rows.size() < static_cast<std::size_t>(arguments.limit)) {
    const int wanted = static_cast<int>(std::min<std::int64_t>(kRowsPerRead, arguments.limit - static_cast<std::int64_t>(rows.size())));
    const auto read = [&](store::ReadTransaction& transaction) -> Result<void> {
      const triage::QueueRows page = PL_TRY(triage::ListQueue(transaction, filter, order, after, wanted, kNoBudget));
      for (const triage::Tip& tip : page.items) rows.push_back(PL_TRY(triage::RowOf(transaction, tip, names)));
      after = page.next;
      return {};
    };
    PL_TRY(centre.database().Read(read));
    if (!after) break;
  }
  return rows;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

std::string Joined(const std::vector<triage::Item>& items) {
  std::vector<std::string> words;
  for (const triage::Item item : items) words.emplace_back(NameOf(item));
  return Joined(words);
}

std::string BundleWords(const std::optional<triage::BundleView>& bundle) {
  if (!bundle) return "-";
  return std::to_string(bundle->id.value) + " (" + std::to_string(bundle->reports) + " reports, " + std::to_string(bundle->incidents) +
         " incidents)";
}

void PrintTable(const std::vector<triage::TipRow>& rows) {
  std::printf("%10s  %-13s %3s %6s %5s  %-22s %s\n", "report", "state", "pri", "points", "compl", "bundle", "why");
  for (const triage::TipRow& row : rows) {
    const std::string state(NameOf(row.state));
    std::printf("%10lld  %-13s %2d%s %6d %4d%%  %-22s %s\n", static_cast<long long>(row.report_id.value), state.c_str(),
                row.priority.value, row.priority.urgent ? "!" : " ", row.priority.points, row.completeness.score,
                BundleWords(row.bundle).c_str(), Joined(row.priority.rules).c_str());
  }
  std::printf("%zu reports.\n", rows.size());
}

triage::Names NamesIn(directory::OrganisationNames& organisations) {
  return {[&organisations](std::int64_t id) { return organisations.Of(auth::OrganisationId{id}); }, {}};
}

Result<void> ListTips(Centre& centre, const TipListArguments& arguments) {
  if (arguments.format != "json" && arguments.format != "table") return Choose("format", "json or table");
  if (arguments.limit < 1) return Choose("limit", "a whole number above 0");
  directory::OrganisationNames organisations(centre.database(), centre.clock());
  const std::vector<triage::TipRow> rows = PL_TRY(ReadRows(centre, arguments, NamesIn(organisations)));
  if (arguments.format == "table") {
    PrintTable(rows);
    return {};
  }
  Json list{Json::Array{}};
  for (const triage::TipRow& row : rows) list.Append(ToJson(row, VisibilitySet::All()));
  std::printf("%s\n", list.SerializePretty().c_str());
  return {};
}

void PrintScore(const triage::ScoreView& score) {
  std::printf("\nJudged %s by %s (%s): priority %d%s, %d points; completeness %d %%\n", FormatInstant(score.at).c_str(),
              score.rules_version.c_str(), score.cause.c_str(), score.value, score.urgent ? ", urgent" : "", score.points,
              score.completeness);
  for (const triage::FiredRuleView& rule : score.fired) {
    std::printf("  %+5d  %s%s\n", rule.points, rule.rule.c_str(),
                rule.floor ? (", never below " + std::to_string(*rule.floor)).c_str() : "");
  }
  for (const triage::SignalView& signal : score.signals) {
    std::printf("  seen   %s%s\n", std::string(NameOf(signal.signal)).c_str(),
                signal.places.empty() ? "" : (" in " + Joined(signal.places)).c_str());
  }
  if (!score.missing.empty()) std::printf("  missing: %s\n", Joined(score.missing).c_str());
}

Result<void> ShowTip(Centre& centre, std::int64_t id, const std::string& format) {
  if (format != "json" && format != "table") return Choose("format", "json or table");
  directory::OrganisationNames organisations(centre.database(), centre.clock());
  const triage::Names names = NamesIn(organisations);
  const triage::TipDetail detail = PL_TRY(
      centre.database().Read([&](store::ReadTransaction& transaction) { return triage::DetailOf(transaction, {id}, names); }));
  if (format == "json") {
    std::printf("%s\n", ToJson(detail, VisibilitySet::All()).SerializePretty().c_str());
    return {};
  }
  PrintTable({detail.tip});
  for (const triage::ScoreView& score : detail.scores) PrintScore(score);
  for (const triage::LinkView& link : detail.links) {
    std::printf("\nlinked to report %lld of %s (%d identifiers)", static_cast<long long>(link.report_id.value),
                link.organisation_name.c_str(), link.identifiers);
  }
  std::printf("\n");
  return {};
}

Json StandingJson(const triage::Standing& standing) {
  return Json().Set("value", standing.level).Set("urgent", standing.urgent).Set("points", standing.points);
}

Json WordsJson(const std::vector<std::string>& words) {
  Json list{Json::Array{}};
  for (const std::string& word : words) list.Append(word);
  return list;
}

Json ReplayJson(const triage::Replayed& replayed) {
  Json levels{Json::Array{}};
  for (const auto& before : replayed.levels) {
    Json row{Json::Array{}};
    for (const std::int64_t count : before) row.Append(count);
    levels.Append(std::move(row));
  }
  Json moved{Json::Array{}};
  for (const triage::Moved& one : replayed.examples) {
    moved.Append(Json()
                     .Set("report_id", one.report.value)
                     .Set("before", StandingJson(one.before))
                     .Set("after", StandingJson(one.after))
                     .Set("rules_gone", WordsJson(one.rules_gone))
                     .Set("rules_new", WordsJson(one.rules_new)));
  }
  return Json()
      .Set("rules", replayed.rules)
      .Set("reports", replayed.reports)
      .Set("unreadable", replayed.unreadable)
      .Set("moved", replayed.moved)
      .Set("reordered", replayed.reordered)
      .Set("urgent_gained", replayed.urgent_gained)
      .Set("urgent_lost", replayed.urgent_lost)
      .Set("levels", std::move(levels))
      .Set("examples", std::move(moved));
}

void PrintReplay(const triage::Replayed& replayed) {
  std::printf("%lld reports judged again by %s; nothing was changed.\n", static_cast<long long>(replayed.reports), replayed.rules.c_str());
  std::printf("%lld would stand elsewhere (%lld would become urgent, %lld would no longer be), %lld only change their order.\n\n",
              static_cast<long long>(replayed.moved), static_cast<long long>(replayed.urgent_gained),
              static_cast<long long>(replayed.urgent_lost), static_cast<long long>(replayed.reordered));
  std::printf("%12s %10s %10s %10s\n", "", "to 1", "to 2", "to 3");
  for (std::size_t level = 0; level < replayed.levels.size(); ++level) {
    const auto& row = replayed.levels.at(level);
    std::printf("%11s%zu %10lld %10lld %10lld\n", "from ", level + 1, static_cast<long long>(row[0]), static_cast<long long>(row[1]),
                static_cast<long long>(row[2]));
  }
  for (const triage::Moved& one : replayed.examples) {
    std::printf("\nreport %lld: %d%s -> %d%s  gone: %s  new: %s", static_cast<long long>(one.report.value), one.before.level,
                one.before.urgent ? "!" : "", one.after.level, one.after.urgent ? "!" : "", Joined(one.rules_gone).c_str(),
                Joined(one.rules_new).c_str());
  }
  std::printf("\n");
}

Result<std::optional<Instant>> MomentOf(const std::string& text, std::string_view flag) {
  if (text.empty()) return std::optional<Instant>();
  const Result<OffsetInstant> time = ParseDateTime(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time.ok()) return Choose(flag, "a date like 2026-01-31, or a date and time with a zone");
  return std::optional(time->instant);
}

Result<void> ReplayRules(Centre& centre, const ReplayArguments& arguments) {
  if (arguments.format != "json" && arguments.format != "table") return Choose("format", "json or table");
  triage::ReplayOptions options;
  options.rules = arguments.rules;
  options.from = PL_TRY(MomentOf(arguments.from, "from"));
  options.to = PL_TRY(MomentOf(arguments.to, "to"));
  options.moved_max = static_cast<std::size_t>(std::max<std::int64_t>(0, arguments.examples));
  Progress progress("Judging again");
  const triage::Replayed replayed =
      PL_TRY(triage::Replay(centre.database(), centre.sealer(), centre.judging().rules(), options,
                            [&](std::int64_t done, std::int64_t total) { progress.Show(done, total); }));
  if (arguments.format == "json") std::printf("%s\n", ReplayJson(replayed).SerializePretty().c_str());
  else PrintReplay(replayed);
  return {};
}

}  // namespace

int RunTipsList(const CommonArguments& common, const TipListArguments& arguments) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) { return ListTips(centre, arguments); });
}

int RunTipsShow(const CommonArguments& common, std::int64_t report, const std::string& format) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) { return ShowTip(centre, report, format); });
}

int RunTriageReplay(const CommonArguments& common, const ReplayArguments& arguments) {
  return WithCentre(common, Centre::Access::kExisting, [&](Centre& centre) { return ReplayRules(centre, arguments); });
}

}  // namespace porchlight::app
