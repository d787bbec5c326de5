#include <map>

#include "referrals/delivery_rows.h"

// Agencies and decisions; deliveries are in delivery_rows.cpp.
namespace porchlight::referrals::rows {

namespace {

#define PL_FROM_AGENCIES "SELECT id, code, name, kind, listed, organisation FROM referrals_agencies "
constexpr store::Statement kAgencies{"referrals.list_agencies", PL_FROM_AGENCIES "ORDER BY code"};
constexpr store::Statement kAgencyByCode{"referrals.agency_by_code", PL_FROM_AGENCIES "WHERE code = $1"};
constexpr store::Statement kAgencyById{"referrals.agency_by_id", PL_FROM_AGENCIES "WHERE id = $1"};
constexpr store::Statement kAgencyOf{"referrals.agency_of", PL_FROM_AGENCIES "WHERE organisation = $1"};
constexpr store::Statement kInsertAgency{
    "referrals.insert_agency",
    "INSERT INTO referrals_agencies (code, name, kind, listed) VALUES ($1, $2, $3, 1) "
    "ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, listed = 1"};
constexpr store::Statement kUnlist{"referrals.unlist_agency", "UPDATE referrals_agencies SET listed = 0 WHERE id = $1"};
constexpr store::Statement kSetOrganisation{"referrals.set_organisation", "UPDATE referrals_agencies SET organisation = $1 WHERE id = $2"};

#define PL_FROM_DECISIONS                                                                                                     \
  "SELECT report, number, at, account, cause, reason, confidence, routing_version, agencies_version, geo_version, evidence, " \
  "candidates, proposed, chosen, evidence_left_out FROM referrals_decisions d "
constexpr store::Statement kDecisions{"referrals.decisions_of", PL_FROM_DECISIONS "WHERE report = $1 ORDER BY number"};
constexpr store::Statement kNewestDecision{"referrals.newest_decision", PL_FROM_DECISIONS "WHERE report = $1 ORDER BY number DESC LIMIT 1"};
constexpr store::Statement kInsertDecision{
    "referrals.insert_decision",
    "INSERT INTO referrals_decisions (report, number, at, account, cause, reason, confidence, routing_version, agencies_version, "
    "geo_version, evidence, candidates, proposed, chosen, evidence_left_out) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING"};
constexpr store::Statement kDecidedOtherwise{
    "referrals.decided_otherwise",
    "SELECT report FROM referrals_decisions d WHERE report > $1 AND (routing_version <> $2 OR agencies_version <> $3 OR geo_version <> $4) "
    "AND NOT EXISTS (SELECT 1 FROM referrals_decisions later WHERE later.report = d.report AND later.number = d.number + 1) "
    "ORDER BY report LIMIT $5"};

constexpr store::Statement kFindWalk{"referrals.find_walk", "SELECT last_report, done FROM referrals_walks WHERE versions = $1"};
constexpr store::Statement kSaveWalk{
    "referrals.save_walk",
    "INSERT INTO referrals_walks (versions, last_report, done) VALUES ($1, $2, $3) "
    "ON CONFLICT (versions) DO UPDATE SET last_report = excluded.last_report, done = excluded.done"};

AgencyRow ReadAgency(const store::Row& row) {
  AgencyRow agency;
  agency.id = {row.Integer(0)};
  agency.code = row.Text(1);
  agency.name = row.Text(2);
  agency.kind = row.Text(3);
  agency.listed = row.Bool(4);
  if (const auto organisation = row.OptionalInteger(5)) agency.organisation = auth::OrganisationId{*organisation};
  return agency;
}

std::optional<AgencyRow> ReadFirst(const std::optional<store::Row>& row) {
  return row ? std::optional(ReadAgency(*row)) : std::optional<AgencyRow>();
}

template <class T>
std::string ListText(const std::vector<T>& all) {
  Json list{Json::Array{}};
  for (const T& one : all) list.Append(ToJson(one));
  return list.Serialize();
}

template <class T, class Read>
Result<std::vector<T>> ListFrom(const std::string& text, Read&& read) {
  const Json list = PL_TRY(ParseJson(text));
  std::vector<T> all;
  if (list.AsArray() == nullptr) return Error{ErrorCode::kCorrupt, "A stored decision cannot be read.", {}, "decision", 0};
  for (const Json& one : *list.AsArray()) all.push_back(PL_TRY(read(one)));
  return all;
}

Result<Decision> ReadDecision(const store::Row& row) {
  Decision decision;
  decision.report = {row.Integer(0)};
  decision.number = static_cast<int>(row.Integer(1));
  decision.at = row.Time(2);
  decision.account = row.Integer(3);
  decision.cause = static_cast<Cause>(row.Integer(4));
  decision.reason = row.Text(5);
  decision.confidence = static_cast<Confidence>(row.Integer(6));
  decision.routing_version = row.Text(7);
  decision.agencies_version = row.Text(8);
  decision.geo_version = row.Text(9);
  decision.evidence = PL_TRY(ListFrom<PlaceEvidence>(row.Text(10), EvidenceFromJson));
  decision.candidates = PL_TRY(ListFrom<Candidate>(row.Text(11), CandidateFromJson));
  decision.proposed = PL_TRY(ListFrom<Choice>(row.Text(12), ChoiceFromJson));
  decision.chosen = PL_TRY(ListFrom<Choice>(row.Text(13), ChoiceFromJson));
  decision.evidence_left_out = static_cast<int>(row.Integer(14));
  return decision;
}

}  // namespace

Result<void> SyncAgencies(store::WriteTransaction& transaction, const AgencyTable& table) {
  std::map<std::string, AgencyRow> there;
  for (AgencyRow& row : PL_TRY(ListAgencies(transaction))) there.emplace(row.code, std::move(row));
  for (const Agency& agency : table.agencies) {
    const auto found = there.find(agency.code);
    const bool same =
        found != there.end() && found->second.name == agency.name && found->second.kind == agency.kind && found->second.listed;
    if (found != there.end()) there.erase(found);
    if (!same) PL_TRY(transaction.Execute(kInsertAgency, agency.code, agency.name, agency.kind));
  }
  for (const auto& [code, row] : there) {
    if (row.listed) PL_TRY(transaction.Execute(kUnlist, row.id));
  }
  return {};
}

Result<std::optional<AgencyRow>> EnsureAgency(store::WriteTransaction& transaction, const AgencyTable& table, std::string_view code) {
  std::optional<AgencyRow> row = PL_TRY(FindAgency(transaction, code));
  const Agency* agency = table.Find(code);
  if (row || agency == nullptr) return row;
  PL_TRY(transaction.Execute(kInsertAgency, agency->code, agency->name, agency->kind));
  return FindAgency(transaction, code);
}

Result<std::vector<AgencyRow>> ListAgencies(store::ReadTransaction& transaction) {
  std::vector<AgencyRow> all;
  for (const store::Row& row : PL_TRY(transaction.All(kAgencies))) all.push_back(ReadAgency(row));
  return all;
}

Result<std::optional<AgencyRow>> FindAgency(store::ReadTransaction& transaction, std::string_view code) {
  return ReadFirst(PL_TRY(transaction.First(kAgencyByCode, code)));
}

Result<std::optional<AgencyRow>> FindAgency(store::ReadTransaction& transaction, AgencyId id) {
  return ReadFirst(PL_TRY(transaction.First(kAgencyById, id)));
}

Result<std::optional<AgencyRow>> AgencyOf(store::ReadTransaction& transaction, auth::OrganisationId organisation) {
  if (organisation.value == 0) return std::optional<AgencyRow>();
  return ReadFirst(PL_TRY(transaction.First(kAgencyOf, organisation)));
}

Result<void> SetOrganisation(store::WriteTransaction& transaction, AgencyId id, std::optional<auth::OrganisationId> organisation) {
  if (organisation) {
    const std::optional<AgencyRow> other = PL_TRY(AgencyOf(transaction, *organisation));
    if (other && other->id != id) {
      return Error{ErrorCode::kConflict, "The organisation stands for the agency \"" + other->code + "\" already.", {}, "/organisation", 0};
    }
  }
  PL_TRY(transaction.Execute(kSetOrganisation, organisation, id));
  return {};
}

Result<std::vector<Decision>> DecisionsOf(store::ReadTransaction& transaction, tipline::ReportId report) {
  std::vector<Decision> all;
  for (const store::Row& row : PL_TRY(transaction.All(kDecisions, report))) all.push_back(PL_TRY(ReadDecision(row)));
  return all;
}

Result<std::optional<Decision>> NewestDecision(store::ReadTransaction& transaction, tipline::ReportId report) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kNewestDecision, report));
  if (!row) return std::optional<Decision>();
  return std::optional(PL_TRY(ReadDecision(*row)));
}

Result<void> InsertDecision(store::WriteTransaction& transaction, const Decision& one) {
  const std::int64_t added = PL_TRY(transaction.Execute(
      kInsertDecision, one.report, one.number, one.at, one.account, one.cause, one.reason, one.confidence, one.routing_version,
      one.agencies_version, one.geo_version, ListText(one.evidence), ListText(one.candidates), ListText(one.proposed),
      ListText(one.chosen), one.evidence_left_out));
  if (added == 0) return Error{ErrorCode::kUnavailable, "Somebody else decided about this report; try again.", {}, "decision", 1};
  return {};
}

Result<std::vector<tipline::ReportId>> DecidedOtherwise(store::ReadTransaction& transaction, tipline::ReportId after,
                                                        std::string_view routing, std::string_view agencies, std::string_view geo,
                                                        int count_max) {
  std::vector<tipline::ReportId> reports;
  for (const store::Row& row : PL_TRY(transaction.All(kDecidedOtherwise, after, routing, agencies, geo, count_max))) {
    reports.push_back({row.Integer(0)});
  }
  return reports;
}

Result<Walk> FindWalk(store::ReadTransaction& transaction, std::string_view versions) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFindWalk, versions));
  return row ? Walk{{row->Integer(0)}, row->Bool(1)} : Walk();
}

Result<void> SaveWalk(store::WriteTransaction& transaction, std::string_view versions, const Walk& walk) {
  PL_TRY(transaction.Execute(kSaveWalk, versions, walk.last, walk.done));
  return {};
}

}  // namespace porchlight::referrals::rows
