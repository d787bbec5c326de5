#pragma once

#include <optional>
#include <vector>

#include "platform/store/database.h"
#include "triage/tip.h"

// The only SQL for single rows of triage_*. Used by the units of work of this room.
namespace porchlight::triage::rows {

#define PL_TRIAGE_TIP_COLUMNS                                                                                          \
  "id, state, rank, level, points, urgent, completeness, organisation, source, incident_type, test, received_at, "     \
  "preserve_until, incidents, folded, pulled, bundle, repeats, scores, claimed_by, claimed_until, disposition, behind"
Tip ReadTip(const store::Row& row);

inline constexpr int kScoresMax = 1024;                 // Of one report; then the oldest way of counting ends: kTooLarge.

Result<std::optional<Tip>> FindTip(store::ReadTransaction& transaction, tipline::ReportId id);
Result<void> InsertTip(store::WriteTransaction& transaction, const Tip& tip);
// All of the row but its claim, if it was judged `judged_before` times until now. Errors: kUnavailable when somebody else
// judged it meanwhile; the unit is to be run again.
Result<void> UpdateTip(store::WriteTransaction& transaction, const Tip& tip, int judged_before);
// Where it stands in the queue, and nothing else.
Result<void> SetBehind(store::WriteTransaction& transaction, const Tip& tip);
Result<void> SetFolded(store::WriteTransaction& transaction, tipline::ReportId id, bool folded);
Result<void> SetClaim(store::WriteTransaction& transaction, const Tip& tip);

Result<void> InsertScore(store::WriteTransaction& transaction, tipline::ReportId id, const Score& score);
Result<Score> FindScore(store::ReadTransaction& transaction, tipline::ReportId id, int number);   // Errors: kNotFound.
Result<std::vector<Score>> ListScores(store::ReadTransaction& transaction, tipline::ReportId id);

// As FindTip, and nobody else changes the row before this transaction ends.
Result<std::optional<Tip>> LockTip(store::WriteTransaction& transaction, tipline::ReportId id);

struct HeldItem {
  std::int64_t people = 0;                              // Reported people in whose reports it was.
  bool viral = false;
};
// The report holds the item; a person counts once. Again it changes nothing.
Result<HeldItem> HoldItem(store::WriteTransaction& transaction, std::int64_t key, std::int64_t person, tipline::ReportId report);
Result<void> MarkViral(store::WriteTransaction& transaction, std::int64_t key);
Result<HeldItem> FindItem(store::ReadTransaction& transaction, std::int64_t key);
Result<std::vector<tipline::ReportId>> HoldersOf(store::ReadTransaction& transaction, std::int64_t key, int count_max);

Result<std::optional<Bundle>> FindBundle(store::ReadTransaction& transaction, BundleId id);
// Counts the report into the bundle of the item, which is made, with it as lead, when there is none.
Result<Bundle> EnterBundle(store::WriteTransaction& transaction, std::int64_t item, const Tip& tip, Instant now);
// Counts it out again; a bundle without reports is gone. The lead is left as it was.
Result<Bundle> LeaveBundle(store::WriteTransaction& transaction, BundleId id, const Tip& tip);
Result<void> SetDecision(store::WriteTransaction& transaction, BundleId id, BundleDecision decision);
Result<void> SetLead(store::WriteTransaction& transaction, BundleId id, tipline::ReportId lead);
// The smallest number among the members' rows other than `but`.
Result<std::optional<tipline::ReportId>> FirstMember(store::ReadTransaction& transaction, BundleId id, tipline::ReportId but);

struct Linked {
  tipline::ReportId report;
  std::int64_t organisation = 0;
};
// Reports under the key, newest first.
Result<std::vector<Linked>> LinkedBy(store::ReadTransaction& transaction, std::int64_t key, int count_max);
Result<void> InsertLink(store::WriteTransaction& transaction, std::int64_t key, tipline::ReportId report, std::int64_t organisation);
Result<std::vector<std::int64_t>> LinkKeysOf(store::ReadTransaction& transaction, tipline::ReportId report);

}  // namespace porchlight::triage::rows
