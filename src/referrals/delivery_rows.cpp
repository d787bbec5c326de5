#include "referrals/delivery_rows.h"

#include <array>
#include <map>
#include <utility>

#include "base/text.h"

namespace porchlight::referrals::rows {

namespace {

#define PL_REFERRALS_DELIVERY_COLUMNS                                                                                       \
  "id, report, agency, primary_one, bundled, urgent, level, incident_type, organisation, basis, decision, lead_evidence, "  \
  "granted_at, granted_by, state, opened_at, downloaded_at, acknowledged_at, feedback_at, revoked_at, redirected_to, "      \
  "redirected_from, preserve_until, step, next_step_at, rank, counts_from, keep_notices, keep_notice_at"
#define PL_FROM_DELIVERIES "SELECT " PL_REFERRALS_DELIVERY_COLUMNS " FROM referrals_deliveries "

constexpr store::Statement kInsertDelivery{
    "referrals.insert_delivery",
    "INSERT INTO referrals_deliveries (report, agency, primary_one, bundled, urgent, level, incident_type, organisation, basis, decision, "
    "lead_evidence, granted_at, granted_by, state, redirected_from, preserve_until, step, next_step_at, rank, keep_notice_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, $18, $19) ON CONFLICT DO NOTHING RETURNING id"};
constexpr store::Statement kFindDelivery{"referrals.find_delivery", PL_FROM_DELIVERIES "WHERE id = $1"};
constexpr store::Statement kLockDelivery{
    "referrals.lock_delivery",
    "UPDATE referrals_deliveries SET rank = rank WHERE id = $1 RETURNING " PL_REFERRALS_DELIVERY_COLUMNS};
constexpr store::Statement kOfBoth{"referrals.delivery_of", PL_FROM_DELIVERIES "WHERE report = $1 AND agency = $2"};
constexpr store::Statement kOfReport{"referrals.deliveries_of", PL_FROM_DELIVERIES "WHERE report = $1 ORDER BY id"};
constexpr store::Statement kUpdateDelivery{
    "referrals.update_delivery",
    "UPDATE referrals_deliveries SET urgent = $1, state = $2, opened_at = $3, downloaded_at = $4, acknowledged_at = $5, feedback_at = $6, "
    "revoked_at = $7, redirected_to = $8, step = $9, next_step_at = $10, rank = $11, bundled = $12, level = $13, decision = $14, "
    "granted_at = $15, granted_by = $16, basis = $17, primary_one = $18, lead_evidence = $19, counts_from = $20, keep_notices = $21, "
    "keep_notice_at = $22 WHERE id = $23"};
constexpr store::Statement kDue{
    "referrals.due_deliveries",
    "SELECT id FROM referrals_deliveries WHERE next_step_at <= $1 AND next_step_at IS NOT NULL ORDER BY next_step_at, id LIMIT $2"};
constexpr store::Statement kComing{
    "referrals.coming_deliveries",
    PL_FROM_DELIVERIES "WHERE next_step_at > $1 AND next_step_at <= $2 AND next_step_at IS NOT NULL AND urgent = $3 "
    "AND bundled = 0 AND ($3 = 1 OR (opened_at IS NULL AND step IN (1, 2))) ORDER BY next_step_at, id LIMIT $4"};
constexpr store::Statement kNoticesDue{
    "referrals.preservation_notices_due",
    "SELECT id FROM referrals_deliveries WHERE keep_notice_at <= $1 AND keep_notice_at IS NOT NULL ORDER BY keep_notice_at, id LIMIT $2"};

constexpr store::Statement kOverdue{
    "referrals.overdue_deliveries",
    PL_FROM_DELIVERIES "WHERE step > 0 AND step < 4 AND feedback_at IS NULL AND revoked_at IS NULL AND redirected_to IS NULL "
    "AND (opened_at IS NULL OR (urgent = 1 AND acknowledged_at IS NULL)) ORDER BY urgent DESC, granted_at, id LIMIT $1"};

#define PL_LIST_DELIVERIES PL_FROM_DELIVERIES "WHERE agency = $1 AND bundled = $2 AND revoked_at IS NULL AND (rank, id) > ($3, $4) "
constexpr store::Statement kList{"referrals.list_deliveries", PL_LIST_DELIVERIES "ORDER BY rank, id LIMIT $5"};
constexpr store::Statement kListUnread{
    "referrals.list_unread",
    PL_LIST_DELIVERIES "AND rank < $6 AND opened_at IS NULL ORDER BY rank, id LIMIT $5"};
constexpr store::Statement kListUrgent{"referrals.list_urgent", PL_LIST_DELIVERIES "AND urgent = 1 ORDER BY rank, id LIMIT $5"};
constexpr store::Statement kListBoth{"referrals.list_unread_urgent",
                                     PL_LIST_DELIVERIES "AND rank < $6 AND urgent = 1 AND opened_at IS NULL ORDER BY rank, id LIMIT $5"};
constexpr store::Statement kListEnding{
    "referrals.list_ending",
    PL_FROM_DELIVERIES "WHERE agency = $1 AND bundled = $2 AND revoked_at IS NULL AND (preserve_until, id) > ($3, $4) "
    "AND preserve_until < $6 AND redirected_to IS NULL AND ($7 = 0 OR opened_at IS NULL) AND ($8 = 0 OR urgent = 1) "
    "ORDER BY preserve_until, id LIMIT $5"};

constexpr store::Statement kInsertHistory{
    "referrals.insert_history", "INSERT INTO referrals_history (delivery, at, kind, account, detail) VALUES ($1, $2, $3, $4, $5)"};
constexpr store::Statement kHistory{"referrals.history_of",
                                    "SELECT at, kind, account, detail FROM referrals_history WHERE delivery = $1 ORDER BY id"};

constexpr store::Statement kNewestPackage{
    "referrals.newest_package",
    "SELECT delivery, number, at, object_name, wrapped_key, master_version, bytes, sha256, gates, unreadable, encrypted_to "
    "FROM referrals_packages WHERE delivery = $1 ORDER BY number DESC LIMIT 1"};
constexpr store::Statement kInsertPackage{
    "referrals.insert_package",
    "INSERT INTO referrals_packages (delivery, number, at, object_name, wrapped_key, master_version, bytes, sha256, gates, unreadable, "
    "encrypted_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"};
constexpr store::Statement kPackageObject{"referrals.package_object",
                                          "SELECT number FROM referrals_packages WHERE object_name = $1 LIMIT 1"};

constexpr store::Statement kInsertFeedback{
    "referrals.insert_feedback",
    "INSERT INTO referrals_feedback (delivery, at, account, usefulness, outcomes, gaps) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr store::Statement kFeedback{
    "referrals.feedback_of", "SELECT at, account, usefulness, outcomes, gaps FROM referrals_feedback WHERE delivery = $1 ORDER BY id"};

constexpr store::Statement kTally{
    "referrals.tally",
    "INSERT INTO referrals_tallies (month, about, subject, what, count) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (month, about, subject, what) DO UPDATE SET count = referrals_tallies.count + excluded.count"};

class TallyChanges final : public store::LastChanges {
 public:
  using Key = std::array<std::string, 4>;   // Month, about, subject, what: the table's key.

  std::string_view Table() const override { return "referrals_tallies"; }

  void Add(Key key, std::int64_t count) { changes_[std::move(key)] += count; }

  Result<void> Make(store::WriteTransaction& transaction) override {
    for (const auto& [key, count] : changes_) {
      const auto& [month, about, subject, what] = key;
      if (count != 0) PL_TRY(transaction.Execute(kTally, month, about, subject, what, count));
    }
    return {};
  }

 private:
  std::map<Key, std::int64_t> changes_;
};

Delivery ReadDelivery(const store::Row& row) {
  Delivery one;
  one.id = {row.Integer(0)};
  one.report = {row.Integer(1)};
  one.agency = {row.Integer(2)};
  one.primary = row.Bool(3);
  one.bundled = row.Bool(4);
  one.urgent = row.Bool(5);
  one.level = static_cast<int>(row.Integer(6));
  one.incident_type = static_cast<tipline::IncidentType>(row.Integer(7));
  one.organisation = row.Integer(8);
  one.basis = static_cast<Cause>(row.Integer(9));
  one.decision = static_cast<int>(row.Integer(10));
  one.lead_evidence = static_cast<int>(row.Integer(11));
  one.granted_at = row.Time(12);
  one.granted_by = row.Integer(13);
  one.state = static_cast<DeliveryState>(row.Integer(14));
  one.opened_at = row.OptionalTime(15);
  one.downloaded_at = row.OptionalTime(16);
  one.acknowledged_at = row.OptionalTime(17);
  one.feedback_at = row.OptionalTime(18);
  one.revoked_at = row.OptionalTime(19);
  if (const auto to = row.OptionalInteger(20)) one.redirected_to = DeliveryId{*to};
  if (const auto from = row.OptionalInteger(21)) one.redirected_from = DeliveryId{*from};
  one.preserve_until = row.OptionalTime(22);
  one.step = static_cast<Step>(row.Integer(23));
  one.next_step_at = row.OptionalTime(24);
  one.counts_from = row.OptionalTime(26);
  one.keep_notices = static_cast<int>(row.Integer(27));
  one.keep_notice_at = row.OptionalTime(28);
  return one;
}

std::optional<Delivery> ReadFirst(const std::optional<store::Row>& row) {
  return row ? std::optional(ReadDelivery(*row)) : std::optional<Delivery>();
}

Json ToJson(const std::vector<Outcome>& outcomes) {
  Json list{Json::Array{}};
  for (const Outcome& one : outcomes) list.Append(Json().Set("code", one.code).Set("on", one.on));
  return list;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

Result<std::optional<DeliveryId>> InsertDelivery(store::WriteTransaction& transaction, const Delivery& one) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(
      kInsertDelivery, one.report, one.agency, one.primary, one.bundled, one.urgent, one.level, one.incident_type, one.organisation,
      one.basis, one.decision, one.lead_evidence, one.granted_at, one.granted_by, one.state, one.redirected_from, one.preserve_until,
      one.next_step_at, one.Rank(), one.keep_notice_at));
  return row ? std::optional(DeliveryId{row->Integer(0)}) : std::optional<DeliveryId>();
}

Result<std::optional<Delivery>> FindDelivery(store::ReadTransaction& transaction, DeliveryId id) {
  return ReadFirst(PL_TRY(transaction.First(kFindDelivery, id)));
}

Result<std::optional<Delivery>> LockDelivery(store::WriteTransaction& transaction, DeliveryId id) {
  return ReadFirst(PL_TRY(transaction.First(kLockDelivery, id)));
}

Result<std::optional<Delivery>> FindDelivery(store::ReadTransaction& transaction, tipline::ReportId report, AgencyId agency) {
  return ReadFirst(PL_TRY(transaction.First(kOfBoth, report, agency)));
}

Result<std::vector<Delivery>> DeliveriesOf(store::ReadTransaction& transaction, tipline::ReportId report) {
  std::vector<Delivery> all;
  for (const store::Row& row : PL_TRY(transaction.All(kOfReport, report))) all.push_back(ReadDelivery(row));
  return all;
}

Result<void> UpdateDelivery(store::WriteTransaction& transaction, const Delivery& one) {
  PL_TRY(transaction.Execute(kUpdateDelivery, one.urgent, one.state, one.opened_at, one.downloaded_at, one.acknowledged_at,
                             one.feedback_at, one.revoked_at, one.redirected_to, one.step, one.next_step_at, one.Rank(), one.bundled,
                             one.level, one.decision, one.granted_at, one.granted_by, one.basis, one.primary, one.lead_evidence,
                             one.counts_from, one.keep_notices, one.keep_notice_at, one.id));
  return {};
}

namespace {

Result<std::vector<DeliveryId>> DueBy(store::ReadTransaction& transaction, const store::Statement& statement, Instant now, int count_max) {
  std::vector<DeliveryId> due;
  for (const store::Row& row : PL_TRY(transaction.All(statement, now, count_max))) due.push_back({row.Integer(0)});
  return due;
}

}  // namespace

Result<std::vector<DeliveryId>> DueDeliveries(store::ReadTransaction& transaction, Instant now, int count_max) {
  return DueBy(transaction, kDue, now, count_max);
}

Result<std::vector<DeliveryId>> DuePreservationNotices(store::ReadTransaction& transaction, Instant now, int count_max) {
  return DueBy(transaction, kNoticesDue, now, count_max);
}

Result<std::vector<Delivery>> ComingDeliveries(store::ReadTransaction& transaction, bool urgent, Instant from, Instant to, int count_max) {
  std::vector<Delivery> all;
  for (const store::Row& row : PL_TRY(transaction.All(kComing, from, to, urgent, count_max))) all.push_back(ReadDelivery(row));
  return all;
}

Result<std::vector<Delivery>> OverdueDeliveries(store::ReadTransaction& transaction, int count_max) {
  std::vector<Delivery> all;
  for (const store::Row& row : PL_TRY(transaction.All(kOverdue, count_max))) all.push_back(ReadDelivery(row));
  return all;
}

Result<std::vector<Delivery>> ListDeliveries(store::ReadTransaction& transaction, AgencyId agency, const DeliveryFilter& filter,
                                             std::optional<DeliveryCursor> after, int count_max) {
  const DeliveryCursor from = after.value_or(DeliveryCursor{-1, 0});
  std::vector<Delivery> all;
  // What is unread stands first: a walk ends where it ends, however much was read before.
  const std::int64_t end = filter.urgent ? kRankSpan : 2 * kRankSpan;
  const store::Statement& unread = filter.urgent ? kListBoth : kListUnread;
  const store::Statement& any = filter.urgent ? kListUrgent : kList;
  const std::vector<store::Row> rows =
      filter.unread ? PL_TRY(transaction.All(unread, agency, filter.bundled, from.rank, from.id, count_max, end))
                    : PL_TRY(transaction.All(any, agency, filter.bundled, from.rank, from.id, count_max));
  for (const store::Row& row : rows) all.push_back(ReadDelivery(row));
  return all;
}

Result<std::vector<Delivery>> ListEnding(store::ReadTransaction& transaction, AgencyId agency, const DeliveryFilter& filter,
                                         std::pair<Instant, Instant> span, std::optional<DeliveryCursor> after, int count_max) {
  const DeliveryCursor start{span.first.microseconds, 0};
  const DeliveryCursor from = after && after->rank >= start.rank ? *after : start;
  std::vector<Delivery> all;
  for (const store::Row& row : PL_TRY(transaction.All(kListEnding, agency, filter.bundled, from.rank, from.id, count_max, span.second,
                                                      filter.unread, filter.urgent))) {
    all.push_back(ReadDelivery(row));
  }
  return all;
}

Result<void> InsertHistory(store::WriteTransaction& transaction, DeliveryId delivery, const HistoryEntry& entry) {
  PL_TRY(transaction.Execute(kInsertHistory, delivery, entry.at, entry.kind, entry.account, entry.detail));
  return {};
}

Result<std::vector<HistoryEntry>> HistoryOf(store::ReadTransaction& transaction, DeliveryId delivery) {
  std::vector<HistoryEntry> all;
  for (const store::Row& row : PL_TRY(transaction.All(kHistory, delivery))) {
    all.push_back({row.Time(0), static_cast<Happening>(row.Integer(1)), row.Integer(2), row.Text(3)});
  }
  return all;
}

Result<std::optional<Package>> NewestPackage(store::ReadTransaction& transaction, DeliveryId delivery) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kNewestPackage, delivery));
  if (!row) return std::optional<Package>();
  Package package;
  package.delivery = {row->Integer(0)};
  package.number = static_cast<int>(row->Integer(1));
  package.at = row->Time(2);
  package.object = {row->Text(3), row->Bytes(4), row->Integer(5), row->Integer(6)};
  package.sha256 = row->Bytes(7);
  package.gates = row->Text(8);
  package.unreadable = static_cast<int>(row->Integer(9));
  package.encrypted_to = row->Text(10);
  return std::optional(std::move(package));
}

Result<bool> InsertPackage(store::WriteTransaction& transaction, const Package& package) {
  const std::int64_t added = PL_TRY(transaction.Execute(
      kInsertPackage, package.delivery, package.number, package.at, package.object.name, store::Blob{package.object.wrapped_key},
      package.object.master_version, package.object.bytes, store::Blob{package.sha256}, package.gates,
      package.unreadable, package.encrypted_to));
  return added > 0;
}

Result<bool> HasPackageObject(store::ReadTransaction& transaction, std::string_view object_name) {
  return PL_TRY(transaction.First(kPackageObject, object_name)).has_value();
}

Result<void> InsertFeedback(store::WriteTransaction& transaction, const Feedback& feedback) {
  PL_TRY(transaction.Execute(kInsertFeedback, feedback.delivery, feedback.at, feedback.account, feedback.usefulness,
                             ToJson(feedback.outcomes).Serialize(), Joined(feedback.gaps)));
  return {};
}

Result<std::vector<Feedback>> FeedbackOf(store::ReadTransaction& transaction, DeliveryId delivery) {
  std::vector<Feedback> all;
  for (const store::Row& row : PL_TRY(transaction.All(kFeedback, delivery))) {
    Feedback& one = all.emplace_back();
    one.delivery = delivery;
    one.at = row.Time(0);
    one.account = row.Integer(1);
    if (const auto usefulness = row.OptionalInteger(2)) one.usefulness = static_cast<Usefulness>(*usefulness);
    const Json outcomes = PL_TRY(ParseJson(row.Text(3)));
    if (outcomes.AsArray() != nullptr) {
      for (const Json& each : *outcomes.AsArray()) one.outcomes.push_back({std::string(each.Text("code")), std::string(each.Text("on"))});
    }
    const std::string gaps = row.Text(4);
    for (const std::string_view code : Split(gaps, ',')) {
      if (!code.empty()) one.gaps.emplace_back(code);
    }
  }
  return all;
}

void Tally(store::WriteTransaction& transaction, std::string_view month, std::string_view about, std::string_view subject,
           std::string_view what, std::int64_t count) {
  transaction.Last<TallyChanges>().Add({std::string(month), std::string(about), std::string(subject), std::string(what)}, count);
}

}  // namespace porchlight::referrals::rows
