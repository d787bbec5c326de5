#include "triage/tip_rows.h"

#include "base/json.h"

namespace porchlight::triage::rows {

namespace {

constexpr store::Statement kFindTip{"triage.find_tip", "SELECT " PL_TRIAGE_TIP_COLUMNS " FROM triage_tips WHERE id = $1"};
constexpr store::Statement kInsertTip{
    "triage.insert_tip",
    "INSERT INTO triage_tips (id, state, rank, level, points, urgent, completeness, organisation, source, incident_type, test, "
    "received_at, preserve_until, incidents, folded, pulled, bundle, repeats, scores, disposition, waiting, behind) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"};
constexpr store::Statement kUpdateTip{
    "triage.update_tip",
    "UPDATE triage_tips SET state = $1, rank = $2, level = $3, points = $4, urgent = $5, completeness = $6, incident_type = $7, "
    "folded = $8, pulled = $9, bundle = $10, scores = $11, disposition = $12, waiting = $13, behind = $14 WHERE id = $15 AND scores = $16"};
constexpr store::Statement kSetBehind{"triage.set_behind", "UPDATE triage_tips SET behind = $1, rank = $2 WHERE id = $3"};
constexpr store::Statement kSetFolded{
    "triage.set_folded",
    "UPDATE triage_tips SET folded = $1, waiting = CASE WHEN $1 = 0 AND test = 0 AND state IN (5, 6, 14) THEN 1 ELSE 0 END "
    "WHERE id = $2"};
constexpr store::Statement kSetClaim{
    "triage.set_claim", "UPDATE triage_tips SET state = $1, claimed_by = $2, claimed_until = $3, waiting = $4 WHERE id = $5"};

constexpr store::Statement kInsertScore{
    "triage.insert_score",
    "INSERT INTO triage_scores (id, at, rules, cause, account, level, points, urgent, completeness, fired, missing, inputs, news) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
constexpr store::Statement kScores{
    "triage.list_scores",
    "SELECT id, at, rules, cause, account, level, points, urgent, completeness, fired, missing, inputs FROM triage_scores "
    "WHERE id >= $1 AND id < $2 ORDER BY id"};

constexpr store::Statement kLockTip{
    "triage.lock_tip", "UPDATE triage_tips SET scores = scores WHERE id = $1 RETURNING " PL_TRIAGE_TIP_COLUMNS};

// Of triage_items: the row with person 0 and report 0 counts those of the others.
constexpr store::Statement kKnownPerson{
    "triage.item_person", "SELECT 1 FROM triage_items WHERE key = $1 AND person = $2 LIMIT 1"};
constexpr store::Statement kNewItem{
    "triage.new_item",
    "INSERT INTO triage_items (key, person, report, people, viral) VALUES ($1, 0, 0, 1, 0) ON CONFLICT DO NOTHING"};
constexpr store::Statement kLockItem{
    "triage.lock_item",
    "UPDATE triage_items SET viral = viral WHERE key = $1 AND person = 0 AND report = 0 RETURNING people, viral"};
constexpr store::Statement kCountPerson{
    "triage.count_person", "UPDATE triage_items SET people = people + 1 WHERE key = $1 AND person = 0 AND report = 0"};
constexpr store::Statement kHoldItem{
    "triage.hold_item",
    "INSERT INTO triage_items (key, person, report, people, viral) VALUES ($1, $2, $3, 0, 0) ON CONFLICT DO NOTHING"};
constexpr store::Statement kMarkViral{
    "triage.mark_viral", "UPDATE triage_items SET viral = 1 WHERE key = $1 AND person = 0 AND report = 0"};
constexpr store::Statement kFindItem{
    "triage.find_item", "SELECT people, viral FROM triage_items WHERE key = $1 AND person = 0 AND report = 0"};
constexpr store::Statement kHolders{
    "triage.item_holders", "SELECT report FROM triage_items WHERE key = $1 AND report <> 0 ORDER BY person, report LIMIT $2"};

constexpr store::Statement kFindBundle{
    "triage.find_bundle", "SELECT id, item, lead, reports, incidents, closed FROM triage_bundles WHERE id = $1"};
constexpr store::Statement kEnterBundle{
    "triage.enter_bundle",
    "INSERT INTO triage_bundles (item, created_at, lead, reports, incidents, closed) VALUES ($1, $2, $3, 1, $4, 0) "
    "ON CONFLICT (item) DO UPDATE "
    "SET reports = triage_bundles.reports + 1, incidents = triage_bundles.incidents + excluded.incidents "
    "RETURNING id, item, lead, reports, incidents, closed"};
constexpr store::Statement kSetDecision{"triage.set_bundle_decision", "UPDATE triage_bundles SET closed = $1 WHERE id = $2"};
constexpr store::Statement kLeaveBundle{
    "triage.leave_bundle",
    "UPDATE triage_bundles SET reports = reports - 1, incidents = incidents - $1 WHERE id = $2 "
    "RETURNING id, item, lead, reports, incidents, closed"};
constexpr store::Statement kSetLead{"triage.set_lead", "UPDATE triage_bundles SET lead = $1 WHERE id = $2"};
constexpr store::Statement kDeleteBundle{"triage.delete_bundle", "DELETE FROM triage_bundles WHERE id = $1"};
constexpr store::Statement kFirstMember{
    "triage.first_member", "SELECT id FROM triage_tips WHERE bundle = $1 AND bundle IS NOT NULL AND id <> $2 ORDER BY id LIMIT 1"};

constexpr store::Statement kLinkedBy{
    "triage.linked_by", "SELECT report, organisation FROM triage_links WHERE key = $1 ORDER BY report DESC LIMIT $2"};
constexpr store::Statement kInsertLink{"triage.insert_link", "INSERT INTO triage_links (key, report, organisation) VALUES ($1, $2, $3)"};
constexpr store::Statement kLinkKeys{"triage.link_keys", "SELECT key FROM triage_links WHERE report = $1 ORDER BY key"};

Bundle ReadBundle(const store::Row& row) {
  return {{row.Integer(0)}, row.Integer(1), {row.Integer(2)}, row.Integer(3), row.Integer(4), static_cast<BundleDecision>(row.Integer(5))};
}

Result<Score> ReadScore(const store::Row& row) {
  Score score;
  score.number = static_cast<int>(row.Integer(0) % kScoresMax);
  score.at = row.Time(1);
  score.rules = row.Text(2);
  score.cause = row.Text(3);
  score.account = row.Integer(4);
  Verdict& verdict = score.verdict;
  verdict.level = static_cast<int>(row.Integer(5));
  verdict.points = static_cast<int>(row.Integer(6));
  verdict.urgent = row.Bool(7);
  verdict.completeness = static_cast<int>(row.Integer(8));
  const Json fired = PL_TRY(ParseJson(row.Text(9)));
  verdict.fired = PL_TRY(FiredFromJson(fired));
  const Json missing = PL_TRY(ParseJson(row.Text(10)));
  if (missing.AsArray() != nullptr) {
    for (const Json& name : *missing.AsArray()) {
      const std::optional<Item> item = name.AsString() == nullptr ? std::nullopt : FromName<Item>(*name.AsString());
      if (item) verdict.missing.push_back(*item);
    }
  }
  const Json inputs = PL_TRY(ParseJson(row.Text(11)));
  score.inputs = PL_TRY(InputsFromJson(inputs));
  return score;
}

std::string MissingText(const std::vector<Item>& missing) {
  Json list{Json::Array{}};
  for (const Item item : missing) list.Append(NameOf(item));
  return list.Serialize();
}

}  // namespace

Tip ReadTip(const store::Row& row) {
  Tip tip;
  tip.id = {row.Integer(0)};
  tip.state = static_cast<tipline::ReportState>(row.Integer(1));
  tip.rank = row.Integer(2);
  tip.level = static_cast<int>(row.Integer(3));
  tip.points = static_cast<int>(row.Integer(4));
  tip.urgent = row.Bool(5);
  tip.completeness = static_cast<int>(row.Integer(6));
  tip.organisation = row.Integer(7);
  tip.source = static_cast<tipline::ReportSource>(row.Integer(8));
  tip.incident_type = static_cast<tipline::IncidentType>(row.Integer(9));
  tip.test = row.Bool(10);
  tip.received_at = row.Time(11);
  tip.preserve_until = row.OptionalTime(12);
  tip.incidents = static_cast<int>(row.Integer(13));
  tip.folded = row.Bool(14);
  tip.pulled = row.Bool(15);
  if (const auto bundle = row.OptionalInteger(16)) tip.bundle = BundleId{*bundle};
  if (const auto repeats = row.OptionalInteger(17)) tip.repeats = tipline::ReportId{*repeats};
  tip.scores = static_cast<int>(row.Integer(18));
  if (const auto account = row.OptionalInteger(19)) tip.claimed_by = auth::AccountId{*account};
  tip.claimed_until = row.OptionalTime(20);
  if (const auto disposition = row.OptionalInteger(21)) tip.disposition = static_cast<Disposition>(*disposition);
  tip.behind = row.Bool(22);
  return tip;
}

Result<std::optional<Tip>> FindTip(store::ReadTransaction& transaction, tipline::ReportId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindTip, id));
  if (!row) return std::optional<Tip>();
  return std::optional(ReadTip(*row));
}

Result<std::optional<Tip>> LockTip(store::WriteTransaction& transaction, tipline::ReportId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kLockTip, id));
  if (!row) return std::optional<Tip>();
  return std::optional(ReadTip(*row));
}

Result<void> InsertTip(store::WriteTransaction& transaction, const Tip& tip) {
  PL_TRY(transaction.Execute(kInsertTip, tip.id, tip.state, tip.rank, tip.level, tip.points, tip.urgent, tip.completeness,
                             tip.organisation, tip.source, tip.incident_type, tip.test, tip.received_at, tip.preserve_until,
                             tip.incidents, tip.folded, tip.pulled, tip.bundle, tip.repeats, tip.scores, tip.disposition, tip.Waits(),
                             tip.behind));
  return {};
}

Result<void> UpdateTip(store::WriteTransaction& transaction, const Tip& tip, int judged_before) {
  const std::int64_t changed =
      PL_TRY(transaction.Execute(kUpdateTip, tip.state, tip.rank, tip.level, tip.points, tip.urgent, tip.completeness,
                                 tip.incident_type, tip.folded, tip.pulled, tip.bundle, tip.scores, tip.disposition, tip.Waits(),
                                 tip.behind, tip.id, judged_before));
  if (changed == 0) return Error{ErrorCode::kUnavailable, "The report was being judged by another process; try again.", {}, "tip", 1};
  return {};
}

Result<void> SetBehind(store::WriteTransaction& transaction, const Tip& tip) {
  PL_TRY(transaction.Execute(kSetBehind, tip.behind, tip.rank, tip.id));
  return {};
}

Result<void> SetFolded(store::WriteTransaction& transaction, tipline::ReportId id, bool folded) {
  PL_TRY(transaction.Execute(kSetFolded, folded, id));
  return {};
}

Result<void> SetClaim(store::WriteTransaction& transaction, const Tip& tip) {
  PL_TRY(transaction.Execute(kSetClaim, tip.state, tip.claimed_by, tip.claimed_until, tip.Waits(), tip.id));
  return {};
}

Result<void> InsertScore(store::WriteTransaction& transaction, tipline::ReportId id, const Score& score) {
  if (score.number >= kScoresMax) {
    return Error{ErrorCode::kTooLarge, "The report was judged too often; it is not judged again.", {}, {}, 0};
  }
  const Verdict& verdict = score.verdict;
  PL_TRY(transaction.Execute(kInsertScore, id.value * kScoresMax + score.number, score.at, score.rules, score.cause, score.account,
                             verdict.level, verdict.points, verdict.urgent, verdict.completeness, ToJson(verdict.fired).Serialize(),
                             MissingText(verdict.missing), ToJson(score.inputs).Serialize(), static_cast<std::int64_t>(score.news)));
  return {};
}

Result<Score> FindScore(store::ReadTransaction& transaction, tipline::ReportId id, int number) {
  const std::int64_t key = id.value * kScoresMax + number;
  const std::optional<store::Row> row = PL_TRY(transaction.First(kScores, key, key + 1));
  if (!row) return Error{ErrorCode::kNotFound, "There is no such score.", {}, {}, 0};
  return ReadScore(*row);
}

Result<std::vector<Score>> ListScores(store::ReadTransaction& transaction, tipline::ReportId id) {
  std::vector<Score> scores;
  for (const store::Row& row : PL_TRY(transaction.All(kScores, id.value * kScoresMax, (id.value + 1) * kScoresMax))) {
    scores.push_back(PL_TRY(ReadScore(row)));
  }
  return scores;
}

Result<HeldItem> HoldItem(store::WriteTransaction& transaction, std::int64_t key, std::int64_t person, tipline::ReportId report) {
  const bool is_new = PL_TRY(transaction.Execute(kNewItem, key)) > 0;
  HeldItem item{1, false};
  if (!is_new) {
    // Locked before anybody asks who holds it: two that bring the same person at once count it once.
    const std::optional<store::Row> row = PL_TRY(transaction.First(kLockItem, key));
    if (!row) return Error{ErrorCode::kInternal, "The item is gone.", "no count in triage_items", {}, 0};
    item = {row->Integer(0), row->Bool(1)};
    const bool known = PL_TRY(transaction.First(kKnownPerson, key, person)).has_value();
    if (!known) {
      PL_TRY(transaction.Execute(kCountPerson, key));
      ++item.people;
    }
  }
  PL_TRY(transaction.Execute(kHoldItem, key, person, report));
  return item;
}

Result<void> MarkViral(store::WriteTransaction& transaction, std::int64_t key) {
  PL_TRY(transaction.Execute(kMarkViral, key));
  return {};
}

Result<HeldItem> FindItem(store::ReadTransaction& transaction, std::int64_t key) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindItem, key));
  return row ? HeldItem{row->Integer(0), row->Bool(1)} : HeldItem();
}

Result<std::vector<tipline::ReportId>> HoldersOf(store::ReadTransaction& transaction, std::int64_t key, int count_max) {
  std::vector<tipline::ReportId> holders;
  for (const store::Row& row : PL_TRY(transaction.All(kHolders, key, count_max))) holders.push_back({row.Integer(0)});
  return holders;
}

Result<std::optional<Bundle>> FindBundle(store::ReadTransaction& transaction, BundleId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindBundle, id));
  return row ? std::optional(ReadBundle(*row)) : std::optional<Bundle>();
}

Result<Bundle> EnterBundle(store::WriteTransaction& transaction, std::int64_t item, const Tip& tip, Instant now) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kEnterBundle, item, now, tip.id, tip.incidents));
  return ReadBundle(*row);
}

Result<Bundle> LeaveBundle(store::WriteTransaction& transaction, BundleId id, const Tip& tip) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kLeaveBundle, tip.incidents, id));
  if (!row) return Error{ErrorCode::kInternal, "The bundle is gone.", "bundle " + std::to_string(id.value), {}, 0};
  const Bundle bundle = ReadBundle(*row);
  if (bundle.reports == 0) PL_TRY(transaction.Execute(kDeleteBundle, id));
  return bundle;
}

Result<void> SetDecision(store::WriteTransaction& transaction, BundleId id, BundleDecision decision) {
  PL_TRY(transaction.Execute(kSetDecision, decision, id));
  return {};
}

Result<void> SetLead(store::WriteTransaction& transaction, BundleId id, tipline::ReportId lead) {
  PL_TRY(transaction.Execute(kSetLead, lead, id));
  return {};
}

Result<std::optional<tipline::ReportId>> FirstMember(store::ReadTransaction& transaction, BundleId id, tipline::ReportId but) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFirstMember, id, but));
  return row ? std::optional(tipline::ReportId{row->Integer(0)}) : std::optional<tipline::ReportId>();
}

Result<std::vector<Linked>> LinkedBy(store::ReadTransaction& transaction, std::int64_t key, int count_max) {
  std::vector<Linked> linked;
  for (const store::Row& row : PL_TRY(transaction.All(kLinkedBy, key, count_max))) linked.push_back({{row.Integer(0)}, row.Integer(1)});
  return linked;
}

Result<void> InsertLink(store::WriteTransaction& transaction, std::int64_t key, tipline::ReportId report, std::int64_t organisation) {
  PL_TRY(transaction.Execute(kInsertLink, key, report, organisation));
  return {};
}

Result<std::vector<std::int64_t>> LinkKeysOf(store::ReadTransaction& transaction, tipline::ReportId report) {
  std::vector<std::int64_t> keys;
  for (const store::Row& row : PL_TRY(transaction.All(kLinkKeys, report))) keys.push_back(row.Integer(0));
  return keys;
}

}  // namespace porchlight::triage::rows
