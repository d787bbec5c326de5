#include "triage/replay.h"

#include <algorithm>

#include "triage/read_anew.h"
#include "triage/tip_rows.h"

namespace porchlight::triage {

namespace {

constexpr int kStep = 200;
constexpr store::Statement kStepOfTips{
    "triage.replay_step",
    "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE id > $1 AND received_at >= $2 AND received_at < $3 "
    "AND test = 0 AND repeats IS NULL ORDER BY id LIMIT $4"};
constexpr store::Statement kNewestTip{"triage.newest_tip", "SELECT id FROM triage_tips ORDER BY id DESC LIMIT 1"};

std::vector<std::string> CodesWithout(const std::vector<FiredRule>& these, const std::vector<FiredRule>& those) {
  std::vector<std::string> codes;
  for (const FiredRule& rule : these) {
    const bool there = std::any_of(those.begin(), those.end(), [&](const FiredRule& other) { return other.code == rule.code; });
    if (!there) codes.push_back(rule.code);
  }
  return codes;
}

Standing StandingOf(const Verdict& verdict) { return {verdict.level, verdict.points, verdict.urgent}; }

class Replayer {
 public:
  Replayer(const vault::Sealer& sealer, const RuleTable& table, std::size_t moved_max)
      : sealer_(sealer), table_(table), moved_max_(moved_max) {
    replayed_.rules = table.version;
  }

  Result<void> Take(store::ReadTransaction& transaction, const Tip& tip) {
    const Score before = PL_TRY(rows::FindScore(transaction, tip.id, tip.scores));
    const AnewInputs anew = PL_TRY(ReadAnew(transaction, sealer_, table_, tip, before));
    replayed_.unreadable += anew.unreadable ? 1 : 0;
    Compare(tip, before.verdict, Judge(table_, anew.inputs.All(), anew.inputs.completeness));
    return {};
  }

  Replayed& replayed() { return replayed_; }

 private:
  void Compare(const Tip& tip, const Verdict& before, const Verdict& after) {
    ++replayed_.reports;
    ++replayed_.levels.at(static_cast<std::size_t>(before.level - 1)).at(static_cast<std::size_t>(after.level - 1));
    replayed_.urgent_gained += !before.urgent && after.urgent ? 1 : 0;
    replayed_.urgent_lost += before.urgent && !after.urgent ? 1 : 0;
    if (before.level == after.level && before.urgent == after.urgent) {
      replayed_.reordered += before.points != after.points ? 1 : 0;
      return;
    }
    ++replayed_.moved;
    if (replayed_.examples.size() >= moved_max_) return;
    replayed_.examples.push_back({tip.id, StandingOf(before), StandingOf(after), CodesWithout(before.fired, after.fired),
                                  CodesWithout(after.fired, before.fired)});
  }

  const vault::Sealer& sealer_;
  const RuleTable& table_;
  const std::size_t moved_max_;
  Replayed replayed_;
};

Error NoTable(const RuleBook& rules, const std::string& version) {
  std::string known;
  for (const std::string& one : rules.Versions()) known += (known.empty() ? "" : ", ") + one;
  return Error{ErrorCode::kNotFound, "There is no table of rules \"" + version + "\"; there are: " + known + ".", {}, "rules", 0};
}

}  // namespace

Result<Replayed> Replay(store::Database& database, const vault::Sealer& sealer, const RuleBook& rules, const ReplayOptions& options,
                        const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const RuleTable* table = rules.Find(options.rules);
  if (table == nullptr) return NoTable(rules, options.rules);
  Replayer replayer(sealer, *table, options.moved_max);
  std::int64_t after = 0;
  std::int64_t newest = 0;
  for (bool more = true; more;) {
    // A step at a time, so that no reader holds on to one moment for long.
    const auto step = [&](store::ReadTransaction& transaction) -> Result<bool> {
      if (const auto row = PL_TRY(transaction.First(kNewestTip))) newest = row->Integer(0);
      const std::vector<store::Row> rows = PL_TRY(transaction.All(
          kStepOfTips, after, options.from.value_or(Instant{0}), options.to.value_or(Instant{std::int64_t{1} << 62}), kStep));
      for (const store::Row& row : rows) {
        const Tip tip = rows::ReadTip(row);
        PL_TRY(replayer.Take(transaction, tip));
        after = tip.id.value;
      }
      return rows.size() == static_cast<std::size_t>(kStep);
    };
    more = PL_TRY(database.Read(step));
    progress(std::min(after, newest), newest);
  }
  return std::move(replayer.replayed());
}

}  // namespace porchlight::triage
