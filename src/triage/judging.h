#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "hashing/look.h"
#include "platform/auth/caller.h"
#include "platform/store/database.h"
#include "platform/vault/vault.h"
#include "triage/derive.h"
#include "triage/tip.h"
#include "triage/tip_rows.h"

// The unit of work that judges a report: its signals, its score, its bundle, its links, its state, its audit entry and
// its event, all or nothing. Bundles are a function of the set of reports: in whatever order those come, the same ones
// stand together in the end.
namespace porchlight::triage {

// What was read and derived of a report before the one writer is asked.
struct Prepared {
  tipline::ReportRow report;
  std::optional<Instant> preserve_until;
  Inputs inputs;                            // Without context.
  std::vector<SpokenSignals> spoken;        // What phrases were found in, each text as its key in decimal digits.
  std::int64_t person = 0;                  // Key of the reported person; below 0: not known, the report stands for one.
  std::vector<std::int64_t> link_keys;      // Ascending.
  std::vector<std::int64_t> named_reports;  // Earlier ones that the platform names.
  int incidents = 1;
};

class Judging {
 public:
  // `key` makes digests of items and identifiers that nobody outside can aim at.
  Judging(const RuleBook& rules, const vault::Sealer& sealer, std::string key) : rules_(rules), sealer_(sealer), key_(std::move(key)) {}

  // Errors: kNotFound when there is no such report or its content is gone, kCorrupt.
  Result<Prepared> Prepare(store::ReadTransaction& transaction, tipline::ReportId id, Instant now) const;

  // Judges those that are still to be judged and answers them; a repeat judges nothing.
  Result<std::vector<tipline::ReportId>> JudgeNew(store::WriteTransaction& transaction, const std::vector<Prepared>& reports,
                                                  Instant now) const;

  // Counts pictures that look alike as one thing that goes round, and judges those again that wait. Answers the reports that
  // are not judged yet: they are to come again. A repeat writes nothing.
  Result<std::vector<tipline::ReportId>> JudgeLooks(store::WriteTransaction& transaction, const std::vector<Prepared>& reports,
                                                    Instant now) const;

  // Judges again what the row and its newest score say, after a person changed something in `tip` or `person`; nothing
  // is written when nothing comes of it. `tip` was locked, and is what stands afterwards.
  Result<void> JudgeAgain(store::WriteTransaction& transaction, Tip& tip, const Inputs& inputs, std::string_view cause,
                          const auth::Caller& caller, Instant now) const;

  // The key under which reports with that identifier of a reported person are linked; nothing when it says too little to go by.
  std::optional<std::int64_t> LinkKeyOf(const tipline::Identifier& identifier) const;

  const RuleBook& rules() const { return rules_; }

 private:
  // All about one report on its way through JudgeNew or JudgeAgain.
  struct Work {
    Tip tip;
    Inputs inputs;
    const RuleTable* table = nullptr;
    Instant now;
    std::map<std::int64_t, rows::HeldItem> counted;   // By key: items as they stand since this report was counted.
  };
  // A report's pictures that look like others': the group by the key of their bytes.
  struct Seen {
    const Prepared* report = nullptr;
    bool counts = false;                    // For what goes round: filed by a platform, and followed.
    std::map<std::int64_t, hashing::GroupId> groups;
  };
  std::int64_t KeyOf(std::string_view text) const;
  Result<void> JudgeOne(store::WriteTransaction& transaction, const Prepared& prepared, Instant now) const;
  Result<std::vector<std::int64_t>> CountItems(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const;
  Result<void> AddSpokenSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const;
  Result<void> AddItemSignals(store::ReadTransaction& transaction, Work& work) const;
  Result<void> AddLinkSignals(store::WriteTransaction& transaction, const Prepared& prepared, Work& work) const;
  // In near_copies.cpp.
  std::int64_t LookKeyOf(hashing::GroupId group) const;
  Result<rows::HeldItem> KnownOf(store::ReadTransaction& transaction, const Work& work, const ItemKeys& item) const;
  Result<std::vector<std::int64_t>> HoldLooks(store::WriteTransaction& transaction, const std::vector<Seen>& seen, Instant now) const;
  Result<void> JudgeSeen(store::WriteTransaction& transaction, const Seen& seen, Instant now) const;
  // In bundling.cpp.
  struct Home {
    std::int64_t order = 0;                 // By this one chooses among several.
    std::int64_t item = 0;
    auto operator<=>(const Home&) const = default;
  };
  Result<std::optional<Home>> HomeOfItem(store::ReadTransaction& transaction, const ItemKeys& item) const;
  Result<std::optional<std::int64_t>> HomeOf(store::ReadTransaction& transaction, const Work& work, const Verdict& verdict) const;
  Result<void> Settle(store::WriteTransaction& transaction, Work& work, std::optional<std::int64_t> home) const;
  Result<void> Throttle(store::ReadTransaction& transaction, Work& work, bool by_person) const;
  Result<bool> IsRepeat(store::ReadTransaction& transaction, const Prepared& prepared) const;
  Result<void> JudgeHolders(store::WriteTransaction& transaction, const std::vector<std::int64_t>& keys, tipline::ReportId but,
                            Instant now) const;

  const RuleBook& rules_;
  const vault::Sealer& sealer_;
  const std::string key_;
};

// Closes a report without a person; `why` is for the log. `tip` was locked or is new.
Result<void> CloseAs(store::WriteTransaction& transaction, Tip& tip, Disposition disposition, const Json& why, Instant now);
// Closes a folded member that waits while its bundle was decided on; others are left alone. `tip` was locked or is new.
Result<void> FollowBundle(store::WriteTransaction& transaction, Tip& tip, Instant now);

// Reports linked to one by an identifier of a reported person, newest first.
struct Link {
  tipline::ReportId report;
  std::int64_t organisation = 0;
  int identifiers = 0;                      // How many they share.
};
Result<std::vector<Link>> LinksOf(store::ReadTransaction& transaction, tipline::ReportId id, int count_max);

}  // namespace porchlight::triage
