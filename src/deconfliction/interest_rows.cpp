#include "deconfliction/interest_rows.h"

namespace porchlight::deconfliction::rows {

namespace {

constexpr store::Statement kLockState{"deconfliction.lock", "UPDATE deconfliction_state SET id = id WHERE id = 1"};

#define PL_INTEREST_COLUMNS \
  "id, agency, account, kind, link_key, sealed, reference, contact_name, contact_phone, opened_at, until, withdrawn_at"
#define PL_FROM_INTERESTS "SELECT " PL_INTEREST_COLUMNS " FROM deconfliction_interests "
#define PL_STANDS "withdrawn_at IS NULL AND until > "
constexpr store::Statement kInsertInterest{
    "deconfliction.insert_interest",
    "INSERT INTO deconfliction_interests "
    "(agency, account, kind, link_key, sealed, reference, contact_name, contact_phone, opened_at, until) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id"};
constexpr store::Statement kUpdateInterest{
    "deconfliction.update_interest",
    "UPDATE deconfliction_interests SET account = $1, sealed = $2, reference = $3, contact_name = $4, contact_phone = $5, opened_at = $6, "
    "until = $7, withdrawn_at = $8 WHERE id = $9"};
constexpr store::Statement kFindInterest{"deconfliction.find_interest", PL_FROM_INTERESTS "WHERE id = $1"};
constexpr store::Statement kLockInterest{
    "deconfliction.lock_interest", "UPDATE deconfliction_interests SET kind = kind WHERE id = $1 RETURNING " PL_INTEREST_COLUMNS};
constexpr store::Statement kOwnInterest{"deconfliction.own_interest", PL_FROM_INTERESTS "WHERE link_key = $1 AND agency = $2"};
constexpr store::Statement kStanding{"deconfliction.standing",
                                     PL_FROM_INTERESTS "WHERE link_key = $1 AND " PL_STANDS "$2 ORDER BY id"};
constexpr store::Statement kAnyStands{"deconfliction.any_stands",
                                      "SELECT 1 FROM deconfliction_interests WHERE " PL_STANDS "$1 LIMIT 1"};
constexpr store::Statement kCount{"deconfliction.count_standing",
                                  "SELECT COUNT(*) FROM deconfliction_interests "
                                  "WHERE agency = $1 AND ((" PL_STANDS "$2) OR opened_at >= $3)"};
constexpr store::Statement kList{"deconfliction.list_interests",
                                 PL_FROM_INTERESTS "WHERE agency = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3"};

#define PL_MEETING_COLUMNS \
  "id, report, interest, holder, other, other_interest, at, state, pauses, outcome, note, resolved_at, resolved_by"
#define PL_FROM_MEETINGS "SELECT " PL_MEETING_COLUMNS " FROM deconfliction_meetings "
constexpr store::Statement kInsertMeeting{
    "deconfliction.insert_meeting",
    "INSERT INTO deconfliction_meetings (report, interest, holder, other, other_interest, at, state, pauses, note) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '') ON CONFLICT DO NOTHING RETURNING id"};
constexpr store::Statement kFindMeeting{"deconfliction.find_meeting", PL_FROM_MEETINGS "WHERE id = $1"};
constexpr store::Statement kLockMeeting{
    "deconfliction.lock_meeting", "UPDATE deconfliction_meetings SET state = state WHERE id = $1 RETURNING " PL_MEETING_COLUMNS};
constexpr store::Statement kUpdateMeeting{
    "deconfliction.update_meeting",
    "UPDATE deconfliction_meetings SET state = $1, pauses = $2, outcome = $3, note = $4, resolved_at = $5, resolved_by = $6, interest = $7 "
    "WHERE id = $8"};
constexpr store::Statement kOfReport{"deconfliction.meetings_of", PL_FROM_MEETINGS "WHERE report = $1 AND state <> 3 ORDER BY id"};
constexpr store::Statement kOpenOfInterest{
    "deconfliction.open_of_interest",
    PL_FROM_MEETINGS "WHERE interest = $1 AND state = 1 UNION ALL " PL_FROM_MEETINGS
                     "WHERE other_interest = $1 AND other_interest > 0 AND state = 1 ORDER BY id LIMIT $2"};
constexpr store::Statement kCountOfInterest{
    "deconfliction.count_of_interest",
    "SELECT (SELECT COUNT(*) FROM deconfliction_meetings WHERE interest = $1) + "
    "(SELECT COUNT(*) FROM deconfliction_meetings WHERE other_interest = $1 AND other_interest > 0)"};
// Two walks of their own index, so that neither agency's history is sorted.
constexpr store::Statement kWith{
    "deconfliction.meetings_with",
    "SELECT * FROM (SELECT * FROM (" PL_FROM_MEETINGS "WHERE holder = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3) AS held "
    "UNION ALL SELECT * FROM (" PL_FROM_MEETINGS "WHERE other = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3) AS met) AS mine "
    "ORDER BY id DESC LIMIT $3"};
constexpr store::Statement kOpen{"deconfliction.open_meetings", PL_FROM_MEETINGS "WHERE state = 1 ORDER BY pauses DESC, id LIMIT $1"};
constexpr store::Statement kResolved{"deconfliction.resolved_meetings",
                                     PL_FROM_MEETINGS "WHERE state = 2 ORDER BY id DESC LIMIT $1"};

Interest ReadInterest(const store::Row& row) {
  Interest one;
  one.id = {row.Integer(0)};
  one.agency = row.Text(1);
  one.account = row.Integer(2);
  one.kind = static_cast<tipline::IdentifierKind>(row.Integer(3));
  one.link_key = row.Integer(4);
  one.sealed = row.Bytes(5);
  one.reference = row.Text(6);
  one.contact_name = row.Text(7);
  one.contact_phone = row.Text(8);
  one.opened_at = row.Time(9);
  one.until = row.Time(10);
  one.withdrawn_at = row.OptionalTime(11);
  return one;
}

Meeting ReadMeeting(const store::Row& row) {
  Meeting one;
  one.id = {row.Integer(0)};
  one.report = {row.Integer(1)};
  one.interest = {row.Integer(2)};
  one.holder = row.Text(3);
  one.other = row.Text(4);
  one.other_interest = {row.Integer(5)};
  one.at = row.Time(6);
  one.state = static_cast<MeetingState>(row.Integer(7));
  one.pauses = row.Bool(8);
  if (const auto outcome = row.OptionalInteger(9)) one.outcome = static_cast<Outcome>(*outcome);
  one.note = row.Text(10);
  one.resolved_at = row.OptionalTime(11);
  one.resolved_by = row.OptionalInteger(12).value_or(0);
  return one;
}

template <class Read>
auto ReadFirst(const std::optional<store::Row>& row, Read read) {
  return row ? std::optional(read(*row)) : std::nullopt;
}

template <class Read>
auto ReadAll(const std::vector<store::Row>& rows, Read read) {
  std::vector<decltype(read(rows.front()))> all;
  for (const store::Row& row : rows) all.push_back(read(row));
  return all;
}

}  // namespace

Result<void> LockOpening(store::WriteTransaction& transaction) {
  PL_TRY(transaction.Execute(kLockState));
  return {};
}

Result<InterestId> InsertInterest(store::WriteTransaction& transaction, const Interest& one) {
  const std::optional<store::Row> row =
      PL_TRY(transaction.First(kInsertInterest, one.agency, one.account, one.kind, one.link_key, store::Blob{one.sealed}, one.reference,
                               one.contact_name, one.contact_phone, one.opened_at, one.until));
  if (!row) return Error{ErrorCode::kInternal, "The interest has no number.", {}, {}, 0};
  return InterestId{row->Integer(0)};
}

Result<void> UpdateInterest(store::WriteTransaction& transaction, const Interest& one) {
  PL_TRY(transaction.Execute(kUpdateInterest, one.account, store::Blob{one.sealed}, one.reference, one.contact_name, one.contact_phone,
                             one.opened_at, one.until, one.withdrawn_at, one.id));
  return {};
}

Result<std::optional<Interest>> FindInterest(store::ReadTransaction& transaction, InterestId id) {
  return ReadFirst(PL_TRY(transaction.First(kFindInterest, id)), ReadInterest);
}
Result<std::optional<Interest>> LockInterest(store::WriteTransaction& transaction, InterestId id) {
  return ReadFirst(PL_TRY(transaction.First(kLockInterest, id)), ReadInterest);
}
Result<std::optional<Interest>> FindInterest(store::ReadTransaction& transaction, std::string_view agency, std::int64_t link_key) {
  return ReadFirst(PL_TRY(transaction.First(kOwnInterest, link_key, agency)), ReadInterest);
}
Result<std::vector<Interest>> StandingOf(store::ReadTransaction& transaction, std::int64_t link_key, Instant now) {
  return ReadAll(PL_TRY(transaction.All(kStanding, link_key, now)), ReadInterest);
}
Result<bool> AnyStands(store::ReadTransaction& transaction, Instant now) {
  return PL_TRY(transaction.First(kAnyStands, now)).has_value();
}
Result<std::int64_t> CountStanding(store::ReadTransaction& transaction, std::string_view agency, Instant now, Instant since) {
  return PL_TRY(transaction.First(kCount, agency, now, since))->Integer(0);
}
Result<std::vector<Interest>> ListInterests(store::ReadTransaction& transaction, std::string_view agency, std::int64_t before,
                                            int count_max) {
  return ReadAll(PL_TRY(transaction.All(kList, agency, before, count_max)), ReadInterest);
}
Result<std::int64_t> CountMeetings(store::ReadTransaction& transaction, InterestId interest) {
  return PL_TRY(transaction.First(kCountOfInterest, interest))->Integer(0);
}

Result<std::optional<MeetingId>> InsertMeeting(store::WriteTransaction& transaction, const Meeting& one) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kInsertMeeting, one.report, one.interest, one.holder, one.other,
                                                                 one.other_interest, one.at, one.state, one.pauses));
  return row ? std::optional(MeetingId{row->Integer(0)}) : std::optional<MeetingId>();
}
Result<std::optional<Meeting>> FindMeeting(store::ReadTransaction& transaction, MeetingId id) {
  return ReadFirst(PL_TRY(transaction.First(kFindMeeting, id)), ReadMeeting);
}
Result<std::optional<Meeting>> LockMeeting(store::WriteTransaction& transaction, MeetingId id) {
  return ReadFirst(PL_TRY(transaction.First(kLockMeeting, id)), ReadMeeting);
}
Result<void> UpdateMeeting(store::WriteTransaction& transaction, const Meeting& one) {
  PL_TRY(transaction.Execute(kUpdateMeeting, one.state, one.pauses, one.outcome, one.note, one.resolved_at, one.resolved_by,
                             one.interest, one.id));
  return {};
}
Result<std::vector<Meeting>> MeetingsOf(store::ReadTransaction& transaction, tipline::ReportId report) {
  return ReadAll(PL_TRY(transaction.All(kOfReport, report)), ReadMeeting);
}
Result<std::vector<Meeting>> OpenMeetingsOf(store::ReadTransaction& transaction, InterestId interest, int count_max) {
  return ReadAll(PL_TRY(transaction.All(kOpenOfInterest, interest, count_max)), ReadMeeting);
}
Result<std::vector<Meeting>> MeetingsWith(store::ReadTransaction& transaction, std::string_view agency, std::int64_t before,
                                          int count_max) {
  return ReadAll(PL_TRY(transaction.All(kWith, agency, before, count_max)), ReadMeeting);
}
Result<std::vector<Meeting>> OpenMeetings(store::ReadTransaction& transaction, int count_max) {
  return ReadAll(PL_TRY(transaction.All(kOpen, count_max)), ReadMeeting);
}
Result<std::vector<Meeting>> ResolvedMeetings(store::ReadTransaction& transaction, int count_max) {
  return ReadAll(PL_TRY(transaction.All(kResolved, count_max)), ReadMeeting);
}

}  // namespace porchlight::deconfliction::rows
